import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { createFederation, type FederatedAnswer, type FederationSettings } from './federation.js'
import { composed, openLibrary } from './library.fixture.js'
import { createPlanner, type Planner } from './planner/planner.js'
import type { SubgraphAnswer, SubgraphExecutor } from './subgraph.js'

let planner: Planner
beforeAll(() => {
  planner = createPlanner({ supergraphSdl: composed().supergraphSdl })
})
afterAll(() => planner.close())

/** The library with some of its subgraphs replaced. */
async function ask(
  text: string,
  replaced: Record<string, SubgraphExecutor<unknown>>,
  settings: Partial<FederationSettings<unknown>> = {},
): Promise<FederatedAnswer> {
  const { executors, composition } = openLibrary({ planner })
  const { supergraphSdl, apiSchema } = composition
  const subgraphs = { ...executors, ...replaced }
  const answer = await createFederation<unknown>({
    supergraphSdl,
    apiSchema,
    subgraphs,
    planner,
    ...settings,
  }).execute(parse(text), null, null, {})
  return JSON.parse(JSON.stringify(answer))
}

const failing: SubgraphExecutor<unknown> = async () => {
  throw new Error('connection refused at 10.0.0.7')
}
const answering =
  (answer: unknown): SubgraphExecutor<unknown> =>
  async () =>
    answer as SubgraphAnswer // hostile on purpose
const pathsOf = ({ errors }: FederatedAnswer) => (errors ?? []).map(({ path }) => path?.join('.'))
const codesOf = ({ errors }: FederatedAnswer) =>
  new Set((errors ?? []).map(({ extensions }) => extensions['code']))

test('a subgraph that is down costs its own fields only, each named', async () => {
  const answer = await ask('{ item(id: "b1") { title s: stars sequel { stars } copies } }', {
    reviews: failing,
  })
  expect(answer.data).toEqual({
    item: { title: 'Title of b1', s: null, sequel: { stars: null }, copies: 1 },
  })
  expect(pathsOf(answer).sort()).toEqual(['item.s', 'item.sequel.stars'])
  expect(codesOf(answer)).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']))
  expect(JSON.stringify(answer)).not.toContain('10.0.0.7')
})

test('a subgraph that is down at a field that is never null costs the nearest nullable parent, without a second error', async () => {
  const answer = await ask('{ loans { reader { limit } item { title } until } shelf { title } }', {
    catalogue: failing,
  })
  expect(answer.data).toEqual({ loans: expect.any(Array), shelf: null })
  expect(pathsOf(answer)).toContain('shelf')
  const down = await ask('{ loans { until reader { name } } shelf { title } }', { loans: failing })
  expect(down.data).toBeNull()
  expect(pathsOf(down)).toEqual(['loans'])
})

test('errors without a path, with a foreign one, and with an index that nothing has, are told without a path', async () => {
  const errors = [
    { message: 'somewhere' },
    { message: 'elsewhere', path: ['nothing', 'here'] },
    { message: 'beyond', path: ['_entities', 99, 'stars'] },
  ]
  const answer = await ask('{ item(id: "b1") { stars } }', {
    reviews: answering({ data: { _entities: [{ stars: 5 }] }, errors }),
  })
  expect(answer.data).toEqual({ item: { stars: 5 } })
  expect(answer.errors?.map(({ message, path }) => [message, path])).toEqual([
    ['somewhere', undefined],
    ['elsewhere', undefined],
    ['beyond', undefined],
  ])
})

test.each<[string, unknown]>([
  ['no object', 'text'],
  ['nothing', undefined],
  ['data that is a list', { data: [] }],
  ['entities that are no list', { data: { _entities: 'text' } }],
  ['no entities', { data: {} }],
  ['fewer entities than asked', { data: { _entities: [] } }],
  ['entities that are lists', { data: { _entities: [[1]] } }],
  ['a list where an object belongs', { data: { _entities: [{ reviews: 'none' }] } }],
  ['an object where a list belongs', { data: { _entities: [{ reviews: { text: 'x' } }] } }],
])(
  'an answer of a form that GraphQL does not have costs its own fields only: %s',
  async (_, answer) => {
    const told = await ask('{ item(id: "b1") { title reviews { text } } }', {
      reviews: answering(answer),
    })
    expect(told.data).toEqual({ item: { title: 'Title of b1', reviews: null } })
    expect(pathsOf(told)).toEqual(['item.reviews'])
  },
)

test('keys of the prototype in an answer change no prototype', async () => {
  const entity = '{"__proto__":{"text":"x"},"constructor":{"prototype":{"text":"x"}},"reviews":[]}'
  const hostile = answering({ data: JSON.parse(`{"_entities":[${entity}]}`) })
  const told = await ask('{ item(id: "b1") { reviews { text } } }', { reviews: hostile })
  expect(told).toEqual({ data: { item: { reviews: [] } } })
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('text')
})

test('a failure that costs many fields is told a hundred times, and how many more there are', async () => {
  const many = answering({
    data: { items: Array.from({ length: 250 }, (_, id) => ({ __typename: 'Book', id: `${id}` })) },
  })
  const answer = await ask('{ items { stars } }', { catalogue: many, reviews: failing })
  expect(answer.errors).toHaveLength(100)
  expect(answer.errors?.[0]?.extensions['morePaths']).toBe(150)
})

test('when the time for the request has passed, what is still out counts as failed', async () => {
  const abort = new AbortController()
  const never: SubgraphExecutor<unknown> = () => {
    abort.abort()
    return new Promise(() => {})
  }
  const answer = await ask(
    '{ item(id: "b1") { title stars tags } }',
    { reviews: never },
    { signalOf: () => abort.signal },
  )
  expect(answer.data).toMatchObject({ item: { title: 'Title of b1', stars: null } })
  expect(codesOf(answer)).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']))
})

test('an object of a type that clients do not know is null', async () => {
  const answer = await ask('{ item(id: "b1") { title } items { id } }', {
    catalogue: answering({ data: { item: { __typename: 'Secret', title: 'x' }, items: [] } }),
  })
  expect(answer).toEqual({ data: { item: null, items: [] } })
})

test('errors come in plan order, whoever answers first', async () => {
  const late: SubgraphExecutor<unknown> = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    throw new Error('late')
  }
  const text = '{ items { stars copies } }'
  const orders = await Promise.all([
    ask(text, { loans: late, reviews: failing }),
    ask(text, { loans: failing, reviews: late }),
  ])
  expect(pathsOf(orders[0])).toEqual(pathsOf(orders[1]))
})
