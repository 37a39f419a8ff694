import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { placeGuard } from './place-guard.js'

const guard = placeGuard(['14 Bramley Road', 'CW1 4BD', '07700 900012', 'x'])

test.each([
  ['the place itself', '14 Bramley Road'],
  ['the place in a sentence', 'He was seen near 14 Bramley Road at noon.'],
  ['a postcode otherwise written', 'lives in cw1-4bd now'],
  ['a place in a list', ['3 Quarry Terrace', '14, BRAMLEY ROAD']],
  ['a telephone number without its space', 'call 07700900012'],
])('%s gives it away', (_what, value) => {
  expect(guard.givesAway(value)).toBe(true)
})

test.each([
  ['another place', '15 Bramley Road'],
  ['a number', 14],
  ['nothing', null],
  ['an empty list', []],
  ['a letter that is too short to be a place', 'x'],
])('%s does not', (_what, value) => {
  expect(guard.givesAway(value)).toBe(false)
})

test('whatever stands around it, a known place is found', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      expect(guard.givesAway(`${before} 14 Bramley Road ${after}`)).toBe(true)
    }),
  )
})
