import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { aClient, aMeasure, anEngagement, anSdash, aWish } from '../../samples/charity/made-up.js'
import { isPartialDate } from '../../src/sharing/scalars.js'
import { PART_NAMES } from './format.js'
import { mapClient } from './map-client.js'
import { mapClientDetail, partsFor } from './map-client-detail.js'
import { mapEntry, mapEntryDetail } from './map-entry.js'
import { mapPage } from './map-page.js'
import { normalEmail, normalPhone, normalPostcode } from './map-place.js'
import { refusalOf } from './map-rejection.js'
import { mapWish } from './map-wish.js'

const client = (of: Record<string, unknown> = {}) => ({ ...aClient('A-1'), ...of })
const arrivedAt = '2026-10-02T08:00:00Z'
const detail = (raw: unknown, ...fields: string[]) => {
  const mapped = mapClientDetail(raw, new Set(fields))
  return mapped.kind === 'mapped' ? (mapped.value?.data ?? null) : mapped.rejection.reason
}

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
    })
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

describe('the detail of a client', () => {
  test('has the fields wanted and no other', () => {
    expect(detail(client(), 'bornOn', 'caseNumber')).toEqual({
      bornOn: '1990-02-03',
      caseNumber: 'A-1',
    })
    expect(detail(client(), 'nonsense', '__proto__', 'constructor')).toEqual({})
  })

  test('has every field in the form of the schema', () => {
    const sdash = [
      anSdash({ id: 'old', client: 'A-1', occurredOn: '2025-01-01', level: 'LOW', answers: [] }),
      ...aClient('A-1').sdash,
    ]
    const all =
      'names addresses phones emails accessNeeds workplace school vehicle supported supportedSince safetyPlan needs notes riskLevel sdash impact sex'
    expect(detail(client({ sdash }), ...all.split(' '))).toEqual({
      names: [
        { family: 'Okafor', given: 'Anna Maria', use: 'USUAL' },
        { family: 'Bell', given: 'Anna', use: 'MAIDEN' },
      ],
      addresses: [
        { lines: ['4 Mill Lane', 'Chester'], postcode: 'CH1 2AB', from: '2019', to: '2026-08' },
        { lines: ['Harbour House'], postcode: 'CW8 4ZZ', from: '2026-08-20', to: null },
      ],
      phones: ['07700 900123'],
      emails: ['Anna@example.org'],
      accessNeeds: { language: 'ig', interpreter: true, adjustments: ['step-free room'] },
      workplace: {
        lines: ['Acorn Bakery', '1 High Street'],
        postcode: 'CH1 1AA',
        from: null,
        to: null,
      },
      school: null,
      vehicle: { registration: 'AB12 CDE', description: 'blue hatchback' },
      supported: true,
      supportedSince: '2026-09-14',
      safetyPlan: [
        { measure: 'New locks', owner: 'advocate', due: '2026-11-01', emergencyStep: false },
      ],
      needs: [{ need: 'HOUSING', met: false }],
      notes: { value: 'Her sister lives in Frodsham', present: true },
      riskLevel: 'HIGH',
      sdash: [
        { question: 1, answer: 'YES', comment: 'every day', instrumentVersion: '2009' },
        { question: 2, answer: 'NO', comment: null, instrumentVersion: '2009' },
      ],
      impact: [{ scale: 'WEMWBS', score: 31, takenOn: '2026-09-15' }],
      sex: 'female',
    })
  })

  test.each`
    recorded                               | safeContact
    ${{ recorded: false }}                 | ${{ recorded: false, channel: null }}
    ${null}                                | ${{ recorded: false, channel: null }}
    ${{ recorded: true, channel: 'TEXT' }} | ${{ recorded: true, channel: 'TEXT', voicemail: null }}
    ${{ recorded: true, channel: 7 }}      | ${{ recorded: true, channel: 'NONE', voicemail: null }}
    ${'call any time'}                     | ${{ recorded: true, channel: 'NONE', voicemail: null }}
  `(
    'safe contact $recorded is an answer, and what cannot be read means: not at all',
    ({ recorded, safeContact }) => {
      expect(detail(client({ safeContact: recorded }), 'safeContact')).toMatchObject({
        safeContact,
      })
    },
  )

  test('a part that does not map leaves its own field null and is told apart, with nothing else in it', () => {
    const mapped = mapClientDetail(
      client({ impact: [{ scale: 'X', score: 'many' }] }),
      new Set(['impact', 'needs']),
    )
    expect(mapped).toMatchObject({
      kind: 'mapped',
      value: {
        data: { impact: null, needs: [{ need: 'HOUSING' }] },
        rejections: [
          {
            source: { type: 'client-part', id: 'A-1#impact' },
            field: 'impact.0.score',
            raw: { impact: [{}] },
          },
        ],
      },
    })
    expect(JSON.stringify(mapped)).not.toContain('Okafor')
  })

  test('entries that must not enter or were struck out are left out', () => {
    const safetyPlan = [
      aMeasure({ id: 'm1', client: 'A-1' }),
      aMeasure({ id: 'm2', client: 'A-1', measure: 'gone', isDeleted: true }),
      aMeasure({ id: 'm3', client: 'A-1', measure: 'refused', sensitivity: ['SEXUAL_HEALTH'] }),
      aMeasure({ id: 'm4', client: 'A-1', measure: 'refused', classification: 'TOP SECRET' }),
    ]
    expect(detail(client({ safetyPlan }), 'safetyPlan')).toMatchObject({
      safetyPlan: [{ measure: 'New locks' }],
    })
  })

  test('is handled as the strictest of its parts', () => {
    const safetyPlan = [aMeasure({ id: 'm1', client: 'A-1', handling: 'RESTRICTED' })]
    expect(
      mapClientDetail(client({ handling: 'CONDITIONAL', safetyPlan }), new Set(['safetyPlan'])),
    ).toMatchObject({
      value: { marks: { handling: 'RESTRICTED' } },
    })
  })

  test('lineage names the wanted fields alone, whether or not there is something in them', () => {
    const lineage = [
      { field: 'bornOn', sourcePath: 'birthDate', mapper: 'charity/1' },
      { field: 'notes', sourcePath: 'notes', mapper: 'charity/1' },
    ]
    expect(detail(client(), 'bornOn', 'notes', 'lineage')).toMatchObject({ lineage })
    expect(
      detail(client({ birthDate: null, notes: null }), 'bornOn', 'notes', 'lineage'),
    ).toMatchObject({ lineage })
  })

  test('a postcode that is none stays as a line of its address', () => {
    const addresses = [{ kind: 'HOME', lines: ['1 Rue X'], postcode: '75001' }]
    expect(detail(client({ addresses }), 'addresses')).toMatchObject({
      addresses: [{ lines: ['1 Rue X', '75001'], postcode: null }],
    })
  })

  test('every field needs parts that the interface knows', () => {
    const all = new Set(
      Object.keys(
        Object(detail(client(), 'names', 'addresses', 'notes', 'safeContact', 'sdash', 'impact')),
      ),
    )
    for (const part of partsFor(all)) expect(PART_NAMES).toContain(part)
  })
})

