import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseUkDate, parseUkInstant } from './uk-date.js'

test.each`
  written                   | date
  ${'14/03/1990'}           | ${'1990-03-14'}
  ${'1/3/1990'}             | ${'1990-03-01'}
  ${'03/1990'}              | ${'1990-03'}
  ${'1990'}                 | ${'1990'}
  ${'1990-03-14'}           | ${'1990-03-14'}
  ${'1990-03'}              | ${'1990-03'}
  ${'14/03/1990 09:30'}     | ${'1990-03-14'}
  ${'1990-03-14T09:30:00Z'} | ${'1990-03-14'}
  ${'29/02/2024'}           | ${'2024-02-29'}
`('$written is $date, as exact as it is written', ({ written, date }) => {
  expect(parseUkDate(String(written))).toEqual({ kind: 'date', date })
})

test.each`
  written         | reason
  ${'31/02/1990'} | ${'DATE_IMPOSSIBLE'}
  ${'1990-02-31'} | ${'DATE_IMPOSSIBLE'}
  ${'29/02/2023'} | ${'DATE_IMPOSSIBLE'}
  ${'03/14/1990'} | ${'DATE_IMPOSSIBLE'}
  ${'00/00/1990'} | ${'DATE_IMPOSSIBLE'}
  ${'14/03/90'}   | ${'DATE_UNREADABLE'}
  ${'March 1990'} | ${'DATE_UNREADABLE'}
  ${''}           | ${'DATE_UNREADABLE'}
`('$written cannot be a date: $reason', ({ written, reason }) => {
  expect(parseUkDate(String(written))).toEqual({ kind: 'unreadable', reason })
})

test('a day written either way is the same day', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      (day) => {
        const iso = day.toISOString().slice(0, 10)
        expect(parseUkDate(iso.split('-').reverse().join('/'))).toEqual(parseUkDate(iso))
      },
    ),
  )
})

test.each`
  written                        | instant                       | why
  ${'2026-07-01T10:00:00+01:00'} | ${'2026-07-01T09:00:00.000Z'} | ${'a zone is said'}
  ${'01/07/2026 10:00'}          | ${'2026-07-01T09:00:00.000Z'} | ${'summer time'}
  ${'01/12/2026 10:00'}          | ${'2026-12-01T10:00:00.000Z'} | ${'winter time'}
  ${'29/03/2026 02:30:10'}       | ${'2026-03-29T01:30:10.000Z'} | ${'after the clocks went forward'}
  ${'25/10/2026 00:30'}          | ${'2026-10-24T23:30:00.000Z'} | ${'before they go back'}
  ${'25/10/2026 01:30'}          | ${'2026-10-25T01:30:00.000Z'} | ${'the hour that comes twice: the later one'}
`('$written is $instant ($why)', ({ written, instant }) => {
  expect(parseUkInstant(String(written))).toEqual({ kind: 'date', date: instant })
})

test.each([
  '2026-07-01T10:00:00',
  '31/02/2026 10:00',
  '01/07/2026 25:00',
  '2026-13-01T00:00:00Z',
  'now',
])('%s is no instant', (written) => {
  expect(parseUkInstant(written).kind).toBe('unreadable')
})

test('no text makes either throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parseUkDate(text)
      parseUkInstant(text)
    }),
  )
})
