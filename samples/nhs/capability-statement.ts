/** Types of resource that the sample trust keeps. */
export const SERVED_TYPES = [
  'Patient',
  'RelatedPerson',
  'Encounter',
  'Condition',
  'CarePlan',
  'RiskAssessment',
  'ServiceRequest',
  'Flag',
  'Consent',
  'Appointment',
  'ClinicalImpression',
]
const PATIENT_SEARCHES = [
  '_id',
  '_lastUpdated',
  'identifier',
  'family',
  'birthdate',
  'address-postalcode',
]

/** What the sample server says that it can do; the parts that an adapter may ask for. */
export function capabilityStatement(): unknown {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-01-01',
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        interaction: [{ code: 'batch' }],
        resource: SERVED_TYPES.map((type) => ({
          type,
          interaction: [{ code: 'read' }, { code: 'search-type' }],
          searchParam: (type === 'Patient'
            ? PATIENT_SEARCHES
            : ['_id', '_lastUpdated', 'patient']
          ).map((name) => ({ name, type: 'token' })),
        })),
      },
    ],
  }
}
