import { createHash } from 'node:crypto'
import type { IndexedRecord, Mapped, SourceId, Traits } from '../../src/records/adapter.js'
import {
  finish,
  isFhirId,
  isFhirObject,
  own,
  quarantined,
  Reader,
  refused,
  sourceOf,
} from './fhir.js'
import { isPseudoPostcode, mapAddresses } from './map-address.js'
import { isRedacted, labels, type NotTakenCode, patientMarks, refusal } from './map-marks.js'
import { mapNames } from './map-names.js'
import { NHS_NUMBER_SYSTEM, readNhsNumber } from './nhs-number.js'

/**
 * A FHIR R4 / UK Core Patient as the index keeps it. Total: what does not map comes back as a
 * rejection that names the field, never its value.
 */
export function mapPatient(resource: unknown, rules: MapRules = {}): Mapped<IndexedRecord> {
  const opened = openPatient(resource, rules)
  if (opened.kind === 'rejected') return opened
  const { reader, source } = opened.value
  return finish(reader, source, () => ({
    source,
    graphType: 'NhsRecord',
    version: versionOf(reader),
    recordedAt: recordedAt(reader),
    traits: mapTraits(reader),
    marks: patientMarks(labels(reader)),
    deleted: isRedacted(labels(reader)),
    replacedBy: replacedBy(reader),
    unmappedCodes: unmappedCodes(reader),
  }))
}

export interface MapRules {
  /** Codings that are refused at the door, beside the labels that always are. */
  readonly notTaken?: readonly NotTakenCode[]
  /** The record asked for: names the source of something that has no id of its own. */
  readonly asked?: SourceId
}

/** Opens a Patient for reading: refuses what must not enter and quarantines what is none. */
export function openPatient(
  resource: unknown,
  rules: MapRules,
): Mapped<{ readonly reader: Reader; readonly source: SourceId }> {
  return openResource(resource, ['Patient'], rules)
}

export function openResource(
  resource: unknown,
  types: readonly string[],
  rules: MapRules,
): Mapped<{ readonly reader: Reader; readonly source: SourceId }> {
  const source = sourceOf(resource, rules.asked)
  if (!isFhirObject(resource)) {
    return quarantined(source, { reason: 'NOT_FHIR', field: 'resource' }, resource)
  }
  const type = own(resource, 'resourceType')
  if (typeof type !== 'string' || !types.includes(type)) {
    return quarantined(source, { reason: 'NOT_FHIR', field: 'resourceType' }, resource)
  }
  const id = own(resource, 'id')
  if (typeof id !== 'string' || !isFhirId(id)) {
    return quarantined(source, { reason: 'ID_UNREADABLE', field: `${type}.id` }, resource)
  }
  const reason = refusal(new Reader(resource, type), rules.notTaken ?? [])
  if (reason !== null) return refused(source, reason)
  return { kind: 'mapped', value: { reader: new Reader(resource, type), source } }
}

/** Opaque version: `meta.versionId`, else when last updated, else a hash of the content. */
export function versionOf(reader: Reader): string {
  const meta = reader.object('meta')
  return meta?.text('versionId') ?? meta?.text('lastUpdated') ?? contentHash(reader.of)
}

export function contentHash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 16)
}

export function recordedAt(reader: Reader): string | null {
  return reader.object('meta')?.instant('lastUpdated') ?? null
}

/** NHS numbers of a Patient, the current one first; those of use `old` or ended are superseded. */
export function nhsNumbers(
  patient: Reader,
): { readonly value: string; readonly valid: boolean; readonly superseded: boolean }[] {
  const numbers = patient.objects('identifier').flatMap((identifier) => {
    if (identifier.text('system') !== NHS_NUMBER_SYSTEM) return []
    const value = identifier.text('value')
    if (value === null) return []
    const hasEnded = (identifier.object('period')?.date('end') ?? null) !== null
    return [{ ...readNhsNumber(value), superseded: identifier.text('use') === 'old' || hasEnded }]
  })
  return numbers.sort((a, b) => Number(a.superseded) - Number(b.superseded))
}

