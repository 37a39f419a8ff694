import type { Sql } from '../../platform/database.js'

/**
 * When persons merge, the parts of the one that gave way become the other's, and so do declared
 * conflicts: a new version of each, so that what was known before stays known. Twice does nothing more.
 */
export async function repointPersons(
  tx: Sql,
  moves: readonly { readonly from: string; readonly to: string }[],
): Promise<void> {
  const parameters = [JSON.stringify(moves)]
  await tx.query(PARTS, parameters)
  await tx.query(CONFLICTS, parameters)
}

/**
 * When two persons turn out to be two after all, the parts and declared conflicts that had come from the
 * one go back to it. A part that was identified `since` they were held to be one is nobody's until
 * somebody identifies it anew; gives back which. A conflict declared since then counts for both.
 */
export async function splitPersons(
  tx: Sql,
  of: { readonly from: string; readonly to: string; readonly since: Date },
): Promise<{ readonly unsorted: readonly string[]; readonly back: readonly string[] }> {
  const { from, to, since } = of
  const back = await tx.query<{ id: string }>(PARTS_BACK, [from, to])
  await tx.query(CONFLICTS_BACK, [from, to])
  await tx.query(CONFLICTS_OF_BOTH, [from, to, since])
  const rows = await tx.query<{ id: string }>(PARTS_UNSORTED, [from, to, since])
  return { unsorted: rows.map((row) => row.id), back: back.map((row) => row.id) }
}

/** Of a part that is one of two people, and nobody has said which: these two. */
export async function maybePersonsOf(sql: Sql, partId: string): Promise<readonly string[]> {
  const [row] = await sql.query<{ persons: readonly string[] }>(
    'select maybe_persons as persons from cases.unsorted_part where part_id::text = $1',
    [partId],
  )
  return row?.persons ?? []
}

const MOVED = `moved as (
    select m."from", m."to" from jsonb_to_recordset($1::jsonb) as m ("from" text, "to" text)
  )`

const PARTS = `with ${MOVED}, old as (
    update cases.part_state s set superseded_at = greatest(clock_timestamp(), s.recorded_at)
    from moved where s.person_key = moved."from" and s.superseded_at is null
    returning s.*, moved."to" as now_key
  )
  insert into cases.part_state (recorded_by, agency, recorded_at, part_id, person_key, legal_status,
      identified_on, born_on, description, digest)
    select recorded_by, agency, superseded_at, part_id, now_key, legal_status, identified_on, born_on,
           description, digest from old`

const CONFLICTS = `with ${MOVED}, old as (
    update cases.member_conflict c set superseded_at = greatest(clock_timestamp(), c.recorded_at)
    from moved where c.person_key = moved."from" and c.superseded_at is null
    returning c.*, moved."to" as now_key
  )
  insert into cases.member_conflict (recorded_by, agency, recorded_at, id, subject, member_agency, kind,
      person_key, case_id, import_key)
    select recorded_by, agency, superseded_at, id, subject, member_agency, kind, now_key, case_id,
           import_key from old`

const PARTS_BACK = `with old as (
    update cases.part_state s set superseded_at = greatest(clock_timestamp(), s.recorded_at)
    where s.person_key = $1 and s.superseded_at is null
      and exists (select 1 from cases.part_state p where p.part_id = s.part_id and p.person_key = $2)
    returning s.*
  )
  insert into cases.part_state (recorded_by, agency, recorded_at, part_id, person_key, legal_status,
      identified_on, born_on, description, digest)
    select recorded_by, agency, superseded_at, part_id, $2, legal_status, identified_on, born_on,
           description, digest from old
  returning part_id as id`

const CONFLICTS_BACK = `with old as (
    update cases.member_conflict c set superseded_at = greatest(clock_timestamp(), c.recorded_at)
    where c.person_key = $1 and c.superseded_at is null
      and exists (select 1 from cases.member_conflict p where p.id = c.id and p.person_key = $2)
    returning c.*
  )
  insert into cases.member_conflict (recorded_by, agency, recorded_at, id, subject, member_agency, kind,
      person_key, case_id, import_key)
    select recorded_by, agency, superseded_at, id, subject, member_agency, kind, $2, case_id,
           import_key from old`

/** Known as nobody else, and as the one who remains only since then. */
const PARTS_UNSORTED = `with old as (
    update cases.part_state s set superseded_at = greatest(clock_timestamp(), s.recorded_at)
    where s.person_key = $1 and s.superseded_at is null
      and not exists (select 1 from cases.part_state p where p.part_id = s.part_id
        and (p.person_key <> $1 or (p.person_key = $1 and p.recorded_at <= $3)))
    returning s.*
  )
  insert into cases.part_state (recorded_by, agency, recorded_at, part_id, person_key, legal_status,
      identified_on, born_on, description, digest, maybe_persons)
    select recorded_by, agency, superseded_at, part_id, null, legal_status, null, born_on,
           description, digest, array[$1, $2]::text[] from old
  returning part_id as id`

const CONFLICTS_OF_BOTH = `insert into cases.member_conflict (recorded_by, agency, recorded_at, subject,
      member_agency, kind, person_key, case_id)
    select recorded_by, agency, clock_timestamp(), subject, member_agency, kind, $2, case_id
    from cases.member_conflict c
    where c.person_key = $1 and c.superseded_at is null
      and not exists (select 1 from cases.member_conflict p where p.id = c.id and p.recorded_at <= $3)`
