import 'reflect-metadata'
import { describe, expect, test } from '@jest/globals'
import { mapEvent, NO_SUBJECTS } from './map-event.js'
import { mapEventDetail } from './map-event-detail.js'
import { mapPatientDetail } from './map-patient-detail.js'
import { EVENT_FIELDS, fileOf } from './testing.js'

const subject = { reference: 'Patient/p1', display: 'Jane Planted' }
const event = (resourceType: string, more: object) => ({ resourceType, id: 'e1', subject, ...more })
const detail = (raw: unknown, graphType: string) =>
  mapEventDetail(raw, { graphType, fields: EVENT_FIELDS, subjectRestricted: 'FALSE' })

describe('the chronology', () => {
  test.each([
    [
      'Encounter',
      { period: { start: '2026-01-02T09:00:00+00:00' } },
      'NhsEvent',
      'CONTACT',
      '2026-01-02',
    ],
    ['Condition', { onsetDateTime: '2026-03' }, 'NhsEvent', 'DIAGNOSIS', '2026-03'],
    ['CarePlan', { created: '2026' }, 'NhsCarePlan', 'CARE_PLAN', '2026'],
    [
      'RiskAssessment',
      { occurrenceDateTime: '2026-01-02' },
      'NhsRiskAssessment',
      'RISK_ASSESSMENT',
      '2026-01-02',
    ],
    ['ServiceRequest', { authoredOn: '2026-01-02' }, 'NhsReferral', 'REFERRAL', '2026-01-02'],
    ['ClinicalImpression', {}, 'NhsFormulation', 'OTHER', null],
    ['Encounter', { meta: { security: [{ code: 'PSYTHPN' }] } }, 'NhsTherapyNote', 'CONTACT', null],
  ])('%s with %j is a %s of kind %s on %s', (type, more, graphType, kind, at) => {
    expect(mapEvent(event(type, more))).toMatchObject({
      value: { graphType, kind, at, about: [{ type: 'Patient', id: 'p1' }], deleted: false },
    })
  })

  test.each([
    ['a relative reference', { reference: 'Patient/p1' }],
    ['an absolute one', { reference: 'https://fhir.example/R4/Patient/p1' }],
    ['one of a version', { reference: 'Patient/p1/_history/3' }],
    [
      'an NHS number that is known',
      { identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '900 000 0009' } },
    ],
  ])('%s names the patient', (_, reference) => {
    const subjects = { ...NO_SUBJECTS, byNhsNumber: new Map([['9000000009', 'p1']]) }
    expect(mapEvent(event('Condition', { subject: reference }), subjects)).toMatchObject({
      value: { about: [{ type: 'Patient', id: 'p1' }] },
    })
  })

  test.each([
    [['FALSE', 'FALSE'], 'FALSE'],
    [['FALSE', 'TRUE'], 'TRUE'],
    [['FALSE', 'UNKNOWN'], 'UNKNOWN'],
    [['FALSE'], 'UNKNOWN'],
  ] as const)(
    'an appointment of two patients with flags %j is restricted: %s',
    (flags, isRestricted) => {
      const participant = ['p1', 'p2'].map((id) => ({ actor: { reference: `Patient/${id}` } }))
      const restricted = new Map(flags.map((flag, at) => [`p${at + 1}`, flag]))
      const raw = { resourceType: 'Appointment', id: 'a1', participant }
      expect(mapEvent(raw, { ...NO_SUBJECTS, restricted })).toMatchObject({
        value: { marks: { restrictedPatient: isRestricted } },
      })
    },
  )

  test('what was entered in error is deleted', () => {
    const error = { coding: [{ code: 'entered-in-error' }] }
    expect(mapEvent(event('Condition', { verificationStatus: error }))).toMatchObject({
      value: { deleted: true },
    })
    expect(mapEvent(event('CarePlan', { status: 'entered-in-error' }))).toMatchObject({
      value: { deleted: true },
    })
  })

  test('a status that is not known is counted, and one that is no code is not copied', () => {
    expect(mapEvent(event('CarePlan', { status: 'odd' }))).toMatchObject({
      value: { unmappedCodes: [{ system: 'CarePlan.status', code: 'odd' }] },
    })
    expect(mapEvent(event('CarePlan', { status: 'Jane Planted' }))).toMatchObject({
      value: { unmappedCodes: [{ code: 'NOT_A_CODE' }] },
    })
  })
})

