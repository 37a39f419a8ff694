import { createHash } from 'node:crypto'
import type {
  BatchFetchNode,
  FetchNode,
  FlattenNode,
  PlanNode,
  QueryPlan,
} from '@graphql-hive/router-query-planner'
import { type GraphQLError, parse } from 'graphql'
import { InvariantError, invariant, unreachable } from '../../errors.js'
import { type CompiledFetch, runFetch } from './fetch.js'
import { askedKeys } from './fetch-text.js'
import { planPath } from './plan-paths.js'
import { representer, type TypesOf } from './representations.js'
import type { Scope, Tree } from './scope.js'
import type { SubgraphExecutor, SubgraphExtensions } from './subgraph.js'

/** What one execution gathers. */
export interface Run<C> {
  readonly data: Tree
  /** What the client selects, for saying where it sees something. */
  readonly root: Scope
  /** By their names in the plan. */
  readonly variables: Tree
  readonly context: C
  readonly signal: AbortSignal | null
  /** Errors by fetch in plan order, so that their order does not tell who answered first. */
  readonly errors: GraphQLError[][]
  /** `extensions` by fetch in plan order. */
  readonly extensions: (SubgraphExtensions | undefined)[]
  /** Client paths whose missing value an error explains. */
  readonly excused: Set<string>
}

export type RunNode<C> = (run: Run<C>) => Promise<void>

export interface PlanSettings<C> {
  readonly subgraphs: Readonly<Record<string, SubgraphExecutor<C>>>
  readonly typesOf: TypesOf
  /** Then nothing runs beside a change: what one root field reads, it reads before the next one writes. */
  readonly isMutation: boolean
}

/** A plan as one function, compiled once; throws `InvariantError` for a plan that we cannot carry out. */
export function compilePlan<C>(plan: QueryPlan, settings: PlanSettings<C>): RunNode<C> {
  if (!plan.node) return async () => {}
  return new Compiler(settings).node(plan.node)
}

class Compiler<C> {
  #fetches = 0

  constructor(readonly settings: PlanSettings<C>) {}

  node(node: PlanNode): RunNode<C> {
    switch (node.kind) {
      case 'Sequence':
        return inSequence(node.nodes.map((each) => this.node(each)))
      case 'Parallel':
        return this.#parallel(node.nodes)
      case 'Condition':
        return this.#condition(node.condition, node.ifClause, node.elseClause)
      case 'Fetch':
        return this.#run(this.#fetch(node, []))
      case 'Flatten':
        return this.#run(this.#flatten(node))
      case 'BatchFetch':
        return this.#run(this.#batchFetch(node))
      case 'Subscription':
      case 'Defer':
        throw new InvariantError(`plans hold no \`${node.kind}\` here`)
      default:
        return unreachable(node)
    }
  }

  #parallel(nodes: readonly PlanNode[]): RunNode<C> {
    if (this.settings.isMutation) {
      const reads = nodes.filter((node) => !isChange(node))
      return inSequence([...reads, ...nodes.filter(isChange)].map((node) => this.node(node)))
    }
    const all = nodes.map((node) => this.node(node))
    return async (run) => {
      await Promise.all(all.map((each) => each(run)))
    }
  }

  #condition(variable: string, yes: PlanNode | undefined, no: PlanNode | undefined): RunNode<C> {
    const [ifTrue, ifFalse] = [yes && this.node(yes), no && this.node(no)]
    return async (run) => {
      await (run.variables[variable] === true ? ifTrue : ifFalse)?.(run)
    }
  }

  #run(fetch: CompiledFetch<C>): RunNode<C> {
    return (run) => runFetch(fetch, run)
  }

  #flatten({ node, path }: FlattenNode): CompiledFetch<C> {
    invariant(node.kind === 'Fetch', 'a flatten holds a fetch')
    refuseRewrites(node)
    return this.#fetch(node, [
      {
        alias: '_entities',
        variable: 'representations',
        paths: [path],
        requires: node.requires ?? [],
      },
    ])
  }

  #batchFetch(node: BatchFetchNode): CompiledFetch<C> {
    const { aliases } = node.entityBatch
    aliases.forEach(refuseRewrites)
    return this.#fetch(
      node,
      aliases.map((each) => ({ ...each, variable: each.representationsVariableName })),
    )
  }

  #fetch(node: FetchNode | BatchFetchNode, batches: readonly PlannedBatch[]): CompiledFetch<C> {
    const { serviceName, operation, variableUsages } = node
    if (node.kind === 'Fetch') refuseRewrites(node)
    const execute = this.settings.subgraphs[serviceName]
    invariant(execute, `the subgraph \`${serviceName}\` has an executor`)
    const document = parse(operation, { noLocation: true })
    const { typesOf } = this.settings
    return {
      order: this.#fetches++,
      subgraph: serviceName,
      execute,
      document,
      operationName: node.operationName ?? null,
      operationKey: createHash('sha256').update(`${serviceName}\n${operation}`).digest('base64url'),
      variables: (variableUsages ?? []).filter((name) =>
        batches.every(({ variable }) => variable !== name),
      ),
      batches: batches.map(({ alias, variable, paths, requires }) => ({
        alias,
        variable,
        paths: paths.map(planPath),
        represent: representer(requires, typesOf),
        asked: askedKeys(document, alias, typesOf),
      })),
      asked: askedKeys(document, null, typesOf),
    }
  }
}

interface PlannedBatch {
  readonly alias: string
  readonly variable: string
  readonly paths: FlattenNode['path'][]
  readonly requires: NonNullable<FetchNode['requires']>
}

function inSequence<C>(nodes: readonly RunNode<C>[]): RunNode<C> {
  return async (run) => {
    for (const node of nodes) await node(run)
  }
}

function isChange(node: PlanNode): boolean {
  switch (node.kind) {
    case 'Fetch':
      return node.operationKind === 'mutation'
    case 'Sequence':
    case 'Parallel':
      return node.nodes.some(isChange)
    default:
      return false
  }
}

/** In the normal form keys do not clash, so a planner that renames has been asked something else. */
function refuseRewrites({
  inputRewrites,
  outputRewrites,
}: Pick<FetchNode, 'inputRewrites' | 'outputRewrites'>): void {
  const count = (inputRewrites?.length ?? 0) + (outputRewrites?.length ?? 0)
  invariant(count === 0, 'plans rename nothing (interface objects are not carried)')
}
