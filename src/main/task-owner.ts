import { type TeamMember, teamsAt } from '../cases/tasks/read.js'
import type { Sql } from '../platform/database.js'
import { mayWrite } from '../sharing/may-write.js'
import type { Category, PartKind } from '../sharing/vocabulary.js'
import type { Hub } from './hub.js'

/** Who works in the cases today, by case. */
export async function teamsOf(
  sql: Sql,
  caseIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, readonly TeamMember[]>> {
  const teams = new Map<string, TeamMember[]>()
  for (const one of await teamsAt(sql, caseIds, now))
    teams.set(one.caseId, [...(teams.get(one.caseId) ?? []), one])
  return teams
}

export interface Owner {
  readonly agency: string
  readonly role: string
}

/**
 * Who is to see to it: whom the agreement lets write such a thing about such a part. Of these whoever is
 * allocated to the case; where nobody is, the first agency that has such a role. Null: nobody may.
 */
export function ownerOf(
  hub: Hub,
  of: {
    readonly act?: 'RECORD' | 'DECIDE_LINK'
    readonly category: Category
    readonly part: PartKind | null
  },
  team: readonly TeamMember[],
): Owner | null {
  const may = (agencyId: string, role: string): boolean => {
    const agency = hub.agencies.get(agencyId)
    return (
      agency !== undefined &&
      mayWrite(hub.agreement, { agency, roles: [role] }, { act: 'RECORD', ...of }).kind === 'MAY'
    )
  }
  const allocated = team.find((one) => may(one.agency, one.role))
  if (allocated) return { agency: allocated.agency, role: allocated.role }
  for (const agency of hub.agencies.keys())
    for (const { code } of hub.agreement.agreement.roles)
      if (may(agency, code)) return { agency, role: code }
  return null
}
