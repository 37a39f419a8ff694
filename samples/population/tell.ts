import type {
  AgencyKind,
  Holding,
  TrueAddress,
  TrueCase,
  TrueEvent,
  TrueHappening,
  TrueName,
  TruePart,
  TruePerson,
  TruePlace,
} from '../world.js'
import { addDays, daysBetween, instantOn } from './dates.js'
import { pncIdOf, toldNhsNumber } from './identifiers.js'
import { toldMobile } from './phones.js'
import { asAddress, NO_FIXED_ABODE } from './places.js'
import { eventIdOf, sourceIdOf } from './register.js'

/** The words in which a story is told. All its days are those of a world looked at on `TOLD_AS_OF`. */
export const TOLD_AS_OF = '2026-11-01'

export interface Story {
  /** 1 to 12; people and records are numbered from it, so that they are the same at every seed. */
  readonly number: number
  readonly title: string
  readonly story: string
  tell(teller: Teller): void
}

export interface Teller {
  person(key: string, described: Described): Character
  /** A case; the first carries the story's title and text. */
  case(described: CaseDescribed): Chapter
}

export interface Character {
  readonly person: TruePerson
  /** The agency takes this person in, faithfully but for `changes`. */
  at(agency: AgencyKind, since: string, changes?: Partial<Holding>): Character
}

export interface Described {
  /** Given names and, last, the family name. */
  readonly name: string
  readonly also?: readonly TrueName[]
  readonly sex: TruePerson['sex']
  readonly bornOn: string
  readonly addresses: readonly TrueAddress[]
  readonly email?: string
  readonly handles?: readonly string[]
  readonly workplace?: TruePlace
  readonly school?: TruePlace
  readonly vehicle?: TruePerson['vehicle']
  readonly gpPractice?: TruePerson['gpPractice']
  /** The year in which the police first took fingerprints. */
  readonly pncYear?: number
  readonly language?: string
  readonly hasPhone?: boolean
}

type Part = TrueCase['parts'][number]
export interface CaseDescribed
  extends Omit<TrueCase, 'reference' | 'story' | 'title' | 'parts' | 'closedOn' | 'criticalFew'> {
  readonly closedOn?: string
  readonly criticalFew?: boolean
  /** Where a story has a second case, its number; the first has the story's. */
  readonly number?: number
  readonly title?: string
  readonly parts: readonly (readonly [
    TruePart,
    Character | null,
    Partial<Omit<Part, 'as' | 'personId'>>?,
  ])[]
}

const ABOUT = {
  subject: 'SUBJECT',
  victim: 'VICTIM',
  suspect: 'SUSPECT',
  unknownSuspect: 'UNKNOWN_SUSPECT',
  witness: 'WITNESS',
  reporting: 'REPORTING_PERSON',
} as const
export type Concerned = Partial<Record<keyof typeof ABOUT, Character>>
type Tells = (at: string, what: TrueHappening, concerned: Concerned, text?: string) => void

/** What each agency recorded of one case. */
export interface Chapter {
  readonly police: Tells
  readonly nhs: Tells
  readonly charity: Tells
}

export interface Told {
  readonly people: TruePerson[]
  readonly holdings: Holding[]
  readonly cases: TrueCase[]
  readonly events: TrueEvent[]
}

export const place = (postcode: string | null, ...lines: readonly string[]): TruePlace => ({
  lines,
  postcode,
})
export const lived = (
  where: TruePlace,
  from: string,
  to: string | null = null,
  kind: TrueAddress['kind'] = 'HOME',
): TrueAddress => asAddress(where, { from, to, kind })
export const NOWHERE = NO_FIXED_ABODE
export const caseReference = (n: number): string => `ASU-${String(n).padStart(5, '0')}`

