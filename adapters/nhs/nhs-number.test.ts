import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readNhsNumber } from './nhs-number.js'

test.each<[string, boolean, string]>([
  ['9000000009', true, 'check digit 9'],
  ['5900046192', true, 'check digit 2'],
  ['9693632109', true, 'check digit 9'],
  ['5900031160', true, '11 counts as 0'],
  ['590 004 6192', true, 'written in groups'],
  ['5900046129', false, 'last two swapped'],
  ['9000000050', false, 'check digit 10 is never issued'],
  ['0000000000', false, 'ten equal digits: not known'],
  ['1111111111', false, 'ten equal digits: not known'],
  ['900000000', false, 'nine digits'],
  ['90000000O9', false, 'a letter'],
])('%s is valid: %s (%s), and is kept either way', (number, valid, _why) => {
  expect(readNhsNumber(number)).toEqual({ value: number.replaceAll(' ', ''), valid })
})

test('one wrong digit never passes', () =>
  fc.assert(
    fc.property(
      fc.constantFrom('9000000009', '5900046192', '5900031160'),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (number, at, by) => {
        const digits = Array.from(number, Number)
        digits[at] = ((digits[at] ?? 0) + by) % 10
        expect(readNhsNumber(digits.join('')).valid).toBe(false)
      },
    ),
  ))
