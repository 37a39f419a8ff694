import type { Sql } from '../../platform/database.js'
import type { PartKind, Side } from '../../sharing/vocabulary.js'
import type { CaseStage, LegalStatus } from '../graph/enums.js'

/** The unit's rows as they stand, or as they stood at an instant; one statement for any number of ids. */

interface Versioned {
  readonly version: string
  readonly recorded_by: string
  readonly agency: string
  readonly recorded_at: Date
}

export interface CaseRow extends Versioned {
  readonly id: string
  readonly reference: string
  readonly unit: string
  readonly stage: CaseStage
  readonly opened_on: string
  readonly closed_on: string | null
  readonly opened_by: string | null
  readonly restricted: boolean
}

export interface PartRow extends Versioned {
  readonly id: string
  readonly case_id: string
  readonly kind: PartKind
  readonly person_key: string | null
  readonly legal_status: LegalStatus | null
  readonly identified_on: string | null
  readonly born_on: string | null
  readonly description: DescriptionBody | null
}

export interface DescriptionBody {
  readonly names?: readonly string[] | undefined
  readonly handles?: readonly string[] | undefined
  readonly vehicles?: readonly string[] | undefined
  readonly appearance?: string | null | undefined
  readonly voice?: string | null | undefined
}

export interface ItemRow extends Versioned {
  readonly id: string
  readonly type: string
  readonly case_id: string
  readonly part_id: string | null
  readonly body: Readonly<Record<string, unknown>>
}

export interface AllocationRow {
  readonly id: string
  readonly version: string
  readonly case_id: string
  readonly subject: string
  readonly member_agency: string
  readonly role: string
  readonly side: Side
  readonly from_at: Date
  readonly to_at: Date | null
  readonly agency: string
  readonly recorded_at: Date
  readonly name: string | null
  readonly work_contact: string | null
}

/** Null: as it stands; else the instant (ms since 1970) at which it is looked at. */
export type AsOf = number | null

/** The version of `alias` that stands, or stood at the instant `$2`. */
const standing = (alias: string, asOf: AsOf): string =>
  asOf === null
    ? `${alias}.superseded_at is null`
    : `${alias}.recorded_at <= $2 and (${alias}.superseded_at is null or ${alias}.superseded_at > $2)`

const parametersOf = (ids: readonly string[], asOf: AsOf): unknown[] =>
  asOf === null ? [ids] : [ids, new Date(asOf)]

export function caseRows(sql: Sql, ids: readonly string[], asOf: AsOf): Promise<CaseRow[]> {
  return sql.query(
    `select f.id, f.reference, f.unit, s.version, s.stage, s.opened_on, s.closed_on, s.opened_by,
            s.restricted, s.recorded_by, s.agency, s.recorded_at
     from cases.case_file f join cases.case_state s on s.case_id = f.id
     where f.id = any($1::uuid[]) and ${standing('s', asOf)}`,
    parametersOf(ids, asOf),
  )
}

const PART = `select p.id, p.case_id, p.kind, s.version, s.person_key, s.legal_status, s.identified_on,
    s.born_on, s.description, s.recorded_by, s.agency, s.recorded_at
  from cases.part p join cases.part_state s on s.part_id = p.id`

export function partRowsOfCases(sql: Sql, ids: readonly string[], asOf: AsOf): Promise<PartRow[]> {
  return sql.query(
    `${PART} where p.case_id = any($1::uuid[]) and ${standing('s', asOf)} order by p.id`,
    parametersOf(ids, asOf),
  )
}

export function partRows(sql: Sql, ids: readonly string[], asOf: AsOf): Promise<PartRow[]> {
  return sql.query(
    `${PART} where p.id = any($1::uuid[]) and ${standing('s', asOf)}`,
    parametersOf(ids, asOf),
  )
}

export function partRowsOfPersons(sql: Sql, keys: readonly string[]): Promise<PartRow[]> {
  return sql.query(
    `${PART} where s.person_key = any($1::text[]) and s.superseded_at is null order by p.id`,
    [keys],
  )
}

const ITEM = `select i.id, i.version, i.type, i.case_id, i.part_id, i.body, i.recorded_by, i.agency,
    i.recorded_at
  from cases.item i`

/** Items of several types of several cases, newest first; ties by id. */
export function itemRowsOfCases(
  sql: Sql,
  of: { readonly cases: readonly string[]; readonly types: readonly string[] },
  asOf: AsOf,
): Promise<ItemRow[]> {
  return asOf === null
    ? sql.query(
        `${ITEM} where i.case_id = any($1::uuid[]) and i.type = any($2::text[])
         and i.superseded_at is null order by i.recorded_at desc, i.id`,
        [of.cases, of.types],
      )
    : sql.query(
        `${ITEM} where i.case_id = any($1::uuid[]) and i.type = any($3::text[])
         and ${standing('i', asOf)} order by i.recorded_at desc, i.id`,
        [of.cases, new Date(asOf), of.types],
      )
}

export function itemRows(sql: Sql, ids: readonly string[]): Promise<ItemRow[]> {
  return sql.query(`${ITEM} where i.id = any($1::uuid[]) and i.superseded_at is null`, [ids])
}

/** Items of one type that stand now and have not ended by themselves, over all cases; by id. */
export function standingItemRows(
  sql: Sql,
  of: { readonly type: string; readonly now: Date; readonly limit: number },
): Promise<ItemRow[]> {
  return sql.query(
    `${ITEM} where i.type = $1 and i.superseded_at is null
     and (i.body->>'until' is null or (i.body->>'until')::timestamptz > $2) order by i.id limit $3`,
    [of.type, of.now, of.limit],
  )
}

const ALLOCATION = `select a.id, a.version, a.case_id, a.subject, a.member_agency, a.role, a.side,
    a.from_at, a.to_at, a.agency, a.recorded_at, m.name, m.work_contact
  from cases.allocation a
  left join cases.member m on m.subject = a.subject and m.member_agency = a.member_agency
    and m.superseded_at is null`

/** Who is (or at the instant was) allocated; by id, so that the order tells nothing. */
export function allocationRowsOfCases(
  sql: Sql,
  ids: readonly string[],
  atMs: number,
): Promise<AllocationRow[]> {
  return sql.query(
    `${ALLOCATION} where a.case_id = any($1::uuid[]) and a.from_at <= $2
     and (a.to_at is null or a.to_at > $2) order by a.id`,
    [ids, new Date(atMs)],
  )
}

export function allocationRows(sql: Sql, ids: readonly string[]): Promise<AllocationRow[]> {
  return sql.query(`${ALLOCATION} where a.id = any($1::uuid[])`, [ids])
}