/** Tells a story to the world of a day: all that happened keeps its distance from that day. */
export function told(story: Story, asOf: string): Told {
  const book: Told = { people: [], holdings: [], cases: [], events: [] }
  story.tell(tellerOf(story, book))
  const days = daysBetween(TOLD_AS_OF, asOf)
  return days === 0 ? book : moved(book, days)
}

function tellerOf(story: Story, book: Told): Teller {
  let held = 0
  let happened = 0
  const takeIn = (
    agency: AgencyKind,
    person: TruePerson,
    since: string,
    changes: Partial<Holding>,
  ) =>
    void book.holdings.push({
      ...faithful(agency, person),
      sourceId: sourceIdOf(agency, story.number * 100 + held++),
      recordedAt: instantOn(since, 540 + ((held * 37) % 480)),
      ...changes,
    })
  const tells =
    (reference: string, agency: AgencyKind): Tells =>
    (at, what, concerned, text) => {
      const n = happened++
      book.events.push({
        agency,
        sourceId: eventIdOf(what.kind, story.number * 100 + n),
        case: reference,
        at,
        recordedAt: instantOn(at, 600 + ((n * 53) % 780)),
        what,
        about: aboutOf(book, agency, concerned),
        text: text ?? null,
      })
    }
  return {
    person(key, described) {
      const person = personOf(story, { key, described, index: book.people.length })
      book.people.push(person)
      const character: Character = {
        person,
        at: (agency, since, changes = {}) => {
          takeIn(agency, person, since, changes)
          return character
        },
      }
      return character
    },
    case(described) {
      const reference = caseReference(described.number ?? story.number)
      book.cases.push(caseOf(story, { described, reference, first: book.cases.length === 0 }))
      return {
        police: tells(reference, 'police'),
        nhs: tells(reference, 'nhs'),
        charity: tells(reference, 'charity'),
      }
    },
  }
}

function personOf(
  story: Story,
  of: { readonly key: string; readonly described: Described; readonly index: number },
): TruePerson {
  const { described, index } = of
  const words = described.name.split(' ')
  const usual: TrueName = {
    given: words.slice(0, -1),
    family: words.slice(-1).join(''),
    use: 'USUAL',
  }
  return {
    id: `told-${String(story.number).padStart(2, '0')}-${of.key}`,
    sex: described.sex,
    bornOn: described.bornOn,
    diedOn: null,
    names: [usual, ...(described.also ?? [])],
    addresses: described.addresses,
    phones: described.hasPhone === false ? [] : [toldMobile(story.number * 12 + index)],
    emails: described.email === undefined ? [] : [described.email],
    handles: described.handles ?? [],
    workplace: described.workplace ?? null,
    school: described.school ?? null,
    vehicle: described.vehicle ?? null,
    gpPractice: described.gpPractice ?? null,
    nhsNumber: toldNhsNumber(story.number * 10 + index),
    pncId:
      described.pncYear === undefined
        ? null
        : pncIdOf(described.pncYear, story.number * 31 + index),
    language: described.language ?? null,
  }
}

/** The person as this kind of agency would hold it, were nothing wrong or missing. */
function faithful(
  agency: AgencyKind,
  person: TruePerson,
): Omit<Holding, 'sourceId' | 'recordedAt'> {
  return {
    agency,
    personId: person.id,
    names: person.names,
    bornOn: person.bornOn,
    sex: person.sex,
    addresses: person.addresses.filter(({ kind }) => kind !== 'REFUGE' || agency === 'charity'),
    phones: person.phones,
    emails: agency === 'police' ? [] : person.emails,
    workplace: agency === 'nhs' ? null : person.workplace,
    vehicle: agency === 'police' ? person.vehicle : null,
    gpPractice: agency === 'nhs' ? person.gpPractice : null,
    nhsNumber: agency === 'nhs' ? person.nhsNumber : null,
    supersededNhsNumbers: [],
    pncId: agency === 'police' ? person.pncId : null,
    nhsFlag: agency === 'nhs' ? 'U' : null,
    warnings: [],
    replacedBy: null,
    deleted: false,
    language: person.language,
    safeContact: null,
    note: null,
    school: agency === 'nhs' ? null : person.school,
  }
}

