import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { execute, type GraphQLSchema, getOperationAST, parse } from 'graphql'
import {
  type Cell,
  type Decision,
  type Situation,
  WITHHELD_BY_DEFAULT,
} from '../sharing/decision.js'
import { generalise } from '../sharing/generalise.js'
import { Basis } from './basis.js'
import { planDisclosure, switchNames } from './disclosure-plan.js'
import { Governance } from './governance.js'
import { release, subjectsOf } from './release.js'
import { Reporting } from './report.js'
import { Ledger } from './request.js'
import {
  NO_FACTS,
  personOf,
  recordOf,
  SHARED,
  shortened,
  smallSchema,
} from './small-schema.fixture.js'

let schema: GraphQLSchema
let governance: Governance
beforeAll(() => {
  schema = smallSchema()
  governance = new Governance([schema])
})

const paper = (person: string, supplier?: string) => ({
  __typename: 'PaperRecord',
  id: `paper-${person}-${supplier ?? 'one'}`,
  held: true,
  names: [{ family: 'Okafor', given: 'Ada' }],
  bornOn: '1994-06-17',
  addresses: [{ lines: ['1 Street'], postcode: 'CH1 2AB' }],
  _subject: recordOf(person, supplier),
})
const card = (person: string) => ({
  __typename: 'CardRecord',
  id: `card-${person}`,
  note: 'moved to 9 Lane',
  _subject: recordOf(person, 'two'),
})
const somebody = (key: string, records: readonly object[] = [paper(key), card(key)]) => ({
  key,
  records,
  _subject: personOf(key),
})

type DecideCell = (cell: Cell, supplier: string) => Decision

/** Runs an operation over one person and releases the answer as `decide` says. */
async function answer(
  query: string,
  decide: DecideCell,
  root: unknown = somebody('a'),
  variables: Record<string, unknown> = {},
) {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('no operation')
  const never = (cell: Cell) =>
    ['one', 'two'].every((supplier) => decide(cell, supplier).kind === 'WITHHOLD')
  const names = switchNames(document)
  const plan = planDisclosure(
    schema,
    governance,
    document,
    operation,
    (_type, field) => field.cell.category !== 'HOLDING' && never(field.cell),
    new Map(names.map((name) => [name, variables[name] === true])),
  )
  const raw = await execute({
    schema,
    document: plan.document,
    variableValues: variables,
    rootValue: { person: root, people: [root] },
    typeResolver: (value: { __typename?: string }) => value.__typename,
  })
  if (raw.errors || !raw.data) throw new Error(JSON.stringify(raw.errors))
  const profile = {
    key: '',
    decide: (cell: Cell, situation: Situation) => decide(cell, situation.supplier),
    isNever: () => false,
    restsOn: () => [],
  }
  const ledger = new Ledger(NO_FACTS, profile, governance)
  const types = plan.types.map(({ name }) => name)
  const basis = new Basis(profile, governance, types, [...plan.cells])
  await ledger.ensure(subjectsOf(plan, raw.data))
  const reporting = new Reporting()
  const data = release(
    {
      plan,
      stateOf: (tag) => ledger.stateOf(tag, basis),
      reporting,
      locates: null,
      tell: () => undefined,
      nowMs: 0,
      generalise: (decision, value) =>
        decision.form ? generalise(decision.form, value, { asOf: '2026-01-01' }) : null,
    },
    raw.data,
  )
  return {
    data: JSON.parse(JSON.stringify(data)) as Record<string, unknown>,
    report: reporting.report(),
    sent: plan.document,
    sections: ledger.sections(),
  }
}
const by =
  (table: Partial<Record<Cell['category'], Decision>>): DecideCell =>
  (cell) =>
    table[cell.category] ?? WITHHELD_BY_DEFAULT

const ALL =
  '{ person(key: "a") { records { __typename id ... on PaperRecord { held names { family } bornOn addresses { lines postcode } } ... on CardRecord { note } } } }'

