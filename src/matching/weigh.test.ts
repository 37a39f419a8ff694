import { expect, test } from '@jest/globals'
import type { Traits } from '../records/adapter.js'
import { type Known, type Offered, proposalsFor, type Sought } from './weigh.js'

const person = (of: {
  family?: string
  given?: string
  bornOn?: string
  postcode?: string
  nhs?: string
}): Traits => ({
  names: [{ family: of.family ?? null, given: of.given ? [of.given] : [], use: 'USUAL' }],
  bornOn: of.bornOn ? [of.bornOn] : [],
  postcodes: of.postcode ? [of.postcode] : [],
  places: [],
  phones: [],
  emails: [],
  identifiers: of.nhs
    ? [{ system: 'NHS_NUMBER', value: of.nhs, valid: true, superseded: false }]
    : [],
  sex: null,
})
const jane = person({ family: 'Webb', given: 'Jane', bornOn: '1990-05-06', postcode: 'CH1 2AB' })
const peter = person({ family: 'Webb', given: 'Peter', bornOn: '1987-01-30', postcode: 'CH1 2AB' })

const sought = (traits: Traits, besides: Sought['besides'] = []): Sought => ({
  key: 'jane',
  records: ['p1'],
  traits,
  besides,
})
const offer = (traits: Traits, heldBy: string | null = null): Offered => ({
  recordId: 'n1',
  agency: 'trust',
  traits,
  heldBy,
})
const proposed = (one: Sought, offered: Offered, known: Known = []): boolean =>
  proposalsFor(one, [offered], known).length === 1
const beside = [{ key: 'peter', traits: peter }]

test('somebody of the same name, birth date and postcode is proposed, with what was compared and no value', () => {
  expect(proposalsFor(sought(jane), [offer(jane)], [])).toEqual([
    {
      personKey: 'jane',
      recordId: 'n1',
      agency: 'trust',
      weight: 20,
      evidence: [
        { trait: 'NAME', outcome: 'AGREES' },
        { trait: 'BORN_ON', outcome: 'AGREES' },
        { trait: 'POSTCODE', outcome: 'AGREES' },
      ],
    },
  ])
})

test('a surname and a postcode alone propose nobody, in a case together or not', () => {
  const household = person({ family: 'Webb', given: 'Tom', postcode: 'CH1 2AB' })
  expect(proposed(sought(jane), offer(household))).toBe(false)
  expect(proposed(sought(jane, beside), offer(household))).toBe(false)
})

test("a record that fits the other part of the case as well is not proposed for this one; one's own is", () => {
  const his = person({ family: 'Webb', bornOn: '1990-05-06', postcode: 'CH1 2AB' })
  const twin = [{ key: 'peter', traits: { ...peter, bornOn: ['1990-05-06'] } }]
  expect(proposed(sought(jane), offer(his))).toBe(true)
  expect(proposed(sought(jane, twin), offer(his))).toBe(false)
  expect(proposed(sought(jane, twin), offer(jane))).toBe(true)
})

test('people with different parts in one case are proposed for each other on a hard identifier only', () => {
  expect(proposed(sought(jane, beside), offer(jane, 'peter'))).toBe(false)
  const numbered = { ...jane, ...{ identifiers: person({ nhs: '9000000009' }).identifiers } }
  expect(proposed(sought(numbered, beside), offer(numbered, 'peter'))).toBe(true)
})

test('twins are told apart with no postcode known as well', () => {
  const one = person({ family: 'Webb', given: 'Alice', bornOn: '1990-05-06' })
  const two = person({ family: 'Webb', given: 'Jane', bornOn: '1990-05-06', postcode: 'CH1 2AB' })
  expect(proposed(sought(one), offer(two))).toBe(false)
})

test.each([
  ['Alice', 'Jane', false],
  ['Janet', 'Jane', true],
  ['Jayne', 'Jane', true],
])(
  'of one surname, birth date and postcode, %s and %s: proposed %s',
  (given, other, isProposed) => {
    const one = person({ family: 'Webb', given, bornOn: '1990-05-06', postcode: 'CH1 2AB' })
    const two = person({ family: 'Webb', given: other, bornOn: '1990-05-06', postcode: 'CH1 2AB' })
    expect(proposed(sought(one), offer(two))).toBe(isProposed)
  },
)

test.each([
  ['the same pair', { personKey: 'jane', recordId: 'n1', state: 'REJECTED' as const }, false],
  [
    'the pair from the other side',
    { personKey: 'ann', recordId: 'p1', state: 'REJECTED' as const },
    false,
  ],
  ['another pair', { personKey: 'jane', recordId: 'n2', state: 'REJECTED' as const }, true],
  [
    'the same pair, still open',
    { personKey: 'jane', recordId: 'n1', state: 'OPEN' as const },
    true,
  ],
])('decided before: %s', (_, known, isProposed) => {
  expect(proposed(sought(jane), offer(jane, 'ann'), [known])).toBe(isProposed)
})
