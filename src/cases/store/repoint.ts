import type { Sql } from '../../platform/database.js'

/** When persons merge, the parts of the one that gave way become the other's: a new version of each. */
export async function repointPersons(
  tx: Sql,
  moves: readonly { readonly from: string; readonly to: string }[],
): Promise<void> {
  await tx.query(
    `with moved as (
       select m."from", m."to" from jsonb_to_recordset($1::jsonb) as m ("from" text, "to" text)
     ), old as (
       update cases.part_state s set superseded_at = clock_timestamp()
       from moved where s.person_key = moved."from" and s.superseded_at is null
       returning s.*, moved."to" as now_key
     )
     insert into cases.part_state (recorded_by, agency, recorded_at, part_id, person_key, legal_status,
         identified_on, born_on, description, digest)
       select recorded_by, agency, superseded_at, part_id, now_key, legal_status, identified_on, born_on,
              description, digest from old`,
    [JSON.stringify(moves)],
  )
}
