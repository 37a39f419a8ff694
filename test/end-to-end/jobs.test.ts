import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { JOBS } from '../../jobs/index.js'
import { jobContext } from '../../src/main/job-context.js'
import { type JobQueue, openQueue } from '../../src/platform/queue.js'
import { bootWorld, type TestWorld } from '../world.js'

const DAY_MS = 24 * 3_600_000
let world: TestWorld
let nowMs = Date.now()
let queue: JobQueue
let deadId: string
beforeAll(async () => {
  world = await bootWorld({ cases: 14, now: () => new Date(nowMs) })
  deadId = await deadJob()
  queue = await world.hub.jobQueue()
  await queue.work()
  await settled()
}, 120_000)
afterAll(() => world.close())

const query = <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
  world.hub.database.query<Row>(sql, parameters)
/** Waits until everything that waits in the outbox has ended. */
async function settled(): Promise<void> {
  for (;;) {
    const [row] = await query<{ id: string }>(
      'select id from platform.outbox where finished_at is null limit 1',
    )
    if (!row) return
    await queue.ended(row.id, { waitMaxMs: 60_000 })
  }
}
const run = async (name: string): Promise<string> =>
  queue.ended(await queue.enqueue(name), { waitMaxMs: 60_000 })

interface TaskView {
  readonly id: string
  readonly kind: string | null
  readonly wish: string | null
  readonly order: string | null
  readonly plan: string | null
  readonly agency: { readonly id: string } | null
  readonly case: { readonly id: string } | null
}
const TASKS =
  '{ tasks(first: 100) { id kind role due isOpen wish order plan agency { id } case { id } } }'
const tasksOf = async (persona: string, purpose: string): Promise<readonly TaskView[]> => {
  const answer = await world.ask(persona, TASKS, { purpose })
  expect(answer.errors).toEqual([])
  return (answer.data?.['tasks'] ?? []) as readonly TaskView[]
}
const RECORD_WISH = 'mutation ($input: RecordWishInput!) { recordWish(input: $input) { id } }'
const victimOf = async (reference: string): Promise<string> => {
  const [row] = await query<{ id: string }>(
    `select c.part_id as id from cases.current_part c join cases.case_file f on f.id = c.case_id
     where f.reference = $1 and c.kind = 'VICTIM' order by 1 limit 1`,
    [reference],
  )
  return row?.id ?? ''
}
const withdraw = (partId: string, key: string) =>
  world.ask('advocate', RECORD_WISH, {
    purpose: 'ADVOCACY',
    variables: { input: { partId, decision: 'WITHDRAWN' } },
    headers: { 'idempotency-key': key },
  })

test('a withdrawal and its job are one commit, and its task is there for the advocate', async () => {
  const partId = await victimOf('ASU-00001')
  await queue.pause('consent-check')
  const answer = await withdraw(partId, 'withdraw-1')
  expect(answer.errors).toEqual([])
  const waiting = await query<{ id: string; payload: object }>(
    "select id, payload from platform.outbox where job = 'consent-check' and finished_at is null",
  )
  expect(waiting.map((one) => one.payload)).toEqual([{ case: await world.caseId('ASU-00001') }])
  await queue.resume('consent-check')
  expect(await queue.ended(waiting[0]?.id ?? '', { waitMaxMs: 60_000 })).toBe('DONE')
  const tasks = await tasksOf('advocate', 'ADVOCACY')
  expect(tasks.map((one) => one.wish)).toContain('WISH_WITHDRAWN')
})

test('a change that is refused leaves no job behind', async () => {
  const before = await query('select id from platform.outbox')
  const answer = await world.ask('outreach', RECORD_WISH, {
    purpose: 'CARE_COORDINATION',
    variables: { input: { partId: await victimOf('ASU-00001'), decision: 'GIVEN' } },
    headers: { 'idempotency-key': 'refused-1' },
  })
  expect(answer.errors[0]?.extensions.code).toBeDefined()
  expect(await query('select id from platform.outbox')).toHaveLength(before.length)
})

