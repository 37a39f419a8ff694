import { expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { checkGovernance, Governance } from './governance.js'
import { SMALL, smallSchema } from './small-schema.fixture.js'

const changed = (from: string, to: string): readonly string[] =>
  checkGovernance(buildSchema(SMALL.replace(from, to)))

test('a schema that says enough has no problems', () => {
  expect(checkGovernance(smallSchema())).toEqual([])
})

test.each([
  [
    'a field without a category',
    'note: String @category(is: "NARRATIVE", locates: OTHERS)',
    'note: String',
    /neither/,
  ],
  [
    'a governed field that cannot be null',
    'note: String @category',
    'note: String! @category',
    /nullable/,
  ],
  [
    'a field that is both open and governed',
    'note: String @category',
    'note: String @open(because: "x") @category',
    /both/,
  ],
  [
    'an entity that does not say whose data it is',
    'type CardRecord implements Record @key(fields: "id") @subject(is: RECORD)',
    'type CardRecord implements Record @key(fields: "id")',
    /@subject/,
  ],
  [
    'a name that is told as it is to whoever may hear only what the other party knows',
    'family: String @category(is: "IDENTITY", generalise: [INITIALS])',
    'family: String @category(is: "IDENTITY", generalise: [INITIALS, KNOWN_AS])',
    /KnownName/,
  ],
])('%s is a problem', (_what, from, to, says) => {
  expect(changed(from, to)).toEqual([expect.stringMatching(says)])
})

test.each([
  ['category', 'is: "NARRATIVE"', 'is: "GOSSIP"'],
  ['form', 'generalise: [YEAR]', 'generalise: [CENTURY]'],
])('an unknown %s does not build', (_what, from, to) => {
  expect(
    () => new Governance([buildSchema(SMALL.replace(from, to), { assumeValidSDL: true })]),
  ).toThrow()
})

test('equal declarations share one cell, and a container takes the forms of its parts', () => {
  const governance = new Governance([smallSchema(), smallSchema()])
  const record = governance.type('PaperRecord')
  expect(record?.fields.get('names')?.cell.forms).toEqual(['INITIALS'])
  expect(record?.fields.get('addresses')?.cell.forms).toEqual(['OUTWARD_CODE'])
  expect(governance.type('Name')?.fields.get('family')?.cell).toBe(
    governance.type('Name')?.fields.get('given')?.cell,
  )
})

test('what an object leads on to proves nothing of its own existence', () => {
  const governance = new Governance([smallSchema()])
  expect(governance.existenceCells('Person')).toEqual([])
  expect(governance.existenceCells('PaperRecord').length).toBeGreaterThan(0)
})
