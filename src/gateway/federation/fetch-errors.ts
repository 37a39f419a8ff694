import { GraphQLError, type GraphQLErrorExtensions, type GraphQLFormattedError } from 'graphql'
import { coded } from '../../errors.js'
import { type ClientPath, pathArray, textOf } from './client-path.js'
import type { Run } from './execute-plan.js'
import type { CompiledFetch } from './fetch.js'
import { dotted, type FetchPlaces } from './fetch-places.js'
import { isTree, type Tree } from './scope.js'
import type { SubgraphAnswer } from './subgraph.js'

/** Most errors that one error of a subgraph becomes, where it costs many fields. */
export const PATHS_PER_ERROR_MAX = 100

interface Told {
  readonly message: string
  readonly extensions: GraphQLErrorExtensions
  readonly cause: Error | null
}

/** The fetch failed altogether: each of its fields is missing, and says so. */
export function reportFailure<C>(
  fetch: CompiledFetch<C>,
  run: Run<C>,
  places: FetchPlaces<C>,
  cause: Error,
): void {
  const { code, message } = coded('SUBGRAPH_UNAVAILABLE', { subgraph: fetch.subgraph })
  const paths = places.objects().flatMap((object) => places.fieldsAt(object))
  note(fetch, run, paths, { message, extensions: { code }, cause })
  for (const path of paths) run.excused.add(textOf(path))
}

/** Notes what an answer carries beside its data. */
export function reportAnswer<C>(
  fetch: CompiledFetch<C>,
  run: Run<C>,
  places: FetchPlaces<C>,
  answer: SubgraphAnswer,
): void {
  const { data, errors, extensions } = answer
  if (extensions) {
    run.extensions[fetch.order] = {
      subgraph: fetch.subgraph,
      extensions,
      toClientPaths: (path) =>
        typeof path === 'string' ? places.texts(path, data) : dotted(places.of(path, data)),
    }
  }
  if (!errors || errors.length === 0) return
  for (const error of errors) {
    const extensions = { ...error.extensions }
    note(fetch, run, pathsOf(error, places, data), {
      message: error.message,
      extensions,
      cause: null,
    })
  }
  for (const object of places.objects()) {
    if (isTree(at(data, object))) continue
    for (const path of places.fieldsAt(object)) run.excused.add(textOf(path))
  }
}

/** Where the client sees an error: the nearest place that it asked for. Null where that is nowhere. */
function pathsOf<C>(
  error: GraphQLFormattedError,
  places: FetchPlaces<C>,
  data: Tree | null,
): ClientPath[] {
  const path = error.path ?? []
  const objects = places.objects()
  const depth = objects[0]?.length ?? 0
  if (path.length <= depth) {
    const isOne = depth > 0 && path.length === depth
    if (isOne) return places.fieldsAt(path)
    const missing = objects.filter((object) => !isTree(at(data, object)))
    return missing.flatMap((object) => places.fieldsAt(object))
  }
  for (let length = path.length; length > depth; length--) {
    const found = places.of(path.slice(0, length), data)
    if (found.length > 0) return found
  }
  return depth > 0 ? places.of(path.slice(0, depth), data) : []
}

function at(data: Tree | null, path: readonly (string | number)[]): unknown {
  let value: unknown = data
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)]
    else value = isTree(value) ? value[key] : undefined
  }
  return value
}

function note<C>(
  fetch: CompiledFetch<C>,
  run: Run<C>,
  paths: readonly ClientPath[],
  told: Told,
): void {
  const noted = run.errors[fetch.order] ?? []
  run.errors[fetch.order] = noted
  const more = paths.length - PATHS_PER_ERROR_MAX
  const extensions = more > 0 ? { ...told.extensions, morePaths: more } : told.extensions
  const error = (path: ClientPath | null) =>
    new GraphQLError(told.message, {
      ...(path && { path: pathArray(path) }),
      ...(told.cause && { originalError: told.cause }),
      extensions,
    })
  if (paths.length === 0) noted.push(error(null))
  for (const path of paths.slice(0, PATHS_PER_ERROR_MAX)) noted.push(error(path))
}
