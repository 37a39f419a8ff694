import { expect, test } from '@jest/globals'
import { breakingChanges } from './schema.js'

const committed = 'type Query { case(id: ID!): Case } type Case { stage: String reference: String }'

test.each([
  ['a field taken away', committed.replace(' reference: String', ''), ['FIELD_REMOVED']],
  ['a type changed', committed.replace('stage: String', 'stage: Int'), ['FIELD_CHANGED_KIND']],
  [
    'an argument demanded',
    committed.replace('id: ID!', 'id: ID!, unit: ID!'),
    ['REQUIRED_ARG_ADDED'],
  ],
  ['a field added', committed.replace('stage', 'tier: Int stage'), []],
  ['nothing', committed, []],
])('%s: what breaks a client is named, and nothing else', (_, code, expected) => {
  expect(breakingChanges(committed, code).map((one) => one.code)).toEqual(expected)
})
