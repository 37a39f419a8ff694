import { expect, test } from '@jest/globals'
import { buildSchema, parse } from 'graphql'
import { categoriesOf } from './categories-of.js'

const schema = buildSchema(`
  directive @category(is: String!, locates: String!) on FIELD_DEFINITION
  type Query { her: Record }
  type Record {
    phone: String @category(is: "CONTACT", locates: "SUBJECT")
    safe: Safe @category(is: "SAFE_CONTACT", locates: "NOBODY")
  }
  type Safe { times: String @category(is: "SAFE_CONTACT", locates: "NOBODY") }
`)
const asked = (text: string) => [...categoriesOf(parse(text), schema)].sort()
const BOTH = ['CONTACT', 'SAFE_CONTACT']

test.each([
  ['plainly', '{ her { phone safe { times } } }'],
  ['in a fragment', '{ her { ...r } } fragment r on Record { phone safe { times } }'],
  [
    'in a fragment within a fragment',
    '{ her { ...a } } fragment a on Record { phone ...b } fragment b on Record { safe { times } }',
  ],
])('what is asked for %s counts', (_how, text) => {
  expect(asked(text)).toEqual(BOTH)
})

test.each([
  ['left out', '{ her { phone safe @include(if: false) { times } } }'],
  ['skipped', '{ her { phone safe @skip(if: true) { times } } }'],
  ['asked for perhaps', 'query ($x: Boolean!) { her { phone safe @include(if: $x) { times } } }'],
  [
    'in an inline fragment that is left out',
    '{ her { phone ... @include(if: false) { safe { times } } } }',
  ],
  [
    'in a fragment that is left out',
    '{ her { phone ...r @include(if: false) } } fragment r on Record { safe { times } }',
  ],
  [
    'in a fragment within one that is left out, whichever stands first',
    'fragment b on Record { safe { times } } fragment a on Record { ...b } { her { phone ...a @skip(if: true) } }',
  ],
])('what is %s does not count, so nothing is released because of it', (_how, text) => {
  expect(asked(text)).toEqual(['CONTACT'])
})
