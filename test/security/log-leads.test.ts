import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { LOG_GROUPINGS } from '../../src/access-log/query-counts.js'
import { type Planted, plant, released, withheld } from '../log-entries.js'
import { bootWorld, type TestWorld } from '../world.js'
import {
  CHARITY,
  LEADS,
  makeWaysOut,
  NHS,
  NODE,
  POLICE,
  WAYS,
  type WaysOut,
} from './log-ways-out.js'

let world: TestWorld
let to: string
let at: Date
let persons: readonly { readonly key: string; readonly part: string; readonly case: string }[]
beforeAll(async () => {
  world = await bootWorld({ cases: 4 })
  persons = await world.hub.database.query(
    `select person_key as key, part_id::text as part, case_id::text as case from cases.current_part
     where person_key is not null order by 1 limit 4`,
  )
  const everybody = persons.map((one) => ({ person: one.key, caseId: one.case }))
  for (const { agency } of LEADS)
    for (const [index, { person, caseId }] of everybody.entries())
      await plant(world.hub, {
        caller: { agency, subject: `staff@${agency}.example` },
        sections: LEADS.flatMap((of) => [
          { agency: of.agency, person, decisions: [released('NhsRecord.names', '2.2')] },
          ...(index === 0
            ? [{ agency: of.agency, caseId, decisions: [withheld('Case.stage')] }]
            : []),
        ]),
      })
  const [row] = await world.hub.database.query<{ at: Date }>('select clock_timestamp() as at')
  at = row?.at ?? new Date()
  to = new Date(at.getTime() + 60_000).toISOString()
  // What leads ask from here on is beyond the range that they ask about.
  await world.hub.database.query(
    "alter table access_log.entry alter column at set default clock_timestamp() + interval '1 hour'",
  )
}, 60_000)
afterAll(() => world.close())

/** Everything that a lead can ask of the log, with the places where a count or an order could tell something. */
function questions(): readonly string[] {
  const about = [
    '',
    ...persons.slice(0, 2).map((one) => `part: "${one.part}", `),
    `case: "${persons[0]?.case}", `,
    'clause: "2.2", ',
    'clause: "9.9", ',
    'decision: WITHHOLD, ',
    'outcomes: [REFUSED], ',
    'caller: "spy@x.example", ',
    `supplier: "${CHARITY}", `,
    `callerAgency: "${POLICE}", `,
    'category: "IDENTITY", ',
    'role: "DETECTIVE", ',
  ]
  const lists = [2, 60].map((first) => {
    const asked = about.map(
      (filter, at) =>
        `q${at}: accessLog(first: ${first}, filter: { ${filter}to: "${to}" }) { edges { node ${NODE} } pageInfo { hasNextPage hasPreviousPage } }`,
    )
    return `{ ${asked.join(' ')} }`
  })
  const counts = LOG_GROUPINGS.map(
    (by) => `${by}: accessLogCounts(by: ${by}, filter: { to: "${to}" }) { key entries values }`,
  )
  const alone = ['', 'clause: "2.2", ', `part: "${persons[0]?.part}", `].map(
    (filter) =>
      `{ accessLog(first: 3, filter: { ${filter}to: "${to}" }) { edges { node { id } } pageInfo { hasNextPage } } }`,
  )
  const work = [
    `{ logBreach(basis: { clause: "2.2" }, to: "${to}", becameAwareAt: "${to}") { requests values persons categories fields report hasMore
       recipients { agency { id } callers requests values } disclosures { request touch caller fields values } } }`,
    `{ logBreach(basis: { clause: "9.9" }, to: "${to}", becameAwareAt: "${to}") { requests report } }`,
    '{ logFlags { id says requests } }',
    '{ logDips { id request caller } }',
    '{ logEmergencies { id requests fields } }',
    '{ logSearches { id } }',
    `{ courtSchedule(case: "${persons[0]?.case}") { description } }`,
  ]
  return [...alone, ...lists, `{ ${counts.join(' ')} }`, ...work]
}

