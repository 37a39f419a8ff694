import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Planted, plant, released, withheld } from '../log-entries.js'
import { bootWorld, type TestWorld } from '../world.js'

const LOOK = `{ cases(first: 20) { edges { node { id reference parts { id person { records { __typename
  ... on PoliceRecord { names { family } } ... on NhsRecord { names { family } } ... on CharityRecord { names { family } addresses { lines } } } } } } } } }`
const ENTRIES = `query ($filter: AccessLogFilter, $first: Int!, $after: String, $search: ID) {
  accessLog(filter: $filter, first: $first, after: $after, search: $search) {
    edges { cursor node { id request at what caller callerAgency { id } callerRoles purpose supplier { id }
      case { id } persons outcome code justification decisions { coordinate decision reason clause count } } }
    pageInfo { hasNextPage endCursor } } }`
const COUNTS = `query ($by: LogGrouping!, $filter: AccessLogFilter) {
  accessLogCounts(by: $by, filter: $filter) { key entries values } }`
const POLICE = 'mersey-vale-police'
const NHS = 'weaver-nhs'
const CHARITY = 'safe-harbour'

interface Shown {
  readonly id: string
  readonly request: string
  readonly caller: string
  readonly callerAgency: { readonly id: string }
  readonly callerRoles: readonly string[]
  readonly purpose: string | null
  readonly supplier: { readonly id: string } | null
  readonly case: { readonly id: string } | null
  readonly outcome: string
  readonly justification: string | null
  readonly persons: readonly string[]
  readonly decisions: readonly {
    readonly coordinate: string
    readonly decision: string
    readonly reason: string
    readonly clause: string | null
    readonly count: number
  }[]
}
interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Shown }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

let world: TestWorld
/** After everything that was planted: what leads ask for ends here, so that their own asking moves nothing. */
let to: string
let partId: string
let caseId: string
beforeAll(async () => {
  world = await bootWorld({ cases: 6 })
  for (const persona of ['detective', 'psychologist', 'advocate', 'manager'])
    expect((await world.ask(persona, LOOK)).data).not.toBeNull()
  await world.ask('psychologist', '{ nothing }')
  await world.ask('detective', LOOK, { purpose: null })
  caseId = await world.caseId('ASU-00001')
  const [part] = await world.hub.database.query<{ part_id: string; person_key: string }>(
    `select part_id, person_key from cases.current_part where case_id = $1 and kind = 'VICTIM'`,
    [caseId],
  )
  partId = part?.part_id ?? ''
  const person = part?.person_key ?? ''
  await plant(world.hub, {
    caller: { subject: 'nurse@nhs.example', agency: NHS, roles: ['PSYCHOLOGIST'] },
    purpose: 'RISK_ASSESSMENT',
    justification: 'her name is in here',
    sections: [
      {
        agency: POLICE,
        person,
        decisions: [
          released('PoliceRecord.names', '2.2'),
          withheld('PoliceRecord.addresses', 'VICTIM_LOCATION'),
        ],
      },
      { agency: CHARITY, person, decisions: [withheld('CharityRecord.names')] },
    ],
  })
  const [row] = await world.hub.database.query<{ at: Date }>(
    "select clock_timestamp() + interval '1 millisecond' as at",
  )
  to = row?.at.toISOString() ?? ''
}, 60_000)
afterAll(() => world.close())

const asked = async (lead: string, variables: Record<string, unknown>): Promise<Page> => {
  const answer = await world.ask(lead, ENTRIES, {
    purpose: 'LOG_AUDIT',
    variables: { first: 500, ...variables, filter: { to, ...(variables['filter'] as object) } },
  })
  expect(answer.errors).toEqual([])
  return (answer.data as { accessLog: Page }).accessLog
}
const rowsOf = async (lead: string, filter: object = {}): Promise<readonly Shown[]> =>
  (await asked(lead, { filter })).edges.map((one) => one.node)
const counts = async (lead: string, by: string, filter: object = {}) => {
  const answer = await world.ask(lead, COUNTS, {
    purpose: 'LOG_AUDIT',
    variables: { by, filter: { to, ...filter } },
  })
  expect(answer.errors).toEqual([])
  return (answer.data as { accessLogCounts: { key: string; entries: number; values: number }[] })
    .accessLogCounts
}

