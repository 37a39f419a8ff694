import { setTimeout as wait } from 'node:timers/promises'
import { WaitingError } from 'bullmq'
import type { Database } from './database.js'
import { errorCode } from './error-code.js'
import type { Log } from './log.js'
import { began, ended, forgetOld, isRowId, moveWaiting, OUTBOX_CHANNEL } from './outbox.js'
import type { BullJob, BullQueue, BullWorker, QueueBackend } from './queue-backend.js'
import { type Job, JobFailed } from './queue-job.js'
import type { Sql } from './sql.js'

/** What the doors of the queue and its work share. */
export interface Machinery<Context> {
  readonly database: Database
  readonly backend: QueueBackend
  readonly jobs: ReadonlyMap<string, Job<Context>>
  readonly queues: ReadonlyMap<string, BullQueue>
  readonly context: () => Context
  readonly log: Log
  readonly keepDoneMax: number
  readonly pollMs: number
  readonly drainMaxMs: number
}

/** Begins to run jobs in this process; `stop` lets what runs end. */
export async function startWork<Context>(
  machinery: Machinery<Context>,
  onError: (error: unknown) => void,
): Promise<{ stop(): Promise<void> }> {
  await schedule(machinery)
  const draining = new AbortController()
  const running = new Set<Promise<void>>()
  const tracked = (run: Promise<void>): Promise<void> => {
    running.add(run)
    return run.finally(() => running.delete(run))
  }
  const workers: BullWorker[] = [...machinery.jobs.values()].map((job) => {
    const worker = machinery.backend.worker(
      job.name,
      (taken, token) =>
        tracked(runOne(machinery, job, { taken, token, draining: draining.signal })),
      { concurrency: job.concurrency },
    )
    worker.on('error', onError)
    return worker
  })
  for (const worker of workers) await worker.waitUntilReady()
  for (const worker of workers) worker.run().catch(onError)
  const relay = await startRelay(machinery)
  return {
    async stop() {
      await relay.stop()
      for (const worker of workers) await worker.pause(true) // so that none takes up what is given back
      draining.abort(new JobFailed('DRAINING'))
      const isLate = await isStillRunning(running, machinery.drainMaxMs)
      if (isLate) machinery.log.warn('jobs-left-running', { count: running.size })
      await Promise.all(workers.map((worker) => worker.close(isLate)))
    },
  }
}

/** Waits for what runs; after a while goes without it, and another process takes it up when its lock has run out. */
async function isStillRunning(
  running: ReadonlySet<Promise<void>>,
  drainMaxMs: number,
): Promise<boolean> {
  const patience = new AbortController()
  const tooLong = wait(drainMaxMs, true, { signal: patience.signal }).catch(() => false)
  const isLate = await Promise.race([Promise.allSettled(running).then(() => false), tooLong])
  patience.abort()
  return isLate
}

/** Jobs with a time of their own, and an end to the times of those that no longer have one. */
async function schedule<Context>({ jobs, queues, keepDoneMax }: Machinery<Context>): Promise<void> {
  for (const [name, queue] of queues) {
    const job = jobs.get(name)
    const known = await queue.getJobSchedulers()
    for (const scheduler of known)
      if (job?.everyMinutes == null) await queue.removeJobScheduler(scheduler.key)
    if (job?.everyMinutes == null) continue
    const every = Math.round(job.everyMinutes * 60_000)
    if (known.some((scheduler) => scheduler.key === name && Number(scheduler.every) === every))
      continue
    await queue.upsertJobScheduler(
      name,
      { every },
      { name, data: {}, opts: optionsOf(job, keepDoneMax) },
    )
  }
}

function optionsOf<Context>(job: Job<Context>, keepDoneMax: number) {
  return {
    attempts: job.attemptsMax,
    backoff: { type: 'exponential', delay: job.backoffMs, jitter: 0.2 },
    removeOnComplete: { count: keepDoneMax },
    removeOnFail: false,
    stackTraceLimit: 0,
  }
}