describe('an entry', () => {
  test.each`
    entry                                       | graphType                  | kind                 | fields                                          | data
    ${anEngagement({ id: 'e', client: 'A-1' })} | ${'CharityEvent'}          | ${'ENGAGEMENT'}      | ${['channel', 'reached']}                       | ${{ channel: 'PHONE', reached: true }}
    ${anSdash({ id: 'e', client: 'A-1' })}      | ${'CharityRiskAssessment'} | ${'RISK_ASSESSMENT'} | ${['level', 'instrument', 'instrumentVersion']} | ${{ level: 'HIGH', instrument: 'S-DASH', instrumentVersion: '2009' }}
    ${aMeasure({ id: 'e', client: 'A-1' })}     | ${'CharitySafetyMeasure'}  | ${'SAFETY_MEASURE'}  | ${['summary', 'owner', 'due', 'emergencyStep']} | ${{ summary: { value: 'New locks', present: true }, owner: 'advocate', due: '2026-11-01', emergencyStep: false }}
  `('of kind $kind is a $graphType', ({ entry, graphType, kind, fields, data }) => {
    expect(mapEntry(entry)).toMatchObject({
      kind: 'mapped',
      value: { graphType, kind, about: [{ type: 'client', id: 'A-1' }], deleted: false },
    })
    expect(mapEntryDetail(entry, new Set(fields as string[]))).toMatchObject({
      kind: 'mapped',
      value: { data },
    })
  })

  test.each`
    what                      | change                              | reason
    ${'on 31 February'}       | ${{ occurredOn: '2026-02-31' }}     | ${'DATE_UNREADABLE'}
    ${'of an unknown kind'}   | ${{ kind: 'seance' }}               | ${'ENTRY_KIND_UNKNOWN'}
    ${'with too long a text'} | ${{ summary: 'x'.repeat(200_001) }} | ${'TEXT_TOO_LONG'}
    ${'labelled FERTILITY'}   | ${{ sensitivity: ['FERTILITY'] }}   | ${'NOT_TAKEN'}
  `('$what is not mapped: $reason', ({ change, reason }) => {
    expect(
      mapEntry({ ...anEngagement({ id: 'e', client: 'A-1' }), ...Object(change) }),
    ).toMatchObject({ kind: 'rejected', rejection: { reason } })
  })

  test('the longest text that is taken is taken whole', () => {
    const summary = 'x'.repeat(200_000)
    expect(
      mapEntryDetail(anEngagement({ id: 'e', client: 'A-1', summary }), new Set(['summary'])),
    ).toMatchObject({ value: { data: { summary: { value: summary } } } })
  })

  test('an S-DASH with codes of its own keeps the answers and counts the codes', () => {
    const sdash = anSdash({
      id: 'e',
      client: 'A-1',
      level: 'EXTREME',
      answers: [{ question: 3, answer: 'SOMETIMES', comment: null }],
    })
    expect(mapEntry(sdash)).toMatchObject({
      value: {
        unmappedCodes: [
          { system: 'risk-level', code: 'EXTREME' },
          { system: 'sdash-answer', code: 'SOMETIMES' },
        ],
      },
    })
    expect(mapEntryDetail(sdash, new Set(['level', 'items']))).toMatchObject({
      value: { data: { level: null, items: [{ answer: 'SOMETIMES' }] } },
    })
  })
})