describe('an IG lead', () => {
  test('finds who has seen a person’s data, and why', async () => {
    const rows = await rowsOf('ig-lead-police', { part: partId, decision: 'SHARE' })
    expect(rows.map((one) => one.caller)).toContain('nurse@nhs.example')
    for (const one of rows)
      expect(one.supplier?.id === POLICE || one.callerAgency.id === POLICE).toBe(true)
    expect(rows.find((one) => one.caller === 'nurse@nhs.example')).toMatchObject({
      purpose: 'RISK_ASSESSMENT',
      justification: 'her name is in here',
    })
  })

  test.each`
    name            | filter                             | fits
    ${'a caller'}   | ${{ caller: 'nurse@nhs.example' }} | ${(one: Shown) => one.caller === 'nurse@nhs.example'}
    ${'an agency'}  | ${{ callerAgency: NHS }}           | ${(one: Shown) => one.callerAgency.id === NHS}
    ${'a role'}     | ${{ role: 'MANAGER' }}             | ${(one: Shown) => one.callerRoles.includes('MANAGER')}
    ${'a purpose'}  | ${{ purpose: 'RISK_ASSESSMENT' }}  | ${(one: Shown) => one.purpose === 'RISK_ASSESSMENT'}
    ${'a supplier'} | ${{ supplier: NHS }}               | ${(one: Shown) => one.supplier?.id === NHS}
    ${'refusals'}   | ${{ outcomes: ['REFUSED'] }}       | ${(one: Shown) => one.outcome === 'REFUSED'}
    ${'a clause'}   | ${{ clause: '2.2' }}               | ${(one: Shown) => one.decisions.some((d) => d.clause === '2.2')}
    ${'a category'} | ${{ category: 'IDENTITY' }}        | ${(one: Shown) => one.decisions.some((d) => d.coordinate.endsWith('.names'))}
  `('finds by $name exactly what the whole list holds of it', async (of) => {
    const { filter, fits } = of as { filter: object; fits: (one: Shown) => boolean }
    for (const lead of ['ig-lead-nhs', 'ig-lead-police']) {
      const found = await rowsOf(lead, filter)
      const all = (await rowsOf(lead)).filter(fits)
      expect(found.map((one) => one.id)).toEqual(all.map((one) => one.id))
    }
    expect(
      (await rowsOf('ig-lead-nhs', filter)).length +
        (await rowsOf('ig-lead-police', filter)).length,
    ).toBeGreaterThan(0)
  })

  test('finds a case with its people, wherever they were looked at', async () => {
    const rows = await rowsOf('ig-lead-police', { case: caseId })
    expect(rows.some((one) => one.case?.id === caseId)).toBe(true)
    expect(rows.some((one) => one.caller === 'nurse@nhs.example')).toBe(true)
  })

  test('pages through all of it once, whatever is appended meanwhile', async () => {
    const whole = await rowsOf('ig-lead-nhs')
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const page: Page = await asked('ig-lead-nhs', { first: 3, after })
      seen.push(...page.edges.map((one) => one.node.id))
      after = page.pageInfo.endCursor
      if (!page.pageInfo.hasNextPage) break
    }
    expect(seen).toEqual(whole.map((one) => one.id))
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('is given no other’s cursor, nor one of another list', async () => {
    const page = await asked('ig-lead-nhs', { first: 1 })
    const after = page.pageInfo.endCursor
    for (const [lead, filter] of [
      ['ig-lead-police', { to }],
      ['ig-lead-nhs', { to, role: 'MANAGER' }],
    ] as const) {
      const answer = await world.ask(lead, ENTRIES, {
        purpose: 'LOG_AUDIT',
        variables: { first: 1, after, filter },
      })
      expect(answer.errors[0]?.extensions.code).toBe('INPUT_INVALID')
    }
    const purpose = 'CASE_ADMINISTRATION'
    const cases = await world.ask('system-nhs', '{ cases { pageInfo { endCursor } } }', { purpose })
    const [, cursor] = /"endCursor":"([^"]+)"/.exec(cases.raw) ?? []
    expect(cursor).toBeDefined()
    const variables = { first: 1, after: cursor }
    const answer = await world.ask('system-nhs', ENTRIES, { purpose, variables })
    expect(answer.errors[0]?.extensions).toEqual({ code: 'INPUT_INVALID', field: 'after' })
  })

  test('counts what the list holds, and nothing else', async () => {
    const rows = await rowsOf('ig-lead-nhs')
    const byPurpose = new Map<string, Set<string>>()
    for (const one of rows)
      byPurpose.set(
        one.purpose ?? '',
        (byPurpose.get(one.purpose ?? '') ?? new Set()).add(one.request),
      )
    const counted = await counts('ig-lead-nhs', 'PURPOSE')
    expect(Object.fromEntries(counted.map((one) => [one.key ?? '', one.entries]))).toEqual(
      Object.fromEntries([...byPurpose].map(([key, requests]) => [key, requests.size])),
    )
    const categories = await counts('ig-lead-nhs', 'CATEGORY')
    const identity = rows
      .flatMap((one) => one.decisions)
      .filter((one) => one.coordinate.endsWith('.names'))
    expect(categories.find((one) => one.key === 'IDENTITY')?.values).toBeGreaterThanOrEqual(
      identity.reduce((sum, one) => sum + one.count, 0),
    )
    for (const by of [
      'DAY',
      'WEEK',
      'MONTH',
      'ROLE',
      'CLAUSE',
      'CALLER',
      'SUPPLIER',
      'OUTCOME',
      'WHAT',
      'CASE',
      'DECISION',
      'FIELD',
      'CALLER_AGENCY',
    ])
      expect((await counts('ig-lead-nhs', by)).length).toBeGreaterThan(0)
  })

  test('reads why somebody looked in their own words', async () => {
    const [row] = await rowsOf('ig-lead-nhs', { caller: 'nurse@nhs.example' })
    expect(row?.justification).toBe('her name is in here')
  })

  test('keeps a search, runs it, and nobody else knows of it', async () => {
    const saved = await world.ask(
      'ig-lead-nhs',
      'mutation ($input: SaveLogSearchInput!) { saveLogSearch(input: $input) { id } }',
      {
        purpose: 'LOG_AUDIT',
        variables: { input: { name: 'managers', filter: { role: 'MANAGER' } } },
      },
    )
    expect(saved.errors).toEqual([])
    const { id } = (saved.data as { saveLogSearch: { id: string } }).saveLogSearch
    const found = await asked('ig-lead-nhs', { search: id })
    expect(found.edges.map((one) => one.node.id)).toEqual(
      (await rowsOf('ig-lead-nhs', { role: 'MANAGER' })).map((one) => one.id),
    )
    const list = await world.ask('ig-lead-nhs', '{ logSearches { id name filter } }', {
      purpose: 'LOG_AUDIT',
    })
    expect(list.data).toEqual({
      logSearches: [{ id, name: 'managers', filter: '{"role":"MANAGER"}' }],
    })
    const others = await world.ask('ig-lead-police', '{ logSearches { id } }', {
      purpose: 'LOG_AUDIT',
    })
    expect(others.data).toEqual({ logSearches: [] })
    const stolen = await world.ask('ig-lead-police', ENTRIES, {
      purpose: 'LOG_AUDIT',
      variables: { first: 1, search: id },
    })
    expect(stolen.errors[0]?.extensions.code).toBe('NOT_FOUND')
    const gone = await world.ask(
      'ig-lead-nhs',
      `mutation { forgetLogSearch(input: { id: "${id}" }) { id } }`,
      { purpose: 'LOG_AUDIT' },
    )
    expect(gone.errors).toEqual([])
    expect(
      (await world.ask('ig-lead-nhs', '{ logSearches { id } }', { purpose: 'LOG_AUDIT' })).data,
    ).toEqual({ logSearches: [] })
  })

  test('alone keeps searches: nobody who may not read the log', async () => {
    const refused = await world.ask(
      'detective',
      'mutation { saveLogSearch(input: { name: "x", filter: {} }) { id } }',
    )
    expect(refused.errors[0]?.extensions.code).toBe('NOT_PERMITTED')
    for (const query of [
      '{ accessLog(first: 5) { edges { node { id } } } }',
      '{ logSearches { id } }',
      '{ accessLogCounts(by: PURPOSE) { key } }',
    ])
      for (const persona of ['detective', 'oversight', 'manager'])
        expect(
          Object.values((await world.ask(persona, query)).data ?? {}).map((one) =>
            Array.isArray(one) ? one : (one as Page).edges,
          ),
        ).toEqual([[]])
  })
})

