import type { Sql } from '../platform/database.js'
import { DECISIONS_OF_SECTION } from './query-filter.js'

/** What the whole log may be counted by: nothing that names a person, a case or a member of staff. */
export const LOG_STATISTICS = [
  'CALLER_AGENCY',
  'ROLE',
  'PURPOSE',
  'OUTCOME',
  'WHAT',
  'SUPPLIER',
  'CLAUSE',
  'DECISION',
  'CATEGORY',
  'MONTH',
] as const
export type LogStatistic = (typeof LOG_STATISTICS)[number]

export interface LogStatisticRow {
  readonly key: string
  readonly entries: number
  /** Null where it is not counted by decisions. */
  readonly values: number | null
}

/** Groups with fewer entries are not there at all. */
const entriesMin = 5
/** Groups that are given. */
const groupsMax = 200

interface Grouping {
  readonly key: string
  readonly join: string
}

const DECISIONS = `join access_log.section s on s.entry_index = e.index and s.month = e.month
  join lateral ${DECISIONS_OF_SECTION} d on true`
const SUPPLIERS = `join access_log.section s on s.entry_index = e.index and s.month = e.month and s.ordinal > 0`

const GROUPINGS: Readonly<Record<LogStatistic, Grouping>> = {
  CALLER_AGENCY: { key: 'e.caller_agency', join: '' },
  ROLE: { key: 'r.role', join: 'cross join lateral unnest(e.caller_roles) as r (role)' },
  PURPOSE: { key: 'e.purpose', join: '' },
  OUTCOME: { key: 'e.outcome', join: '' },
  WHAT: { key: 'e.what', join: '' },
  SUPPLIER: { key: 's.agency', join: SUPPLIERS },
  CLAUSE: { key: `d->>'clause'`, join: DECISIONS },
  DECISION: { key: `d->>'decision'`, join: DECISIONS },
  CATEGORY: {
    key: 'c.category',
    join: `${DECISIONS}
      join unnest($3::text[], $4::text[]) as c (field, category) on c.field = d->>'coordinate'`,
  },
  MONTH: { key: 'e.month::text', join: '' },
}

/**
 * How often what was done in some whole months (`202611`, both included), over all agencies. For numbers
 * that leave in bands: a group too small for the first is missing, and they come in the order of their keys.
 */
export async function logStatistics(
  sql: Sql,
  of: {
    readonly by: LogStatistic
    readonly fromMonth: number
    readonly toMonth: number
    readonly categoryOf: ReadonlyMap<string, string>
  },
): Promise<readonly LogStatisticRow[]> {
  const { key, join } = GROUPINGS[of.by]
  const hasValues = join.startsWith(DECISIONS)
  const rows = await sql.query<{ key: string; entries: string; values: string | null }>(
    `select ${key} as key, count(distinct e.index) as entries,
       ${hasValues ? `sum((d->>'count')::bigint)` : 'null'} as values
     from access_log.entry e ${join}
     where e.month between $1 and $2 and ${key} is not null
     group by 1 having count(distinct e.index) >= ${entriesMin}
     order by 1 limit ${groupsMax}`,
    of.by === 'CATEGORY'
      ? [of.fromMonth, of.toMonth, [...of.categoryOf.keys()], [...of.categoryOf.values()]]
      : [of.fromMonth, of.toMonth],
  )
  return rows.map((one) => ({
    key: one.key,
    entries: Number(one.entries),
    values: one.values === null ? null : Number(one.values),
  }))
}
