import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { append, LogWriter } from '../../src/access-log/append.js'
import {
  appendEntries,
  entryOf,
  grow,
  logDatabase,
  policy,
} from '../../src/access-log/checkpoints/log.fixture.js'
import { verifyLog } from '../../src/access-log/checkpoints/verify-log.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { serverAccount } from '../../src/platform/server-account.js'
import { type CuttingProxy, cuttingProxy } from './cutting-proxy.js'
import { logFaults } from './dump.js'

let database: Database
beforeAll(async () => {
  database = await logDatabase()
}, 60_000)
afterAll(() => database?.close())

const writerOver = (sql: Database) => new LogWriter(sql, (text) => Buffer.from(text), 1)
let last = 0
const next = () => {
  last += 1
  return entryOf(last)
}
/** How often an entry is in the log. */
async function timesOf(id: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    'select count(*)::int as count from access_log.entry where entry_id = $1',
    [id],
  )
  return row?.count ?? 0
}

describe('a connection that is lost in the middle of a commit', () => {
  let proxy: CuttingProxy
  let cut: Database
  beforeAll(async () => {
    proxy = await cuttingProxy(database.url)
    cut = await openDatabase({ home: tmpdir(), databaseUrl: proxy.url, connectionsMax: 1 })
  })
  afterAll(async () => {
    await cut?.close()
    await proxy?.close()
  })
  const connected = () => cut.query('select 1')

  test('after the log was written: the entry is looked up, and is there once', async () => {
    const entry = next()
    await connected()
    proxy.loseNextReply()
    expect(await writerOver(cut).disclose(entry, null)).toBe(true)
    expect(await timesOf(entry.entryId)).toBe(1)
  })

  test('before it was: the entry is written with the second try', async () => {
    const entry = next()
    await connected()
    proxy.loseNextRequest()
    expect(await writerOver(cut).disclose(entry, null)).toBe(true)
    expect(await timesOf(entry.entryId)).toBe(1)
  })

  test('at the commit of a change: whoever asked is told that it failed, and asking again with the same entry adds nothing', async () => {
    const entry = next()
    const change = () =>
      cut.transaction(async (tx) => {
        await append(tx, entry)
        proxy.loseNextReply()
      })
    await connected()
    await expect(change()).rejects.toThrow()
    expect(await timesOf(entry.entryId)).toBe(1)
    await cut.transaction((tx) => append(tx, entry))
    expect(await timesOf(entry.entryId)).toBe(1)
  })

  test('again and again, at any moment: what was confirmed is there once, nothing is there twice, no number is missing', async () => {
    const writer = writerOver(cut)
    const before = proxy.cuts()
    for (let turn = 0; turn < 40; turn += 1) {
      const entries = Array.from({ length: 4 }, next)
      if (turn % 2 === 0) proxy.loseNextReply()
      else proxy.loseNextRequest()
      const told = await Promise.all(
        entries.map((entry) => writer.disclose(entry, null).catch(() => false)),
      )
      for (const [at, entry] of entries.entries()) {
        const times = await timesOf(entry.entryId)
        expect(times).toBeLessThanOrEqual(1)
        if (told[at] === true) expect(times).toBe(1)
      }
    }
    expect(proxy.cuts() - before).toBeGreaterThan(20)
    expect(await logFaults(database)).toEqual([])
  })
})

