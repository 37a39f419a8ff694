import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GraphQLSchema, isScalarType } from 'graphql'
import { accessLogSubgraph } from '../access-log/subgraph.js'
import { casesSubgraph } from '../cases/subgraph.js'
import { checkGovernance, Governance } from '../disclosure/governance.js'
import { buildSubgraph, type Subgraph, type SubgraphDefinition } from '../disclosure/subgraph.js'
import { compose } from '../gateway/federation/index.js'
import { matchingSubgraph } from '../matching/subgraph.js'
import { packageRoot } from '../platform/paths.js'
import type { Kind } from '../records/adapter.js'
import { kindSubgraph } from '../records/kind-subgraph.js'
import { recordsSubgraph } from '../records/subgraph.js'
import { SCALARS } from '../sharing/scalars.js'
import type { HubContext } from './hub-context.js'
import { operationsSubgraph } from './operations.js'

/** The whole contract, made from the code: every subgraph, what they declare, and their supergraph. */
export interface Contract {
  readonly subgraphs: ReadonlyMap<string, Subgraph<HubContext>>
  readonly governance: Governance
  readonly supergraphSdl: string
  readonly apiSchema: GraphQLSchema
  /** Which kind's agencies supply a subgraph's values; null for what the unit itself writes. */
  readonly kindOf: (subgraph: string) => string | null
}

/** Builds the contract; throws with every problem named where a field is not declared as it must be. */
export function makeContract(kinds: readonly Kind[]): Contract {
  const governanceText = readFileSync(join(packageRoot(), 'schema', 'governance.graphql'), 'utf8')
  const definitions = [
    casesSubgraph,
    recordsSubgraph(kinds),
    matchingSubgraph,
    accessLogSubgraph,
    operationsSubgraph,
    ...kinds.map(kindSubgraph),
  ] as unknown as readonly SubgraphDefinition<HubContext>[]
  const subgraphs = new Map(
    definitions.map((one) => [one.name, buildSubgraph(one, governanceText)]),
  )
  const problems = [...subgraphs.values()].flatMap((one) =>
    checkGovernance(one.schema).map((problem) => `${one.name}: ${problem}`),
  )
  if (problems.length > 0)
    throw new Error(`the schema does not say enough:\n  ${problems.join('\n  ')}`)
  const { supergraphSdl, apiSchema } = compose(
    [...subgraphs.values()].map(({ name, sdl }) => ({ name, sdl })),
  )
  readScalars(apiSchema)
  const kindNames = new Set(kinds.map((one) => one.kind))
  return {
    subgraphs,
    governance: new Governance([...subgraphs.values()].map((one) => one.schema)),
    supergraphSdl,
    apiSchema,
    kindOf: (subgraph) => (kindNames.has(subgraph) ? subgraph : null),
  }
}

/** What a scalar takes is code, which no text carries: a value that it does not take ends at the door. */
function readScalars(schema: GraphQLSchema): void {
  for (const { name, parseValue, parseLiteral } of SCALARS) {
    const type = schema.getType(name)
    if (isScalarType(type)) Object.assign(type, { parseValue, parseLiteral })
  }
}
