import type { Rejection } from '../../src/records/adapter.js'
import { deleteSchema, eventSchema, linkSchema, mergeSchema, personSchema } from './format.js'
import type { Query } from './store-tables.js'

/** A line that was not kept, with the hash of what was sent. */
export interface Rejected {
  readonly rejection: Rejection
  readonly sha256: string
}

/** What lines are kept as. */
export interface At {
  readonly type: string
  /** The store's revision that this change makes. */
  readonly revision: number
  readonly isFull: boolean
}

/** Keeps lines by type, each under its id, in place of whatever stood there, rejections included. */
export async function keepLines(
  query: Query,
  at: At,
  kept: readonly { id: string; line: object }[],
): Promise<void> {
  const lines = kept.map(({ line }) => line)
  switch (at.type) {
    case 'LINK':
      await keepLinks(query, at, lines)
      break
    case 'MERGE':
      return mergeItems(query, at, lines)
    case 'DELETE':
      return deleteItems(query, at, lines)
    default:
      await keepItems(query, at, kept)
  }
  await query('delete from rejection where type = $1 and id = any($2::text[])', [
    at.type,
    kept.map(({ id }) => id),
  ])
}

/** A full drop says the last word on which nominal replaced which; a delta only adds to it. */
async function keepItems(
  query: Query,
  at: At,
  kept: readonly { id: string; line: object }[],
): Promise<void> {
  const rows = kept.map(({ id, line }) => ({
    id,
    body: line,
    kind: at.type === 'EVENT' ? (eventSchema.safeParse(line).data?.kind ?? null) : null,
    replaced_by:
      at.type === 'NOMINAL' ? (personSchema.safeParse(line).data?.mergedInto ?? null) : null,
  }))
  await query(
    `insert into item as i (type, id, kind, body, deleted, replaced_by, own_changed, changed, seen)
     select $1, r.id, r.kind, r.body, false, r.replaced_by, $2, $2, $2
     from jsonb_to_recordset($3::jsonb) as r (id text, kind text, body jsonb, replaced_by text)
     on conflict (type, id) do update set
       kind = excluded.kind, body = excluded.body, deleted = false, seen = excluded.seen,
       replaced_by = case when $4 then excluded.replaced_by else coalesce(excluded.replaced_by, i.replaced_by) end,
       own_changed = case when i.deleted or i.body is distinct from excluded.body
           or ($4 and i.replaced_by is distinct from excluded.replaced_by)
           or exists (select 1 from rejection x where x.type = i.type and x.id = i.id)
         then excluded.own_changed else i.own_changed end`,
    [at.type, at.revision, JSON.stringify(rows), at.isFull],
  )
}

/** A link that now ties other things is another link: the one before it ends. */
async function keepLinks(query: Query, at: At, lines: readonly object[]): Promise<void> {
  const rows = lines.flatMap((line) => {
    const link = linkSchema.safeParse(line).data
    if (!link) return []
    const { from, to, reason } = link
    return [{ id: link.id, ft: from.type, fi: from.id, tt: to.type, ti: to.id, reason, body: link }]
  })
  await query(
    `insert into link as l (id, from_type, from_id, to_type, to_id, reason, body, deleted, changed, seen)
     select r.id, r.ft, r.fi, r.tt, r.ti, r.reason, r.body, false, $1, $1
     from jsonb_to_recordset($2::jsonb) as r (id text, ft text, fi text, tt text, ti text, reason text, body jsonb)
     on conflict (id, from_type, from_id, to_type, to_id, reason) do update set
       body = excluded.body, deleted = false, seen = excluded.seen,
       changed = case when l.deleted or l.body is distinct from excluded.body
           or exists (select 1 from rejection x where x.type = 'LINK' and x.id = l.id)
         then excluded.changed else l.changed end`,
    [at.revision, JSON.stringify(rows)],
  )
  await query(
    `update link set deleted = true, body = null, changed = $1
     where id = any($2::text[]) and seen <> $1 and not deleted`,
    [at.revision, rows.map((row) => row.id)],
  )
}

