import type { Holding, NotTaken, ProtectiveMarking, TrueAddress, TrueName } from '../world.js'
import type { FhirResource } from './fhir-json.js'

const UK_CORE = 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-'
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const CLASSIFICATION =
  'https://www.gov.uk/government/publications/government-security-classifications'
const SAMPLE_LABEL = 'https://weaver-nhs.example/fhir/CodeSystem/record-kind'

const NAME_USES: Readonly<Record<TrueName['use'], string>> = {
  USUAL: 'usual',
  MAIDEN: 'maiden',
  ALIAS: 'old',
  NICKNAME: 'nickname',
}
const CHANNELS: Readonly<Record<string, string>> = {
  PHONE: '3',
  TEXT: '6',
  EMAIL: '4',
  IN_PERSON: '2',
}

/** A patient as UK Core has it. Flag R takes address, GP and telecom out of what is answered, as PDS does. */
export function renderPatient(holding: Holding): FhirResource {
  const isRestricted = holding.nhsFlag === 'R'
  return {
    resourceType: 'Patient',
    id: holding.sourceId,
    meta: {
      versionId: '1',
      lastUpdated: holding.recordedAt,
      security: [...flag(holding.nhsFlag), ...labels(holding)],
    },
    active: holding.replacedBy === null,
    ...(holding.note !== null && {
      text: {
        status: 'additional',
        div: `<div xmlns="http://www.w3.org/1999/xhtml">${xhtml(holding.note)}</div>`,
      },
    }),
    ...some('extension', extensions(holding)),
    ...some('identifier', identifiers(holding)),
    ...some('name', holding.names.map(humanName)),
    ...(holding.sex !== null && { gender: holding.sex }),
    ...(holding.bornOn !== null && { birthDate: holding.bornOn }),
    ...(!isRestricted && some('telecom', telecom(holding))),
    ...(!isRestricted && some('address', holding.addresses.map(address))),
    ...(!isRestricted &&
      holding.gpPractice !== null && {
        generalPractitioner: [
          { type: 'Organization', identifier: ods(holding.gpPractice.odsCode) },
        ],
      }),
    ...(holding.replacedBy !== null && {
      link: [{ other: { reference: `Patient/${holding.replacedBy}` }, type: 'replaced-by' }],
    }),
  }
}

/** One Flag for each warning on the record. */
export function renderWarnings(holding: Holding): FhirResource[] {
  return holding.warnings.map((warning, at) => ({
    resourceType: 'Flag',
    id: `${holding.sourceId}-flag-${at + 1}`,
    meta: { versionId: '1', lastUpdated: holding.recordedAt },
    status: 'active',
    category: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/flag-category', code: 'safety' }],
      },
    ],
    code: {
      coding: [{ system: SAMPLE_LABEL, code: warning }],
      text: `Read the safety plan of the ward before a visit (${warning.toLowerCase().replaceAll('_', ' ')})`,
    },
    subject: { reference: `Patient/${holding.sourceId}` },
  }))
}

/** Security labels by which the trust says that a record is not for sharing at all. */
export function labels(of: {
  readonly protectiveMarking?: ProtectiveMarking
  readonly notTaken?: NotTaken
}): unknown[] {
  return [
    ...(of.protectiveMarking === undefined
      ? []
      : [{ system: CLASSIFICATION, code: of.protectiveMarking }]),
    ...(of.notTaken === undefined ? [] : [{ system: SAMPLE_LABEL, code: of.notTaken }]),
    ...(of.notTaken === 'SEXUAL_HEALTH' ? [{ system: ACT_CODE, code: 'SEX' }] : []),
  ]
}

function flag(nhsFlag: Holding['nhsFlag']): unknown[] {
  return nhsFlag === null ? [] : [{ system: CONFIDENTIALITY, code: nhsFlag }]
}

function some(key: string, values: readonly unknown[]): Readonly<Record<string, unknown>> {
  return values.length > 0 ? { [key]: values } : {}
}

function xhtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function identifiers(holding: Holding): unknown[] {
  const system = 'https://fhir.nhs.uk/Id/nhs-number'
  return [
    ...(holding.nhsNumber === null ? [] : [{ system, value: holding.nhsNumber }]),
    ...holding.supersededNhsNumbers.map((value) => ({ use: 'old', system, value })),
  ]
}

function humanName(name: TrueName): unknown {
  return { use: NAME_USES[name.use], family: name.family, given: name.given }
}

function address(of: TrueAddress): unknown {
  return {
    use: of.kind === 'TEMPORARY' || of.kind === 'REFUGE' ? 'temp' : 'home',
    line: of.lines,
    ...(of.postcode !== null && { postalCode: of.postcode }),
    period: { start: of.from, ...(of.to !== null && { end: of.to }) },
  }
}

function telecom(holding: Holding): unknown[] {
  return [
    ...holding.phones.map((value) => ({ system: 'phone', value, use: 'mobile' })),
    ...holding.emails.map((value) => ({ system: 'email', value, use: 'home' })),
  ]
}

function ods(value: string): unknown {
  return { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value }
}

function extensions(holding: Holding): unknown[] {
  const made: unknown[] = []
  if (holding.language !== null) {
    made.push({
      url: `${UK_CORE}NHSCommunication`,
      extension: [
        {
          url: 'language',
          valueCodeableConcept: {
            coding: [
              {
                system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-HumanLanguage',
                code: holding.language,
              },
            ],
          },
        },
        { url: 'interpreterRequired', valueBoolean: true },
      ],
    })
  }
  const { safeContact } = holding
  if (safeContact !== null) {
    const never = safeContact.neverDo === null ? '' : `; never: ${safeContact.neverDo}`
    const method = CHANNELS[safeContact.channel]
    made.push({
      url: `${UK_CORE}ContactPreference`,
      extension: [
        ...(method === undefined
          ? []
          : [
              {
                url: 'PreferredContactMethod',
                valueCodeableConcept: {
                  coding: [
                    {
                      system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredContactMethod',
                      code: method,
                    },
                  ],
                },
              },
            ]),
        { url: 'PreferredContactTimes', valueString: `${safeContact.times}${never}` },
      ],
    })
  }
  return made
}
