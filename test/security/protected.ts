import type { Marker } from '../../samples/population/index.js'
import type { TrueCase, World } from '../../samples/world.js'

/** An allocation as the caseload's lines say it. */
interface Allocated {
  readonly subject: string
  readonly side: string
  readonly to?: string | null
}
export interface CaseLine {
  readonly kind: string
  readonly reference: string
  readonly allocations?: readonly Allocated[]
  readonly parts: readonly {
    readonly key: string
    readonly as: string
    readonly records?: readonly { readonly agency: string; readonly id: string }[]
  }[]
}

/** Cases of a caseload's lines. */
export function caseLines(lines: Iterable<string>): readonly CaseLine[] {
  return [...lines].map((line) => JSON.parse(line) as CaseLine).filter((one) => one.kind === 'case')
}

/** People with parts in a case, by what they are in it. */
const personsAs = (of: TrueCase, isWanted: (as: string) => boolean): string[] =>
  of.parts.flatMap(({ as, personId }) => (personId !== null && isWanted(as) ? [personId] : []))

/** Perpetrators to whose side somebody is allocated today. */
export function servedBy(
  world: World,
  cases: readonly CaseLine[],
  subject: string,
): ReadonlySet<string> {
  const mine = new Set(
    cases
      .filter((one) =>
        one.allocations?.some(
          (two) =>
            two.subject === subject &&
            (two.side === 'PERPETRATOR' || two.side === 'BOTH') &&
            (two.to === undefined || two.to === null),
        ),
      )
      .map(({ reference }) => reference),
  )
  return new Set(
    world.cases
      .filter(({ reference }) => mine.has(reference))
      .flatMap((one) => personsAs(one, (as) => as === 'PERPETRATOR')),
  )
}

/**
 * Protected persons towards whom somebody is on the perpetrator's side, read from the truth and not from
 * the hub: everybody who is victim, child, witness or secondary victim in an open case, and whom any case
 * links to a perpetrator whom that somebody serves.
 */
export function guardedFrom(
  world: World,
  cases: readonly CaseLine[],
  subject: string,
): ReadonlySet<string> {
  const served = servedBy(world, cases, subject)
  const isProtected = (as: string) => as !== 'PERPETRATOR'
  const openly = new Set(
    world.cases
      .filter(({ closedOn }) => closedOn === null)
      .flatMap((one) => personsAs(one, isProtected)),
  )
  return new Set(
    world.cases
      .filter((one) => personsAs(one, (as) => as === 'PERPETRATOR').some((id) => served.has(id)))
      .flatMap((one) => personsAs(one, isProtected))
      .filter((id) => openly.has(id)),
  )
}

/**
 * Strings that must never reach that somebody. A home that every one of them has left, and in which the
 * perpetrator still lives, is his own known place: a string of it counts unless it stands in his record.
 */
export function forbiddenMarkers(
  world: World,
  markers: readonly Marker[],
  of: { readonly guarded: ReadonlySet<string>; readonly served: ReadonlySet<string> },
): ReadonlySet<string> {
  const homes = world.people
    .filter(({ id }) => of.guarded.has(id))
    .flatMap(({ addresses }) => addresses)
  const isLeft = (marker: string): boolean => {
    const here = homes.filter((one) => one.lines.includes(marker) || one.postcode === marker)
    return here.length > 0 && here.every(({ to }) => to !== null)
  }
  const ownRecords = new Set(
    world.holdings
      .filter(({ personId }) => of.served.has(personId))
      .map(({ agency, sourceId }) => `${agency}/${sourceId}`),
  )
  const recordOf = (field: string): string => field.split('/').slice(0, 2).join('/')
  const known = new Set(
    markers
      .filter((one) => ownRecords.has(recordOf(one.field)) && isLeft(one.marker))
      .map(({ marker }) => marker),
  )
  return new Set(
    markers
      .filter(({ personId, marker }) => of.guarded.has(personId) && !known.has(marker))
      .map(({ marker }) => marker),
  )
}
