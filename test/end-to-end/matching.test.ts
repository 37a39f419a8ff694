import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { matchPeople } from '../../src/main/match.js'
import { measureProposals } from '../../src/main/measure-proposals.js'
import { checkWishes } from '../../src/main/tasks.js'
import { propose } from '../../src/matching/store.js'
import { bootWorld, type TestWorld } from '../world.js'

const DAY_MS = 24 * 3_600_000
let world: TestWorld
let nowMs = Date.now()
beforeAll(async () => {
  world = await bootWorld({ cases: 14, now: () => new Date(nowMs) })
}, 120_000)
afterAll(() => world.close())
const match = () => matchPeople(world.hub, AbortSignal.timeout(60_000))
const query = <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
  world.hub.database.query<Row>(sql, parameters)

interface Row {
  readonly id: string
  readonly person_key: string
  readonly record_id: string
  readonly weight: number
  readonly agency: string
}
const openProposals = () =>
  query<Row>(
    "select id, person_key, record_id, weight, agency from matching.proposal where state = 'OPEN' order by id",
  )

const LINKS = `query ($id: ID!) {
  case(id: $id) { parts { as person { links { id state weight evidence { trait outcome } } records { agency { id } } } } }
}`
const DECIDE = `mutation ($input: DecideLinkInput!) { decideLink(input: $input) { state } }`

interface Link {
  readonly id: string
  readonly state: string | null
  readonly weight: number | null
  readonly evidence: readonly { readonly trait: string | null }[] | null
}
interface PartView {
  readonly as: string
  readonly person: {
    readonly links: readonly Link[] | null
    readonly records: readonly { readonly agency: { readonly id: string } | null }[]
  } | null
}
const parts = (answer: { data: Record<string, unknown> | null }) =>
  (answer.data?.['case'] as { parts: readonly PartView[] } | undefined)?.parts ?? []

/** The open proposal of the charity's for whoever is victim in a told case, with that case. */
async function toldLink(): Promise<Row & { readonly reference: string }> {
  const rows = await query<Row & { reference: string }>(
    `select p.id, p.person_key, p.record_id, p.weight, p.agency, f.reference
     from matching.proposal p
     join cases.current_part c on c.person_key = p.person_key and c.kind = 'VICTIM'
     join cases.case_file f on f.id = c.case_id
     join records.record r on r.id = p.record_id and r.maybe_until is null
     where p.state = 'OPEN' and p.agency = 'safe-harbour' order by f.reference limit 1`,
  )
  const [first] = rows
  if (!first) throw new Error('the sample tells of no link of the charity that waits')
  return first
}

test('links that people told of are weighed, and what agencies hold beside is proposed', async () => {
  const told = await openProposals()
  expect(told.length).toBeGreaterThan(0)
  expect(new Set(told.map((one) => one.weight))).toEqual(new Set([0]))
  const run = await match()
  const now = await openProposals()
  const weighed = now.filter((one) => told.some(({ id }) => id === one.id))
  expect(weighed.every((one) => one.weight > 0)).toBe(true)
  expect(run.agencies.every((one) => one.outcome === 'DONE' && one.asked > 0)).toBe(true)
})

test('what is proposed is true, and most of what is true is proposed', async () => {
  const { proposed, right, toFind } = await measureProposals(world.hub, world.world)
  expect(right / proposed).toBeGreaterThan(0.8)
  expect(right / toFind).toBeGreaterThan(0.5)
})

test('who has not changed is not asked about again, until a maybe would end', async () => {
  const before = await openProposals()
  expect((await match()).agencies.map((one) => one.asked)).toEqual([0, 0, 0])
  expect(await openProposals()).toEqual(before)
  nowMs += 26 * DAY_MS
  expect((await match()).agencies.every((one) => one.asked > 0)).toBe(true)
  expect(await openProposals()).toEqual(before)
  nowMs -= 26 * DAY_MS
})

test('each agency that was asked about somebody has that in the log', async () => {
  const rows = await query<{ agency: string }>(
    `select distinct s.agency from access_log.entry e join access_log.section s on s.entry_index = e.index
     where e.what = 'MATCH_ASKED' and e.operation = 'COMBINATION' order by 1`,
  )
  expect(rows.map((row) => row.agency)).toEqual([...world.hub.agencies.keys()].sort())
})

