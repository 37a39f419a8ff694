import { describe, expect, test } from '@jest/globals'
import { compileAgreement } from './compile.js'
import { decide } from './decide.js'
import type { Cell, Situation, Standing } from './decision.js'
import { profileOf, purposesOf } from './profile.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'

const agreement = await loadAgreement('unit-2026')
const [police, trust, charity] = AGENCIES
if (!police || !trust || !charity) throw new Error('the sample has three agencies')

const all: Standing = { caseId: 'case', part: 'VICTIM', fact: () => 'TRUE' }
const from = (supplier: string, unit = false): Situation => ({
  supplier,
  unit,
  standings: [all],
  barring: [all],
})
const cell = (category: Cell['category']): Cell => ({ category, locates: 'NOBODY', forms: [] })
const detective = { agency: police, roles: ['DETECTIVE'] }

describe('an agency that suspends its supply', () => {
  const compiled = compileAgreement(agreement, AGENCIES, { suspended: new Set([charity.id]) })
  const profile = profileOf(compiled, detective, 'VICTIM_SAFETY')
  test('releases nothing to others, and the rest of the agreement stands', () => {
    expect(decide(profile, cell('LOCATION'), from(charity.id))).toMatchObject({
      kind: 'WITHHOLD',
      reason: 'SUSPENDED',
    })
    expect(decide(profile, cell('IDENTITY'), from(police.id)).kind).toBe('SHARE')
    expect(decide(profile, cell('CASE_STATUS'), from(charity.id, true)).kind).toBe('SHARE')
  })
  test('keeps for itself what it has', () => {
    const advocate = profileOf(compiled, { agency: charity, roles: ['ADVOCATE'] }, 'ADVOCACY')
    expect(decide(advocate, cell('LOCATION'), from(charity.id)).kind).toBe('SHARE')
  })
})

describe('a clause with effective dates', () => {
  const dated = {
    ...agreement,
    clauses: agreement.clauses.map((one) =>
      one.number === '2.13'
        ? { ...one, effective: { from: '2026-06-01', until: '2026-06-30' } }
        : one,
    ),
  }
  test.each([
    ['2026-05-31', 'WITHHOLD'],
    ['2026-06-01', 'SHARE'],
    ['2026-06-30', 'SHARE'],
    ['2026-07-01', 'WITHHOLD'],
  ])('on %s: %s', (on, kind) => {
    const noOwn = compileAgreement(dated, AGENCIES, { on })
    expect(
      decide(profileOf(noOwn, detective, 'VICTIM_SAFETY'), cell('SUPPORT_FACT'), from(charity.id))
        .kind,
    ).toBe(kind)
  })
})

test('purposes are those of the roles that the agency may give, in the agreement’s order', () => {
  const compiled = compileAgreement(agreement, AGENCIES)
  expect(purposesOf(compiled, { agency: police, roles: ['SUPPORT_OFFICER'] })).toEqual([
    'INTAKE',
    'CASE_ADMINISTRATION',
    'STAFF_SAFETY',
  ])
  expect(
    purposesOf(compiled, {
      agency: charity,
      roles: ['SUPPORT_OFFICER', 'support_officer', ' ADVOCATE'],
    }),
  ).toEqual([])
})
