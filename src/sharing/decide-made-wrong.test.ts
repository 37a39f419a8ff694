import { beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Clause } from './agreement.js'
import type { Decision, Standing } from './decision.js'
import { ALWAYS } from './formula.js'
import type { ReferenceQuestion } from './reference.js'
import {
  arbitraryAgreement,
  arbitraryQuestion,
  RANDOM_AGENCIES,
  RANDOM_PURPOSES,
  RANDOM_ROLES,
} from './testing/arbitrary-question.js'
import { alike, decideUnder, outcome, wanted } from './testing/compare-deciders.js'
import type { Tri } from './vocabulary.js'

const ofAnyAgreement = arbitraryQuestion({
  agreement: arbitraryAgreement,
  agencies: RANDOM_AGENCIES,
  roles: RANDOM_ROLES,
  purposes: RANDOM_PURPOSES,
})

/** Deciders that are wrong on purpose: the property must tell each of them from the reference. */
const withClauses = (change: (clause: Clause) => Clause) => (question: ReferenceQuestion) =>
  decideUnder({ ...question.agreement, clauses: question.agreement.clauses.map(change) }, question)
const withFacts = (change: (value: Tri) => Tri) => (question: ReferenceQuestion) => {
  const changed = (of: readonly Standing[]): readonly Standing[] =>
    of.map((one) => ({ ...one, fact: (condition, cell) => change(one.fact(condition, cell)) }))
  const { standings, barring } = question.situation
  return decideUnder(question.agreement, {
    ...question,
    situation: {
      ...question.situation,
      standings: changed(standings),
      barring: changed(barring),
    },
  })
}
const mutants: Readonly<Record<string, (question: ReferenceQuestion) => Decision>> = {
  'forgets what a clause demands': withClauses((one) => ({ ...one, when: ALWAYS })),
  'forgets further conditions': withClauses((one) => ({ ...one, also: [] })),
  'forgets other conditions': withClauses((one) => ({ ...one, instead: [] })),
  'forgets for whom alone a clause is': withClauses((one) => ({ ...one, only: [] })),
  'forgets whose data a clause is about': withClauses((one) => ({ ...one, of: null })),
  'forgets where data comes from': withClauses((one) => ({ ...one, from: [{ kind: 'ANYONE' }] })),
  'forgets the purposes': withClauses((one) => ({ ...one, purposes: null })),
  'forgets whom a field may locate': withClauses((one) => ({ ...one, locates: null })),
  'forgets the aspects': withClauses((one) => ({ ...one, aspects: null })),
  'forgets the exception of a prohibition': withClauses((one) =>
    one.effect === 'PERMIT' ? one : { ...one, unless: ALWAYS },
  ),
  'forgets the nevers': (question) => decideUnder({ ...question.agreement, nevers: [] }, question),
  'forgets what is the unit’s': (question) =>
    decideUnder({ ...question.agreement, ofTheUnit: [] }, question),
  'takes unknown for true': withFacts((value) => (value === 'UNKNOWN' ? 'TRUE' : value)),
  'takes false for unknown': withFacts((value) => (value === 'FALSE' ? 'UNKNOWN' : value)),
  'looks at nobody else': (question) =>
    decideUnder(question.agreement, {
      ...question,
      situation: { ...question.situation, barring: [], located: [] },
    }),
  'looks at one standing only': (question) =>
    decideUnder(question.agreement, {
      ...question,
      situation: { ...question.situation, standings: question.situation.standings.slice(0, 1) },
    }),
}
/** Those that no question has told from the reference. */
const uncaught = new Map(Object.entries(mutants))

beforeAll(() => {
  const found = fc.check(
    fc.property(ofAnyAgreement, (question) => {
      const should = wanted(question)
      for (const [name, mutant] of uncaught)
        if (!alike(outcome(mutant(question)), should)) uncaught.delete(name)
      return uncaught.size > 0
    }),
    { numRuns: 30_000, seed: 1, endOnFailure: true },
  )
  if (found.errorInstance !== null) expect(String(found.errorInstance)).toContain('returning false')
}, 600_000)

test.each(Object.keys(mutants))('the comparison catches a decider that %s', (name) => {
  expect([...uncaught.keys()]).not.toContain(name)
})
