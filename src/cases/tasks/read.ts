import type { Sql } from '../../platform/database.js'
import type { PartKind } from '../../sharing/vocabulary.js'

/** What checks of open cases look at: parts, who works there today, and items that fall due. */
export interface CheckedPart {
  readonly partId: string
  readonly caseId: string
  readonly kind: PartKind
  readonly personKey: string | null
}
export interface TeamMember {
  readonly caseId: string
  readonly agency: string
  readonly role: string
}
export interface DueItem {
  readonly id: string
  readonly type: string
  readonly caseId: string
  readonly partId: string | null
  readonly partKind: PartKind | null
  /** The agency of whoever wrote it. */
  readonly agency: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Ids of cases, closed ones included, in the order of their random ids. */
export async function caseIdsAfter(
  sql: Sql,
  after: string | null,
  limit: number,
): Promise<readonly string[]> {
  const rows = await sql.query<{ id: string }>(
    'select id from cases.case_file where $1::uuid is null or id > $1 order by id limit $2',
    [after, limit],
  )
  return rows.map((row) => row.id)
}

/** The parts of those of the cases that are open. */
export async function openParts(
  sql: Sql,
  caseIds: readonly string[],
): Promise<readonly CheckedPart[]> {
  return sql.query<CheckedPart>(
    `select part_id as "partId", case_id as "caseId", kind, person_key as "personKey"
     from cases.current_part where is_open and case_id = any($1::uuid[])`,
    [caseIds],
  )
}

/** The parts of those of the cases that are open which are one of two people, and nobody has said which. */
export async function unsortedParts(
  sql: Sql,
  caseIds: readonly string[],
): Promise<readonly CheckedPart[]> {
  return sql.query<CheckedPart>(
    `select part_id as "partId", case_id as "caseId", kind, null as "personKey"
     from cases.unsorted_part where is_open and case_id = any($1::uuid[])`,
    [caseIds],
  )
}

/** Who is allocated to the cases at an instant. */
export async function teamsAt(
  sql: Sql,
  caseIds: readonly string[],
  at: Date,
): Promise<readonly TeamMember[]> {
  return sql.query<TeamMember>(
    `select distinct case_id as "caseId", member_agency as agency, role from cases.allocation
     where case_id = any($1::uuid[]) and from_at <= $2 and (to_at is null or to_at > $2)
     order by 1, 2, 3`,
    [caseIds, at],
  )
}

/** Current items of one type in those of the cases that are open. */
export async function currentItems(
  sql: Sql,
  caseIds: readonly string[],
  type: string,
): Promise<readonly DueItem[]> {
  return sql.query<DueItem>(
    `select i.id, i.type, i.case_id as "caseId", i.part_id as "partId", p.kind as "partKind", i.agency, i.body
     from cases.item i
     join cases.case_state c on c.case_id = i.case_id and c.superseded_at is null and c.stage <> 'CLOSED'
     left join cases.part p on p.id = i.part_id
     where i.case_id = any($1::uuid[]) and i.type = $2 and i.superseded_at is null`,
    [caseIds, type],
  )
}
