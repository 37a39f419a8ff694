import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.js'
import type { Database } from './database.js'
import { enqueue, type Job, type JobQueue, job, openQueue } from './queue.js'

/** Over PostgreSQL always; over Redis or Valkey where `REDIS_URL` names one or its program is on this machine. */
const redisProgram = ['valkey-server', 'redis-server'].find(isInstalled) ?? null
const hasRedis = (process.env['REDIS_URL'] ?? '') !== '' || redisProgram !== null
if (!hasRedis)
  console.info(
    'the queue over Redis is not tried: set REDIS_URL, or install valkey-server or redis-server',
  )

describe.each([
  { backend: 'PostgreSQL', isRedis: false },
  ...(hasRedis ? [{ backend: 'Redis or Valkey', isRedis: true }] : []),
])('the queue over $backend', ({ isRedis }) => {
  let redis: { url: string; stop(): Promise<void> } | null = null
  let database: Database
  let open: JobQueue[] = []
  let ran: string[] = []

  beforeAll(async () => {
    redis = isRedis ? await startRedis() : null
  })
  afterAll(() => redis?.stop())
  beforeEach(async () => {
    database = await testDatabase()
    open = []
    ran = []
  })
  afterEach(async () => {
    await Promise.all(open.map((queue) => queue.close()))
    await database.close()
  })

  const openWith = async (...jobs: readonly Job<null>[]): Promise<JobQueue> => {
    const queue = await openQueue({
      database,
      redisUrl: redis?.url ?? null,
      jobs,
      context: () => null,
      pollMs: 200,
      drainMaxMs: 1_000,
    })
    open.push(queue)
    return queue
  }
  /** Names of their own, since a Redis outlives each test's database. */
  const named = (name: string) =>
    `${name}-${Math.random().toString(36).slice(2, 8).replace(/^\d/, 'x')}`
  const recording = (name: string, also: Partial<Job<null>> = {}) =>
    job<null>({
      name,
      concurrency: 4,
      backoffMs: 1,
      run: async (_context, payload) => {
        ran.push(String(payload['item']))
      },
      ...also,
    })

  test('a change and its job are one commit: neither is there where the transaction throws', async () => {
    const name = named('commit')
    const queue = await openWith(recording(name))
    await queue.work()
    await expect(
      database.transaction(async (tx) => {
        await enqueue(tx, name, { item: 'lost' })
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    const id = await database.transaction((tx) => enqueue(tx, name, { item: 'kept' }))
    expect(await queue.ended(id, { waitMaxMs: 10_000 })).toBe('DONE')
    expect(ran).toEqual(['kept'])
  })

  test('two processes share the work, and each job runs once', async () => {
    const name = named('share')
    const [one, other] = [await openWith(recording(name)), await openWith(recording(name))]
    const items = Array.from({ length: 60 }, (_, index) => `item-${index}`)
    const ids = await database.transaction(async (tx) => {
      const written: string[] = []
      for (const item of items) written.push(await enqueue(tx, name, { item }))
      return written
    })
    await Promise.all([one.work(), other.work()])
    for (const id of ids) expect(await other.ended(id, { waitMaxMs: 20_000 })).toBe('DONE')
    expect([...ran].sort()).toEqual([...items].sort())
  })

  test('a key waits once, and once its job has begun the next is a job of its own', async () => {
    const name = named('dedupe')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const queue = await openWith(
      recording(name, {
        run: async (_context, payload) => {
          ran.push(String(payload['item']))
          await held
        },
      }),
    )
    const ids = [
      await queue.enqueue(name, { item: 'a1' }, { dedupe: 'k' }),
      await queue.enqueue(name, { item: 'a2' }, { dedupe: 'k' }),
    ]
    expect(new Set(ids).size).toBe(1)
    await queue.work()
    await until(() => ran.length === 1)
    const next = await queue.enqueue(name, { item: 'a3' }, { dedupe: 'k' })
    release()
    expect(await queue.ended(next, { waitMaxMs: 10_000 })).toBe('DONE')
    expect(ran).toEqual(['a1', 'a3'])
  })

  test('a job that fails is tried again, then kept as dead with a code and no message, and can be retried', async () => {
    const name = named('dead')
    let isBroken = true
    const attempts: number[] = []
    const queue = await openWith(
      recording(name, {
        attemptsMax: 3,
        run: async (_context, _payload, { attempt }) => {
          attempts.push(attempt)
          if (isBroken) await database.query("select 'MARKER of a person'::int")
        },
      }),
    )
    await queue.work()
    const id = await queue.enqueue(name, { item: 'x1' })
    expect(await queue.ended(id, { waitMaxMs: 10_000 })).toBe('DEAD')
    expect(attempts).toEqual([1, 2, 3])
    await until(async () => (await queue.counts()).dead === 1)
    expect(await queue.list({ name })).toEqual([
      expect.objectContaining({
        id,
        state: 'DEAD',
        attempts: 3,
        attemptsMax: 3,
        lastErrorCode: '22P02',
      }),
    ])
    if (!isRedis) expect(await everythingIn(database, 'bullmq')).not.toContain('MARKER')
    isBroken = false
    expect(await queue.retry(name, id)).toBe(true)
    await until(() => attempts.length === 4)
    expect(await queue.ended(id, { waitMaxMs: 10_000 })).toBe('DONE')
    expect(await queue.retry(name, id)).toBe(false)
  })

  test('pausing, resuming and cancelling are felt within a second, for waiting and delayed jobs', async () => {
    const name = named('pause')
    const queue = await openWith(recording(name))
    await queue.work()
    await queue.pause(name)
    const waiting = await queue.enqueue(name, { item: 'waiting' })
    const cancelled = await queue.enqueue(name, { item: 'cancelled' })
    const delayed = await queue.enqueue(name, { item: 'delayed' }, { delayMs: 300 })
    await until(
      async () => (await queue.list({ name })).filter((row) => row.attemptsMax > 0).length === 3,
    )
    expect((await queue.list({ name })).map((row) => row.state).sort()).toEqual([
      'DELAYED',
      'PAUSED',
      'PAUSED',
    ])
    expect([await queue.cancel(name, cancelled), await queue.cancel(name, delayed)]).toEqual([
      true,
      true,
    ])
    await wait(500)
    expect(ran).toEqual([])
    await queue.resume(name)
    expect(await queue.ended(waiting, { waitMaxMs: 10_000 })).toBe('DONE')
    expect([await queue.ended(cancelled), await queue.ended(delayed)]).toEqual([
      'CANCELLED',
      'CANCELLED',
    ])
    expect([ran, await queue.cancel(name, waiting)]).toEqual([['waiting'], false])
  })

  test('a delayed job runs not before its time', async () => {
    const name = named('delay')
    const queue = await openWith(recording(name))
    await queue.work()
    const startedAt = performance.now()
    const id = await queue.enqueue(name, { item: 'later' }, { delayMs: 400 })
    expect(await queue.ended(id, { waitMaxMs: 10_000 })).toBe('DONE')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(400)
  })

  test('a job with a time of its own runs by itself, in one process at a time, and no longer once its time is taken away', async () => {
    const name = named('timed')
    const timed = recording(name, {
      everyMinutes: 0.2 / 60,
      run: async () => {
        ran.push('tick')
      },
    })
    const [one, other] = [await openWith(timed), await openWith(timed)]
    await Promise.all([one.work(), other.work()])
    await until(() => ran.length >= 3)
    await Promise.all([one.close(), other.close()])
    open = []
    const without = await openWith(recording(name))
    await without.work()
    await wait(300)
    const count = ran.length
    await wait(600)
    expect(ran).toHaveLength(count)
  })

  test('a job that passes its time has failed, and is told to stop', async () => {
    const name = named('slow')
    const queue = await openWith(
      recording(name, {
        attemptsMax: 1,
        timeMaxMs: 100,
        run: (_context, _payload, { signal }) =>
          new Promise((resolve) =>
            signal.addEventListener('abort', () => {
              ran.push('told')
              resolve()
            }),
          ),
      }),
    )
    await queue.work()
    const id = await queue.enqueue(name, {})
    expect(await queue.ended(id, { waitMaxMs: 10_000 })).toBe('DEAD')
    expect((await queue.list({ name }))[0]?.lastErrorCode ?? 'TIME_UP').toBe('TIME_UP')
    expect(ran).toEqual(['told'])
  })

  test('a job that draining stops loses no attempt, and the next process runs it', async () => {
    const name = named('drain')
    const first = await openWith(
      recording(name, {
        attemptsMax: 1,
        run: (_context, _payload, { signal }) =>
          new Promise((_resolve, reject) => {
            ran.push('begun')
            signal.addEventListener('abort', () => reject(new Error('stopped')))
          }),
      }),
    )
    await first.work()
    const id = await first.enqueue(name, {})
    await until(() => ran.length === 1)
    await first.close()
    open = []
    const second = await openWith(
      recording(name, {
        attemptsMax: 1,
        run: async () => {
          ran.push('ended')
        },
      }),
    )
    await second.work()
    expect(await second.ended(id, { waitMaxMs: 10_000 })).toBe('DONE')
    expect(ran).toEqual(['begun', 'ended'])
  })

  test('a job that does not listen is left behind, and closing does not wait for it for ever', async () => {
    const name = named('deaf')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const queue = await openWith(
      recording(name, {
        run: () => {
          ran.push('begun')
          return held
        },
      }),
    )
    await queue.work()
    await queue.enqueue(name, {})
    await until(() => ran.length === 1)
    await queue.close() // would never end if it waited for the job, which ends only below
    open = []
    release()
  })

  test.each([
    ['a name', { who: 'Jane Marker' }],
    ['an NHS number', { number: '9434765919' }],
    ['a telephone number', { count: 7_700_900_123 }],
    ['a text', { ids: ['she moved to Leeds'] }],
    ['a post code', { at: 'M1 1AA' }],
    ['a key that is none', { 'a b': 'x-y' }],
  ])('a payload with %s is refused, unnamed', async (_what, payload) => {
    const name = named('payload')
    const queue = await openWith(recording(name))
    const attempt = queue.enqueue(name, payload)
    await expect(attempt).rejects.toThrow(RangeError)
    await expect(attempt).rejects.not.toThrow(/Marker|943|770|Leeds|M1/)
    expect(await database.query('select id from platform.outbox')).toEqual([])
  })
})

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function startRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env['REDIS_URL'] ?? ''
  if (given !== '' || redisProgram === null) return { url: given, stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'concordat-redis-'))
  const port = await freePort()
  const server: ChildProcess = spawn(
    redisProgram,
    ['--port', String(port), '--dir', folder, '--save', '', '--bind', '127.0.0.1'],
    { stdio: 'ignore' },
  )
  const ended = new Promise((resolve) => server.once('exit', resolve))
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      server.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new RangeError('no port')),
      )
    })
  })
}

/** Every row of every table of a schema, as text. */
async function everythingIn(database: Database, schema: string): Promise<string> {
  const tables = await database.query<{ name: string }>(
    'select table_name as name from information_schema.tables where table_schema = $1',
    [schema],
  )
  const texts = await Promise.all(
    tables.map(({ name }) =>
      database.query<{ row: string }>(`select t::text as row from ${schema}."${name}" t`),
    ),
  )
  return texts
    .flat()
    .map(({ row }) => row)
    .join('\n')
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; !(await isTrue()); await wait(20))
    if (Date.now() > end) throw new Error('it did not happen')
}
