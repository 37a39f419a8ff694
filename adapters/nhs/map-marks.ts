import type { Marks } from '../../src/records/adapter.js'
import { NO_MARKS } from '../../src/records/adapter.js'
import type { Tri } from '../../src/sharing/vocabulary.js'
import type { Coding, Reader } from './fhir.js'

/**
 * What the security labels of a resource say (HL7 v3 Confidentiality and ActCode; NHS PDS
 * `meta.security`). A restricted patient's flag never shows in `handling`: a handling mark is visible
 * to those who know of the record, and this one tells that somebody is hiding.
 */

/**
 * Labels of what must not enter the unit at all: v3 ActCode for sexual and reproductive health, and
 * the plain words for what HL7 has no code for.
 */
const NOT_TAKEN_LABELS: ReadonlySet<string> = new Set([
  'STD',
  'SEX',
  'HIV',
  'SEXUAL_HEALTH',
  'FERTILITY',
  'GENDER_RECOGNITION',
  'ADOPTION',
  'PROTECTED_PERSON',
])
const THERAPY_LABELS: ReadonlySet<string> = new Set(['PSYTHPN'])
const ABOVE_OFFICIAL: ReadonlySet<string> = new Set(['SECRET', 'TOPSECRET'])

/** A coding of the trust's own that must not be taken in (gender recognition, adoption, ...). */
export interface NotTakenCode {
  readonly system?: string | undefined
  readonly code: string
}

export function labels(reader: Reader): readonly Coding[] {
  const meta = reader.object('meta')
  return (meta?.objects('security') ?? []).flatMap((label) => label.coding() ?? [])
}

/** PDS: R and V restricted, U unrestricted; not said, or said with a code not known, is unknown. */
export function restricted(security: readonly Coding[]): Tri {
  const codes = confidentiality(security)
  if (codes.some((code) => code === 'R' || code === 'V')) return 'TRUE'
  return codes.length > 0 && codes.every((code) => code === 'U') ? 'FALSE' : 'UNKNOWN'
}

/** PDS marks a record that must never be returned `REDACTED`. */
export function isRedacted(security: readonly Coding[]): boolean {
  return security.some((label) => label.code === 'REDACTED')
}

export function isTherapy(security: readonly Coding[]): boolean {
  return security.some((label) => THERAPY_LABELS.has(label.code))
}

/** Why a resource is refused at the door, or null: by label, or by one of the trust's own codes. */
export function refusal(reader: Reader, notTaken: readonly NotTakenCode[]): string | null {
  const security = labels(reader)
  if (security.some((label) => ABOVE_OFFICIAL.has(bare(label.code)))) return 'CLASSIFICATION'
  if (security.some((label) => NOT_TAKEN_LABELS.has(label.code))) return 'NOT_TAKEN'
  if (notTaken.length === 0) return null
  const codes = [...security, ...codesOf(reader)]
  const isNotTaken = codes.some((coding) =>
    notTaken.some(
      (entry) =>
        entry.code === coding.code &&
        (entry.system === undefined || entry.system === coding.system),
    ),
  )
  return isNotTaken ? 'NOT_TAKEN' : null
}

/** Marks of an event; `subjectRestricted` is the flag of its patient. */
export function eventMarks(security: readonly Coding[], subjectRestricted: Tri): Marks {
  const isSensitive = confidentiality(security).some((code) => code === 'R' || code === 'V')
  return {
    ...NO_MARKS,
    handling: isSensitive ? 'RESTRICTED' : 'OPEN',
    restrictedPatient: subjectRestricted,
  }
}

/** Marks of a patient's own record. */
export function patientMarks(security: readonly Coding[]): Marks {
  return { ...NO_MARKS, restrictedPatient: restricted(security) }
}

function confidentiality(security: readonly Coding[]): string[] {
  return security
    .filter((label) => label.system === '' || label.system.endsWith('/v3-Confidentiality'))
    .map((label) => label.code)
}

/** Classification words are compared without spaces and hyphens: `Top Secret`, `TOP-SECRET`. */
function bare(code: string): string {
  return code.toUpperCase().replace(/[^A-Z]/g, '')
}

function codesOf(reader: Reader): Coding[] {
  const single = ['code', 'type', 'serviceType', 'category', 'method']
  return single.flatMap((key) => {
    const value = reader.of[key]
    return Array.isArray(value) ? reader.codingsOfAll(key) : reader.codings(key)
  })
}
