import { describe, expect, test } from '@jest/globals'
import {
  buildSchema,
  getOperationAST,
  parse,
  print,
  stripIgnoredCharacters,
  validate,
} from 'graphql'
import {
  type DisclosurePlan,
  planDisclosure,
  switchNames,
  type TypePlan,
} from './disclosure-plan.js'
import { Governance } from './governance.js'
import { SMALL } from './small-schema.fixture.js'

const SDL = `${SMALL.replace('type Query {', 'extend type Query {')}
  type Query {
    wrapped: Wrapper @open(because: "x")
    anything: Anything @open(because: "x")
    lonely: Lonely @open(because: "x")
    case: Case
    name: Name
    _entities(of: ID!): [Anything]!
  }
  type Mutation { write: Person }
  type Subscription { news: String @open(because: "x") }
  type Wrapper { person: Person word: String @open(because: "x") }
  interface Lonely { word: String }
  union Anything = Person | Wrapper
  interface Said { text: String }
  interface Dated { held: String }
  type Note implements Said & Dated @subject(is: PART) {
    id: ID! _subject: _Subject
    text: String @category(is: "NARRATIVE", locates: OTHERS)
    more: String @category(is: "NARRATIVE")
    held: String @category(is: "MEETING")
  }
  type Memo implements Said @subject(is: PART) {
    id: ID! _subject: _Subject
    text: String @category(is: "NARRATIVE", locates: OTHERS)
    word: String @open(because: "x")
  }
  type Remark implements Said { text: String @open(because: "x") }
  type Case @subject(is: CASE) {
    _subject: _Subject
    latest: Note @category(is: "NARRATIVE")
    notes: [Note!]! @category(is: "NARRATIVE")
    said: [Said!] @category(is: "NARRATIVE")
    words: [String!] @category(is: "NARRATIVE")
    remarks: [Remark!] @category(is: "NARRATIVE")
    held: [Note!] @category(is: "HOLDING")
  }
`
const schema = buildSchema(SDL)
const governance = new Governance([schema])

/** Plans a valid operation for a profile that can never be shown the fields named. */
function plan(
  query: string,
  never: readonly string[] = [],
  on: readonly string[] = [],
  travelling: readonly string[] = [],
): DisclosurePlan {
  const document = parse(query)
  expect(validate(schema, document)).toEqual([])
  const operation = getOperationAST(document, query.includes('query Main') ? 'Main' : null)
  if (!operation) throw new Error('there is one operation')
  return planDisclosure(
    schema,
    governance,
    document,
    operation,
    (typeName, { coordinate }) => {
      expect(coordinate.split('.')[0]).toBe(typeName)
      return never.includes(coordinate)
    },
    new Map(on.map((name) => [name, true])),
    new Set(travelling),
  )
}
const sent = (query: string, never: readonly string[] = []): string =>
  stripIgnoredCharacters(print(plan(query, never).document))

/** What is planned of an object, in a line: its fields, `!` for cut out, and what stands below them. */
function told(type: TypePlan): string {
  const fields = type.fields.map((one) => {
    const below = [...(one.children?.values() ?? [])].map(told).join(' | ')
    return `${one.responseKey}${one.pruned ? '!' : ''}${below && ` ${below}`}`
  })
  return `${type.name} {${fields.join(', ')}}`
}
const fieldOf = (query: string, responseKey: string, never: readonly string[] = []) => {
  const all = plan(query, never).types.flatMap((one) => one.fields)
  const found = all.find((one) => one.responseKey === responseKey)
  if (!found) throw new Error('the operation asks for the field')
  return found
}