test("the charity's record of a victim is in the views only when detective and manager have both confirmed it, and until one of them takes that back", async () => {
  const told = await toldLink()
  const id = await world.caseId(told.reference)
  const own = async () =>
    parts(await world.ask('detective', LINKS, { purpose: 'LINKAGE', variables: { id } }))
      .filter((one) => one.as === 'VICTIM')
      .flatMap((one) => one.person?.links ?? [])
  expect((await own()).map((one) => one.id)).toContain(told.id)
  const confirmed = () =>
    query("select from matching.membership where record_id = $1 and how = 'CONFIRMED'", [
      told.record_id,
    ])
  const decide = (persona: string, purpose = 'LINKAGE') =>
    world.ask(persona, DECIDE, {
      purpose,
      variables: { input: { linkId: told.id, answer: 'LINK' } },
    })
  const seen = async () => {
    const counts: Record<string, number> = {}
    for (const [persona, purpose] of [
      ['detective', 'VICTIM_SAFETY'],
      ['manager', 'VICTIM_SAFETY'],
    ] as const) {
      const answer = await world.ask(persona, LINKS, { purpose, variables: { id } })
      counts[persona] = parts(answer)
        .flatMap((one) => one.person?.records ?? [])
        .filter((one) => one.agency?.id === 'safe-harbour').length
    }
    return counts
  }
  const before = await seen()
  expect((await decide('advocate', 'ADVOCACY')).errors[0]?.extensions.code).toBe('NOT_PERMITTED')
  expect((await decide('detective')).data).toEqual({ decideLink: { state: 'WAITING' } })
  expect(await confirmed()).toHaveLength(0)
  expect(await seen()).toEqual(before)
  expect((await decide('manager')).data).toEqual({ decideLink: { state: 'CONFIRMED' } })
  expect(await confirmed()).toHaveLength(1)
  expect(before).toEqual({ detective: 0, manager: 0 })
  expect(await seen()).toEqual({ detective: 1, manager: 1 })
  const jobs = await query<{ job: string }>(
    'select distinct job from platform.outbox where finished_at is null',
  )
  expect(jobs.map((one) => one.job)).toEqual(expect.arrayContaining(['match', 'sync']))

  const takeBack = (persona: string, purpose = 'LINKAGE') =>
    world.ask(persona, DECIDE, {
      purpose,
      variables: { input: { linkId: told.id, answer: 'NEVER' } },
    })
  expect((await takeBack('advocate', 'ADVOCACY')).errors[0]?.extensions.code).toBe('NOT_PERMITTED')
  expect((await takeBack('detective')).data).toEqual({ decideLink: { state: 'REJECTED' } })
  expect(await seen()).toEqual({ detective: 0, manager: 0 })
  expect((await decide('manager')).errors[0]?.extensions.code).toBe('CONFLICT')
  const [entry] = await query<{ what: string; tightens: boolean }>(
    "select what, tightens from access_log.entry where what like 'LINK_%' order by index desc limit 1",
  )
  expect(entry).toEqual({ what: 'LINK_UNLINKED', tightens: true })
  // Of a record that is nobody's nothing stays.
  expect(await query('select from records.record where id = $1', [told.record_id])).toEqual([])
  expect(
    await query('select from records.event_about where record_id = $1', [told.record_id]),
  ).toEqual([])
})

