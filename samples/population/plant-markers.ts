import type {
  Holding,
  TrueAddress,
  TrueCase,
  TrueEvent,
  TrueHappening,
  TruePerson,
  TruePlace,
  World,
} from '../world.js'
import type { Marker, Planted } from './plant.js'
import { type Ground, groundOf, mint, plantPlace, settle, stands } from './plant-places.js'

/**
 * A copy of the world in which every field and free text that can hold the whereabouts of a protected
 * person says so with a string found nowhere else: `WHEREABOUTS-<person>-<what>-<n>`.
 *
 * One place has one string, in whoever's record it stands (an old shared home in the perpetrator's
 * record too), and a postcode of its own, so that matching still sees one place. Texts get one string
 * for each protected person of the case, in the records of all its people. Registrations, e-mail domains
 * and practice codes show a place as well and are planted in their own form.
 *
 * Not planted, because it is written to reach the perpetrator or his side: prohibitions and requirements
 * of a *served* order, and the goals and crisis contact of his own care plan. Unserved terms and bail
 * conditions are planted.
 */
export function plantMarkers(world: World): Planted {
  const planter = planterOf(world)
  const people = world.people.map((person) => planter.person(person))
  const holdings = world.holdings.map((holding) => planter.holding(holding))
  const events = world.events.map((event) => planter.event(event))
  return { world: { ...world, people, holdings, events }, markers: planter.markers }
}

interface Planter {
  readonly markers: readonly Marker[]
  person(person: TruePerson): TruePerson
  holding(holding: Holding): Holding
  event(event: TrueEvent): TrueEvent
}

function planterOf(world: World): Planter {
  const ground = groundOf(world)
  return {
    markers: ground.markers,
    person: (person) => plantPerson(ground, person),
    holding: (holding) => plantHolding(ground, holding),
    event: (event) => plantEvent(ground, event),
  }
}

function plantAddresses(
  ground: Ground,
  addresses: readonly TrueAddress[],
  field: string,
): TrueAddress[] {
  return addresses.map((address, i) => plantPlace(ground, address, `${field}/addresses/${i}`))
}

const asDomain = (marker: string): string => `${marker.toLowerCase()}.example`
const asCode = (marker: string): string => marker.replaceAll('-', '')

/** Vehicle, practice and e-mail of a protected person. */
function plantBelongings<T extends Pick<TruePerson, 'vehicle' | 'gpPractice' | 'emails'>>(
  ground: Ground,
  owner: string,
  of: T,
  field: string,
): Pick<TruePerson, 'vehicle' | 'gpPractice' | 'emails'> {
  const mark = (what: string, value: string, at: string, form?: (marker: string) => string) =>
    stands(ground, { owner, what, value, field: `${field}/${at}`, ...(form ? { form } : {}) })
  return {
    vehicle: of.vehicle && {
      registration: mark('VEHICLE', of.vehicle.registration, 'vehicle/registration'),
      description: mark('VEHICLE-LOOKS', of.vehicle.registration, 'vehicle/description'),
    },
    gpPractice: of.gpPractice && {
      odsCode: mark('PRACTICE-CODE', of.gpPractice.odsCode, 'gpPractice/odsCode', asCode),
      name: mark('PRACTICE', of.gpPractice.odsCode, 'gpPractice/name'),
    },
    emails: of.emails.map((email, i) => `planted@${mark('EMAIL', email, `emails/${i}`, asDomain)}`),
  }
}

function plantPerson(ground: Ground, person: TruePerson): TruePerson {
  const field = `truth/${person.id}`
  const planted = {
    ...person,
    addresses: plantAddresses(ground, person.addresses, field),
    workplace: plantPlace(ground, person.workplace, `${field}/workplace`),
    school: plantPlace(ground, person.school, `${field}/school`),
  }
  return ground.numbers.has(person.id)
    ? { ...planted, ...plantBelongings(ground, person.id, person, field) }
    : planted
}