async function mergeItems(query: Query, at: At, lines: readonly object[]): Promise<void> {
  const merges = lines.flatMap((line) => mergeSchema.safeParse(line).data ?? [])
  await query(
    `insert into item as i (type, id, body, deleted, replaced_by, own_changed, changed, seen)
     select 'NOMINAL', r.merged, null, true, r.survivor, $1, $1, $1
     from jsonb_to_recordset($2::jsonb) as r (merged text, survivor text)
     on conflict (type, id) do update set replaced_by = excluded.replaced_by, own_changed = $1, seen = $1`,
    [at.revision, JSON.stringify(merges)],
  )
}

async function deleteItems(query: Query, at: At, lines: readonly object[]): Promise<void> {
  const deletes = lines.flatMap((line) => deleteSchema.safeParse(line).data ?? [])
  const parameters = [at.revision, JSON.stringify(deletes)]
  const named = 'jsonb_to_recordset($2::jsonb) as r (type text, id text)'
  await query(
    `update item i set deleted = true, body = null, own_changed = $1, seen = $1 from ${named}
     where i.type = r.type and i.id = r.id and not i.deleted`,
    parameters,
  )
  await query(
    `update link l set deleted = true, body = null, changed = $1, seen = $1 from ${named}
     where r.type = 'LINK' and l.id = r.id and not l.deleted`,
    parameters,
  )
  await query(
    `delete from rejection x using jsonb_to_recordset($1::jsonb) as r (type text, id text)
     where x.type = r.type and x.id = r.id`,
    [JSON.stringify(deletes)],
  )
}

/**
 * What was rejected: a quarantined line keeps its payload here, on the agency's ground, and hides what
 * was known under its id; a refused one leaves nothing, also of what was known before.
 */
export async function keepRejections(
  query: Query,
  at: At,
  rejected: readonly Rejected[],
): Promise<void> {
  const rows = rejected.map(({ rejection: { source, reason, field, outcome, raw }, sha256 }) => ({
    type: source.type,
    id: source.id,
    reason,
    field,
    outcome,
    sha256,
    raw: outcome === 'QUARANTINE' ? JSON.stringify(raw) : null,
  }))
  const parameters = [at.revision, JSON.stringify(rows)]
  const named = 'jsonb_to_recordset($2::jsonb) as r (type text, id text, outcome text)'
  await query(
    `insert into rejection (type, id, revision, reason, field, outcome, raw, sha256)
     select r.type, r.id, $1, r.reason, r.field, r.outcome, r.raw, r.sha256
     from jsonb_to_recordset($2::jsonb)
       as r (type text, id text, reason text, field text, outcome text, raw text, sha256 text)
     on conflict (type, id) do update set revision = excluded.revision, reason = excluded.reason,
       field = excluded.field, outcome = excluded.outcome, raw = excluded.raw, sha256 = excluded.sha256`,
    parameters,
  )
  await query(
    `update item i set own_changed = $1, seen = $1, deleted = i.deleted or r.outcome = 'REFUSE',
       body = case when r.outcome = 'REFUSE' then null else i.body end
     from ${named} where i.type = r.type and i.id = r.id`,
    parameters,
  )
  await query(
    `update link l set changed = $1, seen = $1, deleted = l.deleted or r.outcome = 'REFUSE',
       body = case when r.outcome = 'REFUSE' then null else l.body end
     from ${named} where r.type = 'LINK' and l.id = r.id`,
    parameters,
  )
}

/** What a full drop does not name is gone at the force. */
export async function sweep(query: Query, revision: number): Promise<void> {
  await query(
    'update item set deleted = true, body = null, own_changed = $1 where seen <> $1 and not deleted',
    [revision],
  )
  await query(
    'update link set deleted = true, body = null, changed = $1 where seen <> $1 and not deleted',
    [revision],
  )
  await query('delete from rejection where revision <> $1', [revision])
}
