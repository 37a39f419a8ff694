import type { AgencyKind, World } from '../world.js'

/** Who is who: every source record of one person, for measuring how well records are matched. */
export interface TrueMatch {
  readonly personId: string
  readonly holdings: readonly { readonly agency: AgencyKind; readonly sourceId: string }[]
}

/** In order of the world's people; replaced and deleted records are theirs too. */
export function trueMatches(world: World): readonly TrueMatch[] {
  const byPerson = new Map<string, { readonly agency: AgencyKind; readonly sourceId: string }[]>()
  for (const { id } of world.people) byPerson.set(id, [])
  for (const { personId, agency, sourceId } of world.holdings)
    byPerson.get(personId)?.push({ agency, sourceId })
  return [...byPerson].map(([personId, holdings]) => ({ personId, holdings }))
}

/** The ids of people in any case. */
export function cohortOf(world: World): ReadonlySet<string> {
  return new Set(
    world.cases.flatMap(({ parts }) => parts.flatMap(({ personId }) => personId ?? [])),
  )
}

/** Victims, children, witnesses and secondary victims, also where alleged perpetrators elsewhere. */
export function protectedPeople(world: World): ReadonlySet<string> {
  return new Set(
    world.cases.flatMap(({ parts }) =>
      parts.flatMap(({ as, personId }) =>
        as === 'PERPETRATOR' || personId === null ? [] : [personId],
      ),
    ),
  )
}
