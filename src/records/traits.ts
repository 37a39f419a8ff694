import type { Sql } from '../platform/database.js'
import { MEMBERSHIP_VIEW } from './index-store.js'

/** Birth dates that confirmed records give, by person; several where agencies differ. */
export async function bornOnOfPersons(
  sql: Sql,
  persons: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await sql.query<{ key: string; born: string[] }>(
    `select m.person_key as key, array_agg(distinct b.born) as born
     from ${MEMBERSHIP_VIEW} m
     join records.record r on r.id = m.record_id
     cross join lateral jsonb_array_elements_text(r.traits->'bornOn') as b (born)
     where m.person_key = any($1::text[]) and m.confirmed and not r.deleted
     group by m.person_key`,
    [persons],
  )
  return new Map(rows.map((row) => [row.key, row.born]))
}
