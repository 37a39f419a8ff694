import { expect, test } from '@jest/globals'
import { policeCoarseCode } from './coarse-code.js'

test.each([
  ['008/66', 'STALKING'],
  ['8/66', 'STALKING'],
  ['008/31', 'BREACH'],
  ['008/74', 'BREACH'],
  ['001/01', 'VIOLENCE'],
  ['004/10', 'VIOLENCE'],
  ['195/03', 'OTHER_OFFENCE'],
  ['MADE', 'MADE'],
  ['999/99', null],
  ['a word', null],
])('%s is of the kind %s', (code, kind) => {
  expect(policeCoarseCode(code)).toBe(kind)
})
