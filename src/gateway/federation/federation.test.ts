import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation'
import type { Executor } from '@graphql-tools/utils'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type ExecutionResult, execute, type GraphQLSchema, parse, validate } from 'graphql'
import type { FederatedAnswer } from './federation.js'
import { composed, type LibraryWorld, openLibrary } from './library.fixture.js'
import { OPERATIONS, VARIABLES } from './operations.fixture.js'
import { createPlanner, type Planner } from './planner/planner.js'

let planner: Planner
beforeAll(() => {
  planner = createPlanner({ supergraphSdl: composed().supergraphSdl })
})
afterAll(() => planner.close())

/** What the stitcher gets wrong: aliases that hide a key field or are `__proto__`. */
const WRONG_WHEN_STITCHED: readonly string[] = [
  'aliases that swap names, the key included',
  'aliases that objects inherit',
]
const cases = Object.entries(OPERATIONS)
const stitchable = cases.filter(([name]) => !WRONG_WHEN_STITCHED.includes(name))

/** Where errors stand; an answer with the same errors in another order is the same answer. */
function errorPaths({ errors }: ExecutionResult | FederatedAnswer): string[] {
  return (errors ?? []).map(({ path }) => (path ?? []).join('.')).sort()
}

async function asOneSchema(schema: GraphQLSchema, text: string): Promise<ExecutionResult> {
  const document = parse(text)
  expect(validate(schema, document)).toEqual([])
  return execute({ schema, document, variableValues: VARIABLES })
}

function stitched({ composition, executors }: LibraryWorld): GraphQLSchema {
  const executorOf = (name: string): Executor => {
    return ({ document, variables }) => {
      const asked = { document, operationName: null, variables: { ...variables }, operationKey: '' }
      return executors[name]?.(asked, {}) as Promise<never> // its type promises data of the asker's choice
    }
  }
  return getStitchedSchemaFromSupergraphSdl({
    supergraphSdl: composition.supergraphSdl,
    onSubschemaConfig: (config) => {
      config.executor = executorOf(config.name.toLowerCase())
    },
  })
}

test.each(cases)(
  'the answer, its order and its errors are those of one schema: %s',
  async (_, text) => {
    const answer = await openLibrary({ planner }).federation.execute(
      parse(text),
      VARIABLES,
      null,
      {},
    )
    const expected = await asOneSchema(openLibrary({ planner }).merged, text)
    expect(JSON.stringify(answer.data, null, 1)).toBe(
      JSON.stringify(expected.data ?? null, null, 1),
    )
    expect(errorPaths(answer)).toEqual(errorPaths(expected))
  },
)

test.each(stitchable)(
  'another executor over the same subgraphs gives the same: %s',
  async (_, text) => {
    const answer = await openLibrary({ planner }).federation.execute(
      parse(text),
      VARIABLES,
      null,
      {},
    )
    const expected = await asOneSchema(stitched(openLibrary({ planner })), text)
    expect(JSON.parse(JSON.stringify(answer.data))).toEqual(
      JSON.parse(JSON.stringify(expected.data)),
    )
  },
)