describe('a wish', () => {
  const wish = (of: Record<string, unknown> = {}) => ({
    ...aWish({ id: 'w', client: 'A-1' }),
    ...of,
  })

  test('says who, what, why, since when and until when', () => {
    expect(mapWish(wish({ until: '2026-12-31' }), arrivedAt)).toEqual({
      kind: 'mapped',
      value: {
        source: { type: 'wish', id: 'w' },
        about: { type: 'client', id: 'A-1' },
        decision: 'GIVEN',
        recipients: ['police'],
        categories: ['LOCATION'],
        purposes: ['VICTIM_SAFETY'],
        givenAt: '2026-09-14T10:00:00.000Z',
        until: '2027-01-01T00:00:00.000Z',
      },
    })
  })

  test.each`
    decision       | givenAt         | recordedAt                | counts
    ${'GIVEN'}     | ${'2026-09-14'} | ${null}                   | ${'2026-09-14T00:00:00.000Z'}
    ${'WITHDRAWN'} | ${'2026-09-14'} | ${null}                   | ${'2026-09-14T23:59:59.999Z'}
    ${'WITHDRAWN'} | ${'2026-09-14'} | ${'2026-09-14T16:00:00Z'} | ${'2026-09-14T16:00:00.000Z'}
    ${'REFUSED'}   | ${'2026-09-14'} | ${'2026-09-15T16:00:00Z'} | ${'2026-09-14T23:59:59.999Z'}
    ${'GIVEN'}     | ${'2026-09'}    | ${null}                   | ${'2026-09-01T00:00:00.000Z'}
  `('$decision on $givenAt counts from $counts', ({ decision, givenAt, recordedAt, counts }) => {
    expect(mapWish(wish({ decision, givenAt, recordedAt }), arrivedAt)).toMatchObject({
      value: { givenAt: counts },
    })
  })

  test('a withdrawal is not lost to a slip in its form: it counts from when it came, for everybody', () => {
    const slip = wish({
      decision: 'WITHDRAWN',
      givenAt: '31/02/2026',
      recipients: 'police',
      until: 'soon',
    })
    expect(mapWish(slip, arrivedAt)).toMatchObject({
      kind: 'mapped',
      value: {
        decision: 'WITHDRAWN',
        recipients: [],
        categories: [],
        givenAt: '2026-10-02T08:00:00.000Z',
        until: null,
      },
    })
  })

  test('of a withdrawal that carries a label which is not taken, the bare no is taken; of a yes nothing', () => {
    const label = { sensitivity: ['ADOPTION'] }
    expect(mapWish(wish({ decision: 'WITHDRAWN', ...label }), arrivedAt)).toMatchObject({
      kind: 'mapped',
      value: { decision: 'WITHDRAWN', recipients: [], categories: [], purposes: [] },
    })
    expect(mapWish(wish(label), arrivedAt)).toMatchObject({
      kind: 'rejected',
      rejection: { outcome: 'REFUSE' },
    })
  })

  test('a yes with a slip in its form is no yes', () => {
    expect(mapWish(wish({ givenAt: '31/02/2026' }), arrivedAt)).toMatchObject({
      kind: 'rejected',
      rejection: { reason: 'INSTANT_UNREADABLE', field: 'givenAt' },
    })
    expect(mapWish(wish({ recipients: 'police' }), arrivedAt)).toMatchObject({ kind: 'rejected' })
  })

  test('a wish that was struck out counts as withdrawn from then on', () => {
    expect(
      mapWish(wish({ isDeleted: true, updatedAt: '2026-09-20T00:00:00Z' }), arrivedAt),
    ).toMatchObject({
      value: {
        source: { id: 'w#struck-out' },
        decision: 'WITHDRAWN',
        givenAt: '2026-09-20T00:00:00.000Z',
      },
    })
  })
})

