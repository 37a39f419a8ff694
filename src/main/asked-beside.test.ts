import { expect, test } from '@jest/globals'
import { buildSchema, parse } from 'graphql'
import { Governance } from '../disclosure/governance.js'
import { askedBeside } from './asked-beside.js'

const schema = buildSchema(`
  directive @category(is: String!, locates: String!) on FIELD_DEFINITION
  directive @subject(is: String!) on OBJECT
  type Query { her: Part him: Part }
  type Part @subject(is: "PART") {
    safe: Safe @category(is: "SAFE_CONTACT", locates: "NOBODY")
    person: Person
  }
  type Person @subject(is: "PERSON") { records: [Record!] }
  type Record @subject(is: "RECORD") {
    phone: String @category(is: "CONTACT", locates: "SUBJECT")
    safe: Safe @category(is: "SAFE_CONTACT", locates: "NOBODY")
  }
  type Safe { times: String @category(is: "SAFE_CONTACT", locates: "NOBODY") }
`)
const governance = new Governance([schema])
const isBeside = (text: string) =>
  askedBeside(parse(text), { schema, governance }).get('CONTACT')?.has('SAFE_CONTACT')
const PHONE = 'person { records { phone } }'
const SAFE = 'safe { times }'

test.each([
  ['on the same part', `{ her { ${PHONE} ${SAFE} } }`],
  ['on the record itself', `{ her { person { records { phone ${SAFE} } } } }`],
  ['under an alias', `{ her { ${PHONE} how: ${SAFE} } }`],
  ['in a fragment', `{ her { ...r } } fragment r on Part { ${PHONE} ${SAFE} }`],
  [
    'in a fragment within a fragment',
    `{ her { ...a } } fragment a on Part { ${PHONE} ...b } fragment b on Part { ${SAFE} }`,
  ],
  ['in a second selection that is merged', `{ her { ${PHONE} } her { ${SAFE} } }`],
  ['at each of two places', `{ her { ${PHONE} ${SAFE} } him { ${PHONE} ${SAFE} } }`],
])('what is asked for %s is beside it', (_how, text) => {
  expect(isBeside(text)).toBe(true)
})

test.each([
  ['not at all', `{ her { ${PHONE} } }`],
  ['of somebody else', `{ her { ${PHONE} } him { ${SAFE} } }`],
  ['of the same part elsewhere', `{ a: her { ${PHONE} } b: her { ${SAFE} } }`],
  ['at one of two places', `{ her { ${PHONE} ${SAFE} } him { ${PHONE} } }`],
  ['and left out', `{ her { ${PHONE} safe @include(if: false) { times } } }`],
  ['and skipped', `{ her { ${PHONE} safe @skip(if: true) { times } } }`],
  ['perhaps', `query ($x: Boolean!) { her { ${PHONE} safe @include(if: $x) { times } } }`],
  [
    'in an inline fragment that is left out',
    `{ her { ${PHONE} ... @include(if: false) { ${SAFE} } } }`,
  ],
  [
    'in a fragment that is left out',
    `{ her { ${PHONE} ...r @include(if: false) } } fragment r on Part { ${SAFE} }`,
  ],
  [
    'in a fragment within one that is left out, whichever stands first',
    `fragment b on Part { ${SAFE} } fragment a on Part { ...b } { her { ${PHONE} ...a @skip(if: true) } }`,
  ],
])('what is asked for %s is not', (_how, text) => {
  expect(isBeside(text)).toBe(false)
})