test('running a check twice raises a task once; what is seen to is settled', async () => {
  const open = () => query("select id from cases.task where state = 'OPEN' order by id")
  const before = await open()
  expect(await run('consent-check')).toBe('DONE')
  expect(await open()).toEqual(before)
  nowMs += 1000
  const given = await world.ask('advocate', RECORD_WISH, {
    purpose: 'ADVOCACY',
    variables: { input: { partId: await victimOf('ASU-00001'), decision: 'GIVEN' } },
    headers: { 'idempotency-key': 'given-again' },
  })
  expect(given.errors).toEqual([])
  await settled()
  const after = await tasksOf('advocate', 'ADVOCACY')
  const caseId = await world.caseId('ASU-00001')
  expect(after.filter((one) => one.case?.id === caseId && one.wish === 'WISH_WITHDRAWN')).toEqual(
    [],
  )
})

test('orders and safety plans become tasks when their day comes', async () => {
  nowMs += 3 * 365 * DAY_MS
  await run('order-expiry')
  await run('safety-plan-review')
  const kinds = await query<{ kind: string; reason: string }>(
    `select distinct kind, reason from cases.task where state = 'OPEN' and kind <> 'CONSENT' order by 1, 2`,
  )
  nowMs -= 3 * 365 * DAY_MS
  expect(kinds).toEqual(
    expect.arrayContaining([
      { kind: 'ORDER', reason: 'ORDER_ENDED' },
      { kind: 'SAFETY_PLAN', reason: 'REVIEW_DUE' },
    ]),
  )
})

test('manager and support officer see what kind of task waits in any case, and of no wish what it is', async () => {
  const [manager, officer] = await Promise.all([
    tasksOf('manager', 'CASE_ADMINISTRATION'),
    tasksOf('support-officer', 'CASE_ADMINISTRATION'),
  ])
  for (const tasks of [manager, officer]) {
    expect(new Set(tasks.map((one) => one.kind))).toEqual(
      new Set(['CONSENT', 'ORDER', 'SAFETY_PLAN']),
    )
    expect(tasks.every((one) => one.wish === null)).toBe(true)
  }
})

test("nobody on the perpetrator's side sees a task about a victim", async () => {
  const rows = await query<{ id: string }>(
    `select t.id from cases.task t join cases.part p on p.id = t.part_id where p.kind = 'VICTIM'`,
  )
  const victims = new Set(rows.map((row) => row.id))
  for (const [persona, purpose] of [
    ['psychologist', 'PERPETRATOR_TREATMENT'],
    ['outreach', 'CARE_COORDINATION'],
  ] as const)
    expect((await tasksOf(persona, purpose)).filter((one) => victims.has(one.id))).toEqual([])
})

test.each([
  ['manager', 'CASE_ADMINISTRATION', true],
  ['support-officer', 'CASE_ADMINISTRATION', true],
  ['system-nhs', 'CASE_ADMINISTRATION', true],
  ['detective', 'VICTIM_SAFETY', false],
  ['advocate', 'ADVOCACY', false],
  ['outreach', 'CARE_COORDINATION', false],
  ['ig-lead-nhs', 'LOG_AUDIT', false],
])('the %s, for %s, sees the jobs: %s', async (persona, purpose, isSeen) => {
  const answer = await world.ask(
    persona,
    '{ jobs { id name state attempts } unmappedCodes { system code } }',
    {
      purpose,
    },
  )
  expect(answer.errors).toEqual([])
  const jobs = answer.data?.['jobs'] as readonly object[] | undefined
  expect((jobs ?? []).length > 0).toBe(isSeen)
})

const RETRY = 'mutation ($input: RetryJobInput!) { retryJob(input: $input) { id } }'

/** A run of a job whose every attempt failed. */
async function deadJob(): Promise<string> {
  const failing = await openQueue({
    database: world.hub.database,
    redisUrl: null,
    jobs: JOBS.filter((one) => one.name === 'order-expiry').map((one) => ({
      ...one,
      attemptsMax: 2,
      backoffMs: 1,
      everyMinutes: null,
    })),
    context: () => ({
      ...jobContext(world.hub),
      checkOrders: () => Promise.reject(new Error('Bethany Rigby, 01244 555 0101')),
    }),
  })
  await failing.work()
  const id = await failing.enqueue('order-expiry')
  expect(await failing.ended(id, { waitMaxMs: 30_000 })).toBe('DEAD')
  await failing.close()
  return id
}

