import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation'
import { type Executor, getOperationASTFromRequest } from '@graphql-tools/utils'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execute, type GraphQLSchema, parse, print } from 'graphql'
import { makeAnswering } from '../../src/main/answer.js'
import { makeHubDoor } from '../../src/main/serve.js'
import { subgraphDoor } from '../../src/main/start-subgraph.js'
import { listen } from '../../src/platform/http-listen.js'
import { packageRoot } from '../../src/platform/paths.js'
import { type Answer, askOver, bootWorld, type TestWorld } from '../world.js'

const folder = join(packageRoot(), 'test', 'end-to-end', 'operations')
const OPERATIONS = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql'))
  .map(
    (name) =>
      [name.slice(0, -'.graphql'.length), readFileSync(join(folder, name), 'utf8')] as const,
  )
const ASKERS = [
  { persona: 'detective', purpose: 'RISK_ASSESSMENT' },
  { persona: 'psychologist', purpose: 'PERPETRATOR_TREATMENT' },
  { persona: 'advocate', purpose: 'VICTIM_SAFETY' },
  { persona: 'manager', purpose: 'LINKAGE' },
]

interface Way {
  readonly url: string
}
let world: TestWorld
let other: TestWorld
let overHttp: Way
let router: GraphQLSchema
let subgraphs: ReadonlyMap<string, string>
let variables: Record<string, unknown>
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  world = await bootWorld({ cases: 16 })
  const urls = new Map<string, string>()
  for (const name of world.hub.contract.subgraphs.keys()) {
    const door = subgraphDoor(world.hub, name)
    await door.ready()
    const listening = await listen(door.server, { host: '127.0.0.1', port: 0 })
    urls.set(name, `${listening.url}/graphql`)
    closing.push(
      () => listening.close(),
      () => door.close(),
    )
  }
  subgraphs = urls
  router = foreignRouter()
  const remote = makeAnswering(world.hub, urls)
  const app = await makeHubDoor(world.hub, remote)
  await app.ready()
  const listening = await listen(app.server, { host: '127.0.0.1', port: 0 })
  overHttp = { url: listening.url }
  closing.unshift(
    () => listening.close(),
    () => app.close(),
    () => remote.close(),
  )
  other = await bootWorld({
    world: world.world,
    databaseUrl: world.hub.database.url,
    home: world.home,
    empty: true,
    configure: (text) => {
      for (const agency of text.agencies) {
        if (agency.kind === 'nhs') agency.settings['baseUrl'] = world.nhs.url
        if (agency.kind === 'charity') agency.settings['baseUrl'] = world.charity.url
      }
    },
  })
  variables = {
    case: await world.caseId('ASU-00010'),
    other: await world.caseId('ASU-00014'),
    kinds: ['CRIME', 'ORDER', 'APPOINTMENT', 'UNIT'],
    stages: ['OPEN', 'CLOSED'],
    yes: true,
    no: false,
  }
}, 180_000)
afterAll(async () => {
  await other.close()
  for (const close of closing) await close()
  await world.close()
})

/** Variables that an operation declares; others would be refused. */
function variablesOf(text: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => text.includes(`$${name}:`)),
  )
}

async function askAt(way: Way, asker: (typeof ASKERS)[number], text: string): Promise<Answer> {
  return askOver(
    way.url,
    text,
    { variables: variablesOf(text) },
    {
      authorization: `Bearer ${await world.tokenOf(asker.persona)}`,
      'purpose-of-use': asker.purpose,
    },
  )
}

/** An answer without what is new each time: cursors, the request's id and its receipt. */
function comparable(answer: Pick<Answer, 'data' | 'errors' | 'disclosure'>) {
  const { request: _request, receipt: _receipt, ...disclosure } = answer.disclosure
  return { data: masked(answer.data), errors: answer.errors, disclosure }
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      /cursor$/i.test(key) && typeof one === 'string' ? '…' : masked(one),
    ]),
  )
}

test.each(OPERATIONS)(
  '%s: in one process, with subgraphs over HTTP, and at a second gateway: one answer',
  async (_, text) => {
    for (const asker of ASKERS) {
      const here = comparable(await askAt(world, asker, text))
      expect(here.errors).toEqual([])
      expect(comparable(await askAt(overHttp, asker, text))).toEqual(here)
      expect(comparable(await askAt(other, asker, text))).toEqual(here)
    }
  },
)

interface RouterContext {
  readonly headers: Record<string, string>
  readonly told: Set<string>
}
interface Told {
  readonly coordinate: string
  readonly decision: string
  readonly reason: string
  readonly clause: string | null
}

/** An ordinary router over the subgraphs' own doors, with the user's token and purpose sent on. */
function foreignRouter(): GraphQLSchema {
  const executorOf =
    (url: string): Executor =>
    async (request) => {
      const operation = getOperationASTFromRequest(request)
      const { headers, told } = contextOf(request.context)
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          query: print(request.document),
          variables: request.variables,
          operationName: operation.name?.value,
        }),
      })
      const body = (await response.json()) as {
        extensions?: { disclosure?: { decisions: readonly Told[] } }
      }
      for (const one of body.extensions?.disclosure?.decisions ?? []) told.add(lineOf(one))
      return body as never // its type promises data of the asker's choice
    }
  return getStitchedSchemaFromSupergraphSdl({
    supergraphSdl: world.hub.contract.supergraphSdl,
    onSubschemaConfig: (config) => {
      const url = subgraphs.get(config.name.toLowerCase().replaceAll('_', '-'))
      if (url === undefined) throw new TypeError(`no subgraph ${config.name}`)
      config.executor = executorOf(url)
    },
  })
}