describe('an answer', () => {
  test('holds what is shared, null for what is withheld, and says why for each', async () => {
    const { data, report } = await answer(ALL, by({ IDENTITY: SHARED }))
    expect(data).toEqual({
      person: {
        records: [
          {
            __typename: 'PaperRecord',
            id: 'paper-a-one',
            held: true,
            names: [{ family: 'Okafor' }],
            bornOn: '1994-06-17',
            addresses: null,
          },
        ],
      },
    })
    expect(report.decisions).toEqual([
      expect.objectContaining({
        coordinate: 'PaperRecord.addresses',
        decision: 'WITHHOLD',
        paths: ['person.records.0.addresses'],
      }),
    ])
  })
  test('leaves out a record of which nothing is released, and says nothing of it', async () => {
    const { data, report } = await answer(ALL, by({}))
    expect(data).toEqual({ person: { records: [] } })
    expect(report.decisions).toEqual([])
  })
  test('shortens a value in the form that is named, inside lists of values too', async () => {
    const { data } = await answer(
      ALL,
      by({ IDENTITY: shortened('INITIALS'), LOCATION: shortened('OUTWARD_CODE') }),
    )
    expect(data['person']).toMatchObject({
      records: [{ names: [{ family: 'O.' }], addresses: [{ lines: null, postcode: 'CH1' }] }],
    })
  })
  test('withholds where a field does not have the form', async () => {
    const { data } = await answer(ALL, by({ IDENTITY: shortened('YEAR') }))
    expect(data['person']).toMatchObject({
      records: [{ bornOn: '1994', names: [{ family: null }] }],
    })
  })
  test('decides by supplier, so two records of one person may differ', async () => {
    const decide: DecideCell = (cell, supplier) =>
      cell.category === 'IDENTITY' && supplier === 'two' ? SHARED : WITHHELD_BY_DEFAULT
    const { data } = await answer(
      ALL,
      decide,
      somebody('a', [paper('a', 'one'), paper('a', 'two')]),
    )
    expect(data['person']).toMatchObject({ records: [{ id: 'paper-a-two' }] })
  })
})

describe('the document that is run', () => {
  test('does not ask for what can never be shared', async () => {
    const { sent } = await answer(ALL, by({ IDENTITY: SHARED }))
    expect(JSON.stringify(sent)).not.toContain('"note"')
    expect(JSON.stringify(sent)).not.toContain('"addresses"')
  })
  test('keeps hidden keys apart from aliases of the same name, and gives none of them away', async () => {
    const { data } = await answer(
      '{ person(key: "a") { c0_subject: key c0_type: __typename records { id } } }',
      by({ IDENTITY: SHARED }),
    )
    expect(data).toEqual({
      person: { c0_subject: 'a', c0_type: 'Person', records: [{ id: 'paper-a-one' }] },
    })
  })
  test('answers a cut-out field with null exactly where its conditions show it', async () => {
    const query =
      'query ($x: Boolean!) { person(key: "a") { records { id ... on PaperRecord @include(if: $x) { bornOn addresses { lines } } } } }'
    const decide = by({ LOCATION: SHARED })
    expect((await answer(query, decide, somebody('a'), { x: true })).data['person']).toMatchObject({
      records: [{ bornOn: null }],
    })
    expect((await answer(query, decide, somebody('a'), { x: false })).data['person']).toEqual({
      records: [{ id: 'paper-a-one' }],
    })
  })
  test('survives aliases that a prototype would answer', async () => {
    const { data } = await answer(
      '{ __proto__: person(key: "a") { constructor: records { toString: id } } }',
      by({ IDENTITY: SHARED }),
      somebody('a'),
    )
    expect(Object.keys(data)).toEqual(['__proto__'])
  })
})

test('whatever the decisions, no value leaves that is not shared or shortened, by any alias or fragment', async () => {
  const kinds = fc.constantFrom<Decision>(
    WITHHELD_BY_DEFAULT,
    SHARED,
    shortened('YEAR'),
    shortened('INITIALS'),
    shortened('OUTWARD_CODE'),
  )
  const secrets = {
    IDENTITY: ['Okafor', 'Ada', '1994-06-17'],
    LOCATION: ['1 Street', 'CH1 2AB'],
    NARRATIVE: ['9 Lane'],
  } as const
  const forms = [
    ALL,
    '{ people { records { ...F } } } fragment F on Record { id ... on PaperRecord { n: names { f: family g: given } b: bornOn } ... on CardRecord { x: note } }',
    '{ a: person(key: "a") { records { ... on PaperRecord { one: addresses { l: lines } } } } b: person(key: "a") { records { ... on PaperRecord { one: addresses { p: postcode } bornOn } ... on CardRecord { note } } } }',
  ]
  await fc.assert(
    fc.asyncProperty(
      kinds,
      kinds,
      kinds,
      fc.constantFrom(...forms),
      async (identity, location, narrative, query) => {
        const table = { IDENTITY: identity, LOCATION: location, NARRATIVE: narrative }
        const { data } = await answer(query, by(table))
        const bytes = JSON.stringify(data)
        for (const category of ['IDENTITY', 'LOCATION', 'NARRATIVE'] as const) {
          if (table[category].kind === 'SHARE') continue
          for (const secret of secrets[category]) expect(bytes).not.toContain(secret)
        }
      },
    ),
    { numRuns: 60 },
  )
})
