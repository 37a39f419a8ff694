import type { Mapped, Marks } from '../../src/records/adapter.js'
import type { Tri } from '../../src/sharing/vocabulary.js'
import { finish, isCode, isFhirObject, own, quarantined, Reader } from './fhir.js'
import type {
  DataOf,
  NhsAppointment,
  NhsCarePlan,
  NhsEvent,
  NhsFormulation,
  NhsReferral,
  NhsRiskAssessment,
  NhsTherapyNote,
} from './graph.js'
import { EVENT_TYPES, graphTypeOf } from './map-event.js'
import { eventMarks, labels } from './map-marks.js'
import { type MapRules, openResource } from './map-patient.js'
import { asText, pick } from './map-patient-detail.js'
import { mapRiskItems, riskInstrument, riskLevel } from './map-risk.js'
import { attended } from './map-service-use.js'

export const MAPPER_EVENT = 'nhs/map-event@1'

type MappersOf<Data> = {
  readonly [Field in keyof Data]-?: {
    readonly path: string
    readonly read: (reader: Reader) => Data[Field]
  }
}
const NO_LINEAGE = { path: '', read: (): null => null }
const state = { path: 'status', read: stateOf }
const code = { path: 'code', read: codeOf }
const summary = { path: 'text of the resource', read: (of: Reader) => asText(wordsOf(of)) }
const place = { path: 'location', read: placeOf }

const EVENT: MappersOf<DataOf<NhsEvent>> = { summary, code, state, place, lineage: NO_LINEAGE }
const CARE_PLAN: MappersOf<DataOf<NhsCarePlan>> = {
  summary,
  categories: {
    path: 'CarePlan.category',
    read: (of) =>
      of.codingsOfAll('category').flatMap(({ code: one }) => (isCode(one) ? [one] : [])),
  },
  state,
  lineage: NO_LINEAGE,
}
const REFERRAL: MappersOf<DataOf<NhsReferral>> = { summary, code, state, lineage: NO_LINEAGE }
const THERAPY_NOTE: MappersOf<DataOf<NhsTherapyNote>> = { summary, lineage: NO_LINEAGE }
const APPOINTMENT: MappersOf<DataOf<NhsAppointment>> = {
  summary,
  state,
  attended: { path: 'Appointment.status', read: (of) => attended(of.text('status')) },
  place,
  lineage: NO_LINEAGE,
}
const RISK_ASSESSMENT: MappersOf<DataOf<NhsRiskAssessment>> = {
  summary,
  level: { path: 'RiskAssessment.prediction.qualitativeRisk', read: riskLevel },
  instrument: { path: 'RiskAssessment.method', read: (of) => riskInstrument(of)?.code ?? null },
  instrumentVersion: {
    path: 'RiskAssessment.method',
    read: (of) => riskInstrument(of)?.version ?? null,
  },
  items: { path: 'RiskAssessment.basis(QuestionnaireResponse.item)', read: mapRiskItems },
  lineage: NO_LINEAGE,
}
const FORMULATION: MappersOf<DataOf<NhsFormulation>> = {
  summary,
  typology: { path: 'ClinicalImpression.code', read: codeOf },
  advice: {
    path: 'ClinicalImpression.note',
    read: (of) => asText(joined(of.objects('note').map((note) => note.text('text')))),
  },
  lineage: NO_LINEAGE,
}

export type EventData =
  | DataOf<NhsEvent>
  | DataOf<NhsAppointment>
  | DataOf<NhsCarePlan>
  | DataOf<NhsReferral>
  | DataOf<NhsRiskAssessment>
  | DataOf<NhsFormulation>
  | DataOf<NhsTherapyNote>

/**
 * The fields asked for of one event. Where the live resource has become another type of event than
 * the one asked for (a note that is marked as therapy now), nothing is given: null.
 */
export function mapEventDetail(
  resource: unknown,
  ask: {
    readonly graphType: string
    readonly fields: ReadonlySet<string>
    readonly subjectRestricted: Tri
  },
  rules: MapRules = {},
): Mapped<{ readonly data: EventData; readonly marks: Marks } | null> {
  const opened = openResource(resource, [...EVENT_TYPES.keys()], rules)
  if (opened.kind === 'rejected') return opened
  const { reader, source } = opened.value
  const type = EVENT_TYPES.get(source.type)
  if (type === undefined) {
    return quarantined(source, { reason: 'NOT_FHIR', field: 'resourceType' }, resource)
  }
  const graphType = graphTypeOf(reader, type.graphType)
  return finish(reader, source, () => {
    if (graphType !== ask.graphType) return null
    const data = dataOf(graphType, reader, ask.fields)
    return data && { data, marks: eventMarks(labels(reader), ask.subjectRestricted) }
  })
}

