import { agenciesOfTeam } from '../cases/store/emergencies.js'
import type { Reviewer } from '../cases/tasks/review.js'
import type { Sql } from '../platform/database.js'
import { mayWrite } from '../sharing/may-write.js'
import { conditionsOf, type Profile } from '../sharing/profile.js'
import type { Category, PartKind } from '../sharing/vocabulary.js'
import type { Hub } from './hub.js'

/**
 * Who must know at once of an access in an emergency: the agency whose staff it was, those that hold
 * records of the person, and those that work in the case. Where that is the caller's own alone, everybody:
 * nobody is watched by their own line only.
 */
export async function mustKnow(
  hub: Hub,
  tx: Sql,
  of: {
    readonly own: string
    readonly caseId: string
    readonly personKey: string | null
  },
): Promise<readonly string[]> {
  const holders = await tx.query<{ agency: string }>(
    'select distinct agency from matching.membership where person_key = $1',
    [of.personKey],
  )
  const team = await agenciesOfTeam(tx, of.caseId, hub.now())
  const known = new Set([of.own, ...holders.map((one) => one.agency), ...team])
  const told = [...hub.agencies.keys()].filter((id) => known.has(id))
  return told.length > 1 ? told : [...hub.agencies.keys()]
}

/** The roles at these agencies that the agreement lets review an access to such a part in an emergency. */
export function reviewersOf(
  hub: Hub,
  agencies: readonly string[],
  part: PartKind,
): readonly Reviewer[] {
  const review = { act: 'RECORD', category: 'LOG_RECORD', part } as const
  return agencies.flatMap((id) => {
    const agency = hub.agencies.get(id)
    if (agency === undefined) return []
    return hub.agreement.agreement.roles
      .filter(
        ({ code }) => mayWrite(hub.agreement, { agency, roles: [code] }, review).kind === 'MAY',
      )
      .map(({ code }) => ({ agency: id, role: code }))
  })
}

/** Categories of which some clause for this profile rests on a broken glass. */
export function emergencyCategories(hub: Hub, profile: Profile): readonly Category[] {
  const found = new Set<Category>()
  for (const cell of hub.contract.governance.cells)
    if (conditionsOf(profile, cell).some((one) => one.fact === 'BREAK_GLASS'))
      found.add(cell.category)
  return [...found].sort()
}
