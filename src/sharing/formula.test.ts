import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Condition } from './decision.js'
import { condition } from './facts.js'
import {
  ALWAYS,
  all,
  any,
  assume,
  conditionsIn,
  evaluate,
  type Formula,
  formulaText,
  is,
  isAlways,
  isNowhere,
  NOWHERE,
} from './formula.js'
import type { Tri } from './vocabulary.js'

const A = condition('ALLOCATED')
const B = condition('WISH_YES')
const C = condition('DECIDED_BY', 'MANAGER')
const values: readonly Tri[] = ['TRUE', 'FALSE', 'UNKNOWN']

const leaf: fc.Arbitrary<Formula> = fc.constantFrom(A, B, C).map(is)
const formula: fc.Arbitrary<Formula> = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }).map(all),
  fc.array(fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }).map(all)), { maxLength: 3 }).map(any),
)
const knowing =
  (a: Tri, b: Tri, c: Tri) =>
  (asked: Condition): Tri =>
    asked === A ? a : asked === B ? b : c
const tri = fc.constantFrom(...values)

describe('conditions joined, with three values', () => {
  test.each`
    one          | other        | both         | either
    ${'TRUE'}    | ${'TRUE'}    | ${'TRUE'}    | ${'TRUE'}
    ${'TRUE'}    | ${'UNKNOWN'} | ${'UNKNOWN'} | ${'TRUE'}
    ${'TRUE'}    | ${'FALSE'}   | ${'FALSE'}   | ${'TRUE'}
    ${'UNKNOWN'} | ${'UNKNOWN'} | ${'UNKNOWN'} | ${'UNKNOWN'}
    ${'UNKNOWN'} | ${'FALSE'}   | ${'FALSE'}   | ${'UNKNOWN'}
    ${'FALSE'}   | ${'FALSE'}   | ${'FALSE'}   | ${'FALSE'}
  `('$one and $other is $both, $one or $other is $either', ({ one, other, both, either }) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const facts = knowing(first as Tri, second as Tri, 'UNKNOWN')
      expect(evaluate(all([is(A), is(B)]), facts)).toBe(both)
      expect(evaluate(any([is(A), is(B)]), facts)).toBe(either)
    }
  })
  test('nothing demanded always holds, no choice left never does', () => {
    const unknown = () => 'UNKNOWN' as const
    expect(evaluate(ALWAYS, unknown)).toBe('TRUE')
    expect(evaluate(NOWHERE, unknown)).toBe('FALSE')
    expect([
      isAlways(ALWAYS),
      isAlways(NOWHERE),
      isAlways(is(A)),
      isAlways(all([is(A), is(B)])),
    ]).toEqual([true, false, false, false])
    expect([
      isNowhere(NOWHERE),
      isNowhere(ALWAYS),
      isNowhere(is(A)),
      isNowhere(any([is(A), is(B)])),
    ]).toEqual([true, false, false, false])
  })
})

describe('one of them settled beforehand', () => {
  test('says the same as being told it, whatever else is known', () => {
    fc.assert(
      fc.property(formula, fc.boolean(), tri, tri, (of, value, b, c) => {
        const settled = assume(of, A, value)
        expect(conditionsIn(settled)).not.toContain(A)
        expect(evaluate(settled, knowing('UNKNOWN', b, c))).toBe(
          evaluate(of, knowing(value ? 'TRUE' : 'FALSE', b, c)),
        )
      }),
    )
  })
  test('is said to be always, or nowhere, as soon as nothing else can change it', () => {
    expect(assume(is(A), A, true)).toBe(ALWAYS)
    expect(assume(is(A), A, false)).toBe(NOWHERE)
    expect(isNowhere(assume(all([is(A), is(B)]), A, false))).toBe(true)
    expect(isAlways(assume(any([is(A), is(B)]), A, true))).toBe(true)
    expect(assume(all([is(A), is(B)]), A, true)).toEqual(is(B))
    expect(assume(any([is(A), is(B)]), A, false)).toEqual(is(B))
    expect(assume(is(B), A, false)).toEqual(is(B))
  })
})

describe('written down', () => {
  test('joins within joins of the same kind are one, and a join of one is that one', () => {
    expect(all([all([is(A), is(B)]), is(C)])).toEqual({ kind: 'ALL', of: [is(A), is(B), is(C)] })
    expect(any([any([is(A), is(B)]), is(C)])).toEqual({ kind: 'ANY', of: [is(A), is(B), is(C)] })
    expect(all([is(A)])).toEqual(is(A))
    expect(any([is(A)])).toEqual(is(A))
    expect(all([])).toEqual(ALWAYS)
    expect(any([])).toEqual(NOWHERE)
  })
  test('names each condition once, in the order in which it is first asked', () => {
    expect(conditionsIn(all([any([is(A), is(B)]), is(C), is(B)]))).toEqual([A, B, C])
    expect(conditionsIn(is(A))).toEqual([A])
    expect(conditionsIn(ALWAYS)).toEqual([])
  })
  test('reads as one would say it, with brackets where joins stand within joins', () => {
    expect(formulaText(ALWAYS)).toBe('always')
    expect(formulaText(NOWHERE)).toBe('nowhere')
    expect(formulaText(is(C))).toBe('DECIDED_BY(MANAGER)')
    expect(formulaText(all([is(A), any([is(B), is(C)])]))).toBe(
      'ALLOCATED and (WISH_YES or DECIDED_BY(MANAGER))',
    )
    expect(formulaText(any([is(A), all([is(B), is(C)])]))).toBe(
      'ALLOCATED or (WISH_YES and DECIDED_BY(MANAGER))',
    )
  })
})
