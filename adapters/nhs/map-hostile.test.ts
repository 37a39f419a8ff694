import 'reflect-metadata'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { textLengthMax } from './fhir.js'
import { mapConsent } from './map-consent.js'
import { EVENT_TYPES, mapEvent, NO_SUBJECTS } from './map-event.js'
import { mapEventDetail } from './map-event-detail.js'
import { mapPatient } from './map-patient.js'
import { mapPatientDetail } from './map-patient-detail.js'
import { ALL_PATIENT_FIELDS, EVENT_FIELDS, fileOf } from './testing.js'

const MARKER = 'PlantedMarker77'
const ask = { fields: ALL_PATIENT_FIELDS, today: '2026-11-01' }
const patient = (more: object) => ({ resourceType: 'Patient', id: 'p1', ...more })

describe('a patient that is not FHIR is quarantined with the field, never with the value', () => {
  test.each([
    ['31 February', { birthDate: '1990-02-31' }, 'DATE_UNREADABLE', 'Patient.birthDate'],
    ['a birth date in words', { birthDate: MARKER }, 'DATE_UNREADABLE', 'Patient.birthDate'],
    [
      '31 February in an address',
      { address: [{ line: ['x'], period: { start: '2020-02-31' } }] },
      'DATE_UNREADABLE',
      'Patient.address.period.start',
    ],
    ['a name that is a text', { name: MARKER }, 'WRONG_TYPE', 'Patient.name'],
    [
      'a family name that is a number',
      { name: [{ family: 7 }] },
      'WRONG_TYPE',
      'Patient.name.family',
    ],
    [
      'a time that is none',
      { meta: { lastUpdated: 'yesterday' } },
      'DATE_UNREADABLE',
      'Patient.meta.lastUpdated',
    ],
    [
      'text beyond the limit',
      { name: [{ family: 'x'.repeat(textLengthMax + 1) }] },
      'TEXT_TOO_LONG',
      'Patient.name.family',
    ],
    [
      'half a character',
      { name: [{ family: 'x\ud800' }] },
      'TEXT_UNREADABLE',
      'Patient.name.family',
    ],
    [
      'a list without end',
      { name: new Array(1_001).fill({ family: 'x' }) },
      'LIST_TOO_LONG',
      'Patient.name',
    ],
    ['an id that is none', { id: '../../etc' }, 'ID_UNREADABLE', 'Patient.id'],
    ['another type', { resourceType: 'Parient' }, 'NOT_FHIR', 'resourceType'],
  ])('%s', (_, more, reason, field) => {
    const made = mapPatient(patient(more))
    expect(made).toMatchObject({
      kind: 'rejected',
      rejection: { reason, field, outcome: 'QUARANTINE' },
    })
    const said = made.kind === 'rejected' ? { ...made.rejection, raw: null } : null
    expect(JSON.stringify(said)).not.toContain(MARKER)
  })

  test('text at the limit is taken', () => {
    expect(mapPatient(patient({ name: [{ family: 'x'.repeat(textLengthMax) }] })).kind).toBe(
      'mapped',
    )
  })

  test.each([[null], [undefined], [7], ['x'], [[]]])('%p is no resource', (raw) => {
    const asked = { type: 'Patient', id: 'p9' }
    expect(mapPatient(raw, { asked })).toMatchObject({
      rejection: { source: asked, reason: 'NOT_FHIR' },
    })
  })

  test('keys of the prototype are keys like others', () => {
    const raw: unknown = JSON.parse(
      '{"resourceType":"Patient","id":"p1","__proto__":{"birthDate":"1990-01-01"},"constructor":{"name":[{}]},"name":[{"__proto__":{"family":"X"}}]}',
    )
    expect(mapPatient(raw)).toMatchObject({ value: { traits: { bornOn: [], names: [] } } })
    expect(mapPatientDetail(fileOf(raw), ask)).toMatchObject({ value: { data: { bornOn: null } } })
  })
})

