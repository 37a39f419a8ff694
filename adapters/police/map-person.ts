import type { IndexedRecord, Mapped, Traits, Whereabout } from '../../src/records/adapter.js'
import { NAME_USES, type NameUse } from '../../src/records/graph.js'
import {
  linkSchema,
  locationSchema,
  objectSchema,
  type PersonLine,
  personSchema,
} from './format.js'
import type { PoliceRecord } from './graph.js'
import { isPseudoPostcode, normalEmail, normalPhone, readCro, readPncId } from './identifiers.js'
import { recordLineage } from './lineage.js'
import { mapCustodyNow, mapOffences, type PersonEvent, personEvents } from './map-conduct.js'
import {
  handlingOf,
  highest,
  marksOf,
  quarantined,
  type UnmappedCode,
  unmappedHandling,
} from './map-marks.js'
import { mapAddress } from './map-place.js'
import { blamedDate, dateOf, listOf, shapeOf, textOf } from './map-shape.js'
import { parseUkInstant } from './uk-date.js'
import { mapWarnings } from './warnings.js'

/** What the store knows of one nominal: its line, and what links tie to it (all as read from JSON). */
export interface PersonSource {
  readonly id: string
  readonly raw: unknown
  /** Opaque; moves whenever the line or anything linked to it changes. */
  readonly version: string
  readonly deleted: boolean
  readonly replacedBy: string | null
  readonly linked: readonly LinkedSource[]
}
export interface LinkedSource {
  readonly reason: string
  readonly link: unknown
  readonly id: string
  readonly raw: unknown
}
/** The data of a PoliceRecord: all of the graph type but its opaque id. */
export type PoliceRecordData = Omit<PoliceRecord, 'id'>
export interface MappedPerson {
  readonly record: IndexedRecord
  readonly data: PoliceRecordData
}

const SEXES: Readonly<Record<string, string>> = {
  F: 'female',
  M: 'male',
  X: 'other',
  '1': 'male',
  '2': 'female',
  FEMALE: 'female',
  MALE: 'male',
}
const SEX_NOT_SAID = ['U', 'N', '0', '9', 'UNKNOWN', 'NOT KNOWN']

/**
 * A force's nominal (docs/agencies/police.md) in the shared model. Never throws: what does not map
 * comes back as a rejection that names the field, never its value. `yearNow` tells the century of a
 * short PNC id.
 */
export function mapPerson(source: PersonSource, yearNow: number): Mapped<MappedPerson> {
  const from = { type: 'NOMINAL', id: source.id }
  const shaped = shapeOf(personSchema, source.raw)
  if (shaped.kind === 'blamed') return quarantined(from, source.raw, shaped.blame)
  const { line } = shaped
  const blame =
    blamedDate({ dateOfBirth: line.dateOfBirth }) ??
    blamedDate({ recordedAt: line.recordedAt }, parseUkInstant)
  if (blame) return quarantined(from, source.raw, blame)
  const linked = readLinked(source.linked)
  const data = dataOf(line, linked, yearNow)
  const handlings = [
    line.handling,
    ...(line.warnings ?? []).map((one) => one.handling),
    ...linked.handlings,
  ]
  const record: IndexedRecord = {
    source: from,
    graphType: 'PoliceRecord',
    version: source.version,
    recordedAt: latest([line.recordedAt, ...linked.recordedAt]),
    traits: traitsOf(line, linked, yearNow),
    marks: marksOf(line, highest(handlings.map(handlingOf))),
    deleted: source.deleted,
    replacedBy: source.replacedBy === null ? null : { type: 'NOMINAL', id: source.replacedBy },
    unmappedCodes: unmappedOf(line, handlings),
  }
  return { kind: 'mapped', value: { record, data } }
}

/** The index row of a nominal that the force deleted: nothing is left but its id. */
export function deletedPerson(
  source: Pick<PersonSource, 'id' | 'version' | 'replacedBy'>,
): IndexedRecord {
  return {
    source: { type: 'NOMINAL', id: source.id },
    graphType: 'PoliceRecord',
    version: source.version,
    recordedAt: null,
    traits: {
      names: [],
      bornOn: [],
      postcodes: [],
      places: [],
      phones: [],
      emails: [],
      identifiers: [],
      sex: null,
    },
    marks: marksOf({}, 'OPEN'),
    deleted: true,
    replacedBy: source.replacedBy === null ? null : { type: 'NOMINAL', id: source.replacedBy },
    unmappedCodes: [],
  }
}

interface Linked {
  readonly homes: PoliceRecordData['addresses'] & object
  readonly workplaces: PoliceRecordData['addresses'] & object
  readonly schools: PoliceRecordData['addresses'] & object
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  readonly vehicles: readonly string[]
  readonly events: readonly PersonEvent[]
  readonly handlings: readonly (string | null | undefined)[]
  readonly recordedAt: readonly (string | null | undefined)[]
}

