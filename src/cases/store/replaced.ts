import type { Sql } from '../../platform/database.js'
import { ITEM_TYPES } from '../items/index.js'

/** Codes of the types of which a part has one item at most. */
export const REPLACING: readonly string[] = ITEM_TYPES.filter(({ replaces }) => replaces).map(
  ({ code }) => code,
)

/** Of what a part has one at most, only what was recorded last stands; to be called with the case locked. */
export async function endReplaced(tx: Sql, cases: readonly string[], now: Date): Promise<void> {
  await tx.query(
    `update cases.item i set superseded_at = greatest($3, i.recorded_at)
     where i.case_id = any($1::uuid[]) and i.type = any($2::text[]) and i.superseded_at is null
       and exists (select from cases.item n
         where n.type = i.type and n.part_id = i.part_id and n.superseded_at is null
           and (n.recorded_at, n.id) > (i.recorded_at, i.id))`,
    [cases, REPLACING, now],
  )
}
