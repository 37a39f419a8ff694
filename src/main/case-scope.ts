import type { CaseScope } from '../cases/context.js'
import type { Profile } from '../sharing/profile.js'
import type { PartKind, Tri } from '../sharing/vocabulary.js'
import type { Hub } from './hub.js'

const scopes = new WeakMap<Profile, CaseScope>()

/**
 * Which cases a list may look through at all for this profile: found by deciding about a made-up case
 * in which everything holds but being allocated and having referred. The decision on each real case
 * comes after; this only keeps the query from walking the whole caseload.
 */
export function caseScopeOf(hub: Hub, profile: Profile): CaseScope {
  const known = scopes.get(profile)
  if (known) return known
  const isOpenWith = (allocated: Tri, referred: Tri): boolean => {
    const fact = (condition: { readonly fact: string }): Tri =>
      condition.fact === 'ALLOCATED' ? allocated : condition.fact === 'REFERRED' ? referred : 'TRUE'
    const standings = (
      [
        null,
        'VICTIM',
        'PERPETRATOR',
        'CHILD',
        'WITNESS',
        'SECONDARY_VICTIM',
      ] as readonly (PartKind | null)[]
    ).map((part) => ({ caseId: 'any', part, fact }))
    return hub.contract.governance.existenceCells('Case').some((index) => {
      const cell = hub.contract.governance.cells[index]
      return (
        cell !== undefined &&
        hub.agreement.agencies.some(
          (supplier) =>
            hub.decide(profile, cell, { supplier: supplier.id, unit: true, standings, barring: [] })
              .kind !== 'WITHHOLD',
        )
      )
    })
  }
  const scope: CaseScope = {
    whole: isOpenWith('FALSE', 'FALSE'),
    allocated: isOpenWith('TRUE', 'FALSE'),
    referred: isOpenWith('FALSE', 'TRUE'),
  }
  scopes.set(profile, scope)
  return scope
}
