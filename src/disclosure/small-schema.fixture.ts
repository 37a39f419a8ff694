import { buildSchema, type GraphQLSchema } from 'graphql'
import type { Decision } from '../sharing/decision.js'
import { WITHHELD_BY_DEFAULT } from '../sharing/decision.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { FactStoreSetting } from './fact-store.js'
import { Together } from './together.js'

/** A small governed schema for this room's tests: one person with parts, and what hangs on them. */
export const SMALL = `
  directive @category(is: String!, locates: Locates! = NOBODY, generalise: [Generalisation!], aspect: String) on FIELD_DEFINITION
  directive @open(because: String!) on FIELD_DEFINITION
  directive @subject(is: Subject!) on OBJECT
  directive @key(fields: String!) repeatable on OBJECT
  enum Locates { NOBODY SUBJECT OTHERS }
  enum Subject { PERSON PART CASE RECORD EVENT CALLER }
  enum Generalisation { YEAR MONTH AGE_BAND OUTWARD_CODE LOCAL_AUTHORITY INITIALS KNOWN_AS PRESENCE BAND COARSE_CODE }
  scalar _Subject
  type Name { family: String @category(is: "IDENTITY", generalise: [INITIALS]) given: String @category(is: "IDENTITY", generalise: [INITIALS]) }
  type Address { lines: [String!] @category(is: "LOCATION", locates: SUBJECT) postcode: String @category(is: "LOCATION", locates: SUBJECT, generalise: [OUTWARD_CODE]) }
  interface Record { id: ID! _subject: _Subject }
  type PaperRecord implements Record @key(fields: "id") @subject(is: RECORD) {
    id: ID! _subject: _Subject
    held: Boolean @category(is: "HOLDING")
    names: [Name!] @category(is: "IDENTITY")
    bornOn: String @category(is: "IDENTITY", generalise: [YEAR])
    addresses: [Address!] @category(is: "LOCATION", locates: SUBJECT)
  }
  type CardRecord implements Record @key(fields: "id") @subject(is: RECORD) {
    id: ID! _subject: _Subject
    note: String @category(is: "NARRATIVE", locates: OTHERS)
  }
  type Person @key(fields: "key") @subject(is: PERSON) {
    key: ID! _subject: _Subject
    records: [Record!] @category(is: "HOLDING")
  }
  type Query { person(key: ID!): Person people: [Person!]! }
`
export const smallSchema = (): GraphQLSchema => buildSchema(SMALL)

/** A record's subject; `supplier` tells records apart. */
export const recordOf = (person: string, supplier = 'one'): SubjectTag => ({
  kind: 'RECORD',
  persons: [person],
  marks: { supplier, unit: false, itemId: null, carries: {}, clearedBy: [], suppliedAtMs: null },
})
export const personOf = (key: string): SubjectTag => ({
  kind: 'PERSON',
  persons: [key],
  marks: {
    supplier: 'one',
    unit: true,
    itemId: null,
    carries: {},
    clearedBy: [],
    suppliedAtMs: null,
  },
})

export const SHARED: Decision = {
  ...WITHHELD_BY_DEFAULT,
  kind: 'SHARE',
  reason: 'PERMITTED',
  clause: '1.1',
  logged: { reason: 'PERMITTED', clauses: ['1.1'] },
}
export const shortened = (form: NonNullable<Decision['form']>): Decision => ({
  ...WITHHELD_BY_DEFAULT,
  kind: 'GENERALISE',
  form,
  reason: `GENERALISED_${form}`,
  clause: '1.2',
  logged: { reason: `GENERALISED_${form}`, clauses: ['1.2'] },
})

const nowhere = () => ({ here: [], everywhere: [], connected: [] })

/** Nobody figures anywhere, and nothing is known of anybody. */
export const NO_FACTS: FactStoreSetting = {
  asker: { agency: { id: 'one', kind: 'a' }, subject: 's', roles: [], purpose: 'P' },
  sources: [],
  loadStandings: () =>
    Promise.resolve({
      person: nowhere,
      part: nowhere,
      case: nowhere,
      isWhole: () => true,
      everybody: [],
    }),
  readFactsEpoch: () => Promise.resolve(0n),
  nowMs: () => 0,
  together: new Together(),
}
