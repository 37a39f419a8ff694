import type { Holding, TrueCase, TruePerson, TruePlace, World } from '../world.js'
import { NO_FIXED_ABODE, placeKey } from './places.js'
import { type Marker, plantedPostcode } from './plant.js'
import { protectedPeople } from './truth.js'

/** Where protected people are to be found, and the strings that stand for it. */

/** What is shared while one world is planted. */
export interface Ground {
  readonly markers: Marker[]
  readonly numbers: ReadonlyMap<string, string>
  /** Where protected people are, by place: whose it is, and what stands there instead. */
  readonly places: Map<
    string,
    {
      readonly owner: string
      readonly name: string
      readonly postcode: string | null
      readonly former: boolean
    }
  >
  readonly cases: ReadonlyMap<string, TrueCase>
  /** Cases by person, for texts in the person's own record. */
  readonly casesOf: ReadonlyMap<string, readonly TrueCase[]>
  readonly personOf: ReadonlyMap<string, string>
  readonly counts: Map<string, number>
}

export function groundOf(world: World): Ground {
  const protectedIds = protectedPeople(world)
  const numbers = new Map([...protectedIds].map((id, i) => [id, String(i + 1).padStart(4, '0')]))
  const casesOf = new Map<string, TrueCase[]>()
  for (const one of world.cases) {
    for (const { personId } of one.parts)
      if (personId !== null) casesOf.set(personId, [...(casesOf.get(personId) ?? []), one])
  }
  const ground: Ground = {
    markers: [],
    numbers,
    places: new Map(),
    counts: new Map(),
    casesOf,
    cases: new Map(world.cases.map((one) => [one.reference, one])),
    personOf: new Map(
      world.holdings.map(({ agency, sourceId, personId }) => [`${agency}/${sourceId}`, personId]),
    ),
  }
  for (const person of world.people)
    if (protectedIds.has(person.id)) settlePlaces(ground, person.id, person)
  for (const holding of world.holdings)
    if (protectedIds.has(holding.personId))
      settlePlaces(ground, holding.personId, unsettled(ground, holding))
  return ground
}

/** What a record says beyond the truth; whether somebody still lives in a place, the truth decides. */
function unsettled(ground: Ground, holding: Holding): Pick<Holding, 'addresses' | 'workplace'> {
  const isNew = (place: TruePlace) => !ground.places.has(placeKey(place))
  const { addresses, workplace } = holding
  return {
    addresses: addresses.filter(isNew),
    workplace: workplace !== null && isNew(workplace) ? workplace : null,
  }
}

/** Gives each place of a protected person the string that will stand for it everywhere. */
function settlePlaces(
  ground: Ground,
  owner: string,
  of: Pick<TruePerson, 'addresses' | 'workplace'> & { readonly school?: TruePlace | null },
): void {
  for (const address of of.addresses)
    settle(ground, {
      owner,
      place: address,
      former: address.to !== null,
      what: address.kind === 'REFUGE' ? 'REFUGE' : 'ADDRESS',
    })
  if (of.workplace) settle(ground, { owner, place: of.workplace, what: 'WORKPLACE' })
  if (of.school) settle(ground, { owner, place: of.school, what: 'SCHOOL' })
}

export function settle(
  ground: Ground,
  of: {
    readonly owner: string
    readonly place: TruePlace
    readonly what: string
    /** The owner has left it. */
    readonly former?: boolean
  },
): void {
  const key = placeKey(of.place)
  const former = of.former ?? false
  const known = ground.places.get(key)
  if (known !== undefined) ground.places.set(key, { ...known, former: known.former && former })
  if (known !== undefined || of.place.postcode === NO_FIXED_ABODE.postcode) return
  ground.places.set(key, {
    owner: of.owner,
    former,
    name: mint(ground, of.owner, of.what),
    postcode: of.place.postcode === null ? null : plantedPostcode(ground.places.size),
  })
}

export function mint(ground: Ground, personId: string, what: string): string {
  const key = `${ground.numbers.get(personId) ?? '0000'}-${what}`
  const n = (ground.counts.get(key) ?? 0) + 1
  ground.counts.set(key, n)
  return n === 1 ? `WHEREABOUTS-${key}` : `WHEREABOUTS-${key}-${n}`
}

/** The place as planted; unchanged where no protected person is to be found there. */
export function plantPlace<P extends TruePlace | null>(
  ground: Ground,
  place: P,
  field: string,
): P | (P & TruePlace) {
  if (place === null) return place
  const settled = ground.places.get(placeKey(place))
  if (settled === undefined) return place
  const { name, postcode, owner: personId } = settled
  const former = settled.former ? { former: true } : {}
  ground.markers.push({ marker: name, personId, field: `${field}/lines`, ...former })
  if (postcode !== null)
    ground.markers.push({ marker: postcode, personId, field: `${field}/postcode`, ...former })
  return {
    ...place,
    lines: [settled.name, ...place.lines.slice(1).map(() => settled.name)],
    postcode: settled.postcode,
  }
}

/** One string per value: an address, registration or code keeps its string in all records of the person. */
export function stands(
  ground: Ground,
  of: {
    readonly owner: string
    readonly what: string
    readonly value: string
    readonly field: string
    readonly form?: (marker: string) => string
  },
): string {
  const key = `${of.what}|${of.owner}|${of.value}`
  const known = ground.places.get(key)
  const name = known?.name ?? (of.form ?? String)(mint(ground, of.owner, of.what))
  if (known === undefined)
    ground.places.set(key, { owner: of.owner, name, postcode: null, former: false })
  ground.markers.push({ marker: name, personId: of.owner, field: of.field })
  return name
}
