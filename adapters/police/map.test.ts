import 'reflect-metadata'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DROP_FILE_NAMES } from './format.js'
import { type EventView, mapEvent } from './map-event.js'
import { mapLine } from './map-line.js'
import { type LinkedSource, mapPerson } from './map-person.js'
import { offenceOf } from './offence-codes.js'
import { aLink, aPerson, OFFICIAL } from './testing.js'

const yearNow = 2026

function person(more: object = {}, linked: readonly LinkedSource[] = []) {
  const mapped = mapPerson(
    { id: 'N1', raw: aPerson('N1', more), version: '1', deleted: false, replacedBy: null, linked },
    yearNow,
  )
  if (mapped.kind === 'rejected') throw new Error(mapped.rejection.reason)
  return mapped.value
}

const tied = (reason: string, raw: object, more: object = {}): LinkedSource => ({
  reason,
  id: 'X1',
  raw,
  link: aLink('L1', 'NOMINAL N1', 'LOCATION X1', reason, more),
})
const place = (postcode: string) => ({
  id: 'X1',
  ...OFFICIAL,
  lines: ['1 Mill Lane', ''],
  postcode,
})

function views(
  line: object,
  people: readonly { reason: string; person: string }[],
  places: readonly object[] = [],
): readonly EventView[] {
  const raw = { id: 'E1', ...OFFICIAL, occurredOn: '01/10/2026', ...line }
  const mapped = mapEvent({ id: 'E1', raw, version: '1', people, places })
  if (mapped.kind === 'rejected') throw new Error(mapped.rejection.reason)
  return mapped.value
}

describe('a nominal', () => {
  test('has homes, workplaces and schools by the reason of its links, newest home first', () => {
    const { data, record } = person({}, [
      tied('HOME', place('ch1 2ab'), { start: '01/2020', end: '05/06/2024' }),
      tied('HOME', place('CH2 3CD'), { start: '2024-06-05' }),
      tied('WORK', place('M1 1AA')),
      tied('SCHOOL', place('M2 2BB')),
    ])
    expect(data.addresses).toEqual([
      { lines: ['1 Mill Lane'], postcode: 'CH2 3CD', from: '2024-06-05', to: null },
      { lines: ['1 Mill Lane'], postcode: 'CH1 2AB', from: '2020-01', to: '2024-06-05' },
    ])
    expect([data.workplaces?.[0]?.postcode, data.schools?.[0]?.postcode]).toEqual([
      'M1 1AA',
      'M2 2BB',
    ])
    expect(record.traits.postcodes).toEqual(['CH2 3CD', 'CH1 2AB'])
  })

  test('of no fixed abode has no postcode to be matched by', () => {
    expect(person({}, [tied('HOME', place('ZZ99 3VZ'))]).record.traits.postcodes).toEqual([])
  })

  test('keeps what is no postcode as a line of the address', () => {
    const { data } = person({}, [tied('HOME', place('ask the landlord'))])
    expect(data.addresses?.[0]).toMatchObject({
      lines: ['1 Mill Lane', 'ask the landlord'],
      postcode: null,
    })
  })

  test('keeps an identifier whose check fails, marked', () => {
    const { data, record } = person({ pncId: '20030011985Z', cro: '65656/91H' })
    expect(data.pncId).toBe('20030011985Z')
    expect(record.traits.identifiers).toEqual([
      { system: 'PNC_ID', value: '20030011985Z', valid: false, superseded: false },
      { system: 'CRO', value: '065656/91H', valid: true, superseded: false },
    ])
  })

  test.each`
    what                                  | more                                                  | linked                                                    | handling
    ${'nothing is said'}                  | ${{}}                                                 | ${[]}                                                     | ${'OPEN'}
    ${'the nominal is C'}                 | ${{ handling: 'C' }}                                  | ${[]}                                                     | ${'CONDITIONAL'}
    ${'one warning is C'}                 | ${{ warnings: [{ code: 'WEAPONS', handling: 'C' }] }} | ${[]}                                                     | ${'CONDITIONAL'}
    ${'a linked place is C'}              | ${{}}                                                 | ${[tied('HOME', { ...place('CH1 2AB'), handling: 'C' })]} | ${'CONDITIONAL'}
    ${'the code is one nobody knows'}     | ${{ handling: '5' }}                                  | ${[]}                                                     | ${'RESTRICTED'}
    ${'the code is a word of JavaScript'} | ${{ handling: 'constructor' }}                        | ${[]}                                                     | ${'RESTRICTED'}
  `('is $handling where $what', ({ more, linked, handling }) => {
    expect(person(Object(more), Array.isArray(linked) ? linked : []).record.marks.handling).toBe(
      handling,
    )
  })

  test('keeps codes without a mapping as they are, and names them', () => {
    const { data, record } = person({
      sex: 'Q',
      warnings: [{ code: 'WEAPONS' }, { code: 'ZZ' }],
      names: [{ surname: 'Marsh', type: 'STAGE' }],
      handling: '5',
    })
    expect(data.warnings).toEqual(['may carry weapons', 'ZZ'])
    expect(data.names).toEqual([{ family: 'Marsh', given: null, use: 'ALIAS' }])
    expect(record.unmappedCodes).toEqual([
      { system: 'NAME_TYPE', code: 'STAGE' },
      { system: 'SEX', code: 'Q' },
      { system: 'WARNING', code: 'ZZ' },
      { system: 'HANDLING', code: '5' },
    ])
  })

  test('is suspected of what it did and not of what was done to it, and not of what is conditional', () => {
    const crime = (id: string, more: object = {}) => ({
      id,
      ...OFFICIAL,
      kind: 'CRIME',
      offenceCode: '8/66',
      ...more,
    })
    const { data } = person({}, [
      tied('SUSPECT', crime('C1', { occurredOn: '2026-05' })),
      tied('SUSPECT', crime('C2', { occurredOn: '01/06/2026' })),
      tied('VICTIM', crime('C3')),
      tied('SUSPECT', crime('C4', { handling: 'C' })),
    ])
    expect(data.offences?.map((one) => [one.code, one.on])).toEqual([
      ['008/66', '2026-06-01'],
      ['008/66', '2026-05'],
    ])
  })

  test('is in the custody that was recorded last', () => {
    const arrest = (occurredOn: string, status: string) => ({
      id: occurredOn,
      ...OFFICIAL,
      kind: 'ARREST',
      occurredOn,
      custody: { status },
    })
    const { data } = person({}, [
      tied('SUBJECT', arrest('02/10/2026', 'BAIL')),
      tied('SUBJECT', arrest('01/10/2026', 'IN_CUSTODY')),
    ])
    expect(data.custody).toEqual({
      status: 'BAIL',
      since: '2026-10-02',
      releaseOn: null,
      bailConditions: null,
    })
  })

  test('tells by its lineage nothing of which fields have a value', () => {
    expect(person({ note: 'x', pncId: '81/34U' }).data.lineage).toEqual(person().data.lineage)
  })
})