function mapTraits(patient: Reader): Traits {
  const addresses = mapAddresses(patient, recordedAt(patient))
  const bornOn = patient.date('birthDate')
  const postcodes = addresses.flatMap(({ postcode }) =>
    postcode === null || isPseudoPostcode(postcode) ? [] : [postcode],
  )
  return {
    names: mapNames(patient),
    bornOn: bornOn === null ? [] : [bornOn],
    postcodes: [...new Set(postcodes)],
    places: addresses.map(({ lines, postcode }) => ({ line: lines[0] ?? null, postcode })),
    whereabouts: addresses.flatMap(({ lines, postcode, to }) =>
      isPseudoPostcode(postcode ?? '') ? [] : [{ line: lines[0] ?? null, postcode, to }],
    ),
    phones: telecomOf(patient, ['phone', 'sms']).map(({ value }) => normalPhone(value)),
    emails: telecomOf(patient, ['email']).map(({ value }) => value.toLowerCase()),
    identifiers: identifiersOf(patient),
    sex: sexOf(patient),
  }
}

function identifiersOf(patient: Reader): Traits['identifiers'] {
  const numbers = nhsNumbers(patient).map((number) => ({ system: 'NHS_NUMBER', ...number }))
  const others = patient.objects('identifier').flatMap((identifier) => {
    const system = identifier.text('system')
    const value = identifier.text('value')
    if (system === null || system === NHS_NUMBER_SYSTEM || value === null) return []
    return [{ system, value, valid: true, superseded: identifier.text('use') === 'old' }]
  })
  return [...numbers, ...others]
}

/** `gender`; `unknown` is the same as not said. */
export function sexOf(patient: Reader): string | null {
  const gender = patient.text('gender')
  return gender !== null && SEXES.has(gender) ? gender : null
}
const SEXES: ReadonlySet<string> = new Set(['female', 'male', 'other'])

/** Telephone or e-mail entries of these systems, with the day on which they ended, null while in use. */
export function telecomOf(
  patient: Reader,
  systems: readonly string[],
): { readonly value: string; readonly ended: string | null; readonly isOld: boolean }[] {
  return patient.objects('telecom').flatMap((telecom) => {
    const system = telecom.text('system')
    const value = telecom.text('value')
    if (system === null || value === null || !systems.includes(system)) return []
    const ended = telecom.object('period')?.date('end') ?? null
    return [{ value, ended, isOld: telecom.text('use') === 'old' }]
  })
}

/** Digits, with a leading `0` for the United Kingdom's `+44` and `0044`. */
function normalPhone(text: string): string {
  const compact = text.replace(/[^\d+]/g, '')
  return compact.replace(/^(?:\+44|0044)0?/, '0')
}

/** `link` of type `replaced-by`: the record that took this one's place. */
function replacedBy(patient: Reader): SourceId | null {
  for (const link of patient.objects('link')) {
    if (link.text('type') !== 'replaced-by') continue
    const reference = link.object('other')?.text('reference') ?? null
    const id = reference === null ? null : idInReference(reference, 'Patient')
    if (id !== null) return { type: 'Patient', id }
  }
  return null
}

/** The id in `Patient/1`, `https://…/Patient/1` or `Patient/1/_history/2`; null for anything else. */
export function idInReference(reference: string, type: string): string | null {
  const match = /(?:^|\/)([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/.exec(reference)
  return match?.[1] === type ? (match[2] ?? null) : null
}

function unmappedCodes(patient: Reader): { readonly system: string; readonly code: string }[] {
  const gender = patient.text('gender')
  const codes = []
  if (gender !== null && gender !== 'unknown' && !SEXES.has(gender)) {
    codes.push({ system: 'http://hl7.org/fhir/administrative-gender', code: codeOnly(gender) })
  }
  for (const telecom of patient.objects('telecom')) {
    const system = telecom.text('system')
    if (system !== null && !['phone', 'sms', 'email'].includes(system)) {
      codes.push({ system: 'http://hl7.org/fhir/contact-point-system', code: codeOnly(system) })
    }
  }
  return codes
}

/** A code that is none (free text in its place) is counted, not copied. */
export function codeOnly(text: string): string {
  return /^[A-Za-z0-9._-]{1,64}$/.test(text) ? text : 'NOT_A_CODE'
}
