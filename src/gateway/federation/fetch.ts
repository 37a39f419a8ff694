import type { DocumentNode } from 'graphql'
import { coded } from '../../errors.js'
import type { Run } from './execute-plan.js'
import { reportAnswer, reportFailure } from './fetch-errors.js'
import { FetchPlaces } from './fetch-places.js'
import type { AskedKeys } from './fetch-text.js'
import { merge } from './merge.js'
import { collect, type PlanPath } from './plan-paths.js'
import { type Batch, batch, type Represent } from './representations.js'
import { isTree, type Tree } from './scope.js'
import type { SubgraphAnswer, SubgraphExecutor } from './subgraph.js'

/** Entities that a fetch asks for under one alias. */
export interface CompiledBatch {
  readonly alias: string
  /** The variable that takes the representations. */
  readonly variable: string
  readonly paths: readonly PlanPath[]
  readonly represent: Represent
  readonly asked: AskedKeys
}

export interface CompiledFetch<C> {
  /** Its number in plan order. */
  readonly order: number
  readonly subgraph: string
  readonly execute: SubgraphExecutor<C>
  readonly document: DocumentNode
  readonly operationName: string | null
  readonly operationKey: string
  /** The client's variables in it, by their names in the plan. */
  readonly variables: readonly string[]
  /** Empty for a fetch of root fields. */
  readonly batches: readonly CompiledBatch[]
  readonly asked: AskedKeys
}

/** A batch with the objects of this run that it is about. */
export interface FilledBatch extends Batch {
  readonly compiled: CompiledBatch
  readonly targets: readonly Tree[]
}

/** Asks the subgraph and adds its answer; a failure is noted on the fields that it costs. */
export async function runFetch<C>(fetch: CompiledFetch<C>, run: Run<C>): Promise<void> {
  const filled = fetch.batches.map((compiled) => fill(compiled, run.data))
  if (filled.length > 0 && filled.every(({ representations }) => representations.length === 0))
    return
  let answer: SubgraphAnswer
  try {
    answer = wellFormed(await ask(fetch, filled, run), filled)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    reportFailure(fetch, run, new FetchPlaces(fetch, filled, run), error)
    return
  }
  if (answer.extensions || answer.errors?.length) {
    const places = new FetchPlaces(fetch, filled, run)
    reportAnswer(fetch, run, places, answer)
  }
  if (answer.data === null) return
  if (filled.length === 0) merge(run.data, answer.data)
  for (const each of filled) take(each, answer.data[each.compiled.alias])
}

function fill(compiled: CompiledBatch, data: Tree): FilledBatch {
  const targets: Tree[] = []
  for (const path of compiled.paths) collect(path, data, targets)
  return { compiled, targets, ...batch(targets, compiled.represent) }
}

function take({ targets, slots }: FilledBatch, entities: unknown): void {
  if (!Array.isArray(entities)) return
  for (let at = 0; at < targets.length; at++) {
    const target = targets[at]
    const entity: unknown = entities[slots[at] ?? -1]
    if (target !== undefined && isTree(entity)) merge(target, entity)
  }
}

async function ask<C>(
  fetch: CompiledFetch<C>,
  filled: readonly FilledBatch[],
  run: Run<C>,
): Promise<SubgraphAnswer> {
  const variables: Tree = {}
  for (const name of fetch.variables)
    if (name in run.variables) variables[name] = run.variables[name]
  for (const { compiled, representations } of filled) variables[compiled.variable] = representations
  const { document, operationName, operationKey } = fetch
  run.signal?.throwIfAborted()
  const asked = fetch.execute({ document, operationName, variables, operationKey }, run.context)
  return run.signal === null ? asked : await orAborted(asked, run.signal)
}

function orAborted<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('the time for the request has passed'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    asked.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** An answer of another form than GraphQL's is none: what it lacks must not look like nothing on record. */
function wellFormed(answer: SubgraphAnswer, filled: readonly FilledBatch[]): SubgraphAnswer {
  const isAnswer =
    isTree(answer) && (answer.data === null || answer.data === undefined || isTree(answer.data))
  if (!isAnswer) throw coded('INTERNAL')
  const data = answer.data ?? null
  if (data === null && !answer.errors?.length) throw coded('INTERNAL')
  if (data !== null && !filled.every((each) => holdsEntities(data, each))) throw coded('INTERNAL')
  return answer.data === undefined ? { ...answer, data } : answer
}

function holdsEntities(data: Tree, { compiled, representations }: FilledBatch): boolean {
  const entities = data[compiled.alias]
  return (
    Array.isArray(entities) &&
    entities.length === representations.length &&
    entities.every((entity) => entity === null || isTree(entity))
  )
}