const PEOPLE = [
  { reason: 'SUSPECT', person: 'X' },
  { reason: 'VICTIM', person: 'V' },
  { reason: 'WITNESS', person: 'W' },
]

describe('a crime', () => {
  const crime = {
    kind: 'CRIME',
    offenceCode: '8/66',
    summary: 'said by police',
    account: 'said by her',
    behaviours: ['FOLLOWING'],
  }

  test('is what the suspect did, and apart from it what the victim reported', () => {
    const [deed, report] = views(crime, PEOPLE, [place('CH1 2AB')])
    expect(deed).toMatchObject({
      graphType: 'PoliceEvent',
      kind: 'CRIME',
      at: '2026-10-01',
      about: ['X'],
      otherwise: ['V'],
      data: {
        offence: '008/66',
        offenceDescription: 'Stalking involving serious alarm/distress',
        summary: { value: 'said by police', present: true },
        place: { postcode: 'CH1 2AB' },
      },
    })
    expect(report).toMatchObject({
      graphType: 'PoliceReport',
      kind: 'ALLEGATION',
      about: ['V'],
      source: { type: 'REPORT', id: 'E1' },
      data: { summary: { value: 'said by her' }, behaviours: ['FOLLOWING'] },
    })
  })

  const REPORTS = [
    { reporting: [], ownReport: 'UNKNOWN' },
    { reporting: ['V'], ownReport: 'TRUE' },
    { reporting: ['W'], ownReport: 'FALSE' },
    { reporting: ['V', 'W'], ownReport: 'TRUE' },
  ]
  test.each(REPORTS)(
    'reported by $reporting is her own report: $ownReport',
    ({ reporting, ownReport }) => {
      const people = [
        ...PEOPLE,
        ...reporting.map((person) => ({ reason: 'REPORTING_PERSON', person })),
      ]
      expect(views(crime, people)[1]?.marks.ownReport).toBe(ownReport)
    },
  )

  test('is about no witness', () => {
    const all = views(crime, PEOPLE).flatMap((view) => [...view.about, ...view.otherwise])
    expect(all).not.toContain('W')
  })

  test('of a code that the Home Office does not list keeps it, and names it', () => {
    const [deed] = views({ ...crime, offenceCode: '777/77' }, PEOPLE)
    expect(deed?.data).toMatchObject({
      offence: '777/77',
      offenceDescription: null,
      offenceGroup: null,
    })
    expect(deed?.unmappedCodes).toEqual([{ system: 'HOME_OFFICE_OFFENCE', code: '777/77' }])
  })
})

describe('an order', () => {
  const order = {
    kind: 'SPO',
    servedOn: '01/10/2026',
    from: '2026-10-01',
    prohibitions: ['not to contact her'],
  }

  test('with a date of service is an order whose wording was served', () => {
    expect(views({ kind: 'ORDER', order }, PEOPLE)).toMatchObject([
      {
        graphType: 'PoliceOrder',
        about: ['X'],
        marks: { served: 'TRUE' },
        data: { servedOn: '2026-10-01', prohibitions: ['not to contact her'] },
      },
    ])
  })

  test('without one is a draft, whatever its stage', () => {
    expect(
      views({ kind: 'ORDER', order: { ...order, servedOn: null, stage: 'MADE' } }, PEOPLE),
    ).toMatchObject([
      { graphType: 'PoliceOrderDraft', marks: { served: 'FALSE' }, data: { stage: 'MADE' } },
    ])
  })
})

