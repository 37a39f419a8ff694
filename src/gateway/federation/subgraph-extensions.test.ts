import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { createFederation, type FederatedAnswer } from './federation.js'
import { composed, openLibrary } from './library.fixture.js'
import { OPERATIONS, VARIABLES } from './operations.fixture.js'
import { createPlanner, type Planner } from './planner/planner.js'
import type { SubgraphExecutor } from './subgraph.js'

let planner: Planner
beforeAll(() => {
  planner = createPlanner({ supergraphSdl: composed().supergraphSdl })
})
afterAll(() => planner.close())

interface Told {
  readonly subgraph: string
  readonly path: string
  readonly value: unknown
  readonly clientPaths: readonly string[]
}

/** An operation's answer, and the client's paths of everything that any subgraph answered. */
async function askAll(text: string): Promise<{ answer: FederatedAnswer; told: Told[] }> {
  const { executors, composition } = openLibrary({ planner })
  const listing =
    (ask: SubgraphExecutor<unknown>): SubgraphExecutor<unknown> =>
    async (request, context) => {
      const answer = await ask(request, context)
      return { ...answer, extensions: { places: placesIn(answer.data) } }
    }
  const told: Told[] = []
  const federation = createFederation<unknown>({
    supergraphSdl: composition.supergraphSdl,
    apiSchema: composition.apiSchema,
    planner,
    subgraphs: Object.fromEntries(
      Object.entries(executors).map(([name, ask]) => [name, listing(ask)]),
    ),
    onSubgraphExtensions: (answers) => {
      for (const { subgraph, extensions, toClientPaths } of answers) {
        for (const [path, value] of extensions['places'] as [string, unknown][]) {
          // made above
          told.push({ subgraph, path, value, clientPaths: toClientPaths(path) })
        }
      }
      return { answers: answers.length }
    },
  })
  const answer: FederatedAnswer = JSON.parse(
    JSON.stringify(await federation.execute(parse(text), VARIABLES, null, {})),
  )
  return { answer, told }
}

/** Every place of a value with its path, leaves and what holds them. */
function placesIn(value: unknown, path = ''): [string, unknown][] {
  const here: [string, unknown][] = path === '' ? [] : [[path, value]]
  if (typeof value !== 'object' || value === null) return here
  return [
    ...here,
    ...Object.entries(value).flatMap(([key, item]) =>
      placesIn(item, path === '' ? key : `${path}.${key}`),
    ),
  ]
}

/** One subgraph's null for an entity is not the client's: others know it. */
const isUnknownEntity = (value: unknown, seen: unknown) => value === null && !isLeaf(seen)
const isLeaf = (value: unknown) => typeof value !== 'object' || value === null
const withoutErrors = Object.entries(OPERATIONS).filter(
  ([name]) => !/error|null where none/.test(name),
)

test.each(withoutErrors)(
  'what a subgraph says of a place reaches the client’s places that show it, and all of them: %s',
  async (_, text) => {
    const { answer, told } = await askAll(text)
    const shown = new Map(placesIn(answer.data))
    for (const { value, clientPaths } of told) {
      for (const path of clientPaths) {
        expect([...shown.keys()]).toContain(path)
        if (isLeaf(value) && !isUnknownEntity(value, shown.get(path)))
          expect([path, shown.get(path)]).toEqual([path, value])
      }
    }
    const reached = new Set(told.flatMap(({ clientPaths }) => clientPaths))
    const leaves = [...shown].filter(
      ([path, value]) => isLeaf(value) && !isOfOurs(path, value, shown),
    )
    for (const [path] of leaves) expect(reached).toContain(path)
  },
)

/** Type names and introspection come from the schema, and a null may come from a parent or an unknown entity. */
function isOfOurs(path: string, value: unknown, shown: ReadonlyMap<string, unknown>): boolean {
  const isTypeName = /(^|\.)(__typename|t|u)$/.test(path) && /^[A-Z][a-z]+$/.test(String(value))
  return (
    isTypeName ||
    /^(__schema|__type|t)\b/.test(path) ||
    value === null ||
    shown.get(path) === undefined
  )
}

test.each`
  what                                   | query                                                                               | subgraph       | path                       | expected
  ${'a field under two aliases'}         | ${'{ here: item(id: "b1") { t: title title } }'}                                    | ${'catalogue'} | ${'item.title'}            | ${['here.t', 'here.title']}
  ${'an entity under two aliases'}       | ${'{ items(kinds: []) { id } item(id: "b1") { a: author { s: stars t: stars } } }'} | ${'reviews'}   | ${'_entities.0.stars'}     | ${['item.a.s', 'item.a.t']}
  ${'an entity as a whole'}              | ${'{ item(id: "b1") { a: author { stars } } }'}                                     | ${'reviews'}   | ${'_entities.0'}           | ${['item.a']}
  ${'an entity in several places'}       | ${'{ items { who: author { rank: stars } } }'}                                      | ${'reviews'}   | ${'_entities.0.stars'}     | ${['items.0.who.rank', 'items.3.who.rank']}
  ${'an item of a list below an entity'} | ${'{ item(id: "b2") { r: reviews { by { id } } } }'}                                | ${'reviews'}   | ${'_entities.0.reviews.1'} | ${['item.r.1']}
  ${'an entity in a list in a list'}     | ${'{ shelf { copies } }'}                                                           | ${'loans'}     | ${'_entities.0.copies'}    | ${['shelf.0.0.copies', 'shelf.2.1.copies']}
`('$what: the client’s paths', async ({ query, subgraph, path, expected }) => {
  const { told } = await askAll(String(query))
  const found = told.filter((each) => each.subgraph === subgraph && each.path === path)
  expect(found.flatMap(({ clientPaths }) => clientPaths).sort()).toEqual(expected)
})

test.each([
  'pages',
  'nothing.0.here',
  '_entities.7.stars',
  '',
  '__proto__.x',
  'item.__proto__',
  'item.id',
])('a path that the client did not ask for gives none: `%s`', async (path) => {
  const { executors, composition } = openLibrary({ planner })
  const federation = createFederation<unknown>({
    supergraphSdl: composition.supergraphSdl,
    apiSchema: composition.apiSchema,
    planner,
    subgraphs: { ...executors, catalogue: async () => ({ data: { item: null }, extensions: {} }) },
    onSubgraphExtensions: ([first]) => ({ paths: first?.toClientPaths(path) }),
  })
  const { extensions } = await federation.execute(
    parse('{ item(id: "b1") { title } }'),
    null,
    null,
    {},
  )
  expect(extensions?.['paths']).toEqual([])
})

test('extensions come in plan order, one for each fetch that brought some', async () => {
  const { answer, told } = await askAll('{ items { title copies stars } }')
  expect(answer.extensions).toEqual({ answers: 3 })
  expect([...new Set(told.map(({ subgraph }) => subgraph))][0]).toBe('catalogue')
})
