import type { Sql } from '../../platform/database.js'
import type { ValueMarks } from '../../sharing/fact-source.js'
import type { UnitEvent } from '../graph/case.js'
import type { UNIT_EVENT_KINDS } from '../graph/enums.js'
import { caseSubject, unitMarks } from '../subject.js'

/** One thing the unit itself did, as the chronology indexes it. */
export interface UnitEventIndex {
  /** Of the row that it comes from: random. */
  readonly id: string
  readonly caseId: string
  /** PartialDate. */
  readonly at: string
  readonly what: (typeof UNIT_EVENT_KINDS)[number]
  /** The agency of the member who recorded it. */
  readonly agency: string
  readonly marks: ValueMarks
}

interface EventRow {
  readonly id: string
  readonly case_id: string
  readonly at: string
  readonly what: UnitEventIndex['what']
  readonly agency: string
  readonly recorded_at: Date
  readonly detail: string | null
}

/** Stages, allocations, decisions and meetings; `$1` are ids of cases or of events. */
const eventsWhere = (column: {
  readonly state: string
  readonly allocation: string
  readonly item: string
}) => `
  select version as id, case_id, to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD') as at, 'STAGE' as what, agency, recorded_at,
         stage as detail
    from cases.case_state where ${column.state} = any($1::uuid[])
  union all
  select id, case_id, to_char(from_at at time zone 'UTC', 'YYYY-MM-DD'), 'ALLOCATION', agency, recorded_at, role
    from cases.allocation where ${column.allocation} = any($1::uuid[])
  union all
  select id, case_id, coalesce(body->>'decidedOn', body->>'heldOn'), type, agency, recorded_at, null
    from cases.item where ${column.item} = any($1::uuid[]) and type in ('DECISION', 'MEETING')
      and superseded_at is null`

const OF_CASES = eventsWhere({ state: 'case_id', allocation: 'case_id', item: 'case_id' })
const BY_ID = eventsWhere({ state: 'version', allocation: 'id', item: 'id' })

/** What the unit did in these cases, for the chronology; one statement, in no order. */
export async function unitEvents(
  sql: Sql,
  caseIds: readonly string[],
): Promise<readonly UnitEventIndex[]> {
  const rows = await sql.query<EventRow>(OF_CASES, [caseIds])
  return rows.map((row) => ({
    id: row.id,
    caseId: row.case_id,
    at: row.at,
    what: row.what,
    agency: row.agency,
    marks: marksOf(row),
  }))
}

const marksOf = (row: EventRow): ValueMarks =>
  unitMarks({ agency: row.agency, recordedAt: row.recorded_at, itemId: row.id })

/** The same events as objects of the graph, by id. */
export async function unitEventsById(
  sql: Sql,
  ids: readonly string[],
): Promise<readonly (UnitEvent & { readonly caseId: string })[]> {
  const rows = await sql.query<EventRow>(BY_ID, [ids])
  return rows.map((row) => ({
    id: row.id,
    caseId: row.case_id,
    what: row.what,
    summary: { value: summaryOf(row), present: true },
    subject: caseSubject(row.case_id, marksOf(row)),
  }))
}

function summaryOf({ what, detail }: EventRow): string {
  switch (what) {
    case 'STAGE':
      return `stage ${detail}`
    case 'ALLOCATION':
      return `allocated as ${detail}`
    case 'DECISION':
      return 'the unit decided'
    case 'MEETING':
      return 'the unit met'
  }
}
