import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.js'
import type { Database, Sql } from '../platform/database.js'
import { append, LogWriter, readFactsEpoch } from './append.js'
import type { LogEntry } from './entry.js'
import { chainOf, digest, justificationHash, saltsOf } from './leaf.js'
import { accessLogMigrations } from './migrations.js'

let database: Database
beforeAll(async () => {
  database = await testDatabase({ migrations: accessLogMigrations })
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('truncate access_log.entry, access_log.section, access_log.justification')
  await database.query('update access_log.head set size = 0, facts_epoch = 0')
})

const seal = (text: string): Buffer => Buffer.from([...text].reverse().join(''))
const entry = (of: Partial<LogEntry> = {}): LogEntry => ({
  entryId: randomUUID(),
  request: randomUUID(),
  operation: 'CONSULTATION',
  what: 'QUERY',
  caller: { subject: 'a@b', agency: 'one', roles: ['R'], client: null, onBehalfOf: null },
  purpose: 'P',
  justification: null,
  agreement: 'x@1',
  outcome: 'ANSWERED',
  code: null,
  sections: [],
  tightens: false,
  ...of,
})
const section = (agency: string, person: string): LogEntry['sections'][number] => ({
  agency,
  person,
  caseId: null,
  decisions: [
    {
      coordinate: 'T.f',
      decision: 'SHARE',
      reason: 'PERMITTED',
      clause: '1.1',
      clauses: ['1.1'],
      count: 2,
    },
  ],
})
const head = async () =>
  (
    await database.query<{ size: number; facts_epoch: number }>(
      'select size, facts_epoch from access_log.head',
    )
  )[0]
const indexes = async () =>
  (
    await database.query<{ index: number }>('select index from access_log.entry order by index')
  ).map((row) => row.index)

test('entries that many callers append at once are numbered without a gap', async () => {
  const writer = new LogWriter(database, seal)
  const done = await Promise.all(
    Array.from({ length: 300 }, () =>
      writer.disclose(entry({ sections: [section('one', 'p')] }), null),
    ),
  )
  expect(done.every(Boolean)).toBe(true)
  expect(await indexes()).toEqual(Array.from({ length: 300 }, (_one, index) => index))
  expect(await head()).toEqual({ size: 300, facts_epoch: 0 })
})

test('a disclosure decided before a withdrawal is refused after it, and leaves nothing', async () => {
  const writer = new LogWriter(database, seal)
  const decidedAt = await readFactsEpoch(database)
  await database.transaction((tx) => append(tx, entry({ what: 'WISH_WITHDRAWN', tightens: true })))
  expect(await writer.disclose(entry(), { factsEpoch: decidedAt, untilMs: null })).toBe(false)
  expect(
    await writer.disclose(entry(), { factsEpoch: await readFactsEpoch(database), untilMs: null }),
  ).toBe(true)
  expect(await head()).toEqual({ size: 2, facts_epoch: 1 })
  expect(await indexes()).toEqual([0, 1])
})

test('a disclosure that rests on a fact which has ended by the database’s clock is refused', async () => {
  const writer = new LogWriter(database, seal)
  const factsEpoch = await readFactsEpoch(database)
  expect(await writer.disclose(entry(), { factsEpoch, untilMs: Date.now() - 1000 })).toBe(false)
  expect(await writer.disclose(entry(), { factsEpoch, untilMs: Date.now() + 60_000 })).toBe(true)
})

test('a change that is rolled back leaves no entry and raises no epoch', async () => {
  const failing = database.transaction(async (tx) => {
    await append(tx, entry({ tightens: true }))
    throw new Error('the change failed')
  })
  await expect(failing).rejects.toThrow('the change failed')
  expect(await head()).toEqual({ size: 0, facts_epoch: 0 })
})

test('asking twice with one entry id appends once', async () => {
  const writer = new LogWriter(database, seal)
  const one = entry()
  expect(await writer.disclose(one, null)).toBe(true)
  expect(await writer.disclose(one, null)).toBe(true)
  expect(await indexes()).toEqual([0])
})

test('a log that goes on below what was written before has lost its end: nothing leaves until the right one is back', async () => {
  const other = await testDatabase({ migrations: accessLogMigrations })
  let behind: Database = database
  const pool: Sql = { query: (text, parameters) => behind.query(text, parameters) }
  let told = 0
  const writer = new LogWriter(pool, seal, 2, async () => {
    told += 1
  })
  try {
    for (let at = 0; at < 3; at += 1) expect(await writer.disclose(entry(), null)).toBe(true)
    behind = other
    for (let at = 0; at < 5; at += 1)
      await expect(writer.disclose(entry(), null)).rejects.toMatchObject({
        code: 'LOG_UNAVAILABLE',
      })
    expect(told).toBe(5)
    behind = database
    expect(await writer.disclose(entry(), null)).toBe(true)
    expect([await indexes(), told]).toEqual([[0, 1, 2, 3], 5])
  } finally {
    await other.close()
  }
})

