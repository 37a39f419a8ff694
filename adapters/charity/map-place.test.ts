import { expect, test } from '@jest/globals'
import { normalEmail, normalPhone, normalPostcode } from './map-place.js'

test.each`
  written          | normal
  ${'ch1 2ab'}     | ${'CH1 2AB'}
  ${'CH12AB'}      | ${'CH1 2AB'}
  ${' sw1a  1aa '} | ${'SW1A 1AA'}
  ${'CH1'}         | ${'CH1'}
  ${'75001'}       | ${null}
  ${''}            | ${null}
`('postcode "$written" is $normal', ({ written, normal }) =>
  expect(normalPostcode(String(written))).toBe(normal),
)

test.each`
  written                 | normal
  ${'07700 900123'}       | ${'+447700900123'}
  ${'+44 (0)7700 900123'} | ${'+447700900123'}
  ${'0044 7700 900123'}   | ${'+447700900123'}
  ${'+33 1 23 45 67 89'}  | ${'+33123456789'}
  ${'ask her sister'}     | ${null}
`('phone "$written" is $normal', ({ written, normal }) =>
  expect(normalPhone(String(written))).toBe(normal),
)

test('an e-mail address is compared in small letters; what is none is not compared', () =>
  expect([normalEmail(' Anna@Example.org '), normalEmail('at work')]).toEqual([
    'anna@example.org',
    null,
  ]))
