import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { plant, released, withheld } from '../log-entries.js'
import { bootWorld, type TestWorld } from '../world.js'

const POLICE = 'mersey-vale-police'
const NHS = 'weaver-nhs'
const CHARITY = 'safe-harbour'
const LEADS = { 'ig-lead-police': POLICE, 'ig-lead-nhs': NHS, 'ig-lead-charity': CHARITY }

let world: TestWorld
let caseId: string
beforeAll(async () => {
  world = await bootWorld({ cases: 6 })
  caseId = await world.caseId('ASU-00001')
}, 60_000)
afterAll(() => world.close())

const rows = <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
  world.hub.database.query<Row>(sql, parameters)
const now = async (): Promise<string> =>
  (
    await rows<{ at: Date }>("select clock_timestamp() + interval '1 millisecond' as at")
  )[0]?.at.toISOString() ?? ''

const BREACH = `query ($basis: LogBreachBasis!, $from: DateTime, $to: DateTime, $first: Int! = 500) {
  logBreach(basis: $basis, from: $from, to: $to, first: $first, becameAwareAt: "2026-03-02T09:00:00Z") {
    requests values persons categories fields hasMore reportDueAt report
    recipients { agency { id } callers roles purposes categories requests values }
    disclosures { request touch supplier { id } recipient { id } caller purpose categories fields values } } }`
interface Breach {
  readonly requests: number
  readonly values: number
  readonly fields: readonly string[]
  readonly categories: readonly string[]
  readonly hasMore: boolean
  readonly reportDueAt: string
  readonly report: string
  readonly recipients: readonly {
    readonly agency: { readonly id: string }
    readonly callers: readonly string[]
  }[]
  readonly disclosures: readonly {
    readonly request: string
    readonly touch: string
    readonly caller: string
    readonly fields: readonly string[]
  }[]
}
async function breach(lead: string, variables: Record<string, unknown>): Promise<Breach> {
  const answer = await world.ask(lead, BREACH, { purpose: 'LOG_AUDIT', variables })
  expect(answer.errors).toEqual([])
  return (answer.data as { logBreach: Breach }).logBreach
}
const found = ({ disclosures }: Breach) =>
  disclosures.map(({ request, touch }) => `${request} ${touch}`).sort()

describe('a clause that turned out to have been wrong', () => {
  const WRONG = '2.8'
  const decision = fc.constantFrom(
    released('CharityRecord.addresses', WRONG),
    released('CharityRecord.names', '2.1', [WRONG]),
    released('CharityRecord.riskLevel', '2.23'),
    withheld('CharityRecord.addresses'),
  )
  const entry = fc.record({
    caller: fc.constantFrom(POLICE, NHS, CHARITY),
    supplier: fc.constantFrom(POLICE, NHS, CHARITY),
    hours: fc.integer({ min: -48, max: 48 }),
    decisions: fc.array(decision, { minLength: 1, maxLength: 3 }),
  })

  test('touched exactly what was planted, for each of the leads', async () => {
    const middle = Date.parse('2026-03-01T00:00:00Z')
    const [person] = await rows<{ key: string }>(
      "select person_key as key from cases.current_part where kind = 'VICTIM' and person_key is not null order by 1 limit 1",
    )
    const truth: Record<string, string[]> = { [POLICE]: [], [NHS]: [], [CHARITY]: [] }
    for (const one of fc.sample(entry, { numRuns: 90, seed: 5 })) {
      const request = await plant(world.hub, {
        caller: { agency: one.caller, subject: `staff@${one.caller}.example` },
        at: new Date(middle + one.hours * 3_600_000),
        sections: [{ agency: one.supplier, person: person?.key ?? '', decisions: one.decisions }],
      })
      if (one.hours < 0) continue
      const named = one.decisions.some((d) => d.clause === WRONG)
      const touched = one.decisions.filter((d) => (d.clauses as readonly string[]).includes(WRONG))
      if (touched.length > 0) truth[one.supplier]?.push(`${request} ${named ? 'ALONE' : 'BESIDE'}`)
      if (named && one.caller !== one.supplier) truth[one.caller]?.push(`${request} UNTOLD`)
    }
    const span = { from: new Date(middle).toISOString(), to: '2026-04-01T00:00:00Z' }
    for (const [lead, agency] of Object.entries(LEADS)) {
      const report = await breach(lead, { basis: { clause: WRONG }, ...span })
      expect(found(report)).toEqual(truth[agency]?.sort())
      expect(report.requests).toBe(new Set(report.disclosures.map((one) => one.request)).size)
      const cut = await breach(lead, { basis: { clause: WRONG }, ...span, first: 1 })
      expect(cut).toEqual({
        ...report,
        disclosures: report.disclosures.slice(0, 1),
        hasMore: report.disclosures.length > 1,
      })
    }
    expect(truth[CHARITY]?.length).toBeGreaterThan(5)
  })

  test('is ready to be reported within 72 hours, and names neither the people concerned nor staff', async () => {
    const report = await breach('ig-lead-charity', {
      basis: { clause: WRONG },
      to: '2026-04-01T00:00:00Z',
    })
    expect(report.reportDueAt).toBe('2026-03-05T09:00:00.000Z')
    expect(report.report).toContain('To be reported by: 2026-03-05T09:00:00.000Z')
    expect(report.report).toContain('A clause of the information-sharing agreement (2.8)')
    expect(report.report).toContain('LOCATION')
    for (const { callers } of report.recipients)
      for (const caller of callers) expect(report.report).not.toContain(caller)
  })
})