describe('an intelligence report', () => {
  const report = {
    kind: 'INTELLIGENCE',
    grading: { source: 2, intelligence: 'B' },
    handling: 'C',
    handlingCondition: 'not to the subject',
    summary: 'seen near the school',
  }

  test('keeps its grade, and its condition as a mark', () => {
    expect(views(report, PEOPLE)).toMatchObject([
      {
        graphType: 'PoliceIntelligence',
        about: ['X'],
        marks: { handling: 'CONDITIONAL', conditionMet: 'UNKNOWN', clearedBy: [] },
        data: { grading: '2B', sanitised: null },
      },
    ])
  })

  test('says who cleared its sanitised text', () => {
    const sanitised = { text: 'known to be near schools', clearedBy: ['DETECTIVE'] }
    expect(views({ ...report, sanitised, conditionMet: true }, PEOPLE)).toMatchObject([
      {
        marks: { conditionMet: 'TRUE', clearedBy: ['DETECTIVE'] },
        data: { sanitised: 'known to be near schools' },
      },
    ])
  })

  test.each(['grading', 'handling'])('without its %s does not map', (field) => {
    const raw = { id: 'E1', ...OFFICIAL, ...report, [field]: null }
    expect(mapEvent({ id: 'E1', raw, version: '1', people: [], places: [] })).toMatchObject({
      rejection: { reason: 'FIELD_MISSING', field },
    })
  })
})

test.each`
  written       | description
  ${'008/66'}   | ${'Stalking involving serious alarm/distress'}
  ${'8/66'}     | ${'Stalking involving serious alarm/distress'}
  ${'195/12'}   | ${'Pursue course of conduct in breach of S.1(1) which amounts to stalking - Protection from Harassment Act 1997'}
  ${'777/77'}   | ${undefined}
  ${'stalking'} | ${undefined}
`('the offence $written is $description', ({ written, description }) => {
  expect(offenceOf(String(written))?.description).toBe(description)
})

describe('mappers are total', () => {
  const plausible = fc.object({
    key: fc.constantFrom(
      'id',
      'classification',
      'names',
      'kind',
      'order',
      'custody',
      'grading',
      'from',
      'to',
      'reason',
      'lines',
      'handling',
      'occurredOn',
      'dateOfBirth',
      'surname',
      'type',
      '__proto__',
      'constructor',
      'toString',
    ),
    values: [
      fc.constantFrom('OFFICIAL', 'CRIME', 'ORDER', 'P', '31/02/1990', 'HOME'),
      fc.string(),
      fc.integer(),
      fc.constant(null),
    ],
    maxDepth: 3,
  })
  const anything = fc.oneof(
    fc.jsonValue(),
    plausible,
    plausible.map((one) => ({ id: 'N1', ...OFFICIAL, ...one })),
  )

  test('no JSON makes the reading of a line throw, and no rejection says a value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DROP_FILE_NAMES), anything, (file, raw) => {
        const mapped = mapLine(file, 'N1', raw, yearNow)
        if (mapped.kind === 'mapped') return
        const { reason, field, outcome, raw: kept } = mapped.rejection
        expect(reason).toMatch(/^[A-Z_]+$/)
        expect(field ?? '').toMatch(/^[A-Za-z0-9.]*$/)
        if (outcome === 'REFUSE') expect(kept).toBeNull()
      }),
      { numRuns: 600 },
    )
  })

  test('no JSON makes the mapping of a record or event throw', () => {
    fc.assert(
      fc.property(anything, anything, anything, (raw, link, other) => {
        const linked = [
          { reason: 'HOME', id: 'X', link, raw: other },
          { reason: 'SUSPECT', id: 'Y', link, raw: other },
        ]
        mapPerson(
          { id: 'N1', raw, version: '1', deleted: false, replacedBy: null, linked },
          yearNow,
        )
        mapEvent({ id: 'E1', raw, version: '1', people: PEOPLE, places: [other] })
      }),
      { numRuns: 600 },
    )
  })

  test('whatever is not OFFICIAL is refused', () => {
    const files = DROP_FILE_NAMES.filter(
      (name) => !['merges.ndjson', 'deletes.ndjson'].includes(name),
    )
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.string(), (file, classification) => {
        fc.pre(!['OFFICIAL', 'OFFICIAL-SENSITIVE'].includes(classification))
        expect(mapLine(file, 'N1', aPerson('N1', { classification }), yearNow)).toMatchObject({
          rejection: { reason: 'CLASSIFICATION', outcome: 'REFUSE', raw: null },
        })
      }),
    )
  })
})
