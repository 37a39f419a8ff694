import type { AgencyKind, Holding, TruePerson, World } from '../world.js'
import { isNhsNumber, nhsNumberOf } from './identifiers.js'
import { inward } from './places.js'

/** A planted string, whose it is, and where it stands: `police/NOM0000101/addresses/0/lines`. */
export interface Marker {
  readonly marker: string
  /** Of a place in which several live, the first of them in the world's order. */
  readonly personId: string
  /** Where it stands; `truth/…` is in no agency's record. */
  readonly field: string
  /** In truth nobody protected lives there any more (an old home, perhaps still the perpetrator's). */
  readonly former?: boolean
}
export interface Planted {
  readonly world: World
  readonly markers: readonly Marker[]
}

/** An invented postcode in a district that the population does not use; each number gives another. */
export function plantedPostcode(n: number): string {
  return `CH${80 + (Math.floor(n / 4_000) % 20)} ${inward(n % 4_000)}`
}

/** NHS numbers that nobody in this world has, from the end of the range that is never issued. */
export function unusedNhsNumbers(world: World): () => string {
  const used = new Set(world.people.map(({ nhsNumber }) => nhsNumber))
  for (const { nhsNumber, supersededNhsNumbers } of world.holdings) {
    for (const number of [nhsNumber, ...supersededNhsNumbers])
      if (number !== null && isNhsNumber(number)) used.add(number)
  }
  let serial = 999_999
  return () => {
    for (; serial >= 0; serial--) {
      const number = nhsNumberOf(serial)
      if (number === null || used.has(number)) continue
      used.add(number)
      return number
    }
    throw new RangeError('no made-up NHS number is left')
  }
}

/** Source records in force, by person: neither replaced nor deleted. */
export function currentHoldings(world: World): ReadonlyMap<string, readonly Holding[]> {
  const current = new Map<string, Holding[]>()
  for (const holding of world.holdings) {
    if (holding.deleted || holding.replacedBy !== null) continue
    const of = current.get(holding.personId)
    if (of === undefined) current.set(holding.personId, [holding])
    else of.push(holding)
  }
  return current
}

/** A source record that says nothing but whose it is. */
export function bareHolding(of: {
  readonly agency: AgencyKind
  readonly sourceId: string
  readonly person: TruePerson
  readonly recordedAt: string
}): Holding {
  const { agency, sourceId, person, recordedAt } = of
  return {
    agency,
    sourceId,
    recordedAt,
    personId: person.id,
    names: person.names,
    bornOn: person.bornOn,
    sex: person.sex,
    addresses: person.addresses,
    phones: person.phones,
    emails: person.emails,
    workplace: person.workplace,
    vehicle: person.vehicle,
    gpPractice: person.gpPractice,
    nhsNumber: agency === 'nhs' ? person.nhsNumber : null,
    supersededNhsNumbers: [],
    pncId: null,
    nhsFlag: agency === 'nhs' ? 'U' : null,
    warnings: [],
    replacedBy: null,
    deleted: false,
    language: null,
    safeContact: null,
    note: null,
  }
}
