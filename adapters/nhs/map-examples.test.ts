import 'reflect-metadata'
import { describe, expect, test } from '@jest/globals'
import { exampleResources, readExamples } from '../../samples/nhs/examples.js'
import { mapConsent } from './map-consent.js'
import { EVENT_TYPES, mapEvent, NO_SUBJECTS } from './map-event.js'
import { mapEventDetail } from './map-event-detail.js'
import { mapPatient } from './map-patient.js'
import { mapPatientDetail } from './map-patient-detail.js'
import { ALL_PATIENT_FIELDS, EVENT_FIELDS, fileOf } from './testing.js'

const resources = exampleResources(readExamples())
const patients = resources.filter(({ resourceType }) => resourceType === 'Patient')
const events = resources.filter(({ resourceType }) => EVENT_TYPES.has(resourceType))
const consents = resources.filter(({ resourceType }) => resourceType === 'Consent')
const patient = (id: unknown) => patients.find((one) => one.id === id)

test('the examples hold patients, events and consents to map', () => {
  expect(patients.length).toBeGreaterThan(40)
  expect(events.length).toBeGreaterThan(8)
  expect(consents.length).toBeGreaterThan(10)
})

test.each(patients.map((one, at) => [`${at} ${one.id}`, one] as const))(
  'the published patient %s maps, to the index and in detail',
  (_, one) => {
    const made = mapPatient(one)
    expect(made).toMatchObject({
      kind: 'mapped',
      value: { source: { type: 'Patient', id: one.id } },
    })
    const ask = { fields: ALL_PATIENT_FIELDS, today: '2026-11-01' }
    expect(mapPatientDetail(fileOf(one), ask).kind).toBe('mapped')
  },
)

test.each(events.map((one) => [`${one.resourceType} ${one.id}`, one] as const))(
  'the published %s maps, or says that it names no patient',
  (_, one) => {
    const made = mapEvent(one)
    if (made.kind === 'rejected') expect(made.rejection.reason).toBe('SUBJECT_MISSING')
    else expect(made.value.about).toHaveLength(1)
    const graphType = EVENT_TYPES.get(one.resourceType)?.graphType ?? ''
    const ask = { graphType, fields: EVENT_FIELDS, subjectRestricted: 'FALSE' as const }
    expect(mapEventDetail(one, ask)).toMatchObject({ kind: 'mapped' })
  },
)

test.each(consents.map((one, at) => [`${at} ${one.id}`, one] as const))(
  'the published consent %s, for a proxy or for direct care, is no wish about agencies',
  (_, one) => {
    const byNhsNumber = new Map(['9000000009', '9000000005'].map((value) => [value, value]))
    expect(mapConsent(one, { ...NO_SUBJECTS, byNhsNumber })).toEqual({ kind: 'mapped', value: [] })
  },
)

describe('the Personal Demographics Service', () => {
  test.each`
    id              | says                    | restricted
    ${'9000000009'} | ${'U'}                  | ${'FALSE'}
    ${'9000000025'} | ${'R'}                  | ${'TRUE'}
    ${'9000000033'} | ${'U, hardly anything'} | ${'FALSE'}
  `('patient $id says $says: restricted is $restricted, and handling tells nothing', (of) => {
    expect(mapPatient(patient(of.id))).toMatchObject({
      value: { marks: { restrictedPatient: of.restricted, handling: 'OPEN' } },
    })
  })

  test('a patient without a confidentiality flag is of unknown restriction', () => {
    expect(mapPatient(patient('UKCore-Patient-RichardSmith-Example'))).toMatchObject({
      value: { marks: { restrictedPatient: 'UNKNOWN' } },
    })
  })

  test('names, dates, addresses and the practice are read with their lineage', () => {
    const ask = { fields: ALL_PATIENT_FIELDS, today: '2020-06-01' }
    const made = mapPatientDetail(fileOf(patient('9000000009')), ask)
    expect(made).toMatchObject({
      value: {
        data: {
          names: [{ family: 'Smith', given: 'Jane', use: 'USUAL' }],
          bornOn: '2010-10-22',
          deceased: true,
          deceasedOn: '2010-10-22',
          nhsNumber: '9000000009',
          gpPractice: 'Y12345',
          phones: ['01632960587'],
          emails: ['jane.smith@example.com'],
          accessNeeds: ['LANGUAGE fr', 'INTERPRETER', 'FORMAT 12'],
          contactMethod: 'LETTER',
          contactTimes: { value: 'Not after 7pm', present: true },
        },
      },
    })
    if (made.kind === 'rejected') throw new Error('rejected')
    expect(made.value.data.addresses?.[0]).toMatchObject({ postcode: 'LS1 6AE', to: '2021-12-31' })
    expect(made.value.data.lineage).toContainEqual({
      field: 'bornOn',
      sourcePath: 'Patient.birthDate',
      mapper: 'nhs/map-patient@1',
    })
  })

  test('a telephone number that has ended is not given, but still matched on', () => {
    const ask = { fields: new Set(['phones']), today: '2026-11-01' }
    expect(mapPatientDetail(fileOf(patient('9000000009')), ask)).toMatchObject({
      value: { data: { phones: [] } },
    })
    expect(mapPatient(patient('9000000009'))).toMatchObject({
      value: { traits: { phones: ['01632960587'], postcodes: ['LS1 6AE'] } },
    })
  })

  test('only the fields asked for are read', () => {
    const ask = { fields: new Set(['bornOn']), today: '2026-11-01' }
    expect(mapPatientDetail(fileOf(patient('9000000009')), ask)).toMatchObject({
      value: { data: { bornOn: '2010-10-22' } },
    })
    const made = mapPatientDetail(fileOf(patient('9000000009')), ask)
    expect(made.kind === 'mapped' && Object.keys(made.value.data)).toEqual(['bornOn'])
  })
})
