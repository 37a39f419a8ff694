import type { DocumentNode, GraphQLSchema } from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { LogWriter } from '../src/access-log/append.js'
import type { Access } from '../src/disclosure/govern.js'
import type { Subgraph } from '../src/disclosure/subgraph.js'
import {
  createFederation,
  createPlanner,
  type SubgraphExecutor,
} from '../src/gateway/federation/index.js'
import type { Answering } from '../src/main/answer.js'
import type { Hub } from '../src/main/hub.js'
import type { HubContext, HubRequest } from '../src/main/hub-context.js'
import { beginRequest, contextFor } from '../src/main/request.js'

/** The hub as it is, but that nothing is written to its log. Only to learn what the log costs. */
export function withoutLog(hub: Hub): Hub {
  return { ...hub, logWriter: new NoLog(hub.database, () => Buffer.alloc(0)) }
}

class NoLog extends LogWriter {
  override disclose(): Promise<boolean> {
    return Promise.resolve(true)
  }
}

/**
 * The same hub, door, federation, resolvers and rows, with no rules between: no plan, no facts, no
 * decision, no report, no log. Only to learn what these cost; nothing but this measurement makes it.
 */
export function answeringWithoutRules(hub: Hub): Answering {
  const subgraphs = new Map(
    [...hub.contract.subgraphs].map(([name, subgraph]) => [name, bare(hub, subgraph)]),
  )
  const federation = createFederation<HubRequest>({
    supergraphSdl: hub.contract.supergraphSdl,
    apiSchema: hub.contract.apiSchema,
    subgraphs: Object.fromEntries(subgraphs),
    planner: createPlanner({ supergraphSdl: hub.contract.supergraphSdl }),
    signalOf: (request) => request.signal,
  })
  return {
    answer: ({ document, variables, operationName }, session) => {
      const signal = AbortSignal.timeout(hub.configuration.limits.deadlineMs)
      const request = beginRequest(hub, session, { beside: new Map() }, signal)
      return federation.execute(document, variables, operationName, request)
    },
    simulate: () => Promise.reject(new Error('there is nothing to simulate without rules')),
    subgraphs,
    close: () => federation.close(),
  }
}

/** As many fields as a type has: every adapter gives all it was asked for. */
class Everything extends Set<string> {
  override has(): boolean {
    return true
  }
  override get size(): number {
    return 1
  }
}

const all = new Everything()
const open: Access = {
  wanted: (tags) => Promise.resolve(tags.map(() => all)),
  exist: (tags) => Promise.resolve(tags.map(() => true)),
  whole: (tags) => Promise.resolve(tags.map(() => true)),
}

function bare(hub: Hub, subgraph: Subgraph<HubContext>): SubgraphExecutor<HubRequest> {
  const compiled = new Map<string, Compiled>()
  return async ({ document, operationName, operationKey, variables }, request) => {
    const key = `${operationName ?? ''}\n${operationKey}`
    const query = compiled.get(key) ?? compile(subgraph.schema, document, operationName)
    compiled.set(key, query)
    const context: HubContext = contextFor(hub, request, open)
    const { data, errors } = await query({}, context, { ...variables })
    return { data: data ?? null, ...(errors && { errors: errors.map((one) => one.toJSON()) }) }
  }
}

type Compiled = ReturnType<typeof compile>

function compile(schema: GraphQLSchema, document: DocumentNode, operationName: string | null) {
  const made = compileQuery(schema, document, operationName ?? undefined)
  if (!isCompiledQuery(made)) throw new Error('the operation does not compile')
  return made.query
}
