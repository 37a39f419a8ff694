import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './database.js'
import { type Log, silentLog } from './log.js'
import { cancelled, enqueue, isRowId, revived } from './outbox.js'
import type { BullQueue } from './queue-backend.js'
import { type Job, JobFailed, type JobPayload } from './queue-job.js'
import { type JobRow, listJobs } from './queue-list.js'
import type { Machinery } from './queue-work.js'

export { enqueue } from './outbox.js'
export { type Job, type JobPayload, type JobRun, job } from './queue-job.js'
export type { JobRow, JobState } from './queue-list.js'

/** The jobs of the hub: what waits, runs, ended or is dead, and what people may do about it. */
export interface JobQueue {
  /** Enqueues in a transaction of its own; within a state change use `enqueue(tx, ...)`. */
  enqueue(
    name: string,
    payload?: JobPayload,
    options?: { readonly dedupe?: string; readonly delayMs?: number },
  ): Promise<string>
  /** Begins to run jobs in this process. */
  work(): Promise<void>
  list(filter?: {
    readonly name?: string
    readonly limitPerState?: number
  }): Promise<readonly JobRow[]>
  /** How many wait, run and are dead, over all jobs. */
  counts(): Promise<{ readonly waiting: number; readonly active: number; readonly dead: number }>
  /** Resolves when a job has ended, however it ended. */
  ended(
    id: string,
    options?: { readonly waitMaxMs?: number },
  ): Promise<'DONE' | 'DEAD' | 'CANCELLED'>
  /** Tries a dead job again; false where it is not dead. */
  retry(name: string, id: string): Promise<boolean>
  /** Takes out a job that has not begun; false where it has. */
  cancel(name: string, id: string): Promise<boolean>
  /** No process begins a job of that name until it is resumed; what runs ends. */
  pause(name: string): Promise<void>
  resume(name: string): Promise<void>
  isPaused(name: string): Promise<boolean>
  /** Takes no more, tells running jobs to stop and waits for them. Close the database after. */
  close(): Promise<void>
}

/** Opens the queue over PostgreSQL, or over Redis or Valkey where an address is given. The outbox is in PostgreSQL always. */
export async function openQueue<Context>(options: {
  readonly database: Database
  readonly redisUrl: string | null
  readonly jobs: readonly Job<Context>[]
  /** What each run is given. */
  readonly context: () => Context
  readonly log?: Log
  readonly keepDoneMax?: number
  readonly pollMs?: number
  /** How long a worker that dies holds its job. */
  readonly heldMaxMs?: number
  /** How long closing waits for jobs that run. */
  readonly drainMaxMs?: number
}): Promise<JobQueue> {
  const log = options.log ?? silentLog
  const jobs = new Map(options.jobs.map((job) => [job.name, job]))
  if (jobs.size !== options.jobs.length) throw new RangeError('two jobs have one name')
  const onError = (error: unknown) => log.warn('queue-connection-lost', { error })
  const { openBackend } = await import('./queue-backend.js') // BullMQ is a tenth of all code: only who needs it waits for it
  const backend = await openBackend({
    databaseUrl: options.database.url,
    redisUrl: options.redisUrl,
    onError,
    queuesMax: jobs.size,
    heldMaxMs: options.heldMaxMs ?? 20_000,
  })
  const queues = new Map([...jobs.keys()].map((name) => [name, backend.queue(name)] as const))
  for (const queue of queues.values()) queue.on('error', onError)
  const machinery: Machinery<Context> = {
    database: options.database,
    backend,
    jobs,
    queues,
    context: options.context,
    log,
    keepDoneMax: options.keepDoneMax ?? 100,
    pollMs: options.pollMs ?? 2_000,
    drainMaxMs: options.drainMaxMs ?? 10_000,
  }
  for (const [name, queue] of queues)
    await queue.setGlobalConcurrency(jobs.get(name)?.concurrency ?? 1)
  return doors(machinery, onError)
}

function doors<Context>(
  machinery: Machinery<Context>,
  onError: (error: unknown) => void,
): JobQueue {
  const { database, queues, backend } = machinery
  const queueOf = (name: string): BullQueue => {
    const queue = queues.get(name)
    if (queue === undefined) throw new RangeError('no job of that name is declared')
    return queue
  }
  let working: { stop(): Promise<void> } | null = null
  return {
    enqueue: (name, payload = {}, options = {}) => {
      queueOf(name)
      return enqueue(database, name, payload, options)
    },
    async work() {
      const { startWork } = await import('./queue-work.js')
      working ??= await startWork(machinery, onError)
    },
    list: (filter = {}) => listJobs(database, queues, filter),
    counts: () => countJobs(machinery),
    ended: (id, options = {}) => untilEnded(database, id, options.waitMaxMs ?? 600_000),
    async retry(name, id) {
      const found = await queueOf(name).getJob(id)
      if (found === undefined || !(await found.isFailed())) return false
      if (isRowId(id)) await revived(database, id)
      await found.retry()
      return true
    },
    async cancel(name, id) {
      const queue = queueOf(name)
      if (!isRowId(id) || !(await cancelled(database, id))) return false
      await queue.remove(id)
      return true
    },
    pause: (name) => queueOf(name).pause(),
    resume: (name) => queueOf(name).resume(),
    isPaused: (name) => queueOf(name).isPaused(),
    async close() {
      await working?.stop()
      for (const queue of queues.values()) await queue.close()
      await backend.close()
    },
  }
}

async function countJobs<Context>({ database, queues }: Machinery<Context>) {
  const [row] = await database.query<{ count: number }>(
    'select count(*) as count from platform.outbox where moved_at is null and finished_at is null',
  )
  let [waiting, active, dead] = [row?.count ?? 0, 0, 0]
  for (const queue of queues.values()) {
    const counts = await queue.getJobCounts('waiting', 'delayed', 'prioritized', 'active', 'failed')
    waiting += (counts['waiting'] ?? 0) + (counts['delayed'] ?? 0) + (counts['prioritized'] ?? 0)
    active += counts['active'] ?? 0
    dead += counts['failed'] ?? 0
  }
  return { waiting, active, dead }
}

const LOOK_EVERY_MS = 50
async function untilEnded(
  database: Database,
  id: string,
  waitMaxMs: number,
): Promise<'DONE' | 'DEAD' | 'CANCELLED'> {
  for (const until = Date.now() + waitMaxMs; ; await wait(LOOK_EVERY_MS)) {
    const [row] = await database.query<{ outcome: 'DONE' | 'DEAD' | 'CANCELLED' | null }>(
      'select outcome from platform.outbox where id = $1',
      [id],
    )
    if (row === undefined) throw new RangeError('no job has this id')
    if (row.outcome !== null) return row.outcome
    if (Date.now() > until) throw new JobFailed('STILL_RUNNING')
  }
}
