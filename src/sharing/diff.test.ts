import { describe, expect, test } from '@jest/globals'
import type { Agreement, Clause } from './agreement.js'
import { compileAgreement } from './compile.js'
import { diffAgreements, diffText } from './diff.js'
import { condition } from './facts.js'
import { all, assume, is } from './formula.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'

const agreement = await loadAgreement('unit-2026')
const changed = (number: string, change: (clause: Clause) => Clause): Agreement => ({
  ...agreement,
  clauses: agreement.clauses.map((one) => (one.number === number ? change(one) : one)),
})
const diff = (after: Agreement) =>
  diffAgreements(compileAgreement(agreement, AGENCIES), compileAgreement(after, AGENCIES))

describe('what a change releases', () => {
  test('nothing, where only words or numbers of lines change', () => {
    const same = diff(
      changed('2.8', (one) => ({
        ...one,
        says: 'in other words',
        place: { file: 'x', line: 1, column: 1 },
      })),
    )
    expect(same.differences).toEqual([])
    expect(diffText(same)).toContain('nothing is released differently')
  })
  test('more, where a condition falls away: the cells, the facts and the clauses', () => {
    const { differences } = diff(
      changed('2.8', (one) => ({ ...one, when: assume(one.when, condition('WISH_YES'), true) })),
    )
    expect(
      differences.map((one) => [
        one.role,
        one.purpose,
        one.part,
        one.category,
        one.from,
        one.change,
      ]),
    ).toEqual([
      ['DETECTIVE', 'VICTIM_SAFETY', 'VICTIM', 'LOCATION', 'a-charity', 'MORE'],
      ['DETECTIVE', 'VICTIM_SAFETY', 'VICTIM', 'LOCATION', 'unit:a-charity', 'MORE'],
    ])
    expect(differences[0]?.examples).toEqual([
      {
        holding: ['ALLOCATED'],
        before: 'WITHHOLD',
        after: 'SHARE',
        clausesBefore: [],
        clausesAfter: ['2.8'],
      },
    ])
  })
  test('less, where one is added', () => {
    const { differences } = diff(
      changed('2.8', (one) => ({ ...one, when: all([one.when, is(condition('RISK_HIGH'))]) })),
    )
    expect(new Set(differences.map((one) => one.change))).toEqual(new Set(['LESS']))
  })
  test('here more, there less, where a condition is exchanged', () => {
    const { differences } = diff(
      changed('2.8', (one) => ({
        ...one,
        when: all([is(condition('ALLOCATED')), is(condition('CHILD'))]),
      })),
    )
    expect(new Set(differences.map((one) => one.change))).toEqual(new Set(['BOTH']))
  })
  test('less, where a form is capped by a new never', () => {
    const never = agreement.nevers.find((one) => one.number === 'N6')
    if (!never) throw new Error('N6 is there')
    const after: Agreement = {
      ...agreement,
      nevers: [
        ...agreement.nevers,
        {
          ...never,
          number: 'N30',
          bar: ['WARNING'],
          barInFull: [],
          to: { kind: 'ANYBODY' },
          from: [{ kind: 'ANYONE' }],
        },
      ],
    }
    const { differences } = diff(after)
    expect(differences.length).toBeGreaterThan(0)
    expect(differences.every((one) => one.category === 'WARNING' && one.change === 'LESS')).toBe(
      true,
    )
  })
  test('nothing, where a clause is added that another covers', () => {
    const [first] = agreement.clauses.filter((one) => one.number === '2.8')
    if (!first) throw new Error('2.8 is there')
    const covered: Clause = {
      ...first,
      number: '2.99',
      when: all([first.when, is(condition('RISK_HIGH'))]),
    }
    expect(diff({ ...agreement, clauses: [...agreement.clauses, covered] }).differences).toEqual([])
  })
})