describe('the map of an answer', () => {
  test('has every field under its response key, once, with what stands below it for each type', () => {
    expect(
      told(
        plan(
          '{ a: person(key: "a") { k: key key records { id } } a: person(key: "a") { records { id ... on CardRecord { note } ...F } } } fragment F on PaperRecord { bornOn }',
        ).root,
      ),
    ).toBe('Query {a Person {k, key, records PaperRecord {id, bornOn} | CardRecord {id, note}}}')
  })
  test('has what a fragment says without a type, of an interface, of a union, and of no other type', () => {
    expect(
      told(
        plan(
          '{ anything { ... { __typename } ... on Person { key } ... on Wrapper { word } } person(key: "a") { records { ... on Record { id } ... { __typename } } } }',
        ).root,
      ),
    ).toBe(
      'Query {anything Person {__typename, key} | Wrapper {__typename, word}, person Person {records PaperRecord {id, __typename} | CardRecord {id, __typename}}}',
    )
  })
  test('has what is said of an interface for those types alone that are of it', () => {
    expect(told(plan('{ case { said { text ... on Dated { held } } } }').root)).toBe(
      'Query {case Case {said Note {text, held} | Memo {text} | Remark {text}}}',
    )
  })
  test('leaves out what the operation’s conditions do not show', () => {
    const query =
      'query ($a: Boolean!, $b: Boolean!) { person(key: "a") { a: key @include(if: $a) b: key @include(if: $b) c: key @skip(if: $a) d: key @skip(if: $b) e: key @skip(if: true) f: key @skip(if: false) g: key @include(if: false) h: key @include(if: true) i: key @include(if: true) @skip(if: $a) ... @include(if: $b) { j: key } ...F @skip(if: $a) } } fragment F on Person { k: key }'
    expect(told(plan(query, [], ['a']).root)).toBe('Query {person Person {a, d, f, h}}')
    expect(told(plan(query, [], ['b']).root)).toBe('Query {person Person {b, c, f, h, i, j, k}}')
  })
  test('and takes no other directive for a condition', () => {
    const other = buildSchema(`${SDL} directive @mark(if: Boolean) on FIELD`)
    const document = parse('{ name { family @mark(if: true) } }')
    const operation = getOperationAST(document)
    if (!operation) throw new Error('there is one operation')
    const { root } = planDisclosure(
      other,
      new Governance([other]),
      document,
      operation,
      () => false,
    )
    expect(told(root)).toBe('Query {name Name {family}}')
  })
  test('knows each place where objects of one type stand by its position', () => {
    const { types, root } = plan('{ person(key: "a") { records { id } } name { family } }')
    expect(types.map((one) => one.name)).toEqual([
      'PaperRecord',
      'CardRecord',
      'Person',
      'Name',
      'Query',
    ])
    expect(types.map((one) => one.index)).toEqual([0, 1, 2, 3, 4])
    expect(types[4]).toBe(root)
  })
  test('knows which objects say whose data they are, and which fields lead to such', () => {
    const { types } = plan(
      '{ wrapped { word person { key } } name { family } person(key: "a") { key } lonely { word } }',
    )
    const about = types.map(({ name, hasSubject, towardsSubjects }) => [
      name,
      hasSubject,
      towardsSubjects.map((one) => one.responseKey),
    ])
    expect(about).toEqual([
      ['Person', true, []],
      ['Wrapper', false, ['person']],
      ['Name', false, []],
      ['Person', true, []],
      ['Query', false, ['wrapped', 'person']],
    ])
  })
  test('says of a field what governs it, and what kind of value it has', () => {
    const query =
      '{ person(key: "a") { key __typename records { ... on PaperRecord { born: bornOn held names { family } } } } anything { __typename } }'
    expect(fieldOf(query, 'born')).toMatchObject({
      name: 'bornOn',
      scalar: 'String',
      children: null,
      only: null,
      pruned: false,
      guardsExistence: false,
      itemCells: null,
    })
    expect(fieldOf(query, 'born').governed?.coordinate).toBe('PaperRecord.bornOn')
    expect(fieldOf(query, 'held').scalar).toBe('Boolean')
    expect(fieldOf(query, 'key')).toMatchObject({ governed: null, scalar: 'ID', pruned: false })
    expect(fieldOf(query, '__typename')).toMatchObject({ governed: null, scalar: 'String' })
  })
  test('says which one type the objects of a field have, where it can be but one', () => {
    const query = '{ person(key: "a") { records { id } } anything { __typename } }'
    expect(fieldOf(query, 'person').only?.name).toBe('Person')
    expect(fieldOf(query, 'records').only).toBeNull()
    expect(fieldOf(query, 'anything').only).toBeNull()
  })
  test('says whose existence no decision above guards: not of what another subgraph asks for by its key', () => {
    const query =
      '{ _entities(of: "a") { __typename } wrapped { word } person(key: "a") { records { id } } }'
    expect(fieldOf(query, '_entities').guardsExistence).toBe(false)
    expect(fieldOf(query, 'wrapped').guardsExistence).toBe(true)
    expect(fieldOf(query, 'records').guardsExistence).toBe(false)
  })
})

