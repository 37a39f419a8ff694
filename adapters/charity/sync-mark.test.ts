import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { digestOf, NOTHING_YET, readMark, writeMark } from './sync-mark.js'

test('a mark is read as it was written', () =>
  fc.assert(
    fc.property(fc.array(fc.string()), (ids) => {
      const mark = { since: '2026-11-01T12:00:00.000Z', known: new Set(ids.map(digestOf)) }
      expect(readMark(writeMark(mark))).toEqual(mark)
    }),
  ))

test.each([
  [null],
  [''],
  ['not JSON'],
  ['{"version":2,"since":null,"known":""}'],
  ['{"version":1,"since":"lately","known":""}'],
  ['[]'],
])('a mark like %j means everything again', (text) => expect(readMark(text)).toEqual(NOTHING_YET))

test('a mark does not say whose it is', () =>
  expect(writeMark({ since: null, known: new Set([digestOf('SH-1')]) })).not.toContain('SH-1'))
