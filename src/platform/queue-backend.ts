import {
  type Job as BullJob,
  createPostgresBackend,
  type JobsOptions,
  type JobType,
  Queue,
  runMigrations,
  Worker,
  withBackend,
} from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'

/** What we use of BullMQ, alike over PostgreSQL and over Redis or Valkey. */
export interface QueueBackend {
  readonly name: 'postgresql' | 'redis'
  queue(name: string): BullQueue
  worker(
    name: string,
    run: (job: BullJob, token?: string, signal?: AbortSignal) => Promise<void>,
    options: { readonly concurrency: number },
  ): BullWorker
  /** Closes connections; queues and workers are closed before. */
  close(): Promise<void>
}
export type BullQueue = Pick<
  Queue,
  | 'name'
  | 'addBulk'
  | 'upsertJobScheduler'
  | 'getJobSchedulers'
  | 'removeJobScheduler'
  | 'setGlobalConcurrency'
  | 'pause'
  | 'resume'
  | 'isPaused'
  | 'getJobs'
  | 'getJobCounts'
  | 'remove'
  | 'close'
  | 'waitUntilReady'
> & {
  getJob(id: string): Promise<{ retry(): Promise<void>; isFailed(): Promise<boolean> } | undefined>
  on(event: 'error', listener: (error: Error) => void): unknown
}
export type BullWorker = Pick<Worker, 'close' | 'run' | 'pause' | 'waitUntilReady'> & {
  on(event: 'error', listener: (error: Error) => void): unknown
}
export type { BullJob, JobsOptions, JobType }

/** A job may lose its process so often before it counts as dead. */
const STALLED_MAX = 10
const PREFIX = '{concordat}' // braces: one slot of a Redis cluster

export async function openBackend(options: {
  readonly databaseUrl: string
  readonly redisUrl: string | null
  readonly onError: (error: unknown) => void
  readonly queuesMax: number
  /** A worker that dies holds its job no longer than this; then another takes it up. */
  readonly heldMaxMs: number
}): Promise<QueueBackend> {
  return options.redisUrl === null ? onPostgres(options) : onRedis(options.redisUrl, options)
}

const workerSettings = (heldMaxMs: number) => ({
  lockDuration: heldMaxMs,
  stalledInterval: heldMaxMs / 4,
  maxStalledCount: STALLED_MAX,
  autorun: false,
})

async function onPostgres(options: {
  readonly databaseUrl: string
  readonly onError: (error: unknown) => void
  readonly queuesMax: number
  readonly heldMaxMs: number
}): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    options: '-c search_path=bullmq',
    application_name: 'concordat queue',
    max: 4 + 2 * options.queuesMax,
    keepAlive: true,
    idleTimeoutMillis: 30_000,
  })
  pool.setMaxListeners(0) // each queue and each worker listens to the one pool
  pool.on('error', options.onError)
  const client = await pool.connect()
  try {
    await runMigrations(client)
  } finally {
    client.release()
  }
  const bull = withBackend(createPostgresBackend)
  return {
    name: 'postgresql',
    queue: (name) => new bull.Queue(name, { connection: pool }),
    worker: (name, run, { concurrency }) =>
      new bull.Worker(name, run, {
        connection: pool,
        concurrency,
        ...workerSettings(options.heldMaxMs),
      }),
    close: () => pool.end(),
  }
}

async function onRedis(
  url: string,
  {
    onError,
    heldMaxMs,
  }: { readonly onError: (error: unknown) => void; readonly heldMaxMs: number },
): Promise<QueueBackend> {
  const connections: Redis[] = []
  const connection = () => {
    const redis = new Redis(url, { maxRetriesPerRequest: null })
    redis.on('error', onError)
    connections.push(redis)
    return redis
  }
  const shared = connection()
  return {
    name: 'redis',
    queue: (name) => new Queue(name, { connection: shared, prefix: PREFIX }),
    worker: (name, run, { concurrency }) =>
      new Worker(name, run, {
        connection: connection(),
        prefix: PREFIX,
        concurrency,
        ...workerSettings(heldMaxMs),
      }),
    async close() {
      for (const redis of connections) redis.disconnect()
    },
  }
}