describe('what must not enter is refused at the door, keeping nothing but its id', () => {
  test.each([
    ['sexual health', [{ code: 'SEX' }], 'NOT_TAKEN'],
    ['gender recognition', [{ system: 'urn:x', code: 'GENDER_RECOGNITION' }], 'NOT_TAKEN'],
    ['above OFFICIAL', [{ code: 'TOP SECRET' }], 'CLASSIFICATION'],
    ['SECRET', [{ code: 'secret' }], 'CLASSIFICATION'],
  ])('%s', (_, security, reason) => {
    const rejection = {
      source: { type: 'Patient', id: 'p1' },
      reason,
      field: null,
      outcome: 'REFUSE',
      raw: null,
    }
    expect(mapPatient(patient({ meta: { security } }))).toEqual({ kind: 'rejected', rejection })
  })

  test.each(['OFFICIAL', 'OFFICIAL-SENSITIVE'])('%s is taken', (code) => {
    expect(mapPatient(patient({ meta: { security: [{ code }] } })).kind).toBe('mapped')
  })

  test('a code of the trust’s own list is refused, the same code of another system is not', () => {
    const notTaken = [{ system: 'http://snomed.info/sct', code: '123' }]
    const condition = (system: string) => ({
      resourceType: 'Condition',
      id: 'c1',
      subject: { reference: 'Patient/p1' },
      code: { coding: [{ system, code: '123' }] },
    })
    const refused = mapEvent(condition('http://snomed.info/sct'), NO_SUBJECTS, { notTaken })
    expect(refused).toMatchObject({ rejection: { outcome: 'REFUSE', raw: null } })
    expect(mapEvent(condition('urn:other'), NO_SUBJECTS, { notTaken }).kind).toBe('mapped')
  })
})

const KEYS = [
  'resourceType',
  'id',
  'meta',
  'name',
  'family',
  'given',
  'birthDate',
  'address',
  'line',
  'postalCode',
  'period',
  'start',
  'end',
  'telecom',
  'system',
  'value',
  'identifier',
  'extension',
  'url',
  'status',
  'subject',
  'reference',
  'code',
  'coding',
  'text',
  'contained',
  'provision',
  'type',
  'actor',
  'dateTime',
  'security',
  'lastUpdated',
  'participant',
  'prediction',
  'method',
  'activity',
  'link',
  '__proto__',
  'constructor',
]
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'Patient/p1',
      '2026-02-31',
      '2026-01-01',
      'permit',
      'active',
      'patient-privacy',
      'R',
    ),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('any'), { maxKeys: 6 }),
  ),
})).any

describe('mappers are total', () => {
  test('a patient of any shape maps or is rejected', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...KEYS), value), (content) => {
        const raw = { ...content, resourceType: 'Patient', id: 'p1' }
        const more = {
          flags: [content],
          related: [content],
          appointments: [content],
          referrals: [content],
        }
        expect(['mapped', 'rejected']).toContain(mapPatient(raw).kind)
        expect(['mapped', 'rejected']).toContain(mapPatientDetail(fileOf(raw, more), ask).kind)
      }),
    ))

  test('an event or consent of any shape maps or is rejected', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...EVENT_TYPES.keys()),
        fc.dictionary(fc.constantFrom(...KEYS), value),
        (type, content) => {
          const raw = { ...content, resourceType: type, id: 'e1' }
          const graphType = EVENT_TYPES.get(type)?.graphType ?? ''
          const detail = mapEventDetail(raw, {
            graphType,
            fields: EVENT_FIELDS,
            subjectRestricted: 'UNKNOWN',
          })
          const consent = mapConsent({ ...raw, resourceType: 'Consent' }, NO_SUBJECTS)
          for (const made of [mapEvent(raw), detail, consent])
            expect(['mapped', 'rejected']).toContain(made.kind)
        },
      ),
    ))

  test('anything at all is no crash', () =>
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        expect(mapPatient(raw).kind).toBe('rejected')
        expect(mapEvent(raw).kind).toBe('rejected')
        expect(mapConsent(raw, NO_SUBJECTS).kind).toBe('rejected')
      }),
    ))
})
