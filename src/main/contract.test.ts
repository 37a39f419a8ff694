import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { isInterfaceType, isObjectType, parse } from 'graphql'
import { Field, ObjectType } from 'type-graphql'
import { KINDS } from '../../adapters/index.js'
import { createFederation, createPlanner, type Federation } from '../gateway/federation/index.js'
import { graphName } from '../records/kind-subgraph.js'
import { Governed } from '../sharing/governed.js'
import { CATEGORIES } from '../sharing/vocabulary.js'
import { type Contract, makeContract } from './contract.js'

let contract: Contract
let federation: Federation<object>
beforeAll(() => {
  contract = makeContract(KINDS)
  federation = createFederation<object>({
    supergraphSdl: contract.supergraphSdl,
    apiSchema: contract.apiSchema,
    subgraphs: Object.fromEntries(
      [...contract.subgraphs.keys()].map((name) => [name, () => Promise.resolve({ data: null })]),
    ),
    planner: createPlanner({ supergraphSdl: contract.supergraphSdl }),
  })
})
afterAll(() => federation.close())

/** Ways to an interface, by its name. */
const ROADS: Readonly<Record<string, (selection: string) => string>> = {
  Record: (selection) => `{ case(id: "1") { parts { person { records { ${selection} } } } } }`,
  ChronologyEvent: (selection) =>
    `{ case(id: "1") { chronology { edges { node { ${selection} } } } } }`,
}

test('every field of every kind is fetched from its kind when it is asked for through the interface', async () => {
  for (const kind of KINDS) {
    for (const [road, types] of [
      ['Record', kind.graph.records],
      ['ChronologyEvent', kind.graph.events],
    ] as const) {
      for (const name of types.map(graphName)) {
        const type = contract.subgraphs.get(kind.kind)?.schema.getType(name)
        if (!isObjectType(type)) throw new Error(`${name} is no type of ${kind.kind}`)
        const fields = Object.values(type.getFields()).filter(
          (field) => !['id', '_subject'].includes(field.name),
        )
        for (const field of fields) {
          const needsSelection =
            !/^(String|Int|Float|Boolean|ID|DateTime|PartialDate|Postcode)$/.test(
              String(field.type).replace(/[[\]!]/g, ''),
            ) && !isLeafOf(field)
          const text =
            ROADS[road]?.(
              `... on ${name} { ${field.name} ${needsSelection ? '{ __typename }' : ''} }`,
            ) ?? ''
          const plan = JSON.stringify(await federation.plan(parse(text)))
          expect({
            field: `${name}.${field.name}`,
            isFetched: plan.includes(`"serviceName":"${kind.kind}"`),
          }).toEqual({ field: `${name}.${field.name}`, isFetched: true })
        }
      }
    }
  }
})

function isLeafOf(field: { readonly type: unknown }): boolean {
  const named = contract.apiSchema.getType(String(field.type).replace(/[[\]!]/g, ''))
  return named !== undefined && !isObjectType(named) && !isInterfaceType(named)
}

test('a field has one category over all subgraphs, and every category is one of the agreement’s', () => {
  const seen = new Map<string, string>()
  for (const { schema } of contract.subgraphs.values()) {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type)) continue
      for (const field of Object.values(type.getFields())) {
        const directives = field.astNode?.directives ?? []
        const category = directives.find((one) => one.name.value === 'category')
        if (!category) continue
        const text = JSON.stringify(
          category.arguments?.map((one) => [
            one.name.value,
            'value' in one.value ? one.value.value : null,
          ]),
        )
        const coordinate = `${type.name}.${field.name}`
        expect(CATEGORIES.some((one) => text.includes(`"${one}"`))).toBe(true)
        expect({ coordinate, text: seen.get(coordinate) ?? text }).toEqual({ coordinate, text })
        seen.set(coordinate, text)
      }
    }
  }
  expect(seen.size).toBeGreaterThan(200)
})

test.each([
  ['as it was declared', Governed('IDENTITY', 'NOBODY', () => String), null],
  [
    'whose category was taken away',
    Field(() => String, { nullable: true }),
    /^the schema does not say enough:\n {2}police: `Unsaid\.shoeSize` has neither @category nor @open: say what kind of data it holds$/,
  ],
])('a contract with a field %s', (_how, declare, refused) => {
  class Unsaid {
    shoeSize!: string | null
  }
  ObjectType('Unsaid')(Unsaid)
  declare(Unsaid.prototype, 'shoeSize')
  const kinds = KINDS.map((kind) =>
    kind.kind === 'police'
      ? { ...kind, graph: { ...kind.graph, others: [...kind.graph.others, Unsaid] } }
      : kind,
  )
  if (refused) expect(() => makeContract(kinds)).toThrow(refused)
  else expect(makeContract(kinds).governance.type('Unsaid')?.fields.has('shoeSize')).toBe(true)
})

test('keys are opaque ids, and no interface object stands in the contract', () => {
  expect(contract.supergraphSdl).not.toContain('isInterfaceObject: true')
  const keys = [...contract.supergraphSdl.matchAll(/key: "([^"]+)"/g)].map((match) => match[1])
  expect(new Set(keys)).toEqual(new Set(['id', 'key']))
})