test('a dead job is kept with a code, and tried again when somebody who sees to the unit says so', async () => {
  const [dead] = (await queue.list({ name: 'order-expiry' })).filter((one) => one.id === deadId)
  expect(dead).toMatchObject({ state: 'DEAD', attempts: 2, lastErrorCode: 'UNEXPECTED' })
  const retry = (persona: string, purpose: string) =>
    world.ask(persona, RETRY, {
      purpose,
      variables: { input: { name: 'order-expiry', id: deadId } },
    })
  const codeOf = async (persona: string, purpose: string) =>
    (await retry(persona, purpose)).errors[0]?.extensions.code
  expect(await codeOf('detective', 'VICTIM_SAFETY')).toBe('NOT_PERMITTED')
  expect(await codeOf('system-nhs', 'CASE_ADMINISTRATION')).toBe('NOT_PERMITTED')
  const answer = await retry('manager', 'CASE_ADMINISTRATION')
  expect(answer.data).toEqual({ retryJob: { id: deadId } })
  expect(await queue.ended(deadId, { waitMaxMs: 60_000 })).toBe('DONE')
  expect(await codeOf('manager', 'CASE_ADMINISTRATION')).toMatch(/^(CONFLICT|NOT_FOUND)$/)
})

test('a job that breaks off halfway is tried again, and comes to the same as one that did not', async () => {
  const proposals = () =>
    query('select person_key, record_id, weight from matching.proposal order by 1, 2')
  const clean = await proposals()
  await query('delete from matching.asked')
  await query(
    "delete from matching.proposal where state = 'OPEN' and weight > 0 and not exists (select from records.record r where r.id = record_id and r.maybe_until is null)",
  )
  let broken = 0
  const adapter = world.hub.adapters.get('weaver-nhs')
  if (!adapter) throw new Error('no such agency')
  const holds = adapter.holds.bind(adapter)
  adapter.holds = (people, options) => {
    broken += 1
    if (broken === 1) throw new Error('killed')
    return holds(people, options)
  }
  expect(await run('match')).toBe('DONE')
  Reflect.deleteProperty(adapter, 'holds')
  expect(broken).toBeGreaterThan(1)
  expect(await proposals()).toEqual(clean)
})

test('two workers run no job twice', async () => {
  const ran: string[] = []
  const workers = await Promise.all(
    [1, 2].map(() =>
      openQueue({
        database: world.hub.database,
        redisUrl: null,
        jobs: [
          {
            name: 'counted',
            everyMinutes: null,
            attemptsMax: 3,
            backoffMs: 1,
            concurrency: 4,
            timeMaxMs: 10_000,
            run: async (_context: null, payload) => {
              ran.push(String(payload['item']))
            },
          },
        ],
        context: () => null,
      }),
    ),
  )
  const [first] = workers
  if (!first) throw new Error('no worker')
  const ids: string[] = []
  for (let item = 0; item < 30; item += 1) ids.push(await first.enqueue('counted', { item }))
  await Promise.all(workers.map((one) => one.work()))
  for (const id of ids) expect(await first.ended(id, { waitMaxMs: 30_000 })).toBe('DONE')
  await Promise.all(workers.map((one) => one.close()))
  expect(ran.map(Number).sort((a, b) => a - b)).toEqual(ids.map((_, item) => item))
})

test('no table of jobs or tasks holds a name or a birth date of anybody', async () => {
  const tables = await query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and (table_schema in ('platform', 'matching') or table_schema like '%bull%' or table_name like '%job%' or table_name = 'task')`,
  )
  const names = world.world.people.flatMap((one) => [one.names[0]?.family ?? '', one.bornOn])
  const wanted = [...new Set(names.filter((one) => one.length >= 5))]
  expect(wanted.length).toBeGreaterThan(100)
  for (const { name } of tables) {
    const rows = await query<{ text: string }>(`select to_jsonb(t)::text as text from ${name} t`)
    const all = rows.map((row) => row.text).join('\n')
    expect(wanted.filter((one) => new RegExp(`\\b${one}\\b`).test(all))).toEqual([])
  }
})