test('an id asked for again once the next month has begun has the entry that it got', async () => {
  const writer = new LogWriter(database, seal)
  const one = entry()
  await writer.disclose(one, null)
  await database.query('select access_log.open_month(202001)')
  await database.query('update access_log.entry set month = 202001')
  await database.query('update access_log.section set month = 202001')
  await database.query('update access_log.head set month = 202001, month_before = 201912')
  await writer.disclose(entry(), null) // opens this month
  expect(await writer.disclose(one, null)).toBe(true)
  expect(await indexes()).toEqual([0, 1])
})

test('appending looks into no month but its own and the one before, however many there are', async () => {
  await database.query('select access_log.open_month(m) from generate_series(202002, 202012) as m')
  await database.query('update access_log.head set month = 202012, month_before = 202011')
  const looks = async () =>
    (
      await database.query<{ month: string }>(
        `select distinct right(relname, 6) as month from pg_stat_user_indexes
         where schemaname = 'access_log' and relname between 'entry_202002' and 'entry_202012' and idx_scan > 0`,
      )
    ).map((row) => row.month)
  await database.transaction(async (tx) => {
    await append(tx, entry()) // opens this month
    await append(tx, entry())
    await tx.query('select pg_stat_force_next_flush()')
  })
  expect(await looks()).toEqual(['202012'])
})

test('of several asked together, those that the fence refuses leave nothing, and the others all that they say', async () => {
  const writer = new LogWriter(database, seal, 1)
  const known = entry({ justification: 'first' })
  await writer.disclose(known, null)
  const ended = { factsEpoch: 7n, untilMs: null }
  const done = await Promise.all([
    writer.disclose(entry({ justification: 'refused' }), ended),
    writer.disclose(entry({ justification: 'second', sections: [section('one', 'p')] }), null),
    writer.disclose(known, null),
    writer.disclose(entry({ justification: 'third', tightens: true }), null),
  ])
  expect(done).toEqual([false, true, true, true])
  const kept = await database.query<{ index: number; sealed: Buffer; sections: number }>(
    `select e.index, j.sealed, (select count(*)::int from access_log.section s where s.entry_index = e.index) as sections
     from access_log.entry e join access_log.justification j on j.entry_index = e.index order by e.index`,
  )
  expect(kept).toEqual([
    { index: 0, sealed: seal('first'), sections: 1 },
    { index: 1, sealed: seal('second'), sections: 2 },
    { index: 2, sealed: seal('third'), sections: 1 },
  ])
  expect(await head()).toEqual({ size: 3, facts_epoch: 1 })
})

test('a connection lost in the middle is tried again, once, and then nothing is answered', async () => {
  let failures = 1
  const unreliable: Sql = {
    query: (sql, parameters) => {
      failures -= 1
      return failures >= 0
        ? Promise.reject(new Error('connection lost'))
        : database.query(sql, parameters)
    },
  }
  expect(await new LogWriter(unreliable, seal).disclose(entry(), null)).toBe(true)
  failures = 2
  await expect(new LogWriter(unreliable, seal).disclose(entry(), null)).rejects.toMatchObject({
    code: 'LOG_UNAVAILABLE',
  })
  expect(await indexes()).toEqual([0])
})

test('an entry holds a digest of each section, which opens by itself, and of its justification nothing but a hash', async () => {
  const one = entry({
    sections: [section('one', 'p'), section('two', 'q')],
    justification: 'because of Alice',
  })
  await new LogWriter(database, seal).disclose(one, null)
  const rows = await database.query<{ salt: Buffer; content: string; digest: Buffer }>(
    'select salt, content, digest from access_log.section order by ordinal',
  )
  for (const row of rows) expect(digest(saltsOf(row.salt).content, row.content)).toEqual(row.digest)
  expect(rows).toHaveLength(3)
  const [apart] = await database.query<{ sealed: Buffer }>(
    'select sealed from access_log.justification',
  )
  expect(JSON.parse(rows[0]?.content ?? '')).toMatchObject({
    justification: justificationHash(apart?.sealed ?? Buffer.alloc(0)),
  })
  const everything = await database.query<{ text: string }>(
    `select e::text as text from access_log.entry e union all select s::text from access_log.section s`,
  )
  expect(everything.map((row) => row.text).join()).not.toContain('Alice')
})

test('the chain of a section is the same in the process and in the database', async () => {
  const places = [
    { agency: 'one', person: 'p – ü', caseId: null },
    { agency: 'one', person: 'p', caseId: 'c' },
    { agency: 'one', person: null, caseId: 'c' },
    { agency: 'one', person: null, caseId: null },
    { agency: null, person: 'p', caseId: null },
  ]
  for (const { agency, person, caseId } of places) {
    const [row] = await database.query<{ key: Buffer | null }>(
      'select access_log.chain_key($1, $2, $3) as key',
      [agency, person, caseId],
    )
    expect(row?.key).toEqual(chainOf({ agency, person, caseId }))
  }
})