function dataOf(graphType: string, reader: Reader, fields: ReadonlySet<string>): EventData | null {
  switch (graphType) {
    case 'NhsEvent':
      return pick(EVENT, reader, fields, MAPPER_EVENT)
    case 'NhsCarePlan':
      return pick(CARE_PLAN, reader, fields, MAPPER_EVENT)
    case 'NhsAppointment':
      return pick(APPOINTMENT, reader, fields, MAPPER_EVENT)
    case 'NhsReferral':
      return pick(REFERRAL, reader, fields, MAPPER_EVENT)
    case 'NhsRiskAssessment':
      return pick(RISK_ASSESSMENT, reader, fields, MAPPER_EVENT)
    case 'NhsFormulation':
      return pick(FORMULATION, reader, fields, MAPPER_EVENT)
    case 'NhsTherapyNote':
      return pick(THERAPY_NOTE, reader, fields, MAPPER_EVENT)
    default:
      return null
  }
}

function stateOf(reader: Reader): string | null {
  const status = reader.text('status') ?? codingOf(reader, 'clinicalStatus')
  return status !== null && isCode(status) ? status : null
}

function codeOf(reader: Reader): string | null {
  for (const key of ['code', 'type', 'category', 'serviceType']) {
    const found = codingOf(reader, key)
    if (found !== null) return found
  }
  return null
}

/** The first code under `key`, whether it holds one CodeableConcept or a list of them. */
function codingOf(reader: Reader, key: string): string | null {
  const codings = Array.isArray(own(reader.of, key))
    ? reader.codingsOfAll(key)
    : reader.codings(key)
  return codings.find(({ code: found }) => isCode(found))?.code ?? null
}

/** Everything that is said in words, of the strictest category of its type. */
function wordsOf(reader: Reader): string | null {
  const concepts = ['code', 'type', 'reasonCode', 'category', 'serviceType', 'method']
  const words = [
    reader.text('title'),
    reader.text('description'),
    reader.text('summary'),
    ...concepts.flatMap((key) => conceptTexts(reader, key)),
    ...reader.objects('goal').map((goal) => goal.text('display')),
    ...reader.objects('activity').flatMap((activity) => activityWords(activity)),
    ...notesOf(reader),
    reader.text('comment'),
    reader.text('patientInstruction'),
    reader.text('mitigation'),
  ]
  return joined(words)
}

/** A formulation's notes are its advice, a field of their own. */
function notesOf(reader: Reader): (string | null)[] {
  if (reader.path === 'ClinicalImpression') return []
  return Array.isArray(own(reader.of, 'note'))
    ? reader.objects('note').map((note) => note.text('text'))
    : []
}

function conceptTexts(reader: Reader, key: string): (string | null)[] {
  if (!Array.isArray(own(reader.of, key))) return [reader.conceptText(key)]
  return reader
    .objects(key)
    .map((concept) => concept.text('text') ?? concept.objects('coding')[0]?.text('display') ?? null)
}

function activityWords(activity: Reader): (string | null)[] {
  const detail = activity.object('detail')
  return [
    detail?.text('description') ?? null,
    detail === null ? null : detail.conceptText('code'),
    ...activity.objects('outcomeCodeableConcept').map((outcome) => outcome.text('text')),
  ]
}

/** Where the person was: the words of the location reference, or of the Location carried along. */
function placeOf(reader: Reader): string | null {
  const references = [
    ...reader.objects('location').map((entry) => entry.object('location')),
    ...reader.objects('locationReference'),
    ...reader
      .objects('participant')
      .map((participant) => participant.object('actor'))
      .filter((actor) => actor !== null && isLocation(actor)),
  ]
  return joined(
    references.map((reference) => reference && placeName(reader, reference)),
    ', ',
  )
}

function isLocation(reference: Reader): boolean {
  const text = reference.text('reference')
  if (text?.startsWith('#') === true) return true
  return reference.text('type') === 'Location' || /(?:^|\/)Location\//.test(text ?? '')
}

function placeName(reader: Reader, reference: Reader): string | null {
  const text = reference.text('reference')
  if (text?.startsWith('#') !== true) return reference.text('display')
  const contained = reader
    .objects('contained')
    .find((entry) => own(entry.of, 'id') === text.slice(1))
  if (contained === undefined || own(contained.of, 'resourceType') !== 'Location') return null
  const address = own(contained.of, 'address')
  const where = isFhirObject(address)
    ? new Reader(address, `${contained.path}.address`, reader.problems)
    : null
  return joined(
    [contained.text('name'), ...(where?.texts('line') ?? []), where?.text('postalCode') ?? null],
    ', ',
  )
}

function joined(words: readonly (string | null)[], by = '\n'): string | null {
  const said = [...new Set(words.filter((word) => word !== null))]
  return said.length > 0 ? said.join(by) : null
}
