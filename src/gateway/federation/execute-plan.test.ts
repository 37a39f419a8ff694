import type { PlanNode } from '@graphql-hive/router-query-planner'
import { expect, test } from '@jest/globals'
import { compilePlan, type Run } from './execute-plan.js'
import { composed } from './library.fixture.js'
import type { Scope } from './scope.js'

const asked: string[] = []
const subgraphs = {
  one: async ({ variables }: { variables: object }) => {
    asked.push(JSON.stringify(variables))
    return { data: { items: [] } }
  },
}
const fetch = (name: string): PlanNode => ({
  kind: 'Fetch',
  serviceName: 'one',
  operation: `query ($${name}: Int) { items(a: $${name}) }`,
  variableUsages: [name],
})

function run(node: PlanNode, variables: Record<string, unknown>) {
  asked.length = 0
  const parent = composed().apiSchema.getQueryType()
  if (!parent) throw new Error('there are queries')
  const root: Scope = { parent, selections: new Map(), only: { fields: [] } }
  const state: Run<null> = {
    data: {},
    root,
    variables,
    context: null,
    signal: null,
    errors: [],
    extensions: [],
    excused: new Set(),
  }
  return compilePlan<null>(
    { kind: 'QueryPlan', node },
    { subgraphs, typesOf: () => new Set(), isMutation: false },
  )(state)
}

test.each([
  [true, ['{"a":1}']],
  [false, ['{"b":2}']],
  [undefined, ['{"b":2}']],
])('a condition that is %s runs its branch only', async (yes, expected) => {
  await run(
    { kind: 'Condition', condition: 'yes', ifClause: fetch('a'), elseClause: fetch('b') },
    { yes, a: 1, b: 2 },
  )
  expect(asked).toEqual(expected)
})

test('a branch that a condition does not have runs nothing', async () => {
  await run({ kind: 'Condition', condition: 'yes', ifClause: fetch('a') }, { yes: false, a: 1 })
  expect(asked).toEqual([])
})

test('a fetch is given the variables that it uses, and of those what the client gave', async () => {
  await run({ kind: 'Sequence', nodes: [fetch('a'), fetch('b')] }, { a: null, c: 3 })
  expect(asked).toEqual(['{"a":null}', '{}'])
})

test.each<PlanNode>([
  { kind: 'Subscription', primary: { kind: 'Fetch', serviceName: 'one', operation: '{ items }' } },
  { kind: 'Fetch', serviceName: 'two', operation: '{ items }' },
  {
    kind: 'Fetch',
    serviceName: 'one',
    operation: '{ items }',
    outputRewrites: [{ KeyRenamer: { path: [{ Key: 'items' }], renameKeyTo: 'x' } }],
  },
])('a plan that cannot be carried out is refused before anything is asked: %j', async (node) => {
  expect(() => run(node, {})).toThrow(/invariant|plans|subgraph/)
  expect(asked).toEqual([])
})
