import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Database } from '../../src/platform/database.js'
import { packageRoot } from '../../src/platform/paths.js'
import { enqueue, type JobQueue, openQueue } from '../../src/platform/queue.js'
import { testDatabase } from '../database.js'
import { recorded } from './recorded-job.js'

const JOBS = process.env['SOAK'] ? 5_000 : 200
let database: Database
let queue: JobQueue
let workers: readonly ChildProcess[]

beforeEach(async () => {
  database = await testDatabase()
  await database.query('create table public.ran (item int not null, worker int not null)')
  queue = await openQueue({
    database,
    redisUrl: null,
    jobs: [recorded],
    context: () => database,
    pollMs: 100,
  })
  workers = await Promise.all([worker(), worker()])
}, 60_000)
afterEach(async () => {
  for (const one of workers) await gone(one)
  await queue.close()
  await database.close()
})

/** A worker process over this test's database, at work. */
async function worker(): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--import', './test/from-source-decorated.mjs', 'test/failures/worker-child.ts'],
    {
      cwd: packageRoot(),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url },
    },
  )
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'READY') resolve()
    })
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
  })
  return child
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exit
}

/** Enqueues each item in a commit of its own, as a change of state does. */
async function enqueueAll(): Promise<readonly string[]> {
  const ids: string[] = []
  for (let item = 0; item < JOBS; item += 1)
    ids.push(await database.transaction((tx) => enqueue(tx, recorded.name, { item })))
  return ids
}

const allEnded = async (ids: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(await Promise.all(ids.map((id) => queue.ended(id, { waitMaxMs: 120_000 }))))
const ran = () =>
  database.query<{ item: number; worker: number }>(
    'select item, worker from public.ran order by item',
  )

test(`${JOBS} jobs on two worker processes: each runs once, and both work`, async () => {
  expect([...(await allEnded(await enqueueAll()))]).toEqual(['DONE'])
  const rows = await ran()
  expect(rows.map((one) => one.item)).toEqual(Array.from({ length: JOBS }, (_, item) => item))
  expect(new Set(rows.map((one) => one.worker))).toEqual(new Set(workers.map((one) => one.pid)))
}, 300_000)

test('one of two workers is killed in the middle: the other does what it held, and nothing is lost', async () => {
  const ids = await enqueueAll()
  const [first] = workers
  while (!(await ran()).some((one) => one.worker === first?.pid)) await wait(5)
  if (first) await gone(first)
  expect([...(await allEnded(ids))]).toEqual(['DONE'])
  expect(new Set((await ran()).map((one) => one.item)).size).toBe(JOBS)
}, 300_000)
