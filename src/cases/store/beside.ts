import type { Sql } from '../../platform/database.js'

/** For each person those who have another part in one of their cases, closed ones included. */
export async function peopleBeside(
  sql: Sql,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await sql.query<{ key: string; others: string[] }>(
    `select one.person_key as key, array_agg(distinct other.person_key) as others
     from cases.current_part one
     join cases.current_part other on other.case_id = one.case_id and other.part_id <> one.part_id
       and other.person_key is not null and other.person_key <> one.person_key
     where one.person_key = any($1::text[]) group by one.person_key`,
    [keys],
  )
  return new Map(rows.map((row) => [row.key, row.others]))
}
