import type { AgencyKind, Holding, TrueEvent, TruePerson, World } from '../world.js'
import { addDays, instantOn } from './dates.js'
import { asAddress } from './places.js'
import {
  bareHolding,
  type Marker,
  type Planted,
  plantedPostcode,
  unusedNhsNumbers,
} from './plant.js'

const AGENCIES = ['police', 'nhs', 'charity'] as const
/** Clear of the postcodes that `plantMarkers` deals. */
const FIRST_POSTCODE = 60_000

/**
 * Adds people in no case, held by all three agencies under names found nowhere else (`OUTSIDER-0001-…`),
 * each with an event at each agency. They are like nobody in a case, so none may be found in the hub.
 */
export function plantOutsiders(world: World, n: number): Planted {
  const nhsNumber = unusedNhsNumbers(world)
  const people: TruePerson[] = []
  const holdings: Holding[] = []
  const events: TrueEvent[] = []
  const markers: Marker[] = []
  for (let i = 1; i <= n; i++) {
    const person = outsider({ i, asOf: world.asOf, nhsNumber: nhsNumber() })
    people.push(person)
    markers.push(...markersOf(person))
    for (const agency of AGENCIES) {
      const sourceId = `OUTSIDER-${String(i).padStart(4, '0')}-${agency.toUpperCase()}`
      const day = addDays(world.asOf, -(i % 300) - 10)
      holdings.push({
        ...bareHolding({ agency, sourceId, person, recordedAt: instantOn(day, 600) }),
        note: `OUTSIDER-${String(i).padStart(4, '0')}-NOTE`,
      })
      events.push(eventOf({ agency, sourceId, day, i }))
      for (const [marker, field] of [
        [sourceId, 'sourceId'],
        [`OUTSIDER-${String(i).padStart(4, '0')}-NOTE`, 'note'],
        [`OUTSIDER-${String(i).padStart(4, '0')}-EVENT`, 'text'],
      ] as const) {
        markers.push({ marker, personId: person.id, field: `${agency}/${sourceId}/${field}` })
      }
    }
  }
  return {
    world: {
      ...world,
      people: [...world.people, ...people],
      holdings: [...world.holdings, ...holdings],
      events: [...world.events, ...events],
    },
    markers,
  }
}

function outsider(of: {
  readonly i: number
  readonly asOf: string
  readonly nhsNumber: string
}): TruePerson {
  const tag = `OUTSIDER-${String(of.i).padStart(4, '0')}`
  const home = {
    lines: [`${tag}-STREET`, `${tag}-TOWN`],
    postcode: plantedPostcode(FIRST_POSTCODE + of.i),
  }
  return {
    id: `outsider-${of.i}`,
    sex: of.i % 2 === 0 ? 'female' : 'male',
    bornOn: addDays('1931-01-02', of.i * 3),
    diedOn: null,
    names: [{ given: [`${tag}-GIVEN`], family: `${tag}-FAMILY`, use: 'USUAL' }],
    addresses: [asAddress(home, { from: addDays(of.asOf, -4_000), to: null })],
    phones: [],
    emails: [`${tag.toLowerCase()}@example.org`],
    handles: [],
    workplace: { lines: [`${tag}-WORK`], postcode: null },
    school: null,
    vehicle: { registration: `${tag}-CAR`, description: 'grey van' },
    gpPractice: { odsCode: 'X99199', name: `${tag}-PRACTICE` },
    nhsNumber: of.nhsNumber,
    pncId: null,
    language: null,
  }
}

function markersOf(person: TruePerson): Marker[] {
  const name = person.names[0]
  const address = person.addresses[0]
  const strings = [
    name?.family,
    ...(name?.given ?? []),
    ...(address?.lines ?? []),
    address?.postcode,
    person.nhsNumber,
    person.emails[0],
    person.workplace?.lines[0],
    person.vehicle?.registration,
    person.gpPractice?.name,
  ]
  return strings.flatMap((marker) =>
    marker ? [{ marker, personId: person.id, field: `truth/${person.id}` }] : [],
  )
}

function eventOf(of: {
  readonly agency: AgencyKind
  readonly sourceId: string
  readonly day: string
  readonly i: number
}): TrueEvent {
  const what: Record<AgencyKind, TrueEvent['what']> = {
    police: {
      kind: 'INTELLIGENCE',
      grading: { source: 2, intelligence: 'C', handling: 'P', condition: null },
    },
    nhs: { kind: 'APPOINTMENT', attended: true, place: null },
    charity: { kind: 'ENGAGEMENT', channel: 'PHONE', reached: true },
  }
  return {
    agency: of.agency,
    sourceId: `${of.sourceId}-EVENT`,
    case: null,
    at: of.day,
    recordedAt: instantOn(of.day, 660),
    what: what[of.agency],
    about: [{ sourceId: of.sourceId, as: 'SUBJECT' }],
    text: `OUTSIDER-${String(of.i).padStart(4, '0')}-EVENT`,
  }
}
