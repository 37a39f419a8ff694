import type { TrueEvent, TrueHappening, TruePlace } from '../world.js'
import type { FhirResource } from './fhir-json.js'
import { labels } from './render-patient.js'

type Body = Readonly<Record<string, unknown>> & { readonly resourceType: string }

/** An event of the trust as UK Core has it; null for one that a trust does not hold. */
export function renderEvent(event: TrueEvent): FhirResource | null {
  const subject = { reference: `Patient/${event.about[0]?.sourceId ?? 'unknown'}` }
  const body = bodyOf(event, subject)
  if (body === null) return null
  const security = labels(event)
  return {
    ...body,
    id: event.sourceId,
    meta: {
      versionId: '1',
      lastUpdated: event.recordedAt,
      ...(security.length > 0 && { security }),
    },
  }
}

function bodyOf(event: TrueEvent, subject: { readonly reference: string }): Body | null {
  const { what, text, at } = event
  const note = text === null ? {} : { note: [{ text }] }
  switch (what.kind) {
    case 'DIAGNOSIS':
      return {
        resourceType: 'Condition',
        clinicalStatus: {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' },
          ],
        },
        code: {
          coding: [{ system: 'http://snomed.info/sct', code: what.snomed, display: what.display }],
        },
        subject,
        onsetDateTime: at,
        ...note,
      }
    case 'APPOINTMENT':
      return appointment(event, what)
    case 'CARE_PLAN':
      return {
        resourceType: 'CarePlan',
        status: 'active',
        intent: 'plan',
        subject,
        period: { start: at },
        activity: what.goals.map((description) => ({
          detail: { status: 'in-progress', description },
        })),
        ...(what.crisisContact !== null && {
          description: `Crisis contact: ${what.crisisContact}`,
        }),
        ...note,
      }
    case 'RISK_ASSESSMENT':
      return riskAssessment(what, subject, at, note)
    case 'REFERRAL':
      return {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        code: { text: what.to },
        subject,
        authoredOn: at,
        reasonCode: [{ text: what.reason }],
        ...note,
      }
    default:
      return null
  }
}

function appointment(
  event: TrueEvent,
  what: Extract<TrueHappening, { readonly kind: 'APPOINTMENT' }>,
): Body {
  const { at, text } = event
  const patients = event.about.map(({ sourceId }) => ({
    actor: { reference: `Patient/${sourceId}` },
    status: 'accepted',
  }))
  return {
    resourceType: 'Appointment',
    status: what.attended ? 'fulfilled' : 'noshow',
    ...(at.length === 10 ? { start: `${at}T10:00:00+00:00` } : { created: at }),
    ...(text !== null && { comment: text }),
    ...(what.place !== null && { contained: [location(what.place)] }),
    participant: [
      ...patients,
      ...(what.place === null ? [] : [{ actor: { reference: '#place' }, status: 'accepted' }]),
    ],
  }
}

function location(place: TruePlace): unknown {
  return {
    resourceType: 'Location',
    id: 'place',
    address: { line: place.lines, ...(place.postcode !== null && { postalCode: place.postcode }) },
  }
}

function riskAssessment(
  what: Extract<TrueHappening, { readonly kind: 'RISK_ASSESSMENT' }>,
  subject: { readonly reference: string },
  at: string,
  note: Readonly<Record<string, unknown>>,
): Body {
  const system = 'http://terminology.hl7.org/CodeSystem/risk-probability'
  return {
    resourceType: 'RiskAssessment',
    status: 'final',
    contained: [
      {
        resourceType: 'QuestionnaireResponse',
        id: 'items',
        status: 'completed',
        item: Object.entries(what.items).map(([linkId, answer]) => ({
          linkId,
          answer: [
            /^\S{1,40}$/.test(answer) ? { valueCoding: { code: answer } } : { valueString: answer },
          ],
        })),
      },
    ],
    method: {
      coding: [
        {
          system: 'https://weaver-nhs.example/fhir/CodeSystem/instrument',
          code: what.instrument,
          version: what.version,
        },
      ],
    },
    subject,
    occurrenceDateTime: at,
    basis: [{ reference: '#items' }],
    prediction: [{ qualitativeRisk: { coding: [{ system, code: what.level.toLowerCase() }] } }],
    ...note,
  }
}
