import { SAMPLE_AGENCIES } from '../agencies.js'
import type { AgencyKind, Holding, TrueCase, TrueEvent, TruePerson, World } from '../world.js'
import type { RecordRef } from './documents.js'

/** The world, looked up: everything a case needs of it is one step away, whatever the world's size. */
export interface Ledger {
  readonly world: World
  person(id: string): TruePerson
  /** Records that the agencies hold now and would hand over; in the world's order. */
  holdings(personId: string): readonly Holding[]
  /** In order of time, without what the hub does not take in. */
  events(reference: string): readonly TrueEvent[]
  /** Whose record it is. */
  ownerOf(agency: AgencyKind, sourceId: string): string | null
}

export function ledgerOf(world: World): Ledger {
  const people = new Map(world.people.map((one) => [one.id, one]))
  const owners = new Map(
    world.holdings.map((one) => [`${one.agency}/${one.sourceId}`, one.personId]),
  )
  const holdings = grouped(world.holdings.filter(isListed), ({ personId }) => personId)
  const events = grouped(world.events.filter(isTaken), (one) => one.case)
  for (const list of events.values()) list.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return {
    world,
    person: (id) => {
      const found = people.get(id)
      if (found === undefined) throw new RangeError(`nobody in the world is ${id}`)
      return found
    },
    holdings: (personId) => holdings.get(personId) ?? [],
    events: (reference) => events.get(reference) ?? [],
    ownerOf: (agency, sourceId) => owners.get(`${agency}/${sourceId}`) ?? null,
  }
}

function grouped<T>(all: readonly T[], by: (one: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = by(one)
    if (key === null) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}

/** A unit does not write into its cases what is marked above its own paper, or is not its business. */
const isTaken = (one: Pick<TrueEvent, 'notTaken' | 'protectiveMarking' | 'intelligenceSource'>) =>
  one.notTaken === undefined &&
  one.intelligenceSource === undefined &&
  one.protectiveMarking !== 'SECRET' &&
  one.protectiveMarking !== 'TOP SECRET'

const isListed = (one: Holding) => isTaken(one) && one.replacedBy === null && !one.deleted

/** How each agency's adapter calls its records of people. */
const RECORD_TYPES: Readonly<Record<AgencyKind, string>> = {
  police: 'NOMINAL',
  nhs: 'Patient',
  charity: 'client',
}

export const recordRef = ({
  agency,
  sourceId,
}: Pick<Holding, 'agency' | 'sourceId'>): RecordRef => ({
  agency: SAMPLE_AGENCIES[agency].id,
  type: RECORD_TYPES[agency],
  id: sourceId,
})

/** Those whose whereabouts are kept from a perpetrator's side. */
export const isProtected = ({ as }: TrueCase['parts'][number]): boolean => as !== 'PERPETRATOR'
