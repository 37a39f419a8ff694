import { describe, expect, test } from '@jest/globals'
import { aClient, aMeasure, anSdash } from '../../samples/charity/made-up.js'
import { PART_NAMES } from './format.js'
import { mapClientDetail, partsFor } from './map-client-detail.js'

const client = (of: Record<string, unknown> = {}) => ({ ...aClient('A-1'), ...of })
const detail = (raw: unknown, ...fields: string[]) => {
  const mapped = mapClientDetail(raw, new Set(fields))
  return mapped.kind === 'mapped' ? (mapped.value?.data ?? null) : mapped.rejection.reason
}

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