describe('oversight', () => {
  const STATISTICS = `query ($by: LogStatistic!, $from: String, $to: String) {
    logStatistics(by: $by, from: $from, to: $to) { key entries values } }`
  const counted = async (persona: string, by: string, months: object = {}) => {
    const { data, errors } = await world.ask(persona, STATISTICS, {
      purpose: persona.startsWith('ig-lead') ? 'LOG_AUDIT' : 'EVALUATION',
      variables: { by, ...months },
    })
    expect(errors).toEqual([])
    return (data as { logStatistics: object[] }).logStatistics
  }
  const plantIn = async (month: number, count: number, planted: Planted) => {
    await world.hub.database.query('select access_log.open_month($1)', [month])
    for (let at = 0; at < count; at += 1) {
      const request = await plant(world.hub, planted)
      const [row] = await world.hub.database.query<{ index: string }>(
        'update access_log.entry set month = $2 where request = $1 returning index::text',
        [request, month],
      )
      await world.hub.database.query(
        'update access_log.section set month = $2 where entry_index = $1',
        [row?.index, month],
      )
    }
  }
  const looked = (purpose: string): Planted => ({
    purpose,
    sections: [
      { agency: CHARITY, caseId, decisions: [{ ...released('Case.stage', '2.2'), count: 3 }] },
    ],
  })

  test('counts the whole log in bands, months that are over, and leaves small groups out (5.7)', async () => {
    await plantIn(202603, 9, looked('VICTIM_SAFETY'))
    await plantIn(202603, 4, looked('EMERGENCY'))
    await plantIn(202604, 6, looked('EMERGENCY'))
    for (const persona of ['oversight', 'manager']) {
      expect(await counted(persona, 'PURPOSE', { to: '2026-03' })).toEqual([
        { key: 'VICTIM_SAFETY', entries: 5, values: null },
      ])
      expect(await counted(persona, 'PURPOSE')).toEqual([
        { key: 'EMERGENCY', entries: 10, values: null },
        { key: 'VICTIM_SAFETY', entries: 5, values: null },
      ])
      expect(await counted(persona, 'CLAUSE', { from: '2026-04' })).toEqual([
        { key: '2.2', entries: 5, values: 15 },
      ])
      expect(await counted(persona, 'MONTH')).toEqual([
        { key: '2026-03', entries: 10, values: null },
        { key: '2026-04', entries: 5, values: null },
      ])
      expect(await counted(persona, 'CATEGORY')).toEqual([
        { key: 'CASE_STATUS', entries: 15, values: 55 },
      ])
      for (const by of ['CALLER_AGENCY', 'ROLE', 'OUTCOME', 'WHAT', 'SUPPLIER', 'DECISION'])
        expect(await counted(persona, by)).toEqual([expect.objectContaining({ entries: 15 })])
    }
  })

  test('alone: a lead counts what is theirs, and a month that is not over is counted for nobody', async () => {
    for (const persona of ['ig-lead-police', 'ig-lead-charity'])
      expect(await counted(persona, 'PURPOSE')).toEqual([])
    const now = new Date().toISOString().slice(0, 7)
    expect(await counted('oversight', 'PURPOSE', { from: now })).toEqual([])
    const { data } = await world.ask('detective', STATISTICS, { variables: { by: 'PURPOSE' } })
    expect(data).toEqual({ logStatistics: [] })
  })
})

describe('of another agency’s data that its own staff asked for, a lead', () => {
  test('learns the reason that the caller was told, not the true one', async () => {
    const [row] = await rowsOf('ig-lead-nhs', { caller: 'nurse@nhs.example' })
    expect(row?.decisions.map((one) => [one.coordinate, one.reason])).toEqual([
      ['PoliceRecord.names', 'PERMITTED'],
      ['PoliceRecord.addresses', 'NO_RULE'],
    ])
  })

  test('does not learn that an agency holds a record of which all was withheld', async () => {
    const rows = await rowsOf('ig-lead-nhs', { caller: 'nurse@nhs.example' })
    expect(rows.map((one) => one.supplier?.id)).toEqual([POLICE])
    const [charity] = await rowsOf('ig-lead-charity', { caller: 'nurse@nhs.example' })
    expect(charity?.decisions.map((one) => one.reason)).toEqual(['CONSENT_REFUSED'])
  })
})
