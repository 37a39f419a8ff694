import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compileAgreement } from './compile.js'
import { decide } from './decide.js'
import type { Standing } from './decision.js'
import { explain, explainToCaller, explanationText, type Hypothetical } from './explain.js'
import { profileOf } from './profile.js'
import { aimsOf, arbitraryQuestion, arbitraryStanding } from './testing/arbitrary-question.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'
import { CATEGORIES } from './vocabulary.js'

const agreement = await loadAgreement('unit-2026')
const compiled = compileAgreement(agreement, AGENCIES)
const standing = (facts: Readonly<Record<string, 'TRUE' | 'FALSE' | 'UNKNOWN'>>): Standing => ({
  caseId: 'case-7',
  part: 'VICTIM',
  fact: ({ fact }) => facts[fact] ?? 'TRUE',
})
const asked = (one: Standing): Hypothetical => ({
  caller: { agency: { id: 'a-force', kind: 'police' }, roles: ['DETECTIVE'] },
  purpose: 'VICTIM_SAFETY',
  cell: { category: 'LOCATION', locates: 'SUBJECT', forms: [] },
  situation: { supplier: 'a-charity', unit: false, standings: [one], barring: [one] },
})
const question = arbitraryQuestion({
  agreement: fc.constant(agreement),
  agencies: AGENCIES,
  roles: agreement.roles.map((one) => one.code),
  purposes: agreement.purposes.map((one) => one.code),
  categories: CATEGORIES,
  aims: aimsOf(compiled),
})

describe('the explanation for an IG lead', () => {
  test('shows each clause with its facts, what holds and what bars', () => {
    const made = explain(compiled, asked(standing({ WISH_YES: 'FALSE', APART: 'UNKNOWN' })))
    expect(made.permissions.map((one) => [one.number, one.applies])).toEqual([
      ['2.8', false],
      ['2.9', true],
      ['4.3', false],
    ])
    expect(made.permissions[2]?.standings[0]).toMatchObject({ isAbout: false, facts: [] })
    expect(made.permissions[0]?.standings[0]?.facts).toContainEqual({
      condition: 'WISH_YES',
      value: 'FALSE',
    })
    expect(made.bars.filter((one) => one.applies).map((one) => one.number)).toEqual(['N1'])
    expect(explanationText(made)).toMatch(
      /\* never N1: .*\n {4}as VICTIM in case-7: APART unknown[\s\S]*= WITHHOLD, VICTIM_LOCATION \(2\.9, N1\)$/,
    )
  })
  test('what applies in it is what the log names, whatever is asked', () => {
    fc.assert(
      fc.property(question, ({ caller, purpose, cell, situation }) => {
        const made = explain(compiled, { caller, purpose, cell, situation })
        const holding = made.permissions.filter((one) => one.applies).map((one) => one.number)
        const named = made.decision.logged.clauses
        if (holding.length > 0) expect(named).toEqual(expect.arrayContaining(holding))
        else expect(made.decision.kind).toBe('WITHHOLD')
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the explanation for the caller', () => {
  test('says nothing that differs with what is withheld', () => {
    fc.assert(
      fc.property(
        question,
        fc.array(arbitraryStanding, { maxLength: 2 }),
        ({ caller, purpose, cell, situation }, others) => {
          const profile = profileOf(compiled, caller, purpose)
          const one = decide(profile, cell, situation)
          const other = decide(profile, cell, { ...situation, standings: others, barring: others })
          if (one.kind !== 'WITHHOLD' || other.kind !== 'WITHHOLD') return
          expect(explainToCaller(compiled, one)).toEqual(explainToCaller(compiled, other))
        },
      ),
      { numRuns: 1_000 },
    )
  })
  test('names the clause of what is released', () => {
    const { caller, purpose, cell, situation } = asked(standing({}))
    const told = explainToCaller(
      compiled,
      decide(profileOf(compiled, caller, purpose), cell, situation),
    )
    expect(told.sentence).toBe('It is released under clause 2.8.')
  })
})
