import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { type Answer, bootWorld, type TestWorld } from '../world.js'

const VIEW = `query { cases(first: 5) { edges { node { reference parts { as person { records {
  names { family } addresses { lines } } } } } } } }`
const RECORD_WISH = 'mutation ($input: RecordWishInput!) { recordWish(input: $input) { id } }'

let world: TestWorld
beforeAll(async () => {
  world = await bootWorld()
}, 120_000)
afterAll(() => world.close())

const ask = () => world.ask('detective', VIEW, { purpose: 'VICTIM_SAFETY' })
const query = (text: string) => world.hub.database.query<{ id: string; count: string }>(text)

const takeLogAway = () => query('alter table access_log.entry rename to gone')
const giveLogBack = () => query('alter table if exists access_log.gone rename to entry')
afterEach(giveLogBack)

/** What an answer would have held: references of cases and family names. */
function expectNothingIn(answer: Answer): void {
  expect(answer.data).toBeNull()
  expect(answer.raw).not.toMatch(/ASU-\d|"family"|"lines"/)
}

test('with a log that cannot be written nothing is answered, and the caller is told that much', async () => {
  expect((await ask()).raw).toMatch(/ASU-\d.*"family"/)
  await takeLogAway()
  const answers = await Promise.all(Array.from({ length: 10 }, ask))
  for (const answer of answers) {
    expectNothingIn(answer)
    expect(answer.errors.map((one) => one.extensions.code)).toEqual(['LOG_UNAVAILABLE'])
    expect(answer.status).toBe(503)
  }
})

test('back again, the log is written without a restart, and has no gap', async () => {
  await takeLogAway()
  expectNothingIn(await ask())
  await giveLogBack()
  const answer = await ask()
  expect(answer.errors).toEqual([])
  expect(answer.raw).toMatch(/ASU-\d/)
  const [log] = await query(
    `select count(*) as id, (select size from access_log.head) as count from access_log.entry
     where index < (select size from access_log.head)`,
  )
  expect(log?.id).toBe(log?.count)
})

test('a refusal that cannot be logged tells no more than that', async () => {
  await takeLogAway()
  const answer = await world.ask('detective', VIEW, { purpose: 'NO_SUCH_PURPOSE' })
  expectNothingIn(answer)
  expect(answer.errors.map((one) => one.extensions.code)).toEqual(['LOG_UNAVAILABLE'])
})

test('a change that cannot be logged is not made, and can be made once the log is back', async () => {
  const [part] = await query(
    `select c.part_id as id, '' as count from cases.current_part c
     join cases.allocation a on a.case_id = c.case_id and a.ended_by is null
     where c.kind = 'VICTIM' and a.subject like 'advocate%' limit 1`,
  )
  const asked = {
    purpose: 'ADVOCACY',
    variables: { input: { partId: part?.id, decision: 'WITHDRAWN' } },
    headers: { 'idempotency-key': randomUUID() },
  }
  const wishes = async () =>
    (await query('select count(*), null as id from consent.wish'))[0]?.count
  const before = await wishes()
  await takeLogAway()
  const refused = await world.ask('advocate', RECORD_WISH, asked)
  expect(refused.errors.length).toBeGreaterThan(0)
  expect(refused.data?.['recordWish'] ?? null).toBeNull()
  expect(await wishes()).toBe(before)
  await giveLogBack()
  const made = await world.ask('advocate', RECORD_WISH, asked)
  expect(made.errors).toEqual([])
  expect(Number(await wishes())).toBe(Number(before) + 1)
})

test('connections that break in the middle of requests leave no answer with data but without an entry, and after them all is well', async () => {
  const answers: Answer[] = []
  for (let round = 0; round < 10; round += 1) {
    const asked = Array.from({ length: 4 }, ask)
    await new Promise((resolve) => setTimeout(resolve, round * 8))
    await query(
      `select count(pg_terminate_backend(pid)), '' as id from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    )
    answers.push(...(await Promise.all(asked)))
  }
  const logged = new Set(
    (
      await query(`select request as id, '' as count from access_log.entry
                   where outcome in ('ANSWERED', 'PARTIAL')`)
    ).map((row) => row.id),
  )
  for (const answer of answers) {
    if (answer.data === null) expectNothingIn(answer)
    else expect(logged.has(answer.disclosure.request)).toBe(true)
  }
  expect((await ask()).errors).toEqual([])
})
