import type { Sql } from '../../platform/database.js'
import type { Category } from '../../sharing/vocabulary.js'
import { allLogRows } from '../query.js'
import { ANYTHING, type LogAbout } from '../query-filter.js'
import { releasedIn } from '../shown-to-lead.js'

/**
 * How the disclosure officer is advised to list it: on the schedule of sensitive material or on the
 * other one (Code of Practice under CPIA 1996 s.23(1), paragraphs 6.2 and 6.12). A proposal: the
 * officer decides.
 */
export const SENSITIVITIES = ['NOT_SENSITIVE', 'SENSITIVE'] as const
export type Sensitivity = (typeof SENSITIVITIES)[number]

/** Kinds of data whose disclosure could endanger somebody, a source, or a relation of confidence. */
const SENSITIVE: ReadonlySet<string> = new Set<Category>([
  'CONTACT',
  'SAFE_CONTACT',
  'LOCATION',
  'IDENTIFIER',
  'NARRATIVE',
  'INTELLIGENCE',
  'INVESTIGATION',
  'RISK_ITEMS',
  'FORMULATION',
  'CLINICAL',
  'SERVICE_USE',
  'THERAPY_NOTES',
  'COUNSELLING',
  'ADVOCACY_NOTES',
  'SUPPORT_FACT',
  'SAFETY_PLAN',
  'IMPACT',
  'CHILD_CONCERN',
  'CONSENT_RECORD',
])

/** One line: what an agency supplied on one day. */
export interface ScheduleLine {
  readonly supplier: string
  /** Calendar day, UTC. */
  readonly releasedOn: string
  /** `Type.field (CATEGORY)`, sorted. */
  readonly description: readonly string[]
  readonly sensitivity: Sensitivity
}

/**
 * Everything ever released to an agency's staff for an investigation about a case or its people, oldest
 * first. A line a day and supplier; sensitive where any of it is. What was withheld from
 * the investigation is not in it.
 */
export async function courtSchedule(
  sql: Sql,
  agency: string,
  of: {
    readonly about: LogAbout
    readonly purposes: readonly string[]
    readonly categoryOf: ReadonlyMap<string, string>
  },
): Promise<readonly ScheduleLine[]> {
  const lines = new Map<string, { day: string; supplier: string; fields: Map<string, string> }>()
  const { about, purposes } = of
  const filter = { ...ANYTHING, about, purposes, callerAgency: agency }
  for await (const row of allLogRows(sql, agency, filter)) {
    for (const { coordinate } of releasedIn(row, agency)) {
      const category = of.categoryOf.get(coordinate)
      if (category === undefined || category === 'HOLDING' || row.agency === null) continue
      const day = row.at.toISOString().slice(0, 10)
      const key = [day, row.agency].join(' ')
      const line = lines.get(key) ?? { day, supplier: row.agency, fields: new Map() }
      line.fields.set(coordinate, category)
      lines.set(key, line)
    }
  }
  return [...lines]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { day, supplier, fields }]) => ({
      supplier,
      releasedOn: day,
      description: [...fields].map(([field, category]) => `${field} (${category})`).sort(),
      sensitivity: [...fields.values()].some((one) => SENSITIVE.has(one))
        ? 'SENSITIVE'
        : 'NOT_SENSITIVE',
    }))
}
