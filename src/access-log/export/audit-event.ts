import type { LogOperation, LogOutcome } from '../entry.js'
import type { HeadContent } from '../entry-schema.js'
import type { ToldEntry, ToldSection } from './told.js'

/**
 * An entry as a FHIR R4 `AuditEvent` (docs/governance/log-formats.md has the table). Codes of our own
 * stand under `urn:concordat:…`; where HL7 or DICOM has one that fits, it is used.
 */
const LIFECYCLE = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle'
const DICOM = 'http://dicom.nema.org/resources/ontology/DCM'
const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason'
const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type'
const SOURCE_TYPE = 'http://terminology.hl7.org/CodeSystem/security-source-type'

/** DPA 2018 s.62(1) in the words of ISO 21089, and what FHIR calls the act. */
const TYPES: Readonly<Record<LogOperation, { code: string; display: string; action: string }>> = {
  COLLECTION: { code: 'receive', display: 'Receive/Retain Record Lifecycle Event', action: 'C' },
  ALTERATION: { code: 'amend', display: 'Amend (Update) Record Lifecycle Event', action: 'U' },
  CONSULTATION: { code: 'access', display: 'Access/View Record Lifecycle Event', action: 'R' },
  DISCLOSURE: { code: 'disclose', display: 'Disclose Record Lifecycle Event', action: 'R' },
  COMBINATION: { code: 'link', display: 'Link Record Lifecycle Event', action: 'U' },
  ERASURE: { code: 'destroy', display: 'Destroy/Delete Record Lifecycle Event', action: 'D' },
}

/** 0 success, 4 minor failure (a part was not answered, or all was refused), 8 serious failure. */
const OUTCOMES: Readonly<Record<LogOutcome, string>> = {
  ANSWERED: '0',
  PARTIAL: '4',
  REFUSED: '4',
  FAILED: '8',
}

const FHIR_ID = /^[A-Za-z0-9\-.]{1,64}$/

/** Null where the entry's head was erased: an AuditEvent without who and when is none. */
export function auditEventOf(
  entry: ToldEntry,
  of: { readonly origin: string; readonly purposes: Readonly<Record<string, string>> },
): object | null {
  const { head, at } = entry
  if (head === null || at === null) return null
  const { code, display, action } = TYPES[head.operation]
  const purpose = purposeOf(head, of.purposes)
  return {
    resourceType: 'AuditEvent',
    ...(FHIR_ID.test(entry.id) && { id: entry.id }),
    type: { system: LIFECYCLE, code, display },
    subtype: [{ system: 'urn:concordat:what', code: head.what }],
    action,
    recorded: at,
    outcome: OUTCOMES[head.outcome],
    outcomeDesc: head.code === null ? head.outcome : `${head.outcome} ${head.code}`,
    ...(purpose !== null && { purposeOfEvent: [purpose] }),
    agent: [...receivers(head), ...suppliersOf(entry)],
    source: {
      observer: { identifier: { system: 'urn:concordat:log', value: of.origin } },
      type: [{ system: SOURCE_TYPE, code: '4', display: 'Application Server' }],
    },
    entity: [
      thing('urn:concordat:request', head.request, 'the request, as the client saw it'),
      {
        ...thing('urn:concordat:entry', entry.id, 'the entry in the access log'),
        detail: [
          { type: 'index', valueString: entry.index },
          { type: 'leaf', valueString: entry.leaf },
        ],
      },
      ...entry.sections.map(subjectOf),
    ],
  }
}

function purposeOf(head: HeadContent, known: Readonly<Record<string, string>>): object | null {
  if (head.purpose === null) return null
  const hl7 = known[head.purpose]
  return {
    coding: [
      ...(hl7 === undefined ? [] : [{ system: ACT_REASON, code: hl7 }]),
      { system: 'urn:concordat:purpose', code: head.purpose },
    ],
  }
}

/** Who consulted or received: the person or program, whoever acted for them, and their agency. */
function receivers({ caller, agreement }: HeadContent): readonly object[] {
  const destination = {
    coding: [{ system: DICOM, code: '110152', display: 'Destination Role ID' }],
  }
  const other = (name: string, value: string) => ({
    who: { identifier: { system: `urn:concordat:${name}`, value } },
    requestor: false,
  })
  return [
    {
      ...(caller.roles.length > 0 && {
        role: caller.roles.map((code) => ({ coding: [{ system: 'urn:concordat:role', code }] })),
      }),
      who: {
        identifier: { system: `urn:concordat:subject:${caller.agency}`, value: caller.subject },
      },
      requestor: true,
      ...(agreement !== null && { policy: [`urn:concordat:agreement:${agreement}`] }),
    },
    { type: destination, ...other('agency', caller.agency) },
    ...(caller.client === null ? [] : [other('client', caller.client)]),
    ...(caller.onBehalfOf === null ? [] : [other('actor', caller.onBehalfOf)]),
  ]
}

/** Who disclosed: each agency once that something was asked of. */
function suppliersOf({ sections }: ToldEntry): readonly object[] {
  return [...new Set(sections.map(({ agency }) => agency))].map((agency) => ({
    type: { coding: [{ system: DICOM, code: '110153', display: 'Source Role ID' }] },
    who: { identifier: { system: 'urn:concordat:agency', value: agency } },
    requestor: false,
  }))
}

function thing(system: string, value: string, description: string): object {
  return {
    what: { identifier: { system, value } },
    type: { system: ENTITY_TYPE, code: '2', display: 'System Object' },
    description,
  }
}

/** One agency's data of one person or case, with what was decided about each field. */
function subjectOf(section: ToldSection): object {
  const { agency, personId, caseId, person, decisions } = section
  const isPerson = person !== null
  const [system, value] = isPerson
    ? [`urn:concordat:person:${agency}`, personId]
    : ['urn:concordat:case', caseId]
  return {
    ...(value !== null && { what: { identifier: { system, value } } }),
    type: isPerson
      ? { system: ENTITY_TYPE, code: '1', display: 'Person' }
      : { system: ENTITY_TYPE, code: '2', display: 'System Object' },
    description: `section ${section.ordinal}: data of ${agency}`,
    ...detailOf([
      ...(isPerson && caseId !== null ? [{ type: 'case', valueString: caseId }] : []),
      ...decisions.map((one) => ({
        type: one.coordinate,
        valueString: `${one.decision} ${one.reason} ${one.clause ?? '-'} x${one.count}`,
      })),
    ]),
  }
}

/** FHIR has no empty lists. */
function detailOf(detail: readonly object[]): object {
  return detail.length === 0 ? {} : { detail }
}
