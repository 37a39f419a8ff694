import type { Sql } from '../platform/database.js'
import type { Candidate } from './adapter.js'
import { upsertRecords } from './index-store.js'
import type { PublicId } from './public-id.js'

/**
 * Maybes: records of people who are in no case so far, which an agency offered when it was asked and
 * which are proposed for people to confirm. They stay until a day and are gone then.
 */

/** Keeps candidates that are proposed until then; those of the cohort are as the synchronisation left them. */
export async function keepMaybes(
  tx: Sql,
  of: {
    readonly agency: string
    readonly candidates: readonly Candidate[]
    readonly until: Date
    readonly publicId: PublicId
  },
): Promise<void> {
  const { agency, candidates, until, publicId } = of
  const ids = candidates.map((one) => publicId('record', agency, one.source))
  const rows = await tx.query<{ id: string }>(
    'select id from records.record where id = any($1::text[]) and maybe_until is null',
    [ids],
  )
  const ofCohort = new Set(rows.map((row) => row.id))
  await upsertRecords(
    tx,
    agency,
    candidates
      .filter((_, at) => !ofCohort.has(ids[at] ?? ''))
      .map((one) => ({ ...one, deleted: false, replacedBy: null, unmappedCodes: [] })),
    publicId,
    until,
  )
}

/** Maybes whose day has come, with their agency; at most so many at once. */
export async function endedMaybes(
  sql: Sql,
  now: Date,
  limit: number,
): Promise<readonly { readonly id: string; readonly agency: string }[]> {
  return sql.query(
    'select id, agency from records.record where maybe_until <= $1 order by id limit $2 for update',
    [now, limit],
  )
}

/** Takes maybes out of the index; whoever has come into the cohort since stays. */
export async function forgetMaybes(tx: Sql, ids: readonly string[]): Promise<void> {
  await tx.query(
    'delete from records.record where id = any($1::text[]) and maybe_until is not null',
    [ids],
  )
}

/** Where a record comes from; null where the index has none of that id. */
export async function sourceOfRecord(
  sql: Sql,
  id: string,
): Promise<{ readonly agency: string; readonly type: string; readonly id: string } | null> {
  const rows = await sql.query<{ agency: string; type: string; id: string }>(
    'select agency, source_type as type, source_id as id from records.record where id = $1',
    [id],
  )
  return rows[0] ?? null
}