test('two people whom a link made one are two again when it is taken back, each with what they came with', async () => {
  const [one, two] = await query<{ person_key: string; record_id: string; agency: string }>(
    `select distinct on (m.person_key) m.person_key, m.record_id, m.agency from matching.membership m
     where exists (select from cases.current_part c where c.person_key = m.person_key)
       and exists (select from consent.wish w where w.person_key = m.person_key)
     order by m.person_key, m.record_id limit 2`,
  )
  if (!one || !two) throw new Error('fewer than two people of this caseload have wishes')
  const told = {
    personKey: one.person_key,
    recordId: two.record_id,
    agency: two.agency,
    weight: 20,
    evidence: [],
  }
  await propose(world.hub.database, [told, told]) // two cases may tell of one link
  const [proposal] = await query<{ id: string }>(
    'select id from matching.proposal where person_key = $1 and record_id = $2',
    [one.person_key, two.record_id],
  )
  const pair = { id: proposal?.id ?? '', person_key: one.person_key, other: two.person_key }
  const standing = () =>
    query(
      `select record_id as id, person_key from matching.membership where person_key = any($1::text[])
       union all select part_id::text, person_key from cases.current_part where person_key = any($1::text[])
       union all select id::text, person_key from consent.wish where person_key = any($1::text[]) order by 1`,
      [[pair.person_key, pair.other]],
    )
  const before = await standing()
  const say = (persona: string, answer: 'LINK' | 'NEVER') =>
    world.ask(persona, DECIDE, {
      purpose: 'LINKAGE',
      variables: { input: { linkId: pair.id, answer } },
    })
  await say('detective', 'LINK')
  expect((await say('manager', 'LINK')).data).toEqual({ decideLink: { state: 'CONFIRMED' } })
  const merged = (await standing()) as readonly { person_key: string }[]
  expect(new Set(merged.map((one) => one.person_key)).size).toBe(1)
  const survivor = merged[0]?.person_key ?? ''
  await query(
    `insert into matching.membership (record_id, agency, person_key, how, confirmed_by)
     values ('joined-since', $1, $2, 'CONFIRMED', '{}')`,
    [two.agency, survivor],
  )
  expect((await say('detective', 'NEVER')).data).toEqual({ decideLink: { state: 'REJECTED' } })
  expect(await standing()).toEqual(before)

  // What joined them since is nobody's, is proposed of both, and somebody is to say whose it is.
  const proposed = () =>
    query<{ id: string; key: string }>(
      `select id, person_key as key from matching.proposal
       where record_id = 'joined-since' and state = 'OPEN' order by key`,
    )
  const waiting = await proposed()
  expect(waiting.map((one) => one.key)).toEqual([pair.person_key, pair.other].sort())
  const tasks = async () => {
    await checkWishes(world.hub, null, AbortSignal.timeout(60_000))
    const rows = await query<{ key: string }>(
      `select distinct c.person_key as key from cases.task t join cases.current_part c on c.part_id = t.part_id
       where t.kind = 'IDENTITY' and t.reason = 'RECORD_UNSORTED' and t.state = 'OPEN' order by 1`,
    )
    return rows.map((one) => one.key)
  }
  const inOpenCases = await query<{ key: string }>(
    `select distinct person_key as key from cases.current_part
     where is_open and person_key = any($1::text[]) order by 1`,
    [[pair.person_key, pair.other]],
  )
  expect(inOpenCases.length).toBeGreaterThan(0)
  expect(await tasks()).toEqual(inOpenCases.map((one) => one.key))
  const sort = (persona: string) =>
    world.ask(persona, DECIDE, {
      purpose: 'LINKAGE',
      variables: { input: { linkId: waiting[0]?.id, answer: 'LINK' } },
    })
  await sort('detective')
  expect((await sort('manager')).data).toEqual({ decideLink: { state: 'CONFIRMED' } })
  expect(
    await query(
      "select person_key as key from matching.membership where record_id = 'joined-since'",
    ),
  ).toEqual([{ key: waiting[0]?.key }])
  expect(await tasks()).toEqual([])
})

test('a maybe that nobody confirms is gone after 30 days, with its record; a told link stays', async () => {
  const maybes = await query<{ id: string }>(
    'select id from records.record where maybe_until is not null',
  )
  const told = await query(
    'select from matching.proposal p join records.record r on r.id = p.record_id where r.maybe_until is null',
  )
  await query('update records.record set maybe_until = $1 where maybe_until is not null', [
    new Date(nowMs - 1),
  ])
  const run = await match()
  expect(run.ended).toBe(maybes.length)
  expect(
    await query('select from records.record where id = any($1::text[])', [
      maybes.map((one) => one.id),
    ]),
  ).toEqual([])
  expect(
    await query(
      'select from matching.proposal p join records.record r on r.id = p.record_id where r.maybe_until is null',
    ),
  ).toHaveLength(told.length)
})

test('a pair that somebody said never of is not proposed again', async () => {
  const [one] = await openProposals()
  if (!one) throw new Error('nothing is proposed')
  const answer = await world.ask('manager', DECIDE, {
    purpose: 'LINKAGE',
    variables: { input: { linkId: one.id, answer: 'NEVER' } },
  })
  expect(answer.data).toEqual({ decideLink: { state: 'REJECTED' } })
  await query('delete from matching.asked')
  await match()
  expect((await openProposals()).map(({ id }) => id)).not.toContain(one.id)
  expect(await query('select state from matching.proposal where id = $1', [one.id])).toEqual([
    { state: 'REJECTED' },
  ])
})
