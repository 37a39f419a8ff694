import type { Database, Sql } from '../platform/database.js'
import type { Log } from '../platform/log.js'
import { type Adapter, type ChangePage, SourceUnavailable, type SourceWish } from './adapter.js'
import { addToCohort, cohortOf, upsertEvents, upsertRecords } from './index-store.js'
import type { PublicId } from './public-id.js'
import { keepRejections } from './quarantine.js'

/** What a synchronisation is given; other rooms' work comes in as functions. */
export interface SyncContext {
  readonly database: Database
  readonly log: Log
  readonly publicId: PublicId
  readonly now: () => Date
  readonly signal: AbortSignal
  /** Keeps wishes that the agency's system holds, in the page's own transaction; says how many were new. */
  readonly keepWishes: (tx: Sql, agency: string, wishes: readonly SourceWish[]) => Promise<number>
  /** The entry of a page, as the last statement of its transaction. */
  readonly append: (
    tx: Sql,
    of: { readonly agency: string; readonly records: number; readonly tightens: boolean },
  ) => Promise<void>
}

/** What one agency's synchronisation came to. */
export interface SyncReport {
  readonly agency: string
  readonly outcome: 'DONE' | 'UNAVAILABLE'
  readonly reason: string | null
  readonly records: number
  readonly events: number
  readonly wishes: number
  readonly rejected: number
}

/**
 * Takes in what waits at the agency's door, then what has changed of the cohort since the last mark.
 * A page, its mark and its log entry are one commit: killed at any point, the next run goes on from
 * there and comes to the same store.
 */
export async function syncAgency(adapter: Adapter, context: SyncContext): Promise<SyncReport> {
  const { id: agency } = adapter.agency
  const totals = { records: 0, events: 0, wishes: 0, rejected: 0 }
  try {
    const received = await adapter.receive({ signal: context.signal })
    totals.rejected += received.rejections.length
    await keepRejections(context.database, agency, received.rejections)
    const since = await markOf(context.database, agency)
    const cohort = await cohortOf(context.database, agency)
    for await (const page of adapter.changes({ cohort, since, signal: context.signal })) {
      const wishes = await takePage(context, agency, page)
      totals.records += page.records.length
      totals.events += page.events.length
      totals.rejected += page.rejections.length
      totals.wishes += wishes
    }
    return { agency, outcome: 'DONE', reason: null, ...totals }
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error
    return { agency, outcome: 'UNAVAILABLE', reason: error.reason, ...totals }
  }
}

async function takePage(context: SyncContext, agency: string, page: ChangePage): Promise<number> {
  return context.database.transaction(async (tx) => {
    const records = await upsertRecords(tx, agency, page.records, context.publicId)
    const events = await upsertEvents(tx, agency, page.events, context.publicId)
    await addToCohort(
      tx,
      agency,
      page.records.flatMap((one) => (one.replacedBy ? [one.replacedBy] : [])),
    )
    await keepRejections(tx, agency, page.rejections)
    await dropRefused(tx, agency, page)
    await keepUnmapped(tx, agency, page)
    const wishes = await context.keepWishes(tx, agency, page.wishes)
    await tx.query(
      `insert into records.sync_mark (agency, mark) values ($1, $2)
       on conflict (agency) do update set mark = excluded.mark, changed_at = clock_timestamp()`,
      [agency, page.mark],
    )
    await context.append(tx, {
      agency,
      records: page.records.length + page.events.length,
      tightens: records.tightened || events.tightened || wishes > 0,
    })
    return wishes
  })
}

/** What must not enter any more goes out of the index as well. */
async function dropRefused(tx: Sql, agency: string, page: ChangePage): Promise<void> {
  const refused = page.rejections.filter((one) => one.outcome === 'REFUSE').map((one) => one.source)
  if (refused.length === 0) return
  for (const table of ['record', 'event']) {
    await tx.query(
      `delete from records.${table} t using unnest($2::text[], $3::text[]) as x (type, id)
       where t.agency = $1 and t.source_type = x.type and t.source_id = x.id`,
      [agency, refused.map((one) => one.type), refused.map((one) => one.id)],
    )
  }
}

async function keepUnmapped(tx: Sql, agency: string, page: ChangePage): Promise<void> {
  const rows = [...page.records, ...page.events].flatMap((one) =>
    one.unmappedCodes.map((code) => ({
      source_type: one.source.type,
      source_id: one.source.id,
      ...code,
    })),
  )
  if (rows.length === 0) return
  await tx.query(
    `insert into records.unmapped_code (agency, source_type, source_id, system, code)
     select $1, x.source_type, x.source_id, x.system, x.code
     from jsonb_to_recordset($2::jsonb) as x (source_type text, source_id text, system text, code text) on conflict do nothing`,
    [agency, JSON.stringify(rows)],
  )
}

async function markOf(sql: Sql, agency: string): Promise<string | null> {
  const rows = await sql.query<{ mark: string }>(
    'select mark from records.sync_mark where agency = $1',
    [agency],
  )
  return rows[0]?.mark ?? null
}

/** The records that stand behind source ids, for wishes: the person each belongs to. */
export async function personsOfSources(
  sql: Sql,
  agency: string,
  sources: readonly { readonly type: string; readonly id: string }[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ type: string; id: string; key: string }>(
    `select r.source_type as type, r.source_id as id, m.person_key as key
     from records.record r join matching.membership_in_force m on m.record_id = r.id and m.confirmed
     where r.agency = $1 and (r.source_type, r.source_id) in (select * from unnest($2::text[], $3::text[]))`,
    [agency, sources.map((one) => one.type), sources.map((one) => one.id)],
  )
  return new Map(rows.map((row) => [`${row.type}|${row.id}`, row.key]))
}
