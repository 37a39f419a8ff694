import type { Sql } from '../../platform/database.js'
import { allLogRows } from '../query.js'
import { ANYTHING, type LogAbout } from '../query-filter.js'
import { releasedIn } from '../shown-to-lead.js'

/** Access in an emergency, as the room that holds the cases keeps it. Times are instants, ISO 8601. */
export interface Emergency {
  readonly id: string
  readonly version: string
  readonly partId: string
  readonly caseId: string
  readonly subjectId: string
  readonly subjectAgency: string
  readonly categories: readonly string[]
  readonly reason: string
  readonly from: string
  readonly until: string
  readonly reviewDue: string
  readonly outcome: string | null
  readonly reviewedBy: string | null
  readonly reviewedAt: string | null
  readonly reviewNote: string | null
  readonly about: LogAbout
}

/** An emergency with what was seen by it of what this agency's lead may know. */
export interface EmergencySeen extends Emergency {
  readonly requests: readonly string[]
  readonly fields: readonly string[]
}

/**
 * Those that concern an agency: broken by its own staff, or by which its data were released. `clauses`
 * are those that rest on an emergency.
 */
export async function emergenciesOf(
  sql: Sql,
  agency: string,
  of: { readonly emergencies: readonly Emergency[]; readonly clauses: ReadonlySet<string> },
): Promise<readonly EmergencySeen[]> {
  const found: EmergencySeen[] = []
  for (const one of of.emergencies) {
    const requests = new Set<string>()
    const fields = new Set<string>()
    const filter = {
      ...ANYTHING,
      about: one.about,
      caller: one.subjectId,
      callerAgency: one.subjectAgency,
      from: one.from,
      to: one.until,
    }
    for await (const row of allLogRows(sql, agency, filter))
      for (const { coordinate, clause, clauses } of releasedIn(row, agency)) {
        const named = [clause, ...(clauses ?? [])]
        if (!named.some((one) => one !== null && of.clauses.has(one))) continue
        requests.add(row.request)
        fields.add(coordinate)
      }
    if (one.subjectAgency === agency || requests.size > 0)
      found.push({ ...one, requests: [...requests], fields: [...fields].sort() })
  }
  return found
}
