import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner'
import { type ClientPath, textOf } from './client-path.js'
import { isTree, type Scope, type SelectedField, selectionOf, type Tree } from './scope.js'

type Step = { readonly field: string } | { readonly types: ReadonlySet<string> }

/** Finds the objects under a plan's path, in one order for one tree. Lists are opened wherever they stand. */
export interface PlanPath {
  readonly steps: readonly Step[]
}

/** Where the client sees an object, with what it selects there; null where it does not see it. */
export type Place = { readonly scope: Scope; readonly path: ClientPath } | null

export function planPath(segments: readonly FlattenNodePathSegment[]): PlanPath {
  const steps = segments.flatMap((segment): Step[] => {
    if (segment === '@') return []
    return 'Field' in segment
      ? [{ field: segment.Field }]
      : [{ types: new Set(segment.TypeCondition) }]
  })
  return { steps }
}

/** Adds the objects under the path to `found`. */
export function collect({ steps }: PlanPath, value: unknown, found: Tree[]): void {
  follow(steps, 0, value, found)
}

function follow(steps: readonly Step[], from: number, value: unknown, found: Tree[]): void {
  let reached = value
  for (let at = from; ; at++) {
    if (Array.isArray(reached)) {
      for (let index = 0; index < reached.length; index++) follow(steps, at, reached[index], found)
      return
    }
    if (!isTree(reached)) return
    const step = steps[at]
    if (step === undefined) {
      found.push(reached)
      return
    }
    if ('field' in step) reached = reached[step.field]
    else if (!step.types.has(String(reached['__typename']))) return
  }
}

/** As `collect`, in the same order: where the client sees each of the objects. */
export function places(
  { steps }: PlanPath,
  value: unknown,
  place: Place,
  found: Place[],
  at = 0,
): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      places(
        { steps },
        item,
        place && { scope: place.scope, path: { above: place.path, key: index } },
        found,
        at,
      )
    })
    return
  }
  if (!isTree(value)) return
  const step = steps[at]
  if (step === undefined) found.push(place)
  else if ('field' in step)
    places({ steps }, value[step.field], below(place, value, step.field), found, at + 1)
  else if (step.types.has(String(value['__typename'])))
    places({ steps }, value, place, found, at + 1)
}

function below(place: Place, object: Tree, key: string): Place {
  if (place === null) return null
  const field = fieldsOf(place.scope, object).find((candidate) => candidate.key === key)
  return field?.scope
    ? { scope: field.scope, path: { above: place.path, key: field.clientKey } }
    : null
}

/** What the client selects on this object; on one that is not there, what it selects on any type. */
export function fieldsOf(scope: Scope, object: Tree | null): readonly SelectedField[] {
  const selection = object === null ? scope.only : selectionOf(scope, object)
  if (selection !== null) return selection.fields
  return object === null
    ? [...new Set(scope.selections.values())].flatMap(({ fields }) => fields)
    : []
}

/**
 * Where the client sees what lies at `tail` below an object: several places where it asked for a field
 * under several aliases, none where it did not ask. `object` is what was gathered there.
 */
export function clientPaths(
  place: Place,
  object: unknown,
  tail: readonly (string | number)[],
): ClientPath[] {
  if (place === null) return []
  const [key, ...rest] = tail
  if (key === undefined) return [place.path]
  if (isIndex(key)) {
    const item = Array.isArray(object) ? object[Number(key)] : null
    return clientPaths(
      { scope: place.scope, path: { above: place.path, key: Number(key) } },
      item,
      rest,
    )
  }
  const tree = isTree(object) ? object : null
  const paths = new Map<string, ClientPath>()
  for (const field of fieldsOf(place.scope, tree)) {
    if (field.key !== key || (field.source !== 'SUBGRAPH' && key !== '__typename')) continue
    const path: ClientPath = { above: place.path, key: field.clientKey }
    const found = field.scope
      ? clientPaths({ scope: field.scope, path }, tree?.[key], rest)
      : [leafPath(path, rest)]
    for (const each of found) paths.set(textOf(each), each)
  }
  return [...paths.values()]
}

function isIndex(key: string | number): boolean {
  return typeof key === 'number' || /^\d+$/.test(key)
}

/** Below a leaf only list indices are the client's; what is inside a scalar is not. */
function leafPath(path: ClientPath, rest: readonly (string | number)[]): ClientPath {
  let at = path
  for (const key of rest) {
    if (!isIndex(key)) break
    at = { above: at, key: Number(key) }
  }
  return at
}
