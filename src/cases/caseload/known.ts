import type { Sql } from '../../platform/database.js'
import { REPLACING } from '../store/replaced.js'
import { itemDigest, type KnownCase, stateDigest } from './plan-case.js'

interface FileRow {
  readonly id: string
  readonly reference: string
  readonly digest: string | null
}

/** Ids and digests of those of these cases that are in the store, by reference. */
export async function knownFiles(
  tx: Sql,
  references: readonly string[],
): Promise<ReadonlyMap<string, FileRow>> {
  const rows = await tx.query<FileRow>(
    'select id, reference, digest from cases.case_file where reference = any($1::text[])',
    [references],
  )
  return new Map(rows.map((row) => [row.reference, row]))
}

/** What the store says of these cases, by id; for those whose document has changed. */
export async function knownCases(
  tx: Sql,
  files: readonly FileRow[],
): Promise<ReadonlyMap<string, KnownCase>> {
  const ids = files.map(({ id }) => id)
  if (ids.length === 0) return new Map()
  const states = await tx.query<Parameters<typeof stateDigest>[0] & { case_id: string }>(
    `select case_id, stage, opened_on, opened_by, closed_on, restricted, named, reason
     from cases.case_state where case_id = any($1::uuid[]) and superseded_at is null`,
    [ids],
  )
  const parts = await tx.query<{
    case_id: string
    id: string
    import_key: string
    digest: string | null
  }>(
    `select p.case_id, p.id, p.import_key, s.digest from cases.part p
     join cases.part_state s on s.part_id = p.id and s.superseded_at is null
     where p.case_id = any($1::uuid[]) and p.import_key is not null`,
    [ids],
  )
  const items = await tx.query<{ case_id: string; id: string; import_key: string; body: unknown }>(
    `select case_id, id, import_key, body from cases.item
     where case_id = any($1::uuid[]) and import_key is not null
       and (superseded_at is null or type = any($2::text[]))
     order by recorded_at`,
    // What another took the place of is known too: it would come back as new.
    [ids, REPLACING],
  )
  const cases = new Map(
    files.map((file) => [
      file.id,
      {
        ...file,
        state: null as { digest: string } | null,
        parts: new Map<string, { id: string; digest: string | null }>(),
        items: new Map<string, { id: string; digest: string }>(),
      },
    ]),
  )
  for (const row of states) {
    const known = cases.get(row.case_id)
    if (known) known.state = { digest: stateDigest(row) }
  }
  for (const row of parts) cases.get(row.case_id)?.parts.set(row.import_key, row)
  for (const row of items)
    cases.get(row.case_id)?.items.set(row.import_key, { id: row.id, digest: itemDigest(row.body) })
  return cases
}
