import type { Sql } from '../platform/database.js'
import { conditionsOf, DECISIONS_OF_SECTION, type LogFilter, Parameters } from './query-filter.js'
import { toldTo } from './shown-to-lead.js'

/** Where a page goes on: an entry's index and the section in it. Never leaves the hub unsealed. */
export interface LogPosition {
  readonly index: number
  readonly ordinal: number
}

/** A page of what a reader of the log looks for. */
export interface LogAsk {
  readonly filter: LogFilter
  readonly first: number
  /** The place to go on after; null at the beginning. */
  readonly after: LogPosition | null
  readonly order?: 'NEWEST_FIRST' | 'OLDEST_FIRST'
}

/** One section with its entry's head, as one reader's agency may see it. */
export interface LogRow {
  readonly index: number
  readonly ordinal: number
  readonly entry_id: string
  readonly at: Date
  readonly request: string
  readonly what: string
  readonly operation: string
  readonly outcome: string
  readonly code: string | null
  readonly caller_subject: string
  readonly caller_agency: string
  readonly caller_roles: string[]
  readonly client: string | null
  readonly on_behalf_of: string | null
  readonly purpose: string | null
  readonly agreement: string | null
  readonly agency: string | null
  readonly person: string | null
  readonly case_id: string | null
  readonly content: string | null
  readonly justification: Buffer | null
}

/**
 * Sections of the reader's own data or own staff; one more than `first` where there is more. The filter
 * stands in the query: what another agency's lead may see costs and tells nothing here.
 */
export async function logRows(sql: Sql, agency: string, ask: LogAsk): Promise<readonly LogRow[]> {
  const parameters = new Parameters()
  const { rows, decisions } = conditionsOf(ask.filter, agency, parameters)
  const isNewest = ask.order !== 'OLDEST_FIRST'
  const where = [toldTo(parameters.add(agency)), ...rows]
  if (decisions.length > 0)
    where.push(`exists (select 1 from ${DECISIONS_OF_SECTION} d where ${decisions.join(' and ')})`)
  if (ask.after !== null)
    where.push(
      `(s.entry_index, s.ordinal) ${isNewest ? '<' : '>'} (${parameters.add(ask.after.index)}::bigint, ${parameters.add(ask.after.ordinal)}::int)`,
    )
  const order = isNewest ? 'desc' : 'asc'
  return sql.query<LogRow>(
    `select e.index, s.ordinal, e.entry_id, e.at, e.request, e.what, e.operation, e.outcome, e.code, e.caller_subject,
            e.caller_agency, e.caller_roles, e.client, e.on_behalf_of, e.purpose, e.agreement, s.agency, s.person,
            s.case_id, case when s.ordinal > 0 then s.content end as content, j.sealed as justification
     from access_log.section s
     join access_log.entry e on e.index = s.entry_index and e.month = s.month
     left join access_log.justification j on j.entry_index = e.index
     where ${where.join('\n       and ')}
     order by s.entry_index ${order}, s.ordinal ${order}
     limit ${parameters.add(ask.first + 1)}`,
    parameters.values,
  )
}

const pageRows = 500

/** All rows that fit, oldest first, a page at a time; each page is one statement. */
export async function* allLogRows(
  sql: Sql,
  agency: string,
  filter: LogFilter,
): AsyncGenerator<LogRow> {
  for (let after: LogPosition | null = null; ; ) {
    const ask: LogAsk = { filter, first: pageRows, after, order: 'OLDEST_FIRST' }
    const rows: readonly LogRow[] = await logRows(sql, agency, ask)
    yield* rows.slice(0, pageRows)
    const last = rows[pageRows - 1]
    if (rows.length <= pageRows || last === undefined) return
    after = { index: last.index, ordinal: last.ordinal }
  }
}
