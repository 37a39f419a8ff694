import { createHash } from 'node:crypto'
import type { Sql } from '../platform/database.js'
import type { Rejection } from './adapter.js'

/** One record that could not be read, or was refused at the door. */
export interface Quarantined {
  readonly id: string
  readonly agency: string
  readonly sourceType: string
  readonly sourceId: string
  readonly reason: string
  readonly field: string | null
  readonly outcome: 'QUARANTINE' | 'REFUSE'
  readonly seenAt: Date
  readonly replayedAt: Date | null
}

/**
 * Keeps what did not map: with its raw payload, or, for what must not enter at all, only id and hash.
 * The same payload kept twice is one row.
 */
export async function keepRejections(
  tx: Sql,
  agency: string,
  rejections: readonly Rejection[],
): Promise<void> {
  if (rejections.length === 0) return
  const rows = rejections.map((one) => {
    const raw = typeof one.raw === 'string' ? one.raw : (JSON.stringify(one.raw) ?? 'null')
    const sha256 = createHash('sha256').update(raw).digest('hex')
    const id = createHash('sha256')
      .update(JSON.stringify([agency, one.source.type, one.source.id, one.reason, sha256]))
      .digest('base64url')
      .replace(/^-+/, '') // else a command line would take it for an option
      .slice(0, 22)
    return {
      id,
      source_type: one.source.type,
      source_id: one.source.id,
      reason: one.reason,
      field: one.field,
      outcome: one.outcome,
      raw: one.outcome === 'QUARANTINE' ? Buffer.from(raw).toString('base64') : null,
      sha256,
    }
  })
  // Base64: a raw payload may hold bytes that PostgreSQL's text may not.
  await tx.query(
    `insert into records.quarantine (id, agency, source_type, source_id, reason, field, outcome, raw, sha256)
     select x.id, $1, x.source_type, x.source_id, x.reason, x.field, x.outcome, x.raw, x.sha256
     from jsonb_to_recordset($2::jsonb) as x (id text, source_type text, source_id text, reason text, field text, outcome text, raw text, sha256 text)
     on conflict (id) do nothing`,
    [agency, JSON.stringify(rows)],
  )
}

const columns = `id, agency, source_type as "sourceType", source_id as "sourceId", reason, field, outcome, seen_at as "seenAt", replayed_at as "replayedAt"`

/** What waits in quarantine, oldest first; everything with `all`. */
export async function listQuarantine(
  sql: Sql,
  { all, limit }: { readonly all: boolean; readonly limit: number },
): Promise<readonly Quarantined[]> {
  return sql.query<Quarantined>(
    `select ${columns} from records.quarantine where ($1 or replayed_at is null) order by seen_at, id limit $2`,
    [all, limit],
  )
}

/** One of them with its raw payload (null where it was refused). */
export async function showQuarantined(
  sql: Sql,
  id: string,
): Promise<(Quarantined & { readonly raw: string | null }) | null> {
  const rows = await sql.query<Quarantined & { raw: string | null }>(
    `select ${columns}, raw from records.quarantine where id = $1`,
    [id],
  )
  const row = rows[0]
  return row
    ? { ...row, raw: row.raw === null ? null : Buffer.from(row.raw, 'base64').toString('utf8') }
    : null
}

export async function markReplayed(tx: Sql, id: string): Promise<void> {
  await tx.query(
    'update records.quarantine set replayed_at = clock_timestamp() where id = $1 and replayed_at is null',
    [id],
  )
}