/** What `execute` was given below comes back as it was. */
function contextOf(context: unknown): RouterContext {
  if (typeof context !== 'object' || context === null || !('told' in context))
    throw new TypeError('the router lost its context')
  return context as RouterContext
}

const lineOf = ({ coordinate, decision, reason, clause }: Told): string =>
  `${coordinate} ${decision} ${reason} ${clause ?? '-'}`

test.each(OPERATIONS.filter(([name]) => name !== 'introspection'))(
  '%s: an ordinary federation router in the gateway’s place gets the same data, as governed',
  async (_, text) => {
    for (const asker of ASKERS) {
      const told = new Set<string>()
      const headers = {
        authorization: `Bearer ${await world.tokenOf(asker.persona)}`,
        'purpose-of-use': asker.purpose,
      }
      const foreign = await execute({
        schema: router,
        contextValue: { headers, told } satisfies RouterContext,
        document: parse(text),
        variableValues: variablesOf(text),
      })
      const here = await askAt(world, asker, text)
      expect(foreign.errors ?? []).toEqual([])
      expect(masked(JSON.parse(JSON.stringify(foreign.data)))).toEqual(masked(here.data))
      const ours = here.disclosure.decisions.map(lineOf)
      expect([...told]).toEqual(expect.arrayContaining(ours))
    }
  },
)

test('a person’s key is not in what clients see', async () => {
  const answer = await askAt(
    world,
    { persona: 'detective', purpose: 'VICTIM_SAFETY' },
    `query ($case: ID!) { case(id: $case) { parts { person { key } } } }`,
  )
  expect(answer.errors[0]?.extensions.code).toBe('OPERATION_INVALID')
})

test('a subgraph by itself refuses of a caller what our gateway refuses: depth, cost and aliases', async () => {
  const limits = world.hub.configuration.limits
  const asked = (query: string) =>
    askOver(
      (subgraphs.get('cases') ?? '').replace(/\/graphql$/, ''),
      query,
      { variables: {} },
      { authorization: `Bearer ${detectiveToken}`, 'purpose-of-use': 'VICTIM_SAFETY' },
    )
  const detectiveToken = await world.tokenOf('detective')
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => `a${at}: __typename`).join(' ')
  const nested = (depth: number): string =>
    depth === 0 ? 'id' : `parts { case { ${nested(depth - 1)} } }`
  for (const query of [
    `{ ${many(limits.aliasesMax + 1)} }`,
    `{ case(id: "1") { ${nested(limits.depthMax)} } }`,
    '{ cases(first: 60000) { edges { node { id } } } }',
  ]) {
    const answer = await asked(query)
    expect([query.slice(0, 20), answer.status, answer.errors[0]?.extensions.code]).toEqual([
      query.slice(0, 20),
      400,
      'OPERATION_TOO_LARGE',
    ])
  }
  expect((await asked(`{ ${many(limits.aliasesMax)} }`)).errors).toEqual([])
})

test('a person’s key, which a foreign router needs, tells its caller nothing: new each time, good for that caller alone', async () => {
  const from = async (name: string, asker: (typeof ASKERS)[number], query: string) =>
    (
      await askOver(
        (subgraphs.get(name) ?? '').replace(/\/graphql$/, ''),
        query,
        { variables: variablesOf(query) },
        {
          authorization: `Bearer ${await world.tokenOf(asker.persona)}`,
          'purpose-of-use': asker.purpose,
        },
      )
    ).data
  const [detective, , advocate] = ASKERS
  if (!detective || !advocate) throw new TypeError('nobody asks')
  const keysOf = async (asker: (typeof ASKERS)[number]): Promise<readonly string[]> => {
    const data = await from(
      'cases',
      asker,
      `query ($case: ID!) { case(id: $case) { parts { person { key } } } }`,
    )
    const { parts } = (data?.['case'] ?? { parts: [] }) as {
      parts: { person: { key: string } | null }[]
    }
    return parts.flatMap((one) => one.person?.key ?? [])
  }
  const entities = async (asker: (typeof ASKERS)[number], key: string) =>
    (
      await from(
        'records',
        asker,
        `{ _entities(representations: [{ __typename: "Person", key: "${key}" }]) { ... on Person { records { id } } } }`,
      )
    )?.['_entities']
  const [one, again] = [await keysOf(detective), await keysOf(detective)]
  expect(one.length).toBeGreaterThan(0)
  expect(again.filter((key) => one.includes(key))).toEqual([])
  const [inside] = await world.hub.database.query<{ key: string }>(
    'select person_key as key from cases.current_part where case_id = $1 and person_key is not null limit 1',
    [variables['case']],
  )
  expect(one).not.toContain(inside?.key)
  expect(await entities(detective, one[0] ?? '')).toEqual([{ records: expect.any(Array) }])
  expect(await entities(advocate, one[0] ?? '')).toEqual([null])
  expect(await entities(detective, inside?.key ?? '')).toEqual([null])
}, 60_000)
