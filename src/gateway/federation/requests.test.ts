import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { type LibraryWorld, openLibrary } from './library.fixture.js'

let library: LibraryWorld
beforeAll(() => {
  library = openLibrary()
})
afterAll(() => library.federation.close())

async function refused(text: string, variables?: Record<string, unknown>, name?: string) {
  const before = library.asked.length
  const { data, errors } = await library.federation.execute(parse(text), variables, name, {})
  expect(data).toBeNull()
  expect(library.asked.length).toBe(before)
  return errors?.map(({ extensions, message }) => `${extensions['code']}: ${message}`)
}

test('an operation that does not fit the schema reaches neither planner nor subgraphs', async () => {
  expect(await refused('{ nothing }')).toEqual([
    expect.stringMatching(/^OPERATION_INVALID: .*nothing/),
  ])
  expect(await refused('{ items { author { number } } }')).toEqual([
    expect.stringMatching(/^OPERATION_INVALID: .*number/),
  ])
  expect(await refused('{ _entities(representations: []) { __typename } }')).toEqual([
    expect.stringMatching(/^OPERATION_INVALID/),
  ])
})

test('variables that do not fit are refused', async () => {
  expect(await refused('query ($id: ID!) { item(id: $id) { id } }')).toEqual([
    expect.stringMatching(/^OPERATION_INVALID: .*\$id/),
  ])
  expect(
    await refused('query ($k: [Kind!]) { items(kinds: $k) { id } }', { k: ['PAPER'] }),
  ).toEqual([expect.stringMatching(/^OPERATION_INVALID/)])
})

test('of several operations one must be named', async () => {
  const text = 'query A { items { id } } query B { loans { id } }'
  expect(await refused(text)).toEqual([
    'OPERATION_INVALID: name one of the operations in the document',
  ])
  expect(await refused(text, {}, 'C')).toEqual([
    'OPERATION_INVALID: name one of the operations in the document',
  ])
  const { data } = await library.federation.execute(parse(text), {}, 'B', {})
  expect(Object.keys(data ?? {})).toEqual(['loans'])
})

test('fragments that open to more than the limit are refused', async () => {
  const levels = Array.from(
    { length: 22 },
    (_, n) => `fragment F${n} on Item { a: sequel { ...F${n + 1} } b: sequel { ...F${n + 1} } }`,
  )
  expect(
    await refused(`{ item(id: "b1") { ...F0 } } ${levels.join(' ')} fragment F22 on Item { id }`),
  ).toEqual([expect.stringMatching(/^OPERATION_TOO_LARGE/)])
})

test('the context reaches the subgraphs as it is', async () => {
  const context = { caller: Symbol('caller') }
  const seen: unknown[] = []
  const { federation } = openLibrary({
    planner: {
      plan: (text) =>
        library.federation
          .plan(parse(text))
          .then((plan) => ({ plan: plan ?? { kind: 'QueryPlan' }, textLength: 1 })),
      processIds: () => [],
      close: async () => {},
    },
    subgraphs: {
      ...library.executors,
      catalogue: async (_, given) => {
        seen.push(given)
        return { data: { items: [] } }
      },
    },
  })
  await federation.execute(parse('{ items { id } }'), null, null, context)
  expect(seen[0]).toBe(context)
})

test('nothing runs beside a change: each root field is read to the end before the next one writes', async () => {
  const before = library.asked.length
  const text =
    'mutation { a: rename(id: "b1", input: { title: "A" }) { title copies } lend(item: "b1", reader: "r2") { item { title } } b: rename(id: "b1", input: { title: "B" }) { title } }'
  const { data } = await library.federation.execute(parse(text), null, null, {})
  const kinds = library.asked.slice(before).map(({ request }) => {
    const [first] = request.document.definitions
    return first && 'operation' in first ? first.operation : null
  })
  expect(kinds).toEqual(['mutation', 'query', 'mutation', 'query', 'mutation'])
  expect(data).toMatchObject({
    a: { title: 'A (none)' },
    lend: { item: { title: 'A (none)' } },
    b: { title: 'B (none)' },
  })
})

test('the plan of an operation can be had, and is null where no subgraph is asked', async () => {
  const plan = await library.federation.plan(parse('{ items { copies } }'))
  expect(plan?.node?.kind).toBe('Sequence')
  expect(await library.federation.plan(parse('{ __typename }'))).toBeNull()
  await expect(library.federation.plan(parse('{ nothing }'))).rejects.toThrow(/nothing/)
})
