import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { normalEmail, normalPhone, normalPostcode, readCro, readPncId } from './identifiers.js'

const yearNow = 2026

describe('a PNC id', () => {
  test.each`
    supplied          | value
    ${'81/34U'}       | ${'1981/0000034U'}
    ${'02/73319Z'}    | ${'2002/0073319Z'}
    ${'0273319Z'}     | ${'2002/0073319Z'}
    ${'20020073319Z'} | ${'2002/0073319Z'}
    ${'00/223R'}      | ${'2000/0000223R'}
    ${'79/163001b'}   | ${'1979/0163001B'}
    ${'79163001B'}    | ${'1979/0163001B'}
    ${' 033Y '}       | ${'2003/0000003Y'}
    ${'67/9893091D'}  | ${'1967/9893091D'}
  `('$supplied is $value', ({ supplied, value }) => {
    expect(readPncId(String(supplied), yearNow)).toEqual({ value, valid: true })
  })

  test.each([
    '20030011985Z',
    '20120052494O',
    '20230583843N',
    '2001/0171310S',
    '1X23/1234567A',
    '1923/1Z34567A',
    '1923/1234567AA',
    '',
    '99/A',
    '79/163001C',
  ])('%s fails its check and is kept as supplied', (supplied) => {
    expect(readPncId(supplied, yearNow)).toEqual({ value: supplied, valid: false })
  })

  test('reads the same when it is read again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 1, max: 9_999_999 }),
        (year, serial) => {
          const digits = `${String(year).padStart(2, '0')}${String(serial).padStart(7, '0')}`
          const letter = 'ZABCDEFGHJKLMNPQRTUVWXY'[Number(digits) % 23]
          const once = readPncId(`${digits.slice(0, 2)}/${serial}${letter}`, yearNow)
          expect(once.valid).toBe(true)
          expect(readPncId(once.value, yearNow)).toEqual(once)
        },
      ),
    )
  })
})

test.each`
  supplied          | value             | valid
  ${'65656/91H'}    | ${'065656/91H'}   | ${true}
  ${'85227/65G'}    | ${'85227/65G'}    | ${false}
  ${'SF05/482703J'} | ${'SF05/482703J'} | ${true}
  ${'sf83/50058z'}  | ${'SF83/50058Z'}  | ${true}
  ${'SF83/50058A'}  | ${'SF83/50058A'}  | ${false}
  ${'hello'}        | ${'hello'}        | ${false}
`('the CRO number $supplied is $value, valid: $valid', ({ supplied, value, valid }) => {
  expect(readCro(String(supplied))).toEqual({ value, valid })
})

const COMPARED = [
  { read: normalPostcode, supplied: 'ls1 4ap', normal: 'LS1 4AP' },
  { read: normalPostcode, supplied: 'SW1A1AA', normal: 'SW1A 1AA' },
  { read: normalPostcode, supplied: 'GIR0AA', normal: 'GIR 0AA' },
  { read: normalPostcode, supplied: 'N1P 1AA', normal: 'N1P 1AA' },
  { read: normalPostcode, supplied: 'nowhere', normal: null },
  { read: normalPostcode, supplied: 'CH1', normal: null },
  { read: normalPhone, supplied: '07700 900 123', normal: '+447700900123' },
  { read: normalPhone, supplied: '+44 (0)7700 900123', normal: '+447700900123' },
  { read: normalPhone, supplied: '0044 7700 900123', normal: '+447700900123' },
  { read: normalPhone, supplied: '999', normal: null },
  { read: normalEmail, supplied: ' J.Marsh@Example.org', normal: 'j.marsh@example.org' },
  { read: normalEmail, supplied: 'none', normal: null },
]
test.each(COMPARED)('$supplied is compared as $normal', ({ read, supplied, normal }) => {
  expect(read(supplied)).toBe(normal)
})