test.each`
  written          | normal
  ${'ch1 2ab'}     | ${'CH1 2AB'}
  ${'CH12AB'}      | ${'CH1 2AB'}
  ${' sw1a  1aa '} | ${'SW1A 1AA'}
  ${'CH1'}         | ${'CH1'}
  ${'75001'}       | ${null}
  ${''}            | ${null}
`('postcode "$written" is $normal', ({ written, normal }) =>
  expect(normalPostcode(String(written))).toBe(normal),
)

test.each`
  written                 | normal
  ${'07700 900123'}       | ${'+447700900123'}
  ${'+44 (0)7700 900123'} | ${'+447700900123'}
  ${'0044 7700 900123'}   | ${'+447700900123'}
  ${'+33 1 23 45 67 89'}  | ${'+33123456789'}
  ${'ask her sister'}     | ${null}
`('phone "$written" is $normal', ({ written, normal }) =>
  expect(normalPhone(String(written))).toBe(normal),
)

test('an e-mail address is compared in small letters; what is none is not compared', () =>
  expect([normalEmail(' Anna@Example.org '), normalEmail('at work')]).toEqual([
    'anna@example.org',
    null,
  ]))

describe('whatever arrives', () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  /** A whole client with something else in one or more of its places. */
  const damaged = fc
    .tuple(
      fc.dictionary(fc.constantFrom(...Object.keys(aClient('A-1'))), json),
      fc.dictionary(fc.string(), json),
    )
    .map(([changes, more]) => client({ ...more, ...changes }))
  const anything = fc.oneof(json, damaged, fc.anything())
  const fields = new Set([
    'names',
    'bornOn',
    'addresses',
    'safeContact',
    'safetyPlan',
    'sdash',
    'riskLevel',
    'needs',
    'notes',
    'impact',
    'lineage',
    'phones',
    'summary',
    'items',
  ])

  test('no mapper throws', () =>
    fc.assert(
      fc.property(anything, fc.string(), (raw, text) => {
        mapClient(raw)
        mapClientDetail(raw, fields)
        mapEntry(raw)
        mapEntryDetail(raw, fields)
        mapWish(raw, arrivedAt)
        normalPhone(text)
        normalPostcode(text)
        normalEmail(text)
        const page = { asOf: arrivedAt, items: [raw], entries: [], missing: [], next: null }
        mapPage(page, new Set(['A-1']))
      }),
      { numRuns: 500 },
    ))

  test('what is mapped has dates that exist, and what is rejected says a code and never a value', () =>
    fc.assert(
      fc.property(damaged, (raw) => {
        const mapped = mapClient(raw)
        if (mapped.kind === 'mapped')
          expect(mapped.value.traits.bornOn.every(isPartialDate)).toBe(true)
        else {
          expect(mapped.rejection.reason).toMatch(/^[A-Z_]+$/)
          expect(mapped.rejection.field ?? 'none').toMatch(/^[A-Za-z0-9.]+$/)
        }
      }),
      { numRuns: 300 },
    ))

  test('nothing that is refused is mapped by any mapper', () =>
    fc.assert(
      fc.property(
        damaged,
        fc.constantFrom('ADOPTION', 'GENDER_RECOGNITION', 'anything else'),
        (raw, label) => {
          const labelled = { ...raw, sensitivity: [label] }
          expect(refusalOf(labelled)).not.toBeNull()
          for (const mapped of [
            mapClient(labelled),
            mapClientDetail(labelled, fields),
            mapEntry(labelled),
            mapWish(labelled, arrivedAt),
          ])
            expect(mapped).toMatchObject({ kind: 'rejected', rejection: { outcome: 'REFUSE' } })
        },
      ),
    ))
})
