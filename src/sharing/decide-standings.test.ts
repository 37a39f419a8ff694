import { describe, expect, test } from '@jest/globals'
import type { Agreement } from './agreement.js'
import { decide } from './decide.js'
import type { Cell, Situation } from './decision.js'
import { condition } from './facts.js'
import { any, is } from './formula.js'
import {
  clause,
  compiledSmall,
  fieldOf,
  never,
  profileIn,
  prohibition,
  situationOf,
  standingWith,
} from './testing/small-agreement.js'

const given = { clauses: [clause('1.1')] }
const decideIn = (over: Partial<Agreement>, situation: Situation, cell: Cell = fieldOf()) =>
  decide(profileIn(compiledSmall(over)), cell, situation)
const known = standingWith()

describe('whose standings a bar looks at', () => {
  const inCase = standingWith({ NOT_IN_CASE: 'FALSE' }, { part: 'CHILD' })
  const barring = prohibition('1.2', { when: is(condition('RISK_HIGH')), of: ['CHILD'] })
  const risky = standingWith({}, { part: 'CHILD' })
  const clauses = [clause('1.1', { of: ['VICTIM'] }), barring]
  test('those that permit bar as well, though they are forgotten among those that bar', () => {
    const both = [known, risky]
    expect(decideIn({ clauses }, situationOf(both, { barring: [] })).kind).toBe('WITHHOLD')
    expect(decideIn({ clauses }, situationOf(both, { barring: [known] })).kind).toBe('WITHHOLD')
    expect(decideIn({ clauses }, situationOf([known], { barring: [] })).kind).toBe('SHARE')
    expect(decideIn({ clauses }, situationOf([known], { barring: [known] })).kind).toBe('SHARE')
  })
  test('those that only bar permit nothing', () => {
    const situation = situationOf([], { barring: [known] })
    expect(decideIn(given, situation).kind).toBe('WITHHOLD')
  })
  test('of those whom a value only locates, the never about whereabouts looks alone', () => {
    const text = fieldOf('OFFENCE', { locates: 'OTHERS' })
    const locating = (...located: Situation['standings']) =>
      decideIn(given, situationOf([known], { located }), text)
    expect(locating().kind).toBe('SHARE')
    expect(locating(known).kind).toBe('SHARE')
    expect(locating(known, standingWith({ APART: 'UNKNOWN' }))).toMatchObject({
      kind: 'WITHHOLD',
      logged: { reason: 'VICTIM_LOCATION', clauses: ['1.1', 'N1'] },
    })
    expect(locating(inCase).kind).toBe('SHARE')
    expect(decideIn(given, situationOf([known, inCase]), text).kind).toBe('WITHHOLD')
  })
})

describe('what another agency supplies', () => {
  test.each([
    ['TRUE', 'SHARE'],
    ['FALSE', 'WITHHOLD'],
    ['UNKNOWN', 'WITHHOLD'],
  ] as const)('waits for the link to be confirmed: %s, so %s', (value, kind) => {
    const standing = standingWith({ LINK_CONFIRMED: value })
    expect(decideIn(given, situationOf([standing], { supplier: 'east' })).kind).toBe(kind)
    expect(decideIn(given, situationOf([standing])).kind).toBe('SHARE')
  })
})

describe('what is said of an outcome', () => {
  test('a release is permitted, a shortened one names its form', () => {
    expect(decideIn(given, situationOf([known])).reason).toBe('PERMITTED')
    const shortened = { clauses: [clause('1.1', { form: 'GENERALISE' })] }
    const cell = fieldOf('OFFENCE', { forms: ['YEAR'] })
    expect(decideIn(shortened, situationOf([known]), cell).reason).toBe('GENERALISED_YEAR')
  })
  test('what nothing could ever release names what stands before it', () => {
    const clauses = [clause('1.1'), prohibition('1.2', { reason: 'BECAUSE' })]
    expect(decideIn({ clauses }, situationOf([known])).logged).toEqual({
      reason: 'BECAUSE',
      clauses: ['1.2'],
    })
  })
  test('the log’s reason is the never’s, also where a prohibition is written before it', () => {
    const when = is(condition('RISK_HIGH'))
    const clauses = [clause('1.1'), prohibition('1.0', { when, reason: 'PROHIBITED' })]
    const nevers = [
      never('N20', { bar: ['OFFENCE'], reason: 'NEVER', unless: is(condition('ALLOCATED')) }),
    ]
    const standing = standingWith({ ALLOCATED: 'FALSE' })
    expect(decideIn({ clauses, nevers }, situationOf([standing])).logged.reason).toBe('NEVER')
    expect(decideIn({ clauses, nevers }, situationOf([known])).logged.reason).toBe('PROHIBITED')
  })
})

test('of two shortened forms the more open is given, whichever clause stands first', () => {
  const cell = fieldOf('OFFENCE', { forms: ['YEAR', 'MONTH'] })
  const year = { form: 'GENERALISE', as: ['YEAR'] } as const
  const month = { form: 'GENERALISE', as: ['MONTH'] } as const
  for (const forms of [
    [year, month],
    [month, year],
  ]) {
    const clauses = forms.map((one, index) => clause(`1.${index}`, one))
    expect(decideIn({ clauses }, situationOf([known]), cell).form).toBe('MONTH')
  }
})

test('each combination of what holds has its own outcome, asked in any order', () => {
  const when = (fact: 'ALLOCATED' | 'RISK_HIGH') => is(condition(fact))
  const clauses = [
    clause('1.1', { when: when('ALLOCATED') }),
    clause('1.2', { when: when('RISK_HIGH') }),
    prohibition('1.3', { when: is(condition('CHILD')) }),
    prohibition('1.4', { when: any([is(condition('PUSHED')), is(condition('SERVED'))]) }),
  ]
  const profile = profileIn(compiledSmall({ clauses }))
  const outcome = (facts: Parameters<typeof standingWith>[0]) => {
    const { kind, logged } = decide(profile, fieldOf(), situationOf([standingWith(facts)]))
    return `${kind} ${logged.clauses.join()}`
  }
  const none = { CHILD: 'FALSE', PUSHED: 'FALSE', SERVED: 'FALSE' } as const
  for (let again = 0; again < 2; again += 1) {
    expect(outcome({ ...none, RISK_HIGH: 'FALSE' })).toBe('SHARE 1.1')
    expect(outcome({ ...none, ALLOCATED: 'FALSE' })).toBe('SHARE 1.2')
    expect(outcome(none)).toBe('SHARE 1.1,1.2')
    expect(outcome({ ...none, CHILD: 'TRUE', ALLOCATED: 'FALSE' })).toBe('WITHHOLD 1.2,1.3')
    expect(outcome({ ...none, CHILD: 'TRUE' })).toBe('WITHHOLD 1.1,1.2,1.3')
    expect(outcome({ ...none, SERVED: 'TRUE' })).toBe('WITHHOLD 1.1,1.2,1.4')
    expect(outcome({ ...none, CHILD: 'TRUE', PUSHED: 'TRUE' })).toBe('WITHHOLD 1.1,1.2,1.3,1.4')
  }
})