describe('a list of things that say whose they are', () => {
  const cellsOf = (...coordinates: readonly string[]): readonly (number | undefined)[] =>
    coordinates.map((one) => {
      const [type, field] = one.split('.')
      return governance.type(type ?? '')?.fields.get(field ?? '')?.cellIndex
    })
  const query =
    '{ case { latest { id } notes { id } said { text } words remarks { text } held { id } } }'
  test('is decided by their own cells of the list’s category as well', () => {
    expect(fieldOf(query, 'notes').itemCells).toEqual(
      new Map([['Note', cellsOf('Note.text', 'Note.more')]]),
    )
    expect(fieldOf(query, 'said').itemCells).toEqual(
      new Map([
        ['Note', cellsOf('Note.text', 'Note.more')],
        ['Memo', cellsOf('Memo.text')],
      ]),
    )
  })
  test.each([
    ['latest', 'one thing is no list'],
    ['words', 'words say nothing of whose they are'],
    ['remarks', 'nor do things without a subject'],
    ['held', 'that there is something is decided by the things anyway'],
  ])('is not: %s (%s)', (key) => {
    expect(fieldOf(query, key).itemCells).toBeNull()
  })
  test('is cut out only where none of them could be shown for its category either', () => {
    const cutOut = (...never: readonly string[]): boolean => fieldOf(query, 'notes', never).pruned
    expect(cutOut('Case.notes')).toBe(false)
    expect(cutOut('Case.notes', 'Note.text')).toBe(false)
    expect(cutOut('Case.notes', 'Note.text', 'Note.more')).toBe(true)
    expect(cutOut('Note.text', 'Note.more')).toBe(false)
    expect(fieldOf(query, 'said', ['Case.said', 'Note.text', 'Note.more']).pruned).toBe(false)
    expect(fieldOf(query, 'latest', ['Case.latest']).pruned).toBe(true)
  })
  test('makes these cells part of what the plan decides', () => {
    const of = (asked: string) => new Set(plan(asked).cells)
    expect(of('{ case { notes { id } } }')).toEqual(
      new Set(cellsOf('Case.notes', 'Note.text', 'Note.more')),
    )
    expect(of('{ case { held { held } } }')).toEqual(new Set(cellsOf('Case.held', 'Note.held')))
    expect(of('{ wrapped { word } }')).toEqual(new Set())
  })
})

describe('what an operation is about', () => {
  test('the fields that it asks for, by type, and what of them something else may only travel with', () => {
    const { selected, together, types } = plan(
      '{ person(key: "a") { key records { id ... on PaperRecord { a: bornOn b: bornOn names { family } } } } }',
      [],
      [],
      ['HOLDING', 'LOCATION'],
    )
    expect(selected).toEqual(
      new Map([
        ['Person', new Set(['records'])],
        ['PaperRecord', new Set(['bornOn', 'names'])],
        ['Name', new Set(['family'])],
      ]),
    )
    expect(together).toEqual(new Map([['Person', new Set(['HOLDING'])]]))
    expect(types.filter((one) => one.bringsTogether).map(({ name }) => name)).toEqual(['Person'])
  })
  test('whether it names a key that not every engine keeps apart', () => {
    expect(plan('{ __proto__: name { family } }').namesPrototype).toBe(true)
    expect(plan('{ proto: name { family } }').namesPrototype).toBe(false)
  })
  test('how big its plan is, roughly, so that a cache can be bounded', () => {
    const query = '{ name { family given } }'
    // Two objects, three fields, and the text.
    expect(plan(query).size).toBe(2 * 64 + 3 * 160 + 2 * query.length)
    const document = parse(query, { noLocation: true })
    const operation = getOperationAST(document)
    if (!operation) throw new Error('there is one operation')
    const unlocated = planDisclosure(schema, governance, document, operation, () => false)
    expect(unlocated.size).toBe(2 * 64 + 3 * 160 + 2000)
  })
  test('which variables show or hide some of it, in order', () => {
    const document = parse(
      'query ($z: Boolean!, $a: Boolean!, $k: ID!, $m: Boolean!) { person(key: $k) { key @include(if: $z) ... @skip(if: $a) { key } records @mark(if: $m) { id @skip(if: true) } } } fragment F on Person { key @skip(if: $a) }',
    )
    expect(switchNames(document)).toEqual(['a', 'z'])
  })
})

