import type { Sql } from '../../platform/database.js'
import type { PartKind } from '../../sharing/vocabulary.js'

/** A part and, where identified, its person. */
export interface PersonOfPart {
  readonly partId: string
  readonly caseId: string
  readonly kind: PartKind
  readonly personKey: string | null
  readonly isOpen: boolean
}

/** Who figures in these cases; one statement. */
export async function partsOfCases(
  sql: Sql,
  caseIds: readonly string[],
): Promise<readonly PersonOfPart[]> {
  return sql.query<PersonOfPart>(
    `select part_id as "partId", case_id as "caseId", kind, person_key as "personKey", is_open as "isOpen"
     from cases.current_part where case_id = any($1::uuid[]) order by part_id`,
    [caseIds],
  )
}

/**
 * When persons merge, parts and declared conflicts go with the key that survives: a new version of
 * each, so that what was known before stays known. Gives back how many parts were moved.
 */
export async function movePersons(
  tx: Sql,
  moves: readonly { readonly from: string; readonly to: string }[],
  by: { readonly subject: string; readonly agency: string; readonly now: Date },
): Promise<number> {
  const moved = await tx.query<{ part_id: string }>(
    `update cases.part_state s set superseded_at = greatest($2, s.recorded_at)
     from jsonb_to_recordset($1::jsonb) as m("from" text, "to" text)
     where s.person_key = m."from" and s.superseded_at is null returning s.part_id`,
    [JSON.stringify(moves), by.now],
  )
  await tx.query(
    `insert into cases.part_state (part_id, person_key, legal_status, identified_on, born_on, description,
       digest, recorded_by, agency, recorded_at)
     select distinct on (s.part_id) s.part_id, m."to", s.legal_status, s.identified_on, s.born_on,
       s.description, s.digest, $3, $4, greatest($2, s.recorded_at)
     from cases.part_state s join jsonb_to_recordset($1::jsonb) as m("from" text, "to" text)
       on s.person_key = m."from"
     where s.part_id = any($5::uuid[]) order by s.part_id, s.recorded_at desc, s.superseded_at desc`,
    [JSON.stringify(moves), by.now, by.subject, by.agency, moved.map(({ part_id }) => part_id)],
  )
  await tx.query(
    `with ended as (
       update cases.member_conflict c set superseded_at = greatest($2, c.recorded_at)
       from jsonb_to_recordset($1::jsonb) as m("from" text, "to" text)
       where c.person_key = m."from" and c.superseded_at is null
       returning c.id, c.subject, c.member_agency, c.kind, m."to", c.case_id, c.import_key
     )
     insert into cases.member_conflict (id, subject, member_agency, kind, person_key, case_id, import_key,
       recorded_by, agency, recorded_at)
     select id, subject, member_agency, kind, "to", case_id, import_key, $3, $4, $2 from ended`,
    [JSON.stringify(moves), by.now, by.subject, by.agency],
  )
  return moved.length
}