function caseOf(
  story: Story,
  of: { readonly described: CaseDescribed; readonly reference: string; readonly first: boolean },
): TrueCase {
  const { openedOn, closedOn, stage, criticalFew, relation, riskLevel, parts, title } = of.described
  return {
    reference: of.reference,
    story: of.first ? story.story : null,
    title: of.first ? story.title : (title ?? null),
    openedOn,
    closedOn: closedOn ?? null,
    stage,
    criticalFew: criticalFew ?? false,
    relation,
    riskLevel,
    parts: parts.map(([as, character, more]) => ({
      as,
      personId: character?.person.id ?? null,
      legalStatus: as === 'PERPETRATOR' ? 'ALLEGED' : null,
      identifiedOn: as === 'PERPETRATOR' && character !== null ? openedOn : null,
      description: null,
      ...more,
    })),
  }
}

/** Throws where the agency holds no current record of somebody: then the story contradicts itself. */
function aboutOf(book: Told, agency: AgencyKind, concerned: Concerned): TrueEvent['about'] {
  return Object.entries(concerned).map(([role, character]) => {
    const holding = book.holdings.find(
      (one) =>
        one.agency === agency &&
        one.personId === character.person.id &&
        one.replacedBy === null &&
        !one.deleted,
    )
    const as = Object.entries(ABOUT).find(([key]) => key === role)?.[1]
    if (holding === undefined || as === undefined)
      throw new Error(`${agency} holds nobody who is ${role}: ${character.person.id}`)
    return { sourceId: holding.sourceId, as }
  })
}

/** Everything but birth dates moves by so many days; a month moves with its middle. */
function moved(book: Told, days: number): Told {
  return {
    people: book.people.map((person) => ({
      ...person,
      addresses: person.addresses.map((address) => spanMoved(address, days)),
    })),
    holdings: book.holdings.map((holding) => ({
      ...holding,
      recordedAt: shifted(holding.recordedAt, days),
      addresses: holding.addresses.map((address) => spanMoved(address, days)),
    })),
    cases: book.cases.map((one) => ({
      ...one,
      openedOn: shifted(one.openedOn, days),
      closedOn: shiftedOrNull(one.closedOn, days),
      parts: one.parts.map((part) => ({
        ...part,
        identifiedOn: shiftedOrNull(part.identifiedOn, days),
      })),
    })),
    events: book.events.map((event) => ({
      ...event,
      at: shifted(event.at, days),
      recordedAt: shifted(event.recordedAt, days),
      what: happeningMoved(event.what, days),
    })),
  }
}

const spanMoved = (address: TrueAddress, days: number): TrueAddress => ({
  ...address,
  from: shifted(address.from, days),
  to: shiftedOrNull(address.to, days),
})

function happeningMoved(what: TrueHappening, days: number): TrueHappening {
  switch (what.kind) {
    case 'ORDER':
      return {
        ...what,
        from: shifted(what.from, days),
        to: shiftedOrNull(what.to, days),
        servedOn: shiftedOrNull(what.servedOn, days),
      }
    case 'SAFETY_MEASURE':
      return { ...what, due: shiftedOrNull(what.due, days) }
    case 'WISH':
      return { ...what, until: shiftedOrNull(what.until, days) }
    default:
      return what
  }
}

const shiftedOrNull = (date: string | null, days: number): string | null =>
  date === null ? null : shifted(date, days)

function shifted(date: string, days: number): string {
  if (date.length === 4) return addDays(`${date}-07-01`, days).slice(0, 4)
  if (date.length === 7) return addDays(`${date}-15`, days).slice(0, 7)
  return `${addDays(date.slice(0, 10), days)}${date.slice(10)}`
}
