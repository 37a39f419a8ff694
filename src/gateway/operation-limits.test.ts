import { describe, expect, test } from '@jest/globals'
import { buildSchema, parse, validate } from 'graphql'
import { operationLimits } from './operation-limits.js'

const schema = buildSchema(`
  type Query { cases(first: Int! = 20): Cases plain: [Case!] }
  type Cases { nodes: [Case!] }
  type Case implements Named { name: String events(first: Int! = 5): Events }
  interface Named { name: String events(first: Int! = 5): Events }
  type Events { nodes: [Event!] }
  type Event { at: String kind: String }
`)

/** The lowest limit that lets the operation through is what it costs. */
function costOf(query: string): number {
  const document = parse(query)
  const passes = (costMax: number) =>
    validate(schema, document, [operationLimits({ costMax, depthMax: 100, aliasesMax: 100 })])
      .length === 0
  let [low, high] = [0, 1_000_000]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (passes(middle)) high = middle
    else low = middle
  }
  return high
}

describe('the cost of a list', () => {
  test.each([
    ['whose `first` is given: that', '{ cases(first: 3) { nodes { name } } }', 1 + 3 * 2],
    ['whose `first` is left out: its default', '{ cases { nodes { name } } }', 1 + 20 * 2],
    [
      'within a list: one times the other',
      '{ cases(first: 3) { nodes { events { nodes { at } } } } }',
      1 + 3 * (1 + 1 + 5 * 2),
    ],
    [
      'in an inline fragment: the same',
      '{ cases(first: 3) { nodes { ... on Named { events { nodes { at } } } } } }',
      1 + 3 * (1 + 1 + 5 * 2),
    ],
    [
      'in a fragment: the same',
      '{ cases(first: 3) { nodes { ...F } } } fragment F on Case { events { nodes { at } } }',
      1 + 3 * (1 + 1 + 5 * 2),
    ],
    [
      'whose `first` is a variable: no less than its default',
      'query ($n: Int!) { cases(first: $n) { nodes { name } } }',
      1 + 20 * 2,
    ],
    [
      'whose `first` is a variable and by default short: a guess',
      'query ($n: Int!) { plain { events(first: $n) { nodes { at } } } }',
      1 + 1 + 10 * 2,
    ],
    ['without pages: once', '{ plain { name } }', 2],
  ])('%s', (_of, query, cost) => {
    expect(costOf(query)).toBe(cost)
  })
})

test('fragments in a circle are measured to an end', () => {
  expect(costOf('{ cases { nodes { ...F } } } fragment F on Case { name ...F }')).toBeGreaterThan(1)
})
