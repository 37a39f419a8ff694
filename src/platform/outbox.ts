import { randomUUID } from 'node:crypto'
import { Migration } from '@mikro-orm/migrations'
import { checkedPayload, type JobPayload } from './queue-job.js'
import type { Sql } from './sql.js'

/**
 * Jobs that a state change brought about, written in that change's own transaction: both are there or
 * neither is. A relay hands the rows to the queue; the row says when the job began and how it ended,
 * so that a row that is handed over twice still runs once.
 */
export class PlatformOutbox extends Migration {
  override name = 'platform-0001-outbox'
  override up(): void {
    this.addSql('create schema platform')
    this.addSql(`create table platform.outbox (
      id uuid primary key,
      job text not null,
      payload jsonb not null,
      dedupe text,
      enqueued_at timestamptz not null default clock_timestamp(),
      run_after timestamptz,
      moved_at timestamptz,
      started_at timestamptz,
      finished_at timestamptz,
      outcome text check (outcome in ('DONE', 'DEAD', 'CANCELLED')),
      check ((outcome is null) = (finished_at is null))
    )`)
    this.addSql(
      'create index outbox_to_move on platform.outbox (enqueued_at) where moved_at is null and finished_at is null',
    )
    this.addSql(
      'create index outbox_unfinished on platform.outbox (moved_at) where finished_at is null',
    )
    this.addSql(
      'create unique index outbox_waits_once on platform.outbox (job, dedupe) where started_at is null and finished_at is null and dedupe is not null',
    )
  }
}

export const OUTBOX_CHANNEL = 'platform_outbox'

/**
 * Has `job` run after `tx` commits, once or, where attempts fail, until they are used up. With
 * `dedupe`, nothing is added while a job with that key waits and has not begun; once it has begun a
 * new one is added, so no change is ever missed. Returns the id of the job that will run.
 */
export async function enqueue(
  tx: Sql,
  job: string,
  payload: JobPayload = {},
  options: { readonly dedupe?: string; readonly delayMs?: number } = {},
): Promise<string> {
  // `do update` rather than `do nothing`: it holds the waiting row, so that job cannot begin, and read the
  // old state, before our transaction has committed the new one.
  const rows = await tx.query<{ id: string }>(
    `with put as (
       insert into platform.outbox as waiting (id, job, payload, dedupe, run_after)
       values ($1, $2, $3, $4, clock_timestamp() + $5::int * interval '1 ms')
       on conflict (job, dedupe) where started_at is null and finished_at is null and dedupe is not null
       do update set run_after = least(waiting.run_after, excluded.run_after)
       returning id)
     select id, pg_notify($6, '') from put`,
    [
      randomUUID(),
      job,
      JSON.stringify(checkedPayload(payload)),
      options.dedupe ?? null,
      options.delayMs ?? null,
      OUTBOX_CHANNEL,
    ],
  )
  const [row] = rows
  if (row === undefined) throw new RangeError('the job was not written')
  return row.id
}

export interface OutboxRow {
  readonly id: string
  readonly job: string
  readonly delayMs: number
}

const BATCH_MAX = 200
/** A row that was handed over so long ago and never ended is handed over again: the queue ignores it if it still has it. */
const LOST_AFTER_MINUTES = 5
const KEPT_DAYS = 7

/**
 * Hands waiting rows of these jobs to `put`, in one transaction with the note that they were; says how
 * many. Several relays share the work; what one does not know of waits for one that does.
 */
export async function moveWaiting(
  transaction: <T>(work: (tx: Sql) => Promise<T>) => Promise<T>,
  jobs: readonly string[],
  put: (rows: readonly OutboxRow[]) => Promise<void>,
): Promise<number> {
  return transaction(async (tx) => {
    const rows = await tx.query<OutboxRow>(
      `select id, job, greatest(0, ceil(extract(epoch from coalesce(run_after, now()) - now()) * 1000))::int as "delayMs"
         from platform.outbox
        where finished_at is null and job = any($3::text[])
          and (moved_at is null or (moved_at < now() - $2::int * interval '1 minute' and coalesce(run_after, now()) <= now()))
        order by moved_at nulls first, enqueued_at limit $1 for update skip locked`,
      [BATCH_MAX, LOST_AFTER_MINUTES, jobs],
    )
    if (rows.length === 0) return 0
    await put(rows)
    await tx.query(
      'update platform.outbox set moved_at = clock_timestamp() where id = any($1::uuid[])',
      [rows.map((row) => row.id)],
    )
    return rows.length
  })
}

/** Notes that a job begins; null where it has ended or was cancelled, so nothing is to be done. */
export async function began(sql: Sql, id: string): Promise<JobPayload | null> {
  const [row] = await sql.query<{ payload: JobPayload }>(
    `update platform.outbox set started_at = coalesce(started_at, clock_timestamp())
      where id = $1 and (finished_at is null or outcome = 'DEAD') returning payload`,
    [id],
  )
  return row?.payload ?? null
}

export async function ended(sql: Sql, id: string, outcome: 'DONE' | 'DEAD'): Promise<void> {
  await sql.query(
    'update platform.outbox set finished_at = clock_timestamp(), outcome = $2 where id = $1',
    [id, outcome],
  )
}

/** A dead job is to be tried again. */
export async function revived(sql: Sql, id: string): Promise<void> {
  await sql.query(
    `update platform.outbox set finished_at = null, outcome = null, started_at = coalesce(started_at, clock_timestamp())
      where id = $1 and outcome = 'DEAD'`,
    [id],
  )
}

/** Whether a job that had not begun was taken out. */
export async function cancelled(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql.query(
    `update platform.outbox set finished_at = clock_timestamp(), outcome = 'CANCELLED'
      where id = $1 and started_at is null and finished_at is null returning id`,
    [id],
  )
  return rows.length === 1
}

/** Forgets what ended long ago; dead jobs stay until somebody decides. */
export async function forgetOld(sql: Sql): Promise<void> {
  await sql.query(
    `delete from platform.outbox where finished_at < now() - $1::int * interval '1 day' and outcome <> 'DEAD'`,
    [KEPT_DAYS],
  )
}

const ROW_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Whether a job came through the outbox; runs by the clock have ids of another form and no row. */
export const isRowId = (id: string): boolean => ROW_ID.test(id)
