import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import {
  compose,
  createFederation,
  createPlanner,
  type SubgraphExecutor,
} from '../src/gateway/federation/index.js'
import { finding, interleaved, type Report, ratiosOf, spreadOf } from './measure.js'
import type { Asked } from './settings.js'

const HEADER = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n`
const ENTITIES = 'scalar _Any\n'
const RECORD = 'names: [String!] bornOn: String addresses: [Address!] phones: [String!]'
const ADDRESS = 'type Address { lines: [String!] postcode: String }'
const SUBGRAPHS = {
  cases: `type Query { cases: [Case!]! }
    type Case { id: ID! reference: String stage: String parts: [Part!]! }
    type Part { id: ID! as: String legalStatus: String person: Person! }
    type Person @key(fields: "key", resolvable: false) { key: ID! }`,
  index: `type Person @key(fields: "key") { key: ID! record: Record! }
    type Record @key(fields: "id") { id: ID! agency: String recordedAt: String }`,
  agency: `type Record @key(fields: "id") { id: ID! ${RECORD} } ${ADDRESS}`,
}
const MERGED = `type Query { cases: [Case!]! }
  type Case { id: ID! reference: String stage: String parts: [Part!]! }
  type Part { id: ID! as: String legalStatus: String person: Person! }
  type Person { key: ID! record: Record! }
  type Record { id: ID! agency: String recordedAt: String ${RECORD} } ${ADDRESS}`
const VIEW = parse(`{ cases { id reference stage parts { id as legalStatus person { record {
  id agency recordedAt names bornOn addresses { lines postcode } phones } } } } }`)

/**
 * Bare federation in one process, without HTTP and without rules: 20 cases × 3 people × 11 fields out of
 * three subgraphs, by our executor and by `@graphql-tools/federation`; beside them one merged schema.
 */
export async function federation({ rounds, seconds }: Asked): Promise<Report> {
  const ways = await allWays()
  const answers = new Set<string>()
  for (const way of Object.values(ways)) answers.add(JSON.stringify(await way()))
  if (answers.size !== 1) throw new Error('the executors do not give one answer')
  const variants = Object.fromEntries(
    Object.entries(ways).map(([name, way]) => [name, () => perSecond(way, seconds)]),
  )
  for (const way of Object.values(ways)) await perSecond(way, 1)
  const runs = await interleaved(variants, rounds)
  await closeAll()
  const rate = (name: string) => runs.get(name) ?? []
  return {
    name: 'federation',
    setting: [
      `20 cases × 3 people × 11 fields from 3 subgraphs in one process, one request at a time; ${rounds} rounds of ${seconds} s each, interleaved; median (least–most).`,
    ],
    findings: [
      finding('our executor', 'per s', spreadOf(rate('ours'))),
      finding('one merged schema, graphql-js', 'per s', spreadOf(rate('merged'))),
      finding('@graphql-tools/federation', 'per s', spreadOf(rate('stitching'))),
      finding('ours over one merged schema', 'times', ratiosOf(rate('ours'), rate('merged'))),
      finding('ours over stitching', 'times', ratiosOf(rate('ours'), rate('stitching')), '≥ 8'),
    ],
  }
}

const closing: (() => Promise<void>)[] = []
async function closeAll(): Promise<void> {
  for (const close of closing.splice(0)) await close()
}

async function allWays(): Promise<Readonly<Record<string, () => Promise<unknown>>>> {
  const contracts = Object.entries(SUBGRAPHS).map(([name, text]) => ({ name, sdl: HEADER + text }))
  const { supergraphSdl, apiSchema } = compose(contracts)
  const schemas = new Map(Object.entries(SUBGRAPHS).map(([name, sdl]) => [name, schemaOf(sdl)]))
  const ours = createFederation<null>({
    supergraphSdl,
    apiSchema,
    subgraphs: Object.fromEntries([...schemas].map(([name, schema]) => [name, compiled(schema)])),
    planner: createPlanner({ supergraphSdl }),
  })
  closing.push(() => ours.close())
  const stitched = getStitchedSchemaFromSupergraphSdl({
    supergraphSdl,
    onSubschemaConfig: (config) => {
      const schema = schemas.get(config.name.toLowerCase())
      if (!schema) throw new Error(`no subgraph ${config.name}`)
      config.executor = ({ document, variables }) =>
        execute({ schema, document, variableValues: variables ?? {} }) as never
    },
  })
  const merged = makeExecutableSchema({ typeDefs: MERGED, resolvers: RESOLVERS })
  return {
    ours: async () => (await ours.execute(VIEW, {}, null, null)).data,
    merged: async () => (await execute({ schema: merged, document: VIEW })).data,
    stitching: async () => (await execute({ schema: stitched, document: VIEW })).data,
  }
}

function compiled(schema: GraphQLSchema): SubgraphExecutor<null> {
  const known = new Map<string, Compiled>()
  return async ({ document, operationKey, variables }) => {
    const query = known.get(operationKey) ?? compile(schema, document)
    known.set(operationKey, query)
    const { data, errors } = await query({}, {}, { ...variables })
    if (errors?.[0]) throw errors[0]
    return { data: data ?? null }
  }
}

type Compiled = ReturnType<typeof compile>
function compile(schema: GraphQLSchema, document: DocumentNode) {
  const made = compileQuery(schema, document)
  if (!isCompiledQuery(made)) throw new Error('the operation does not compile')
  return made.query
}

const CASES = Array.from({ length: 20 }, (_, at) => ({
  id: `case-${at}`,
  reference: `ASU-${at}`,
  stage: 'ACTIVE',
  parts: ['VICTIM', 'PERPETRATOR', 'CHILD'].map((as) => ({
    id: `part-${at}-${as}`,
    as,
    legalStatus: null,
    person: { key: `person-${at}-${as}` },
  })),
}))
const recordOf = (id: string) => ({
  __typename: 'Record',
  id,
  agency: 'one',
  recordedAt: '2026-01-01T00:00:00Z',
  names: ['Alex Person'],
  bornOn: '1988-04-12',
  addresses: [{ lines: ['12 Mill Lane'], postcode: 'CW9 5AB' }],
  phones: ['07700 900123'],
})
const RESOLVERS = {
  Query: { cases: () => CASES },
  Person: { record: ({ key }: { key: string }) => recordOf(`record of ${key}`) },
}

function schemaOf(sdl: string): GraphQLSchema {
  const entities = [...sdl.matchAll(/type (\w+) @key\(fields: "\w+"\)/g)].map((one) => one[1])
  const ask = '_entities(representations: [_Any!]!): [_Entity]!'
  const typeDefs = [
    `directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT`,
    ENTITIES,
    sdl,
    ...(entities.length > 0
      ? [`union _Entity = ${entities.join(' | ')}`, `type Query { ${ask} }`]
      : []),
  ]
  return makeExecutableSchema({
    typeDefs,
    resolvers: entities.length > 0 ? entityResolvers(sdl) : { Query: RESOLVERS.Query },
  })
}

function entityResolvers(sdl: string) {
  return {
    Query: {
      _entities: (_: unknown, { representations }: { representations: readonly Reference[] }) =>
        representations.map((one) => ({ ...recordOf(one.id ?? ''), ...one })),
    },
    _Entity: { __resolveType: ({ __typename }: Reference) => __typename },
    ...(sdl.includes('record: Record') && { Person: RESOLVERS.Person }),
  }
}

interface Reference {
  readonly __typename: string
  readonly id?: string
}

async function perSecond(work: () => Promise<unknown>, seconds: number): Promise<number> {
  const from = performance.now()
  let done = 0
  while (performance.now() < from + seconds * 1000) {
    await work()
    done += 1
  }
  return (done * 1000) / (performance.now() - from)
}