describe('a clock that goes back', () => {
  /** Only what tells the time of day is turned back; timers run on. */
  const turnBack = (ms: number) =>
    jest.useFakeTimers({
      now: Date.now() - ms,
      doNotFake: [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'setImmediate',
        'clearImmediate',
        'nextTick',
        'queueMicrotask',
        'performance',
        'hrtime',
      ],
    })

  test('on the machine of a hub opens no fact that has ended: the clock of the database alone counts', async () => {
    const [head] = await database.query<{ facts_epoch: string; now_ms: number }>(
      'select facts_epoch::text, (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms from access_log.head',
    )
    const factsEpoch = BigInt(head?.facts_epoch ?? 0)
    const endedMs = (head?.now_ms ?? 0) - 1000
    const [refused, taken] = [next(), next()]
    try {
      turnBack(3_600_000)
      expect(Date.now()).toBeLessThan(endedMs)
      const writer = writerOver(database)
      expect(await writer.disclose(refused, { factsEpoch, untilMs: endedMs })).toBe(false)
      expect(
        await writer.disclose(taken, { factsEpoch, untilMs: (head?.now_ms ?? 0) + 60_000 }),
      ).toBe(true)
    } finally {
      jest.useRealTimers()
    }
    expect([await timesOf(refused.entryId), await timesOf(taken.entryId)]).toEqual([0, 1])
  })

  test('changes neither the order of the log nor its times, which are the database’s', async () => {
    const other = await logDatabase()
    try {
      await appendEntries(other, 0, 2)
      try {
        turnBack(3_600_000)
        await appendEntries(other, 2, 3)
      } finally {
        jest.useRealTimers()
      }
      const report = await verifyLog(other, await grow(other, 3, 5), { policy })
      expect(report).toMatchObject({ isWhole: true, size: 5n })
      const [times] = await other.query<{ fall: number; spanMs: number }>(
        `select (count(*) filter (where at < before))::int as fall,
                (extract(epoch from max(at) - min(at)) * 1000)::float8 as "spanMs"
         from (select at, lag(at) over (order by index) as before from access_log.entry) e`,
      )
      expect(times?.fall).toBe(0)
      expect(times?.spanMs).toBeLessThan(600_000)
      const rows = await other.query<{ entry_id: string }>(
        'select entry_id from access_log.entry order by index',
      )
      expect(rows.map((row) => row.entry_id)).toEqual(
        [0, 1, 2, 3, 4].map((number) => entryOf(number).entryId),
      )
    } finally {
      await other.close()
    }
  })
})

describe('a disk that is full', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concordat-full-'))
  const space = `small_${process.pid}`
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder])
  const isMounted = mounted.status === 0
  if (!isMounted)
    console.warn(`no small disk can be made here, so none is filled: ${mounted.stderr}`)
  afterAll(() => {
    if (isMounted) spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })

  ;(isMounted ? test : test.skip)(
    'fails what would be answered, loses nothing that was, and is written again once there is room',
    async () => {
      const account = serverAccount()
      chmodSync(folder, 0o700)
      if (account !== null) chownSync(folder, account.uid, account.gid)
      const small = await logDatabase()
      try {
        await appendEntries(small, 0, 10) // the month's own tables are there from now on
        await small.query(`create tablespace ${space} location '${folder}'`)
        const tables = await small.query<{ name: string }>(
          `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'access_log'`,
        )
        for (const { name } of tables)
          await small.query(`alter table ${name} set tablespace ${space}`)
        await appendEntries(small, 10, 50)
        const filler = join(folder, 'filler')
        const { bavail, bsize } = statfsSync(folder)
        writeFileSync(filler, Buffer.alloc(bavail * bsize))
        let [number, failures] = [50, 0]
        for (; failures === 0 && number < 2000; number += 1)
          await writerOver(small)
            .disclose(entryOf(number), null)
            .catch((error: unknown) => {
              expect(error).toMatchObject({ code: 'LOG_UNAVAILABLE', status: 503 })
              failures += 1
            })
        expect(failures).toBe(1)
        const lost = number - 1
        await expect(
          small.transaction((tx) => append(tx, entryOf(lost, 'two', many(2000)))),
        ).rejects.toThrow()
        rmSync(filler)
        expect(await writerOver(small).disclose(entryOf(lost), null)).toBe(true)
        expect(await logFaults(small)).toEqual([])
        const report = await verifyLog(small, await grow(small, number, number + 3), { policy })
        expect(report).toMatchObject({ isWhole: true, size: BigInt(number + 3) })
      } finally {
        await small.close()
        await dropSpace()
      }
    },
    120_000,
  )
  const many = (count: number) => Array.from({ length: count }, (_, at) => `agency-${at}`)
  const dropSpace = () => database.query(`drop tablespace if exists ${space}`)
})