/** Moves the outbox to the queue whenever it is told to look, and every `pollMs` in case it was not heard. */
async function startRelay<Context>(
  machinery: Machinery<Context>,
): Promise<{ stop(): Promise<void> }> {
  const { database, queues, jobs, log, keepDoneMax, pollMs } = machinery
  let wake = () => {}
  let isStopped = false
  let isTold = true
  const onTold = () => {
    isTold = true
    wake()
  }
  const unlisten = await database.listen(OUTBOX_CHANNEL, onTold, onTold)
  const put = async (rows: readonly { id: string; job: string; delayMs: number }[]) => {
    for (const [name, queue] of queues) {
      const job = jobs.get(name)
      const mine = rows.filter((row) => row.job === name)
      if (job === undefined || mine.length === 0) continue
      await queue.addBulk(
        mine.map((row) => ({
          name,
          data: {},
          opts: { ...optionsOf(job, keepDoneMax), jobId: row.id, delay: row.delayMs },
        })),
      )
    }
  }
  const inTransaction = <T>(work: (tx: Sql) => Promise<T>) => database.transaction(work)
  const loop = async () => {
    let forgotAt = 0
    while (!isStopped) {
      isTold = false
      try {
        while ((await moveWaiting(inTransaction, [...jobs.keys()], put)) > 0 && !isStopped);
        if (Date.now() - forgotAt > 3_600_000) {
          await forgetOld(database)
          forgotAt = Date.now()
        }
      } catch (error) {
        log.warn('outbox-not-moved', { error })
      }
      if (!isTold && !isStopped)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pollMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
    }
  }
  const running = loop()
  return {
    async stop() {
      isStopped = true
      wake()
      await running
      await unlisten()
    },
  }
}

/** One run of a job: the row says what to do and whether it is still to be done; only a code is left of a failure. */
async function runOne<Context>(
  machinery: Machinery<Context>,
  job: Job<Context>,
  one: {
    readonly taken: BullJob
    readonly token: string | undefined
    readonly draining: AbortSignal
  },
): Promise<void> {
  const { database, log } = machinery
  const { taken, draining } = one
  if (draining.aborted) return giveBack(one)
  const id = taken.id !== undefined && isRowId(taken.id) ? taken.id : null
  const payload = id === null ? {} : await began(database, id)
  if (payload === null) return
  const attempt = taken.attemptsMade + 1
  const startedAt = performance.now()
  const about = { job: job.name, attempt, ...(id === null ? {} : { jobId: id }) }
  try {
    const timeUp = AbortSignal.timeout(job.timeMaxMs)
    await untilAborted(
      job.run(machinery.context(), payload, {
        attempt,
        signal: AbortSignal.any([draining, timeUp]),
      }),
      timeUp,
    )
    if (id !== null) await ended(database, id, 'DONE')
    log.info('job-done', { ...about, durationMs: Math.round(performance.now() - startedAt) })
  } catch (error) {
    if (draining.aborted) return giveBack(one)
    const code = codeOf(error)
    const isLast = attempt >= job.attemptsMax
    if (isLast && id !== null) await ended(database, id, 'DEAD')
    log[isLast ? 'error' : 'warn'](isLast ? 'job-dead' : 'job-failed', { ...about, error })
    throw new JobFailed(code)
  }
}

/** Our own wish to stop costs a job no attempt: it waits for the next process. */
async function giveBack(one: {
  readonly taken: BullJob
  readonly token: string | undefined
}): Promise<never> {
  await one.taken.moveToWait(one.token)
  throw new WaitingError()
}

/** Fails when the time is up even where the work does not listen to its signal. */
async function untilAborted(work: Promise<void>, timeUp: AbortSignal): Promise<void> {
  let onAbort = () => {}
  const late = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new JobFailed('TIME_UP'))
    timeUp.addEventListener('abort', onAbort, { once: true })
  })
  try {
    await Promise.race([work, late])
  } finally {
    timeUp.removeEventListener('abort', onAbort)
  }
}

/** A code that may be kept: one of ours, a SQLSTATE or an errno; anything else is `UNEXPECTED`. */
function codeOf(error: unknown): string {
  const code = errorCode(error)
  return code !== null &&
    /^[A-Z0-9]+(?:_[A-Z0-9]+){0,8}$/.test(code) &&
    code.length <= 60 &&
    /[A-Z]|^[0-9]{5}$/.test(code)
    ? code
    : 'UNEXPECTED'
}