function plantHolding(ground: Ground, holding: Holding): Holding {
  const owner = holding.personId
  const field = `${holding.agency}/${holding.sourceId}`
  const planted: Holding = {
    ...holding,
    addresses: plantAddresses(ground, holding.addresses, field),
    workplace: plantPlace(ground, holding.workplace, `${field}/workplace`),
    school: plantPlace(ground, holding.school ?? null, `${field}/school`),
    note: plantText(ground, holding.note, {
      protectedIds: mentionable(ground, owner),
      what: 'NOTE',
      field: `${field}/note`,
    }),
  }
  if (!ground.numbers.has(owner)) return planted
  const safe = holding.safeContact
  return {
    ...planted,
    ...plantBelongings(ground, owner, holding, field),
    safeContact: safe && {
      ...safe,
      times:
        plantText(ground, safe.times, {
          protectedIds: [owner],
          what: 'SAFE-CONTACT-TIMES',
          field: `${field}/safeContact/times`,
        }) ?? safe.times,
      codeWord: plantText(ground, safe.codeWord, {
        protectedIds: [owner],
        what: 'SAFE-CONTACT-WORD',
        field: `${field}/safeContact/codeWord`,
      }),
      neverDo: plantText(ground, safe.neverDo, {
        protectedIds: [owner],
        what: 'SAFE-CONTACT-NEVER',
        field: `${field}/safeContact/neverDo`,
      }),
    },
  }
}

/** Everybody whose whereabouts the text about one person may tell: the protected of the person's cases. */
function mentionable(ground: Ground, personId: string): readonly string[] {
  return [...new Set((ground.casesOf.get(personId) ?? []).flatMap((one) => protectedOf(one)))]
}
const protectedOf = (one: TrueCase): readonly string[] =>
  one.parts.flatMap(({ as, personId }) =>
    as === 'PERPETRATOR' || personId === null ? [] : [personId],
  )

function plantText(
  ground: Ground,
  text: string | null,
  of: { readonly protectedIds: readonly string[]; readonly what: string; readonly field: string },
): string | null {
  if (of.protectedIds.length === 0) return text
  const planted = of.protectedIds.map((personId) => {
    const marker = mint(ground, personId, of.what)
    ground.markers.push({ marker, personId, field: of.field })
    return marker
  })
  return [...(text === null ? [] : [text]), ...planted].join(' ')
}

function plantEvent(ground: Ground, event: TrueEvent): TrueEvent {
  const of = event.case === null ? undefined : ground.cases.get(event.case)
  if (of === undefined) return event
  const protectedIds = protectedOf(of)
  const field = `${event.agency}/${event.sourceId}`
  return {
    ...event,
    what: plantHappening(ground, event, { protectedIds, field }),
    text: plantText(ground, event.text, {
      protectedIds,
      what: 'NARRATIVE',
      field: `${field}/text`,
    }),
  }
}

function plantHappening(
  ground: Ground,
  event: TrueEvent,
  of: { readonly protectedIds: readonly string[]; readonly field: string },
): TrueHappening {
  const { what } = event
  const { protectedIds, field } = of
  const subject = event.about
    .map(({ sourceId }) => ground.personOf.get(`${event.agency}/${sourceId}`))
    .find((id) => id !== undefined)
  const subjectProtected = subject !== undefined && ground.numbers.has(subject)
  const text = (value: string | null, name: string, at: string) =>
    plantText(ground, value, { protectedIds, what: name, field: `${field}/${at}` })
  switch (what.kind) {
    case 'CRIME':
      return {
        ...what,
        place: plantScene(ground, what.place, {
          owner: protectedIds[0],
          what: 'SCENE',
          field: `${field}/place`,
        }),
      }
    case 'ARREST':
      return {
        ...what,
        bailConditions: what.bailConditions && text(what.bailConditions, 'BAIL', 'bailConditions'),
      }
    case 'ORDER':
      return what.servedOn !== null
        ? what
        : {
            ...what,
            prohibitions: what.prohibitions.map(
              (one, i) => text(one, 'UNSERVED', `prohibitions/${i}`) ?? one,
            ),
            requirements: what.requirements.map(
              (one, i) => text(one, 'UNSERVED', `requirements/${i}`) ?? one,
            ),
          }
    case 'APPOINTMENT':
      return subjectProtected
        ? {
            ...what,
            place: plantScene(ground, what.place, {
              owner: subject,
              what: 'APPOINTMENT',
              field: `${field}/place`,
            }),
          }
        : what
    case 'REFERRAL':
      return { ...what, reason: text(what.reason, 'REFERRAL', 'reason') ?? what.reason }
    case 'NEED':
      return { ...what, need: text(what.need, 'NEED', 'need') ?? what.need }
    case 'SAFETY_MEASURE':
      return { ...what, measure: text(what.measure, 'MEASURE', 'measure') ?? what.measure }
    default:
      return what
  }
}

/** Where something happened: a known place keeps its string, any other becomes the protected person's. */
function plantScene(
  ground: Ground,
  place: TruePlace | null,
  of: { readonly owner: string | undefined; readonly what: string; readonly field: string },
): TruePlace | null {
  if (place === null || of.owner === undefined) return place
  settle(ground, { owner: of.owner, place, what: of.what })
  return plantPlace(ground, place, of.field)
}