describe('the document that is really run', () => {
  test('asks whose data an object is, and of which type where there are several; never at the root', () => {
    expect(sent('{ person(key: "a") { records { id } } wrapped { word } }')).toBe(
      '{person(key:"a"){records{id c0_type:__typename c0_subject:_subject}c0_subject:_subject}wrapped{word}}',
    )
  })
  test('also under fragments, by name or in place', () => {
    expect(
      sent(
        '{ ...Q ... on Query { wrapped { word } } ... { name { family } } } fragment Q on Query { anything { ... on Person { ...P } ... { __typename } } } fragment P on Person { key }',
      ),
    ).toBe(
      '{...Q ...on Query{wrapped{word}}...{name{family}}}fragment Q on Query{anything{...on Person{...P c0_subject:_subject}...{__typename c0_type:__typename}c0_type:__typename}}fragment P on Person{key c0_subject:_subject}',
    )
  })
  test('leaves out what can never be shown, and asks for something where nothing is left', () => {
    expect(sent('{ name { family given } }', ['Name.family'])).toBe('{name{given}}')
    expect(sent('{ name { family } }', ['Name.family'])).toBe('{name{c0_type:__typename}}')
    expect(
      sent('{ person(key: "a") { key ...F } } fragment F on Person { records { id } }', [
        'Person.records',
      ]),
    ).toBe(
      '{person(key:"a"){key ...F c0_subject:_subject}}fragment F on Person{c0_subject:_subject}',
    )
  })
  test('does not take a fragment for the field of its name', () => {
    const query = '{ name { ...family } } fragment family on Name { given }'
    expect(sent(query, ['Name.family'])).toBe('{name{...family}}fragment family on Name{given}')
  })
  test('leaves out a field of an interface only where no type could show it', () => {
    const query = '{ case { said { text } } }'
    const shown = '{case{said{text c0_type:__typename}c0_subject:_subject}}'
    expect(sent(query)).toBe(shown)
    // A remark shows its text to everybody.
    expect(sent(query, ['Note.text', 'Memo.text'])).toBe(shown)
    const records =
      '{ person(key: "a") { records { ... on PaperRecord { bornOn } ... on CardRecord { note } } } }'
    expect(sent(records, ['PaperRecord.bornOn'])).toBe(
      '{person(key:"a"){records{...on PaperRecord{c0_subject:_subject}...on CardRecord{note c0_subject:_subject}c0_type:__typename c0_subject:_subject}c0_subject:_subject}}',
    )
  })
  test('and where every type of it may never be shown, the field goes', () => {
    const closed = buildSchema(SDL.replace('type Remark implements Said {', 'type Remark {'))
    const document = parse('{ case { said { text } } }')
    const operation = getOperationAST(document)
    if (!operation) throw new Error('there is one operation')
    const texts = ['Note.text', 'Memo.text']
    const run = (never: readonly string[]): string =>
      stripIgnoredCharacters(
        print(
          planDisclosure(closed, new Governance([closed]), document, operation, (_type, one) =>
            never.includes(one.coordinate),
          ).document,
        ),
      )
    expect(run(texts)).toBe('{case{said{c0_type:__typename}c0_subject:_subject}}')
    expect(run(texts.slice(1))).toBe('{case{said{text c0_type:__typename}c0_subject:_subject}}')
  })
  test('keeps an interface that no type fits, and what asks about the schema itself', () => {
    expect(sent('{ lonely { word } }')).toBe('{lonely{word c0_type:__typename}}')
    expect(sent('{ __schema { types { name } } }')).toBe('{__schema{types{name}}}')
    expect(sent('{ __typename anything { __typename } }')).toBe(
      '{__typename anything{__typename c0_type:__typename}}',
    )
  })
  test('keeps a list that its holder could never show, where the things in it could', () => {
    expect(sent('{ case { notes { text } } }', ['Case.notes'])).toBe(
      '{case{notes{text c0_subject:_subject}c0_subject:_subject}}',
    )
    expect(sent('{ case { notes { held } } }', ['Case.notes', 'Note.text', 'Note.more'])).toBe(
      '{case{c0_subject:_subject}}',
    )
  })
  test('hides what it adds under keys that the operation does not use', () => {
    const taken = plan('{ c0_type: person(key: "c1_subject") { c0_subject: key } }')
    expect([taken.typenameKey, taken.subjectKey]).toEqual(['c1_type', 'c2_subject'])
    const free = plan('{ name { family } }')
    expect([free.typenameKey, free.subjectKey]).toEqual(['c0_type', 'c0_subject'])
  })
  test('leaves another operation of the same document as it is', () => {
    expect(
      sent('query Main { name { family } } query Other { person(key: "a") { key } }', [
        'Name.family',
      ]),
    ).toBe('query Main{name{c0_type:__typename}}query Other{person(key:"a"){key}}')
  })
  test('of a mutation and of a subscription has their own root', () => {
    expect(sent('mutation { write { key } }')).toBe('mutation{write{key c0_subject:_subject}}')
    expect(plan('subscription { news }').root.name).toBe('Subscription')
  })
})