/** Several lists at once share statements as it happens, so only lists by themselves are counted. */
const isOne = (query: string): boolean => !/^\{ \w+:/.test(query)

/** What a lead is told: data, errors, and how many statements it took. */
async function viewOf(persona: string): Promise<readonly unknown[]> {
  const seen: unknown[] = []
  for (const query of questions()) {
    const counted = world.hub.database.countStatements()
    const { data, errors, status } = await world.ask(persona, query, { purpose: 'LOG_AUDIT' })
    seen.push({ query, data, errors, status, statements: isOne(query) ? counted.count() : null })
    counted.stop()
  }
  return seen
}

/** An entry of which this lead may see nothing: others' data, asked for by others' staff. */
const hiddenFrom = (agency: string): fc.Arbitrary<Planted> => {
  const others = LEADS.map((one) => one.agency).filter((one) => one !== agency)
  const section = fc.record({
    agency: fc.constantFrom(...others),
    person: fc.constantFrom(...persons.map((one) => one.key)),
    decisions: fc.array(
      fc.constantFrom(
        released('NhsRecord.names', '2.2'),
        released('CharityRecord.names', '9.9'),
        withheld('PoliceRecord.names'),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  })
  return fc.record({
    caller: fc.record({
      agency: fc.constantFrom(...others),
      subject: fc.constantFrom('spy@x.example', 'somebody@x.example'),
      roles: fc.constantFrom(['DETECTIVE'], ['MANAGER']),
    }),
    purpose: fc.constantFrom('VICTIM_SAFETY', 'EMERGENCY'),
    outcome: fc.constantFrom('ANSWERED' as const, 'REFUSED' as const),
    justification: fc.constant('nobody else may read this'),
    sections: fc.array(section, { maxLength: 3 }),
    at: fc.constant(at),
  })
}

test.each(LEADS)(
  'nothing that other agencies do with others’ data changes what $persona is told',
  async ({ persona, agency }) => {
    const before = await viewOf(persona)
    expect(JSON.stringify(before)).toContain('NhsRecord.names')
    await fc.assert(
      fc.asyncProperty(
        fc.array(hiddenFrom(agency), { minLength: 5, maxLength: 10 }),
        async (hidden) => {
          for (const one of hidden) await plant(world.hub, one)
        },
      ),
      { numRuns: 1 },
    )
    expect(await viewOf(persona)).toEqual(before)
  },
)

test('a lead’s own staff asking in vain leaves the same row whether or not another agency holds anything', async () => {
  const person = persons[0]?.key ?? ''
  const ask = { caller: { agency: NHS, subject: 'nurse@nhs.example' }, at }
  await plant(world.hub, { ...ask, purpose: 'RISK_ASSESSMENT' })
  await plant(world.hub, {
    ...ask,
    purpose: 'CARE_COORDINATION',
    sections: [{ agency: CHARITY, person, decisions: [withheld('CharityRecord.names')] }],
  })
  const answer = await world.ask(
    'ig-lead-nhs',
    `{ accessLog(filter: { caller: "nurse@nhs.example", to: "${to}" }) { edges { node { supplier { id } case { id } persons decisions { reason } outcome code } } } }`,
    { purpose: 'LOG_AUDIT' },
  )
  const [one, other, ...more] = (answer.data as { accessLog: { edges: unknown[] } }).accessLog.edges
  expect(more).toEqual([])
  expect(one).toEqual(other)
})

test('the test finds a reader of the log that shows too much', async () => {
  const before = await viewOf('ig-lead-nhs')
  await plant(world.hub, {
    caller: { agency: POLICE, subject: 'spy@x.example' },
    at,
    sections: [
      {
        agency: NHS,
        person: persons[0]?.key ?? '',
        decisions: [released('NhsRecord.names', '9.9')],
      },
    ],
  })
  expect(await viewOf('ig-lead-nhs')).not.toEqual(before)
})

/** What only the supplier's lead may know of a section: its true reason, and clauses that nobody else was told. */
const secretOf = (agency: string) => ({
  reason: `TRUE_REASON_OF_${agency.toUpperCase()}`,
  clause: `77.${LEADS.findIndex((one) => one.agency === agency)}`,
})

describe('whichever way a lead takes', () => {
  let ways: WaysOut
  beforeAll(async () => {
    const requests = new Map<string, string>()
    for (const caller of LEADS) {
      const sections = LEADS.flatMap(({ agency }) => {
        const { reason, clause } = secretOf(agency)
        const hidden = { ...withheld('NhsRecord.addresses', reason), clauses: [clause] }
        const shared = released('NhsRecord.names', '2.2', [clause])
        const [one, other] = persons.map(({ key }) => key)
        return [
          { agency, person: one ?? '', decisions: [shared, hidden] },
          { agency, person: other ?? '', decisions: [hidden] },
        ]
      })
      const { agency } = caller
      const request = await plant(world.hub, { caller: { agency }, sections })
      requests.set(agency, request)
    }
    ways = await makeWaysOut(world, requests)
  }, 60_000)
  afterAll(() => ways?.close())

  const cases = LEADS.flatMap((lead) => WAYS.map((one) => ({ ...lead, ...one })))
  test.each(cases)(
    '($way), $persona reads no true reason, no hidden clause and no pseudonym of another agency',
    async ({ persona, agency, way, shows }) => {
      const text = await ways.take(way, { persona, agency })
      const isThere = LEADS.map((of) => {
        const { reason, clause } = secretOf(of.agency)
        const pseudonym = world.hub.seals.pseudonym(persons[0]?.key ?? '', of.agency)
        return {
          of: of.agency,
          reason: text.includes(reason),
          clause: text.includes(`"${clause}\\"`) || text.includes(`"${clause}"`),
          pseudonym: text.includes(pseudonym),
        }
      })
      const others = isThere.filter(({ of }) => of !== agency)
      expect(
        others.flatMap(({ reason, clause, pseudonym }) => [reason, clause, pseudonym]),
      ).toEqual(Array(6).fill(false))
      expect(isThere.find(({ of }) => of === agency)?.reason).toBe(shows)
    },
    20_000,
  )
})