/** What is tied to a nominal; a link or its end that cannot be read is left out, not guessed. */
function readLinked(linked: readonly LinkedSource[]): Linked {
  const events = personEvents(linked)
  const places = linked.flatMap((one) => {
    const link = linkSchema.safeParse(one.link)
    const location = locationSchema.safeParse(one.raw)
    return link.success && location.success ? [{ link: link.data, location: location.data }] : []
  })
  const things = linked.flatMap((one) => {
    const link = linkSchema.safeParse(one.link)
    const object = objectSchema.safeParse(one.raw)
    return link.success && object.success ? [{ link: link.data, object: object.data }] : []
  })
  const addressesFor = (reason: string) =>
    places
      .filter(({ link }) => link.reason === reason)
      .map(({ link, location }) => mapAddress(location, link))
      .sort((a, b) => (b.from ?? '').localeCompare(a.from ?? ''))
  const values = (kind: string) =>
    things.filter(({ object }) => object.kind === kind).map(({ object }) => object)
  const parts = [
    ...places.flatMap((one) => [one.link, one.location]),
    ...things.flatMap((one) => [one.link, one.object]),
  ]
  return {
    homes: addressesFor('HOME'),
    workplaces: addressesFor('WORK'),
    schools: addressesFor('SCHOOL'),
    phones: values('PHONE').map((object) => object.value),
    emails: values('EMAIL').map((object) => object.value),
    vehicles: values('VEHICLE').map(
      (object) => listOf([object.value, object.description])?.join(': ') ?? '',
    ),
    events,
    handlings: parts.map((part) => part.handling),
    recordedAt: [
      ...parts.map((part) => part.recordedAt),
      ...events.map((event) => event.line.recordedAt),
    ],
  }
}

function dataOf(line: PersonLine, linked: Linked, yearNow: number): PoliceRecordData {
  return {
    names: namesOf(line).map((name) => ({
      family: name.family,
      given: name.given.join(' ') || null,
      use: name.use,
    })),
    bornOn: dateOf(line.dateOfBirth),
    sex: sexOf(line.sex),
    addresses: someOf(linked.homes),
    workplaces: someOf(linked.workplaces),
    schools: someOf(linked.schools),
    vehicles: listOf(linked.vehicles),
    phones: listOf(linked.phones),
    emails: listOf(linked.emails),
    pncId: line.pncId ? readPncId(line.pncId, yearNow).value : null,
    cro: line.cro ? readCro(line.cro).value : null,
    warnings: listOf(mapWarnings(line).warnings),
    warningNotes: listOf((line.warnings ?? []).map((warning) => warning.text)),
    custody: mapCustodyNow(linked.events),
    offences: someOf(mapOffences(linked.events)),
    appearance: line.description?.appearance?.trim() || null,
    handles: listOf(line.description?.handles),
    language: line.language?.trim() || null,
    note: textOf(line.note),
    lineage: recordLineage(),
  }
}

function traitsOf(line: PersonLine, linked: Linked, yearNow: number): Traits {
  const bornOn = dateOf(line.dateOfBirth)
  const places = linked.homes.map((home) => ({
    line: home.lines?.[0] ?? null,
    postcode: home.postcode,
  }))
  const postcodes = listOf(places.map((place) => place.postcode)) ?? []
  const identifiers = [
    ...(line.pncId
      ? [{ system: 'PNC_ID', ...readPncId(line.pncId, yearNow), superseded: false }]
      : []),
    ...(line.cro ? [{ system: 'CRO', ...readCro(line.cro), superseded: false }] : []),
  ]
  return {
    names: namesOf(line),
    bornOn: bornOn === null ? [] : [bornOn],
    postcodes: postcodes.filter((postcode) => !isPseudoPostcode(postcode)),
    places,
    phones: listOf(linked.phones.map(normalPhone)) ?? [],
    emails: listOf(linked.emails.map(normalEmail)) ?? [],
    identifiers,
    sex: sexOf(line.sex),
    whereabouts: whereaboutsOf(linked),
  }
}

/** Homes, work, school and vehicles; a place that says nothing of where is none. */
function whereaboutsOf(linked: Linked): Whereabout[] {
  const places = [...linked.homes, ...linked.workplaces, ...linked.schools]
  return [
    ...places.flatMap(({ lines, postcode, to }) =>
      postcode !== null && isPseudoPostcode(postcode)
        ? []
        : [{ line: lines?.[0] ?? null, postcode, to }],
    ),
    ...linked.vehicles.map((vehicle) => ({
      line: vehicle.split(':')[0] ?? vehicle,
      postcode: null,
      to: null,
    })),
  ]
}

function namesOf(
  line: PersonLine,
): { family: string | null; given: readonly string[]; use: NameUse }[] {
  return (line.names ?? [])
    .map((name) => ({
      family: name.surname?.trim() || null,
      given: listOf(name.forenames) ?? [],
      use: nameUse(name.type) ?? ('ALIAS' as const),
    }))
    .filter((name) => name.family !== null || name.given.length > 0)
}

/** The shared model's word for a name's type, USUAL where none is said, null for a type it has no word for. */
function nameUse(type: string | null | undefined): NameUse | null {
  return NAME_USES.find((use) => use === (type ?? 'USUAL')) ?? null
}

function sexOf(code: string | null | undefined): string | null {
  const upper = code?.trim().toUpperCase() ?? ''
  return Object.hasOwn(SEXES, upper) ? (SEXES[upper] ?? null) : null
}

function unmappedOf(
  line: PersonLine,
  handlings: readonly (string | null | undefined)[],
): UnmappedCode[] {
  const types = (line.names ?? []).flatMap((name) =>
    nameUse(name.type) === null ? [name.type ?? ''] : [],
  )
  const isSexKnown =
    !line.sex || sexOf(line.sex) !== null || SEX_NOT_SAID.includes(line.sex.trim().toUpperCase())
  return [
    ...types.map((code) => ({ system: 'NAME_TYPE', code })),
    ...(isSexKnown ? [] : [{ system: 'SEX', code: line.sex ?? '' }]),
    ...mapWarnings(line).unmapped,
    ...unmappedHandling(handlings),
  ]
}

function latest(instants: readonly (string | null | undefined)[]): string | null {
  return instants
    .map((one) => dateOf(one, parseUkInstant))
    .reduce<string | null>(
      (newest, one) => (one !== null && (newest === null || one > newest) ? one : newest),
      null,
    )
}

function someOf<Item>(items: readonly Item[]): Item[] | null {
  return items.length > 0 ? [...items] : null
}
