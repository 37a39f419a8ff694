import type { BullQueue, JobType } from './queue-backend.js'
import type { Sql } from './sql.js'

export type JobState = 'WAITING' | 'PAUSED' | 'DELAYED' | 'ACTIVE' | 'DONE' | 'DEAD'

/** What may be said of a job: never what it was about. */
export interface JobRow {
  readonly id: string
  readonly name: string
  readonly state: JobState
  readonly attempts: number
  readonly attemptsMax: number
  /** Code of the last failure; null where there was none. */
  readonly lastErrorCode: string | null
  readonly enqueuedAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

const STATES: readonly (readonly [JobType, JobState])[] = [
  ['waiting', 'WAITING'],
  ['delayed', 'DELAYED'],
  ['active', 'ACTIVE'],
  ['failed', 'DEAD'],
  ['completed', 'DONE'],
]
const PER_STATE = 50

/** The newest jobs of each state, and what has not reached the queue yet. */
export async function listJobs(
  sql: Sql,
  queues: ReadonlyMap<string, BullQueue>,
  filter: { readonly name?: string; readonly limitPerState?: number },
): Promise<readonly JobRow[]> {
  const limit = Math.min(filter.limitPerState ?? PER_STATE, 1_000)
  const names = [...queues.keys()].filter(
    (name) => filter.name === undefined || name === filter.name,
  )
  const rows = await sql.query<{ id: string; name: string; enqueuedAt: Date }>(
    `select id, job as name, enqueued_at as "enqueuedAt" from platform.outbox
      where moved_at is null and finished_at is null and job = any($1) order by enqueued_at limit $2`,
    [names, limit],
  )
  const found: JobRow[] = rows.map((row) => ({
    ...row,
    state: 'WAITING',
    attempts: 0,
    attemptsMax: 0,
    lastErrorCode: null,
    startedAt: null,
    endedAt: null,
  }))
  for (const name of names) {
    const queue = queues.get(name)
    const isPaused = (await queue?.isPaused()) ?? false
    for (const [type, state] of STATES)
      for (const job of (await queue?.getJobs([type], 0, limit - 1)) ?? [])
        if (job?.id !== undefined)
          found.push({
            id: job.id,
            name,
            state: isPaused && state === 'WAITING' ? 'PAUSED' : state,
            attempts: job.attemptsMade,
            attemptsMax: job.opts.attempts ?? 1,
            lastErrorCode: job.failedReason || null,
            enqueuedAt: new Date(job.timestamp),
            startedAt: job.processedOn === undefined ? null : new Date(job.processedOn),
            endedAt: job.finishedOn === undefined ? null : new Date(job.finishedOn),
          })
  }
  return found
}
