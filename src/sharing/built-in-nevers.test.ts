import { describe, expect, test } from '@jest/globals'
import { BUILT_IN_NEVERS, builtInBars } from './built-in-nevers.js'
import { plainCell } from './cells-of.js'
import { formulaText } from './formula.js'
import { type Bar, bitOf, PARTS_AND_NONE } from './rules.js'
import { CATEGORIES, type Category, type Locates } from './vocabulary.js'

/** What a bar says, in a line. */
function told({ number, parts, when, unless, cap, ofLocated, reason }: Bar): string {
  const whose = PARTS_AND_NONE.filter((one) => (parts & bitOf(one)) !== 0)
    .map((one) => one ?? 'CASE')
    .join(' ')
  const also = ofLocated ? ', also of those located' : ''
  return `${number} ${cap} of ${whose}${also}, when ${formulaText(when)}, unless ${formulaText(unless)}: ${reason}`
}
const barsBefore = (category: Category, locates: Locates = 'NOBODY'): readonly string[] =>
  builtInBars(plainCell(category, locates)).map(told)

const PROTECTED = 'VICTIM CHILD WITNESS SECONDARY_VICTIM CASE'
const N11 =
  'N11 WITHHOLD of VICTIM PERPETRATOR CHILD WITNESS SECONDARY_VICTIM CASE, when always, unless NOT_IN_CASE: THIRD_PARTY'
const N1 = [
  `N1 WITHHOLD of ${PROTECTED}, also of those located, when always, unless APART: VICTIM_LOCATION`,
  'N1 WITHHOLD of PERPETRATOR, also of those located, when PROTECTED_ELSEWHERE, unless APART: VICTIM_LOCATION',
]
const N2 = (cap: Bar['cap']): readonly string[] => [
  `N2 ${cap} of ${PROTECTED}, when always, unless APART: VICTIM_LOCATION`,
  `N2 ${cap} of PERPETRATOR, when PROTECTED_ELSEWHERE, unless APART: VICTIM_LOCATION`,
]
const N9 =
  'N9 WITHHOLD of VICTIM CHILD SECONDARY_VICTIM, when always, unless WITH(SAFE_CONTACT): NO_RULE'

describe('the nevers that stand before a field under every agreement', () => {
  test('whoever is in the case themselves gets nothing of any category', () => {
    for (const category of CATEGORIES) expect(barsBefore(category)).toContain(N11)
    expect(barsBefore('OFFENCE')).toEqual([N11])
  })
  test.each(['LOCATION', 'SAFE_CONTACT', 'SAFETY_PLAN', 'NARRATIVE'] as const)(
    'where a protected person is: %s',
    (category) => expect(barsBefore(category)).toEqual([...N1, N11]),
  )
  test('and any field that locates somebody, whatever its category', () => {
    expect(barsBefore('OFFENCE', 'SUBJECT')).toEqual([...N1, N11])
    expect(barsBefore('OFFENCE', 'OTHERS')).toEqual([...N1, N11])
  })
  test.each(['ADVOCACY_NOTES', 'SUPPORT_FACT', 'COUNSELLING', 'CONSENT_RECORD'] as const)(
    'that and how somebody is supported: %s',
    (category) => expect(barsBefore(category)).toEqual([...N2('WITHHOLD'), N11]),
  )
  test('impact in full', () => expect(barsBefore('IMPACT')).toEqual([...N2('GENERALISE'), N11]))
  test('contact, which locates, and which never goes without how to use it safely', () => {
    expect(barsBefore('CONTACT')).toEqual([...N1, N9, N11])
  })
  test('no other category has one of its own', () => {
    const guarded = CATEGORIES.filter((one) => barsBefore(one).length > 1)
    expect([...guarded].sort()).toEqual(
      [
        'LOCATION',
        'CONTACT',
        'SAFE_CONTACT',
        'SAFETY_PLAN',
        'NARRATIVE',
        'ADVOCACY_NOTES',
        'SUPPORT_FACT',
        'COUNSELLING',
        'CONSENT_RECORD',
        'IMPACT',
      ].sort(),
    )
  })
  test('none is about some fields only, lets a clause stand or names a form; each has an id of its own', () => {
    const all = CATEGORIES.flatMap((one) => builtInBars(plainCell(one, 'OTHERS')))
    for (const one of all) {
      expect(one).toMatchObject({ kind: 'NEVER', locates: null, aspects: null, but: [], as: [] })
    }
    const distinct = new Set(all)
    expect([...distinct].map((one) => one.id).sort((a, b) => b - a)).toEqual([
      -1, -2, -3, -4, -5, -6, -7, -8,
    ])
  })
})

test('each number that an agreement may not use again is told with what it says', () => {
  expect(BUILT_IN_NEVERS.map((one) => one.number)).toEqual([
    'N1',
    'N2',
    'N8',
    'N9',
    'N10',
    'N11',
    'N12',
  ])
  for (const { says } of BUILT_IN_NEVERS) expect(says).toMatch(/ .+\.$/)
})
