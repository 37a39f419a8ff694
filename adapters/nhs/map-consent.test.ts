import 'reflect-metadata'
import { describe, expect, test } from '@jest/globals'
import { mapConsent } from './map-consent.js'
import { NO_SUBJECTS } from './map-event.js'

const police = { reference: { reference: 'Organization/police' } }
const consent = (more: object) => ({
  resourceType: 'Consent',
  id: 'c1',
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  patient: { reference: 'Patient/p1' },
  dateTime: '2026-01-10T09:00:00Z',
  ...more,
})
const wishesOf = (more: object) => {
  const made = mapConsent(consent(more), NO_SUBJECTS)
  return made.kind === 'mapped' ? made.value : made.rejection.reason
}

test('a permission is a wish of its patient, from when it was said until its last day', () => {
  const provision = { type: 'permit', period: { end: '2027-01' }, actor: [police] }
  expect(wishesOf({ provision })).toEqual([
    {
      source: { type: 'Consent', id: 'c1' },
      about: { type: 'Patient', id: 'p1' },
      decision: 'GIVEN',
      recipients: ['Organization/police'],
      categories: [],
      purposes: [],
      givenAt: '2026-01-10T09:00:00.000Z',
      until: '2027-01-31T23:59:59.999Z',
    },
  ])
})

test.each`
  status                | type        | decisions
  ${'active'}           | ${'permit'} | ${['GIVEN']}
  ${'active'}           | ${'deny'}   | ${['REFUSED']}
  ${'inactive'}         | ${'permit'} | ${['WITHDRAWN']}
  ${'entered-in-error'} | ${'permit'} | ${['WITHDRAWN']}
  ${'inactive'}         | ${'deny'}   | ${[]}
  ${'proposed'}         | ${'permit'} | ${[]}
  ${'draft'}            | ${'permit'} | ${[]}
  ${'rejected'}         | ${'permit'} | ${[]}
`('$status, $type: $decisions', ({ status, type, decisions }) => {
  const wishes = wishesOf({ status, provision: { type, actor: [police] } })
  expect(typeof wishes === 'string' ? wishes : wishes.map(({ decision }) => decision)).toEqual(
    decisions,
  )
})

describe('safe readings', () => {
  test('another scope than privacy says nothing here', () => {
    const scope = { coding: [{ code: 'research' }] }
    expect(wishesOf({ scope, provision: { type: 'permit' } })).toEqual([])
  })

  test('an exception to a permission is a refusal of its own', () => {
    const provision = { type: 'permit', provision: [{ type: 'deny', actor: [police] }] }
    expect(wishesOf({ provision })).toMatchObject([
      { decision: 'GIVEN', recipients: [] },
      { decision: 'REFUSED', recipients: ['Organization/police'], source: { id: 'c1#1' } },
    ])
  })

  test('a permission for a person (a proxy) permits no agency anything', () => {
    const proxy = {
      identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9000000017' },
    }
    expect(wishesOf({ provision: { type: 'permit', actor: [{ reference: proxy }] } })).toEqual([])
  })

  test('a permission narrower than a wish can say keeps a code that matches nothing', () => {
    const provision = {
      type: 'permit',
      securityLabel: [{ code: 'ETH' }],
      purpose: [{ code: 'HMARKT' }],
    }
    expect(wishesOf({ provision })).toMatchObject([{ categories: ['ETH'], purposes: ['HMARKT'] }])
  })

  test('a refusal narrower than a wish can say is taken as the wider one', () => {
    const provision = {
      type: 'deny',
      securityLabel: [{ code: 'ETH' }],
      purpose: [{ code: 'HMARKT' }],
    }
    expect(wishesOf({ provision })).toMatchObject([{ categories: [], purposes: [] }])
  })

  test('known labels and purposes become the agreement’s words', () => {
    const provision = {
      type: 'permit',
      securityLabel: [{ code: 'LOCIS' }],
      purpose: [{ code: 'ETREAT' }],
    }
    expect(wishesOf({ provision })).toMatchObject([
      { categories: ['LOCATION'], purposes: ['EMERGENCY'] },
    ])
  })

  test('a permission that begins later counts from then on', () => {
    const provision = { type: 'permit', period: { start: '2026-06-17' } }
    expect(wishesOf({ provision })).toMatchObject([{ givenAt: '2026-06-17T00:00:00.000Z' }])
  })

  test('an end or beginning that cannot be read quarantines the consent', () => {
    expect(wishesOf({ provision: { type: 'permit', period: { end: '2026-02-31' } } })).toBe(
      'DATE_UNREADABLE',
    )
    expect(wishesOf({ provision: { type: 'permit', period: { start: 'soon' } } })).toBe(
      'DATE_UNREADABLE',
    )
  })

  test('a wish without a time is quarantined', () => {
    expect(wishesOf({ dateTime: undefined, provision: { type: 'permit' } })).toBe(
      'WISH_TIME_MISSING',
    )
  })
})