const victimLook = (fields: string) =>
  `{ case(id: "${caseId}") { parts(as: [VICTIM]) { person { records { __typename ... on CharityRecord { ${fields} } } } } } }`
const perpetratorLook = () =>
  `{ case(id: "${caseId}") { parts(as: [PERPETRATOR]) { person { records { __typename ... on NhsRecord { names { family } warningMarkers engaged } } } } } }`
const ask = async (persona: string, query: string, purpose: string): Promise<string> => {
  const { errors, disclosure } = await world.ask(persona, query, { purpose })
  expect(errors).toEqual([])
  return disclosure.request
}

describe('a wish that turned out to have been recorded wrongly', () => {
  test('touched what was released because of it, until it was withdrawn, and nothing else', async () => {
    const [wish] = await rows<{ id: string; part: string }>(
      `select w.id, p.part_id::text as part from consent.wish w join cases.current_part p on p.person_key = w.person_key
       where p.case_id = $1 and p.kind = 'VICTIM' and w.decision = 'GIVEN' and 'LOCATION' = any(w.categories)`,
      [caseId],
    )
    const fields = 'addresses { lines } supported safetyPlan { __typename } riskLevel'
    const touched = await ask('detective', victimLook(fields), 'VICTIM_SAFETY')
    await ask('detective', victimLook('riskLevel'), 'VICTIM_SAFETY')
    await ask('advocate', victimLook(fields), 'VICTIM_SAFETY')
    const withdrawn = await world.ask(
      'advocate',
      'mutation ($input: RecordWishInput!) { recordWish(input: $input) { id } }',
      {
        purpose: 'ADVOCACY',
        variables: { input: { partId: wish?.part, decision: 'WITHDRAWN', recipients: ['police'] } },
        headers: { 'idempotency-key': 'breach-1' },
      },
    )
    expect(withdrawn.errors).toEqual([])
    await ask('detective', victimLook(fields), 'VICTIM_SAFETY')
    const basis = { basis: { wish: wish?.id }, to: await now() }
    const report = await breach('ig-lead-charity', basis)
    expect(found(report)).toEqual([`${touched} ALONE`])
    expect(report.fields).toEqual([
      'Address.lines',
      'CharityRecord.addresses',
      'CharityRecord.safetyPlan',
      'CharityRecord.supported',
    ])
    expect(found(await breach('ig-lead-police', basis))).toEqual([`${touched} UNTOLD`])
    expect(found(await breach('ig-lead-nhs', basis))).toEqual([])
  })
})

describe('a link that turned out to have been wrong', () => {
  test('touched what crossed agencies by it, and not what the agency itself looked at', async () => {
    const [link] = await rows<{ id: string }>(
      `select m.record_id as id from matching.membership m join cases.current_part p on p.person_key = m.person_key
       where p.case_id = $1 and p.kind = 'PERPETRATOR' and m.agency = $2 and m.how = 'CONFIRMED'`,
      [caseId, NHS],
    )
    const crossed = [
      await ask('detective', perpetratorLook(), 'STAFF_SAFETY'),
      await ask('advocate', perpetratorLook(), 'STAFF_SAFETY'),
    ]
    await ask('psychologist', perpetratorLook(), 'RISK_ASSESSMENT')
    const report = await breach('ig-lead-nhs', { basis: { link: link?.id }, to: await now() })
    expect(found(report)).toEqual(crossed.map((one) => `${one} ALONE`).sort())
    expect(report.recipients.map((one) => one.agency.id)).toEqual([POLICE, CHARITY])
  })
})

test.each([{ clause: '2.8', wish: 'x' }, {}])(
  'a basis names one thing: %j is refused',
  async (basis) => {
    const answer = await world.ask('ig-lead-nhs', BREACH, {
      purpose: 'LOG_AUDIT',
      variables: { basis },
    })
    expect(answer.errors[0]?.extensions.code).toBe('INPUT_INVALID')
  },
)

test('to whoever may not read the log, a wish that is there and one that is not look alike', async () => {
  const [wish] = await rows<{ id: string }>('select id from consent.wish limit 1')
  const told = async (id: string) =>
    (await world.ask('detective', BREACH, { variables: { basis: { wish: id } } })).errors
  expect(await told(wish?.id ?? '')).toEqual(await told('2e4f3b5e-0000-4000-8000-000000000000'))
})