describe('the detail', () => {
  test('the display of a reference to a person is copied nowhere', () => {
    const raw = event('Condition', { code: { coding: [{ code: '38341003', display: 'High' }] } })
    expect(JSON.stringify(detail(raw, 'NhsEvent'))).not.toContain('Planted')
  })

  test('an event that has become another type since it was indexed gives nothing', () => {
    const raw = event('Encounter', { meta: { security: [{ code: 'PSYTHPN' }] } })
    expect(detail(raw, 'NhsEvent')).toEqual({ kind: 'mapped', value: null })
    expect(detail(raw, 'NhsTherapyNote')).toMatchObject({ value: { data: {} } })
  })

  test('level and items of a risk assessment are apart, an answer in words is a comment', () => {
    const raw = event('RiskAssessment', {
      method: { coding: [{ code: 'SRP', version: '1' }] },
      prediction: [
        { qualitativeRisk: { coding: [{ code: 'low' }] } },
        { qualitativeRisk: { coding: [{ code: 'high' }] } },
      ],
      contained: [
        {
          resourceType: 'QuestionnaireResponse',
          item: [
            { linkId: '1', answer: [{ valueBoolean: true }] },
            { linkId: '2', answer: [{ valueString: 'near her work' }] },
          ],
        },
      ],
    })
    expect(detail(raw, 'NhsRiskAssessment')).toMatchObject({
      value: {
        data: {
          level: 'HIGH',
          instrument: 'SRP',
          instrumentVersion: '1',
          items: [
            { number: '1', answer: 'yes', comment: { value: null, present: false } },
            { number: '2', answer: null, comment: { value: 'near her work', present: true } },
          ],
          summary: { value: null, present: false },
        },
      },
    })
  })

  test('a place is the location’s, whether named or carried along', () => {
    const named = event('Encounter', { location: [{ location: { display: 'Ward 4' } }] })
    expect(detail(named, 'NhsEvent')).toMatchObject({ value: { data: { place: 'Ward 4' } } })
    const carried = {
      resourceType: 'Appointment',
      id: 'a1',
      status: 'noshow',
      contained: [
        {
          resourceType: 'Location',
          id: 'l',
          address: { line: ['1 High St'], postalCode: 'CH1 2AB' },
        },
      ],
      participant: [{ actor: { reference: 'Patient/p1' } }, { actor: { reference: '#l' } }],
    }
    expect(detail(carried, 'NhsAppointment')).toMatchObject({
      value: { data: { place: '1 High St, CH1 2AB', attended: false, state: 'noshow' } },
    })
  })
})

describe('what is asked beside the patient', () => {
  const patient = { resourceType: 'Patient', id: 'p1' }
  const ask = {
    fields: new Set([
      'serviceUse',
      'engaged',
      'disengagedSince',
      'warningMarkers',
      'warningAdvice',
      'relations',
    ]),
    today: '2026-11-01',
  }
  const appointment = (start: string, status: string) => ({
    resourceType: 'Appointment',
    status,
    start,
  })

  const kept = ['2026-01-01', 'fulfilled'] as const
  test.each([
    [[], false, null, null, null],
    [[], true, 'REFERRED', null, null],
    [[kept], true, 'ENGAGED', true, null],
    [
      [['2026-03-01', 'noshow'], kept, ['2026-02-01', 'noshow']],
      true,
      'DISENGAGED',
      false,
      '2026-02-01',
    ],
    [[['2026-03-01', 'booked'], kept], false, 'ENGAGED', true, null],
  ] as const)(
    'appointments %j, referred %s: %s, engaged %s, not since %s',
    (dates, isReferred, serviceUse, engaged, disengagedSince) => {
      const file = fileOf(patient, {
        appointments: dates.map(([start, status]) => appointment(start, status)),
        referrals: isReferred ? [{ resourceType: 'ServiceRequest', status: 'active' }] : [],
      })
      expect(mapPatientDetail(file, ask)).toMatchObject({
        value: { data: { serviceUse, engaged, disengagedSince } },
      })
    },
  )

  test('warnings are codes; their words stand apart; those that are over are not given', () => {
    const flag = (status: string, code: object) => ({ resourceType: 'Flag', status, code })
    const file = fileOf(patient, {
      flags: [
        flag('active', { coding: [{ code: 'WEAPONS' }], text: 'never alone' }),
        flag('active', { text: 'dog at 1 High St' }),
        flag('inactive', { coding: [{ code: 'SELF_HARM' }] }),
      ],
    })
    expect(mapPatientDetail(file, ask)).toMatchObject({
      value: {
        data: {
          warningMarkers: ['OTHER', 'WEAPONS'],
          warningAdvice: { value: 'never alone\ndog at 1 High St', present: true },
        },
      },
    })
  })

  test('of related people only the kind is taken, never who they are', () => {
    const related = {
      resourceType: 'RelatedPerson',
      name: [{ family: 'Planted' }],
      telecom: [{ system: 'phone', value: '07700900000' }],
      relationship: [{ coding: [{ code: 'MTH', display: 'Planted' }] }],
    }
    const made = mapPatientDetail(fileOf(patient, { related: [related] }), ask)
    expect(made).toMatchObject({ value: { data: { relations: ['MTH'] } } })
    expect(JSON.stringify(made)).not.toMatch(/Planted|07700900000/)
  })
})
