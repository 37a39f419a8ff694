import { expect, test } from '@jest/globals'
import { nhsCoarseCode } from './coarse-code.js'

test.each([
  ['WEAPONS', 'WEAPONS'],
  ['REJECTED', 'REJECTED'],
  ['active', 'CURRENT'],
  ['revoked', 'ENDED'],
  ['38341003', null],
  ['Jane Planted', null],
  ['constructor', null],
])('%s is %s', (code, coarse) => {
  expect(nhsCoarseCode(code)).toBe(coarse)
})
