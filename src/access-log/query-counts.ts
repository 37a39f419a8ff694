import type { Sql } from '../platform/database.js'
import { conditionsOf, DECISIONS_OF_SECTION, type LogFilter, Parameters } from './query-filter.js'
import { toldTo } from './shown-to-lead.js'

/** What entries may be counted by; days, weeks (from Monday) and months are those of UTC. */
export const LOG_GROUPINGS = [
  'CALLER_AGENCY',
  'CALLER',
  'ROLE',
  'PURPOSE',
  'OUTCOME',
  'WHAT',
  'SUPPLIER',
  'CASE',
  'DAY',
  'WEEK',
  'MONTH',
  'CLAUSE',
  'DECISION',
  'CATEGORY',
  'FIELD',
] as const
export type LogGrouping = (typeof LOG_GROUPINGS)[number]

export interface LogCountRow {
  readonly key: string | null
  readonly entries: number
  /** Values decided about. */
  readonly values: number
}

const KEYS: Readonly<Record<Exclude<LogGrouping, 'CATEGORY'>, string>> = {
  CALLER_AGENCY: 'e.caller_agency',
  CALLER: 'e.caller_subject',
  ROLE: 'r.role',
  PURPOSE: 'e.purpose',
  OUTCOME: 'e.outcome',
  WHAT: 'e.what',
  SUPPLIER: 'case when s.ordinal > 0 then s.agency end',
  CASE: 's.case_id',
  DAY: `to_char(e.at at time zone 'UTC', 'YYYY-MM-DD')`,
  WEEK: `to_char(date_trunc('week', e.at at time zone 'UTC'), 'YYYY-MM-DD')`,
  MONTH: `to_char(e.at at time zone 'UTC', 'YYYY-MM')`,
  CLAUSE: `d->>'clause'`,
  DECISION: `d->>'decision'`,
  FIELD: `d->>'coordinate'`,
}

/** Groups that are given; the largest come first. */
const groupsMax = 1_000

/**
 * Counts of entries and values, over what this reader may see and nothing else: another agency's
 * traffic moves none of them. `categoryOf` gives the category of each field that has one.
 */
export async function logCounts(
  sql: Sql,
  agency: string,
  of: {
    readonly filter: LogFilter
    readonly by: LogGrouping
    readonly categoryOf: ReadonlyMap<string, string>
  },
): Promise<readonly LogCountRow[]> {
  const parameters = new Parameters()
  const told = toldTo(parameters.add(agency))
  const { rows, decisions } = conditionsOf(of.filter, agency, parameters)
  const key = of.by === 'CATEGORY' ? 'c.category' : KEYS[of.by]
  const beside =
    of.by === 'CATEGORY'
      ? categoryJoin(of.categoryOf, parameters)
      : of.by === 'ROLE'
        ? 'left join lateral unnest(e.caller_roles) as r (role) on true'
        : ''
  const where = [told, ...rows]
  if (decisions.length > 0) where.push(`d is not null and ${decisions.join(' and ')}`)
  const found = await sql.query<{ key: string | null; entries: string; values: string }>(
    `select ${key} as key, count(distinct e.index) as entries, coalesce(sum((d->>'count')::bigint), 0) as values
     from access_log.section s
     join access_log.entry e on e.index = s.entry_index and e.month = s.month
     left join lateral ${DECISIONS_OF_SECTION} d on true
     ${beside}
     where ${where.join('\n       and ')}
     group by 1 order by 2 desc, 1 limit ${groupsMax}`,
    parameters.values,
  )
  return found.map((one) => ({
    key: one.key,
    entries: Number(one.entries),
    values: Number(one.values),
  }))
}

function categoryJoin(categoryOf: ReadonlyMap<string, string>, parameters: Parameters): string {
  const fields = parameters.add([...categoryOf.keys()])
  const categories = parameters.add([...categoryOf.values()])
  return `join unnest(${fields}::text[], ${categories}::text[]) as c (field, category) on c.field = d->>'coordinate'`
}
