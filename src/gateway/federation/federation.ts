import type { QueryPlan } from '@graphql-hive/router-query-planner'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql'
import { CodedError } from '../../errors.js'
import { answerOf } from './answer.js'
import type { Run } from './execute-plan.js'
import { introspect } from './introspect.js'
import { misplacedNull } from './never-null.js'
import type { NormalForm } from './normal-form.js'
import { PlanCache } from './plan-cache.js'
import type { Planner } from './planner/planner.js'
import { PreparedDocuments } from './prepared-documents.js'
import type { Tree } from './scope.js'
import { unstorableVariable } from './storable-text.js'
import type { SubgraphExecutor, SubgraphExtensions } from './subgraph.js'
import { readSupergraph } from './supergraph.js'

export interface FederationSettings<C> {
  readonly supergraphSdl: string
  /** What clients see (`compose(…).apiSchema`): operations are validated against it before all else. */
  readonly apiSchema: GraphQLSchema
  /** An executor for every subgraph of the supergraph, by name. */
  readonly subgraphs: Readonly<Record<string, SubgraphExecutor<C>>>
  /** Closed with the federation. */
  readonly planner: Planner
  /** Makes the answer's `extensions` of what the subgraphs' answers carried, in plan order. */
  readonly onSubgraphExtensions?: (
    answers: readonly SubgraphExtensions[],
    context: C,
  ) => Record<string, unknown> | undefined
  /** When it aborts, fetches that are still out count as failed. */
  readonly signalOf?: (context: C) => AbortSignal | undefined
  /** Bound of compiled plans, in bytes (estimated by their text). */
  readonly planBytesMax?: number
  /** Bound of prepared documents, in bytes (estimated by their text). */
  readonly documentBytesMax?: number
}

export interface FederatedAnswer {
  readonly data: Record<string, unknown> | null
  readonly errors?: readonly GraphQLError[]
  readonly extensions?: Record<string, unknown>
}

export type Variables = Readonly<Record<string, unknown>> | null | undefined

export interface Federation<C> {
  /**
   * Executes one operation. What the caller did wrong and what failed are in `errors` with a code;
   * rejects only where we made a mistake.
   */
  execute(
    document: DocumentNode,
    variables: Variables,
    operationName: string | null | undefined,
    context: C,
  ): Promise<FederatedAnswer>
  /** The plan of an operation; null where no subgraph has to be asked. Rejects with a `CodedError`. */
  plan(
    document: DocumentNode,
    variables?: Variables,
    operationName?: string | null,
  ): Promise<QueryPlan | null>
  /** How much is kept. */
  cached(): { readonly plans: number; readonly planBytes: number; readonly documentBytes: number }
  close(): Promise<void>
}

const MEBIBYTE = 1024 * 1024

/** The subgraphs as one: plans with `planner` and carries the plans out itself. */
export function createFederation<C>(settings: FederationSettings<C>): Federation<C> {
  const { planner, apiSchema, subgraphs } = settings
  const { typesOf, fieldNames } = readSupergraph(settings.supergraphSdl)
  const documents = new PreparedDocuments(
    { schema: apiSchema, reserved: fieldNames },
    { bytesMax: settings.documentBytesMax ?? 32 * MEBIBYTE },
  )
  const plans = new PlanCache<C>(
    planner,
    { subgraphs, typesOf },
    { bytesMax: settings.planBytesMax ?? 64 * MEBIBYTE },
  )
  const read = (
    document: DocumentNode,
    variables: Variables,
    name: string | null | undefined,
  ): Read => {
    const prepared = documents.prepare(document)
    if ('length' in prepared) return { errors: prepared }
    const operation = prepared.operation(name ?? null)
    const { coerced, errors } = getVariableValues(
      apiSchema,
      operation.variableDefinitions ?? [],
      variables ?? {},
      { maxErrors: 20 },
    )
    if (errors) return { errors: errors.map(asInvalid) }
    const wrong = unstorableVariable(coerced) ?? misplacedNull(prepared.neverNull, coerced)
    if (wrong) return { errors: [asInvalid(wrong)] }
    return { operation, variables: coerced, form: prepared.form(operation, coerced) }
  }
  return {
    async execute(document, variables, operationName, context) {
      try {
        const asked = read(document, variables, operationName)
        if ('errors' in asked) return { data: null, errors: asked.errors }
        const { form } = asked
        const run = newRun(settings, asked, context)
        if (form.text !== null) {
          const cached = plans.get(form.text, form.isMutation)
          await ('then' in cached ? await cached : cached).run(run)
        }
        return finish(settings, document, asked, run)
      } catch (error) {
        if (error instanceof CodedError) return { data: null, errors: [asGraphQLError(error)] }
        throw error
      }
    },
    async plan(document, variables, operationName) {
      const asked = read(document, variables, operationName)
      if ('errors' in asked) throw asked.errors[0]
      return asked.form.text === null
        ? null
        : (await plans.get(asked.form.text, asked.form.isMutation)).plan
    },
    cached: () => ({ plans: plans.size, planBytes: plans.bytes, documentBytes: documents.bytes }),
    close: () => planner.close(),
  }
}

interface Asked {
  readonly operation: OperationDefinitionNode
  /** By the client's names. */
  readonly variables: Tree
  readonly form: NormalForm
}
type Read = Asked | { readonly errors: readonly GraphQLError[] }

function newRun<C>(
  settings: FederationSettings<C>,
  { form, variables }: Asked,
  context: C,
): Run<C> {
  const planned: Tree = {}
  for (const [name, client] of form.variables)
    if (Object.hasOwn(variables, client)) planned[name] = variables[client]
  return {
    data: {},
    root: form.root,
    variables: planned,
    context,
    signal: settings.signalOf?.(context) ?? null,
    errors: [],
    extensions: [],
    excused: new Set(),
  }
}

function finish<C>(
  settings: FederationSettings<C>,
  document: DocumentNode,
  asked: Asked,
  run: Run<C>,
): FederatedAnswer {
  const own = asked.form.asksIntrospection
    ? introspect(settings.apiSchema, document, asked.operation, asked.variables)
    : null
  const { data, errors } = answerOf(run, own?.data ?? null)
  if (own?.errors) errors.push(...own.errors)
  const brought = run.extensions.filter((each) => each !== undefined)
  const extensions = settings.onSubgraphExtensions?.(brought, run.context)
  return { data, ...(errors.length > 0 && { errors }), ...(extensions && { extensions }) }
}

function asInvalid(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    ...(error.nodes && { nodes: error.nodes }),
    extensions: { code: 'OPERATION_INVALID' },
    originalError: error,
  })
}

function asGraphQLError(error: CodedError): GraphQLError {
  const { code, field, message } = error
  return new GraphQLError(message, {
    extensions: { code, ...(field && { field }) },
    originalError: error,
  })
}
