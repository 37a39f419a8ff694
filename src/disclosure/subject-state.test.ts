import { describe, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import type { Cell } from '../sharing/decision.js'
import { Basis } from './basis.js'
import { Governance } from './governance.js'
import { Likeness } from './likeness.js'
import { recordOf, SHARED, SMALL } from './small-schema.fixture.js'
import { SubjectState } from './subject-state.js'

const governance = new Governance([
  buildSchema(`${SMALL}
    type HelpRecord @key(fields: "id") @subject(is: RECORD) {
      id: ID! _subject: _Subject
      needs: String @category(is: "ACCESS_NEEDS")
      supported: Boolean @category(is: "SUPPORT_FACT")
    }`),
])
const situation = { supplier: 'one', unit: false, standings: [], barring: [] }
const situations = { groups: [[situation]], locatingGroups: [[situation]] }
const state = (isNever: (cell: Cell) => boolean) => {
  const profile = { key: '', decide: () => SHARED, isNever, restsOn: () => [] }
  const basis = new Basis(profile, governance, ['HelpRecord', 'PaperRecord'])
  return new SubjectState(recordOf('a'), new Likeness(basis, false), () => situations)
}
const needs = (of: SubjectState) => {
  const field = governance.type('HelpRecord')?.fields.get('needs')
  if (!field) throw new Error('no such field')
  return of.decide(field, 'HelpRecord').kind
}
const support = (cell: Cell) => cell.category === 'SUPPORT_FACT'

describe('a record that tells by being there that somebody is supported', () => {
  test('is not there at all for whom a never hides that, whatever else would be released', () => {
    const hidden = state(support)
    expect([hidden.exists('HelpRecord'), needs(hidden)]).toEqual([false, 'WITHHOLD'])
  })

  test('is there for everybody else, and so is a record that tells no such thing', () => {
    expect([state(() => false).exists('HelpRecord'), needs(state(() => false))]).toEqual([
      true,
      'SHARE',
    ])
    expect(state(support).exists('PaperRecord')).toBe(true)
  })

  test('is decided anew when it has come to be hidden since, though no field is decided otherwise', () => {
    const before = state(() => false)
    needs(before)
    expect(before.isSameFor(state(() => false))).toBe(true)
    expect(before.isSameFor(state(support))).toBe(false)
  })
})
