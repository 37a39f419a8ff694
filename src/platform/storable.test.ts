import { expect, test } from '@jest/globals'
import { isStorable, storable } from './storable.js'

test.each([
  ['NUL', 'a\0b'],
  ['half of a pair', 'a\ud83d'],
  ['it in a list of an object', { a: [1, { b: ['\udfff'] }] }],
  ['it in the name of a field', { 'a\0': 1 }],
])('text with %s cannot be stored', (_what, value) => {
  expect(isStorable(value)).toBe(false)
})

test('any other text can, and what cannot is replaced', () => {
  expect(isStorable({ text: '😀 \u202e\uffff', list: [null, true, 1.5, undefined] })).toBe(true)
  expect(storable('a\0b\ud83d😀')).toBe('a\ufffdb\ufffd😀')
})

test('a value of any depth is looked through', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}"\\u0000"${']'.repeat(100_000)}`)
  expect(isStorable(deep)).toBe(false)
})
