import type { Sql } from '../platform/database.js'

/** A code of an agency's for which the mapping has no word, and how many records of the cohort carry it. */
export interface UnmappedCodeRow {
  readonly agency: string
  readonly system: string
  readonly code: string
  readonly records: number
}

/** The codes of one agency that have no mapping yet, in the order of the alphabet. */
export async function unmappedCodesOf(
  sql: Sql,
  agency: string,
  limit: number,
): Promise<readonly UnmappedCodeRow[]> {
  return sql.query<UnmappedCodeRow>(
    `select agency, system, code, count(*)::int as records from records.unmapped_code
     where agency = $1 group by agency, system, code order by system, code limit $2`,
    [agency, limit],
  )
}
