import type { IndexedEvent, Mapped, SourceId } from '../../src/records/adapter.js'
import type { EventKind } from '../../src/records/graph.js'
import type { Tri } from '../../src/sharing/vocabulary.js'
import { finish, isFhirId, quarantined, type Reader } from './fhir.js'
import { eventMarks, isTherapy, labels } from './map-marks.js'
import {
  codeOnly,
  idInReference,
  type MapRules,
  openResource,
  recordedAt,
  versionOf,
} from './map-patient.js'
import { NHS_NUMBER_SYSTEM, readNhsNumber } from './nhs-number.js'

/** How one resource type becomes an event: its graph type, its kind, and where its date is written. */
interface EventType {
  readonly graphType: string
  readonly kind: EventKind
  /** Fields that may hold the date, best first; `Period` fields by their start. */
  readonly dates: readonly string[]
}

export const EVENT_TYPES: ReadonlyMap<string, EventType> = new Map<string, EventType>([
  ['Encounter', { graphType: 'NhsEvent', kind: 'CONTACT', dates: ['period'] }],
  [
    'Condition',
    {
      graphType: 'NhsEvent',
      kind: 'DIAGNOSIS',
      dates: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
    },
  ],
  ['CarePlan', { graphType: 'NhsCarePlan', kind: 'CARE_PLAN', dates: ['period', 'created'] }],
  [
    'RiskAssessment',
    {
      graphType: 'NhsRiskAssessment',
      kind: 'RISK_ASSESSMENT',
      dates: ['occurrenceDateTime', 'occurrencePeriod'],
    },
  ],
  [
    'ServiceRequest',
    {
      graphType: 'NhsReferral',
      kind: 'REFERRAL',
      dates: ['authoredOn', 'occurrenceDateTime', 'occurrencePeriod'],
    },
  ],
  [
    'Appointment',
    { graphType: 'NhsAppointment', kind: 'APPOINTMENT', dates: ['start', 'created'] },
  ],
  [
    'ClinicalImpression',
    {
      graphType: 'NhsFormulation',
      kind: 'OTHER',
      dates: ['effectiveDateTime', 'effectivePeriod', 'date'],
    },
  ],
])

/** What of the patients is known while their events are mapped. */
export interface Subjects {
  /** The Patient id that holds this NHS number, for references that give only a number. */
  readonly byNhsNumber: ReadonlyMap<string, string>
  /** The confidentiality flag by Patient id. */
  readonly restricted: ReadonlyMap<string, Tri>
}
export const NO_SUBJECTS: Subjects = { byNhsNumber: new Map(), restricted: new Map() }

/** A resource about something that happened, as the index keeps it. Total, like every mapper here. */
export function mapEvent(
  resource: unknown,
  subjects: Subjects = NO_SUBJECTS,
  rules: MapRules = {},
): Mapped<IndexedEvent> {
  const opened = openResource(resource, [...EVENT_TYPES.keys()], rules)
  if (opened.kind === 'rejected') return opened
  const { reader, source } = opened.value
  const type = EVENT_TYPES.get(source.type)
  const about = aboutOf(reader, subjects)
  if (type === undefined || (about.length === 0 && reader.problems.length === 0)) {
    return quarantined(
      source,
      { reason: 'SUBJECT_MISSING', field: `${source.type}.subject` },
      resource,
    )
  }
  return finish(reader, source, () => ({
    source,
    graphType: graphTypeOf(reader, type.graphType),
    version: versionOf(reader),
    recordedAt: recordedAt(reader),
    at: dateOf(reader, type.dates),
    kind: type.kind,
    about,
    marks: eventMarks(
      labels(reader),
      strictest(about.map(({ id }) => subjects.restricted.get(id))),
    ),
    deleted: isEnteredInError(reader),
    unmappedCodes: unmappedStatus(reader),
  }))
}

/** Psychotherapy notes are of a category of their own, whatever resource carries them. */
export function graphTypeOf(reader: Reader, graphType: string): string {
  return isTherapy(labels(reader)) ? 'NhsTherapyNote' : graphType
}

/** The patients that a resource is about. */
export function aboutOf(reader: Reader, subjects: Subjects): SourceId[] {
  const references = [
    reader.object('subject'),
    reader.object('patient'),
    ...reader.objects('participant').map((participant) => participant.object('actor')),
  ]
  const ids = references.flatMap((reference) => patientOf(reference, subjects) ?? [])
  return [...new Set(ids)].map((id) => ({ type: 'Patient', id }))
}

/** The Patient id that a reference names, directly or by an NHS number that is known. */
export function patientOf(reference: Reader | null, subjects: Subjects): string | null {
  if (reference === null) return null
  const text = reference.text('reference')
  const id = text === null ? null : idInReference(text, 'Patient')
  if (id !== null && isFhirId(id)) return id
  const identifier = reference.object('identifier')
  if (identifier?.text('system') !== NHS_NUMBER_SYSTEM) return null
  const number = identifier.text('value')
  return number === null ? null : (subjects.byNhsNumber.get(readNhsNumber(number).value) ?? null)
}

function dateOf(reader: Reader, fields: readonly string[]): string | null {
  for (const field of fields) {
    const date = field.toLowerCase().endsWith('period')
      ? (reader.object(field)?.date('start') ?? reader.object(field)?.date('end') ?? null)
      : reader.date(field)
    if (date !== null) return date
  }
  return null
}

/** Restricted if one of them is; unrestricted only if that is known of each. */
export function strictest(flags: readonly (Tri | undefined)[]): Tri {
  if (flags.some((flag) => flag === 'TRUE')) return 'TRUE'
  return flags.length > 0 && flags.every((flag) => flag === 'FALSE') ? 'FALSE' : 'UNKNOWN'
}

function isEnteredInError(reader: Reader): boolean {
  if (reader.text('status') === 'entered-in-error') return true
  if (typeof reader.of['verificationStatus'] !== 'object') return false
  return reader.codings('verificationStatus').some(({ code }) => code === 'entered-in-error')
}

const STATUSES: ReadonlySet<string> = new Set([
  'planned',
  'arrived',
  'triaged',
  'in-progress',
  'onleave',
  'finished',
  'cancelled',
  'unknown',
  'entered-in-error',
  'draft',
  'active',
  'on-hold',
  'revoked',
  'completed',
  'registered',
  'preliminary',
  'final',
  'amended',
  'corrected',
  'proposed',
  'pending',
  'booked',
  'fulfilled',
  'noshow',
  'checked-in',
  'waitlist',
])

function unmappedStatus(reader: Reader): { readonly system: string; readonly code: string }[] {
  const status = reader.text('status')
  return status === null || STATUSES.has(status)
    ? []
    : [{ system: `${reader.path}.status`, code: codeOnly(status) }]
}
