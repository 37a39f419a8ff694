import { type ToldCase, toldCases } from '../../../samples/told-cases.js'
import type { Hub } from '../hub.js'

/** A case that the start page can show. Title and story are null where nobody tells it. */
export interface ShownCase {
  readonly id: string
  readonly reference: string
  readonly told: ToldCase | null
}

const listedMax = 14

/** The cases to choose from, by reference: the told ones where the sample is loaded, else the first few. */
export async function shownCases(hub: Hub): Promise<readonly ShownCase[]> {
  const told = hub.configuration.development.samples ? toldCases() : []
  const rows = await hub.database.query<{ id: string; reference: string }>(
    `select id, reference from cases.case_file
      where cardinality($1::text[]) = 0 or reference = any($1) order by reference limit $2`,
    [told.map((one) => one.reference), Math.max(listedMax, told.length)],
  )
  return rows.map((row) => ({
    ...row,
    told: told.find((one) => one.reference === row.reference) ?? null,
  }))
}

/** Any case by its reference or its id; null for none. */
export async function shownCase(hub: Hub, asked: string): Promise<ShownCase | null> {
  const rows = await hub.database.query<{ id: string; reference: string }>(
    'select id, reference from cases.case_file where reference = $1 or id::text = $1',
    [asked],
  )
  const row = rows[0]
  if (!row) return null
  const told = hub.configuration.development.samples
    ? (toldCases().find((one) => one.reference === row.reference) ?? null)
    : null
  return { ...row, told }
}

/** Who is on a case's team now, by the subject of their tokens. */
export async function teamOf(hub: Hub, caseId: string): Promise<ReadonlySet<string>> {
  const rows = await hub.database.query<{ subject: string }>(
    'select subject from cases.allocation where case_id = $1 and from_at <= $2 and (to_at is null or to_at > $2)',
    [caseId, hub.now()],
  )
  return new Set(rows.map((one) => one.subject))
}
