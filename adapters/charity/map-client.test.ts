import { describe, expect, test } from '@jest/globals'
import { aClient } from '../../samples/charity/made-up.js'
import { mapClient } from './map-client.js'

const client = (of: Record<string, unknown> = {}) => ({ ...aClient('A-1'), ...of })

describe('a client in the index', () => {
  test('has the traits by which it may be recognised, and neither refuge nor case number among them', () => {
    const mapped = mapClient(client())
    expect(mapped).toMatchObject({
      kind: 'mapped',
      value: {
        source: { type: 'client', id: 'A-1' },
        graphType: 'CharityRecord',
        version: 'v1',
        recordedAt: '2026-10-01T09:30:00.000Z',
        deleted: false,
        replacedBy: null,
        unmappedCodes: [],
      },
    })
    expect(mapped.kind === 'mapped' && mapped.value.traits).toEqual({
      names: [
        { family: 'Okafor', given: ['Anna', 'Maria'], use: 'USUAL' },
        { family: 'Bell', given: ['Anna'], use: 'MAIDEN' },
      ],
      bornOn: ['1990-02-03'],
      postcodes: ['CH1 2AB'],
      places: [{ line: '4 Mill Lane', postcode: 'CH1 2AB' }],
      phones: ['+447700900123'],
      emails: ['anna@example.org'],
      identifiers: [],
      sex: 'female',
      whereabouts: expect.any(Array),
    })
  })

  test('says by which places the person may be found, refuge and workplace too, and since when not', () => {
    const mapped = mapClient(client())
    expect(mapped.kind === 'mapped' && mapped.value.traits.whereabouts).toEqual([
      { line: '4 Mill Lane', postcode: 'CH1 2AB', to: '2026-08' },
      { line: 'Harbour House', postcode: 'CW8 4ZZ', to: null },
      { line: 'Acorn Bakery', postcode: 'CH1 1AA', to: null },
      { line: 'AB12 CDE', postcode: null, to: null },
    ])
  })

  test('is there without a workplace that cannot be read', () => {
    const mapped = mapClient(client({ workplace: 'the bakery' }))
    expect(mapped.kind === 'mapped' && mapped.value.traits.whereabouts).toHaveLength(3)
  })

  test.each`
    what                              | change                                                    | reason                      | field                 | outcome
    ${'born on 31 February'}          | ${{ birthDate: '1990-02-31' }}                            | ${'DATE_UNREADABLE'}        | ${'birthDate'}        | ${'QUARANTINE'}
    ${'born on 03/02/1990'}           | ${{ birthDate: '03/02/1990' }}                            | ${'DATE_UNREADABLE'}        | ${'birthDate'}        | ${'QUARANTINE'}
    ${'without a number'}             | ${{ caseNumber: null }}                                   | ${'FIELD_UNREADABLE'}       | ${'caseNumber'}       | ${'QUARANTINE'}
    ${'with a number of two words'}   | ${{ caseNumber: 'A 1' }}                                  | ${'ID_UNREADABLE'}          | ${'caseNumber'}       | ${'QUARANTINE'}
    ${'changed at no instant'}        | ${{ updatedAt: 'yesterday' }}                             | ${'INSTANT_UNREADABLE'}     | ${'updatedAt'}        | ${'QUARANTINE'}
    ${'with names that are none'}     | ${{ names: 'Anna' }}                                      | ${'FIELD_UNREADABLE'}       | ${'names'}            | ${'QUARANTINE'}
    ${'with a name too long'}         | ${{ names: [{ family: 'x'.repeat(513), use: 'USUAL' }] }} | ${'TEXT_TOO_LONG'}          | ${'names.0.family'}   | ${'QUARANTINE'}
    ${'with an address since 31 Feb'} | ${{ addresses: [{ kind: 'HOME', from: '2020-02-31' }] }}  | ${'DATE_UNREADABLE'}        | ${'addresses.0.from'} | ${'QUARANTINE'}
    ${'marked SECRET'}                | ${{ classification: 'SECRET' }}                           | ${'ABOVE_OFFICIAL'}         | ${null}               | ${'REFUSE'}
    ${'marked in small letters'}      | ${{ classification: 'official' }}                         | ${'ABOVE_OFFICIAL'}         | ${null}               | ${'REFUSE'}
    ${'labelled ADOPTION'}            | ${{ sensitivity: ['CHILD', 'ADOPTION'] }}                 | ${'NOT_TAKEN'}              | ${null}               | ${'REFUSE'}
    ${'labelled as nobody agreed'}    | ${{ sensitivity: ['COUNSELLING'] }}                       | ${'SENSITIVITY_UNKNOWN'}    | ${null}               | ${'REFUSE'}
    ${'with labels that are none'}    | ${{ sensitivity: 'ADOPTION' }}                            | ${'SENSITIVITY_UNREADABLE'} | ${null}               | ${'REFUSE'}
  `('$what is not mapped: $reason', ({ change, reason, field, outcome }) => {
    expect(mapClient(client(Object(change)))).toMatchObject({
      kind: 'rejected',
      rejection: { reason, field, outcome },
    })
  })

  test('codes without a mapping are kept and counted, not dropped', () => {
    const mapped = mapClient(
      client({
        sex: 'intersex',
        names: [{ family: 'Okafor', given: null, use: 'STAGE' }],
        contacts: [{ system: 'pager', value: '1' }],
        addresses: [{ kind: 'BOAT', lines: [], postcode: null }],
      }),
    )
    expect(mapped).toMatchObject({
      kind: 'mapped',
      value: {
        traits: { names: [{ use: 'ALIAS' }], places: [] },
        unmappedCodes: [
          { system: 'name-use', code: 'STAGE' },
          { system: 'sex', code: 'intersex' },
          { system: 'contact-system', code: 'pager' },
          { system: 'address-kind', code: 'BOAT' },
        ],
      },
    })
  })

  test.each`
    marks                          | handling         | pushed
    ${{}}                          | ${'OPEN'}        | ${'UNKNOWN'}
    ${{ handling: 'CONDITIONAL' }} | ${'CONDITIONAL'} | ${'UNKNOWN'}
    ${{ handling: 'hush-hush' }}   | ${'RESTRICTED'}  | ${'UNKNOWN'}
    ${{ released: true }}          | ${'OPEN'}        | ${'TRUE'}
    ${{ released: false }}         | ${'OPEN'}        | ${'FALSE'}
  `('marks $marks are $handling, pushed $pushed', ({ marks, handling, pushed }) => {
    expect(mapClient(client(Object(marks)))).toMatchObject({
      kind: 'mapped',
      value: { marks: { handling, pushed } },
    })
  })

  test('a deleted one keeps no traits, a merged one says what replaced it', () => {
    expect(mapClient(client({ isDeleted: true }))).toMatchObject({
      value: { deleted: true, traits: { names: [], phones: [] } },
    })
    expect(mapClient(client({ mergedInto: 'A-2' }))).toMatchObject({
      value: { replacedBy: { type: 'client', id: 'A-2' } },
    })
  })
})
