import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { composed, openLibrary } from './library.fixture.js'
import { createPlanner, type Planned, type Planner } from './planner/planner.js'

let planner: Planner
let planned: string[] = []
beforeAll(() => {
  const real = createPlanner({ supergraphSdl: composed().supergraphSdl })
  const plan = (operation: string): Promise<Planned> => {
    planned.push(operation)
    return real.plan(operation)
  }
  planner = { plan, processIds: () => real.processIds(), close: () => real.close() }
})
afterAll(() => planner.close())

function opened(settings: { planBytesMax?: number; documentBytesMax?: number } = {}) {
  planned = []
  const { federation, asked } = openLibrary({ planner, ...settings })
  const ask = (text: string, variables = {}) => federation.execute(parse(text), variables, null, {})
  return { federation, asked, ask }
}

test('an operation is planned once, also when many ask it at the same time', async () => {
  const { ask } = opened()
  await Promise.all(Array.from({ length: 20 }, () => ask('{ items { copies } }')))
  await ask('{ items { copies } }')
  expect(planned).toHaveLength(1)
})

test('operations that differ in aliases, fragments, layout and order of arguments share one plan', async () => {
  const { ask } = opened()
  await ask('{ items { title copies } }')
  await ask('{ a: items { b: title c: copies } }')
  await ask(
    'query Named { items { ...F } } fragment F on Item { x: title ... { y: copies z: copies } }',
  )
  await ask(
    'query ($yes: Boolean!) { items { title copies @include(if: $yes) stars @skip(if: $yes) } }',
    { yes: true },
  )
  expect(new Set(planned).size).toBe(1)
  expect(planned).toHaveLength(1)
})

test('a subgraph is asked the same fetch under the same key, another fetch under another', async () => {
  const { ask, asked } = opened()
  await ask('{ items { title copies } }')
  await ask('{ a: items { b: title c: copies } }')
  await ask('{ items { title stars } }')
  const keys = asked.map(({ subgraph, request }) => `${subgraph} ${request.operationKey}`)
  expect(keys.slice(2, 4)).toEqual(keys.slice(0, 2))
  expect(new Set(keys).size).toBe(3)
  expect(asked[0]?.request.document).toBe(asked[2]?.request.document)
})

test('plans and documents stay within their bounds, whatever is asked', async () => {
  const bounds = { planBytesMax: 200_000, documentBytesMax: 50_000 }
  const { ask, federation } = opened(bounds)
  for (let min = 0; min < 60; min++)
    await ask(`{ items { reviews(min: ${min}) { text by { name } } copies } }`)
  const { plans, planBytes, documentBytes } = federation.cached()
  expect(plans).toBeGreaterThan(0)
  expect(plans).toBeLessThan(60)
  expect(planBytes).toBeLessThanOrEqual(bounds.planBytesMax)
  expect(documentBytes).toBeLessThanOrEqual(bounds.documentBytesMax)
  await ask('{ items { reviews(min: 0) { text by { name } } copies } }')
  expect(planned).toHaveLength(61)
})

test('a plan that could not be made is not kept', async () => {
  let isDown = true
  const flaky: Planner = {
    ...planner,
    plan: (operation) => (isDown ? Promise.reject(new Error('down')) : planner.plan(operation)),
  }
  const { federation } = openLibrary({ planner: flaky })
  const ask = () => federation.execute(parse('{ items { id } }'), null, null, {})
  await expect(ask()).rejects.toThrow('down')
  isDown = false
  expect((await ask()).errors).toBeUndefined()
})
