import type { PatientFile } from './map-patient-detail.js'

/** Starting points for this folder's tests. */
export const ALL_PATIENT_FIELDS: ReadonlySet<string> = new Set([
  'names',
  'bornOn',
  'sex',
  'deceased',
  'deceasedOn',
  'addresses',
  'lineage',
  'nhsNumber',
  'formerNhsNumbers',
  'gpPractice',
  'phones',
  'emails',
  'contactMethod',
  'contactTimes',
  'accessNeeds',
  'relations',
  'serviceUse',
  'engaged',
  'disengagedSince',
  'warningMarkers',
  'warningAdvice',
])

export const EVENT_FIELDS: ReadonlySet<string> = new Set([
  'summary',
  'code',
  'state',
  'categories',
  'place',
  'attended',
  'level',
  'instrument',
  'instrumentVersion',
  'items',
  'typology',
  'advice',
  'lineage',
])

export function fileOf(patient: unknown, more: Partial<PatientFile> = {}): PatientFile {
  return { patient, flags: [], related: [], appointments: [], referrals: [], ...more }
}
