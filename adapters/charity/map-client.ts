import type {
  IndexedRecord,
  Mapped,
  SourceId,
  Traits,
  Whereabout,
} from '../../src/records/adapter.js'
import { NAME_USES, type NameUse } from '../../src/records/graph.js'
import { type IndexedClient, indexedClientSchema } from './format.js'
import { isComparable, mapPlace, normalEmail, normalPhone } from './map-place.js'
import { asObject, marksOf, readWith, refusalOf, refused, sourceIdOf } from './map-rejection.js'

/** The source type of a client. */
export const CLIENT = 'client'
const SEXES: readonly string[] = ['female', 'male', 'other', 'unknown']
const CONTACT_SYSTEMS: readonly string[] = ['phone', 'email']
const ADDRESS_KINDS: readonly string[] = ['HOME', 'REFUGE', 'TEMPORARY', 'NO_FIXED_ABODE']
const EMPTY_TRAITS: Traits = {
  names: [],
  bornOn: [],
  postcodes: [],
  places: [],
  phones: [],
  emails: [],
  identifiers: [],
  sex: null,
}

const given = (written: string | null): string[] =>
  (written ?? '')
    .trim()
    .split(/\s+/)
    .filter((it) => it !== '')
const present = <T>(value: T | null): value is T => value !== null

/** What the name is to its bearer; a word without a mapping counts as an alias. */
export function nameUse(written: string): NameUse {
  return NAME_USES.find((use) => use === written) ?? 'ALIAS'
}

/** The traits by which a client may be recognised. The case number is none: it links nothing outside. */
export function traitsOf(client: IndexedClient): Traits {
  const places = client.addresses.filter(isComparable).map(mapPlace)
  return {
    names: client.names.map((name) => ({
      family: name.family?.trim() || null,
      given: given(name.given),
      use: nameUse(name.use),
    })),
    bornOn: client.birthDate === null ? [] : [client.birthDate],
    postcodes: places.map((place) => place.postcode).filter(present),
    places: places.map((place) => ({ line: place.lines[0] ?? null, postcode: place.postcode })),
    phones: client.contacts
      .filter((it) => it.system === 'phone')
      .map((it) => normalPhone(it.value))
      .filter(present),
    emails: client.contacts
      .filter((it) => it.system === 'email')
      .map((it) => normalEmail(it.value))
      .filter(present),
    identifiers: [],
    sex: client.sex !== null && SEXES.includes(client.sex) ? client.sex : null,
    whereabouts: whereaboutsOf(client),
  }
}

/** Codes of this client that have no mapping, for counting. */
/** Every address, refuges too, and work, school and vehicle where they came along. */
function whereaboutsOf(client: IndexedClient): Whereabout[] {
  const { workplace, school, vehicle } = client
  return [
    ...client.addresses.map((address) => ({ ...placeAt(address), to: address.to })),
    ...[workplace, school].filter(present).map((place) => ({ ...placeAt(place), to: null })),
    ...(vehicle?.registration ? [{ line: vehicle.registration, postcode: null, to: null }] : []),
  ]
}

function placeAt(source: Parameters<typeof mapPlace>[0]): Omit<Whereabout, 'to'> {
  const { lines, postcode } = mapPlace(source)
  return { line: lines[0] ?? null, postcode }
}

function unmappedCodesOf(client: IndexedClient): IndexedRecord['unmappedCodes'] {
  const unmapped = (system: string, codes: readonly (string | null)[], known: readonly string[]) =>
    codes
      .filter(present)
      .filter((code) => !known.includes(code))
      .map((code) => ({ system, code }))
  return [
    ...unmapped(
      'name-use',
      client.names.map((it) => it.use),
      NAME_USES,
    ),
    ...unmapped('sex', [client.sex], SEXES),
    ...unmapped(
      'contact-system',
      client.contacts.map((it) => it.system),
      CONTACT_SYSTEMS,
    ),
    ...unmapped(
      'address-kind',
      client.addresses.map((it) => it.kind),
      ADDRESS_KINDS,
    ),
  ]
}

/** The client without what hangs on it: entries are read, refused and kept on their own. */
export function bare(raw: unknown): unknown {
  const source = asObject(raw)
  const kept = Object.entries(source).filter(
    ([key]) => !['engagements', 'needs', 'sdash', 'safetyPlan', 'impact', 'wishes'].includes(key),
  )
  return source === raw ? Object.fromEntries(kept) : raw
}

/**
 * A client (docs/agencies/charity.md#clients) as the index keeps it. Never throws: what does not map
 * comes back as a rejection that names the field, never its value.
 */
export function mapClient(raw: unknown): Mapped<IndexedRecord> {
  const source = sourceIdOf(CLIENT, asObject(raw)['caseNumber'], raw)
  const refusal = refusalOf(raw)
  if (refusal !== null) return { kind: 'rejected', rejection: refused(source, refusal, bare(raw)) }
  const read = readWith(indexedClientSchema, source, bare(raw))
  if (read.kind === 'rejected') return read
  const client = read.value
  return {
    kind: 'mapped',
    value: {
      source,
      graphType: 'CharityRecord',
      version: client.version,
      recordedAt: new Date(client.updatedAt).toISOString(),
      traits: client.isDeleted ? EMPTY_TRAITS : traitsOf(client),
      marks: marksOf(client),
      deleted: client.isDeleted,
      replacedBy: client.mergedInto === null ? null : { type: CLIENT, id: client.mergedInto },
      unmappedCodes: unmappedCodesOf(client),
    },
  }
}

/** A client whom the charity does not hold any more. */
export function missingClient(source: SourceId): IndexedRecord {
  return {
    source,
    graphType: 'CharityRecord',
    version: 'missing',
    recordedAt: null,
    traits: EMPTY_TRAITS,
    marks: marksOf({ clearedBy: [] }),
    deleted: true,
    replacedBy: null,
    unmappedCodes: [],
  }
}

export const contactsOf = (
  contacts: readonly { system: string; value: string }[],
  system: string,
): string[] => contacts.filter((it) => it.system === system).map((it) => it.value.trim())
