import { type ClientPath, pathArray, ROOT, textOf } from './client-path.js'
import type { Run } from './execute-plan.js'
import type { CompiledFetch, FilledBatch } from './fetch.js'
import { clientPaths, fieldsOf, type Place, places } from './plan-paths.js'
import type { Scope, Tree } from './scope.js'

interface Target {
  readonly place: Place
  readonly object: Tree
}

interface LocatedBatch {
  readonly filled: FilledBatch
  /** By representation, the objects that it stands for. */
  readonly targets: readonly (readonly Target[])[]
}

type Keys = readonly (string | number)[]

/** Where the client sees what one fetch is about. Made before its answer is added: the tree moves on. */
export class FetchPlaces<C> {
  readonly #batches: ReadonlyMap<string, LocatedBatch>
  readonly #root: Place
  readonly #pathTexts = new Map<ClientPath, string>()

  constructor(
    readonly fetch: CompiledFetch<C>,
    filled: readonly FilledBatch[],
    run: Run<C>,
  ) {
    this.#root = { scope: run.root, path: ROOT }
    this.#batches = new Map(
      filled.map((each) => [each.compiled.alias, locate(each, run.data, this.#root)]),
    )
  }

  /** The client's paths for a path in the answer `data`; none where the client did not ask for it. */
  of(path: Keys, data: Tree | null): ClientPath[] {
    if (this.#batches.size === 0) return clientPaths(this.#root, data, path)
    const [alias, index, ...tail] = path
    const targets = this.#batches.get(String(alias))?.targets[Number(index)] ?? []
    const entities = data?.[String(alias)]
    const entity: unknown = Array.isArray(entities) ? entities[Number(index)] : null
    return targets.flatMap(({ place, object }) =>
      clientPaths(place, withType(entity, object), tail),
    )
  }

  /** As `of`, for a path as `extensions` carry it and as text; most are a field of an entity. */
  texts(path: string, data: Tree | null): readonly string[] {
    const keys = path.split('.')
    const [alias, index, key] = keys
    if (this.#batches.size === 0 || keys.length !== 3 || key === undefined)
      return dotted(this.of(keys, data))
    const targets = this.#batches.get(String(alias))?.targets[Number(index)] ?? []
    return targets.flatMap(({ place, object }) =>
      place === null
        ? []
        : clientKeys(place.scope, object, key).map((each) => `${this.#textOf(place.path)}.${each}`),
    )
  }

  #textOf(path: ClientPath): string {
    const known = this.#pathTexts.get(path)
    if (known !== undefined) return known
    const text = textOf(path)
    this.#pathTexts.set(path, text)
    return text
  }

  /** The client's paths of all that the fetch asked for at this path: the root's or one entity's fields. */
  fieldsAt(path: Keys): ClientPath[] {
    if (this.#batches.size === 0) {
      return this.fetch.asked('').flatMap((key) => clientPaths(this.#root, null, [key]))
    }
    const located = this.#batches.get(String(path[0]))
    const targets = located?.targets[Number(path[1])] ?? []
    return targets.flatMap(({ place, object }) =>
      (located?.filled.compiled.asked(String(object['__typename'])) ?? []).flatMap((key) =>
        clientPaths(place, { __typename: object['__typename'] }, [key]),
      ),
    )
  }

  /** The paths in the answer that stand for an object each: the root, or every representation. */
  objects(): Keys[] {
    if (this.#batches.size === 0) return [[]]
    return [...this.#batches].flatMap(([alias, { targets }]) =>
      targets.map((_, index) => [alias, index]),
    )
  }
}

const keysOfScopes = new WeakMap<Scope, Map<string, readonly string[]>>()

/** The client's names of one field of an object. */
function clientKeys(scope: Scope, object: Tree, key: string): readonly string[] {
  const ofScope = keysOfScopes.get(scope) ?? new Map<string, readonly string[]>()
  keysOfScopes.set(scope, ofScope)
  const name = `${String(object['__typename'])} ${key}`
  const known = ofScope.get(name)
  if (known) return known
  const made = new Set(
    fieldsOf(scope, object)
      .filter((one) => one.key === key && (one.source === 'SUBGRAPH' || key === '__typename'))
      .map((one) => one.clientKey),
  )
  ofScope.set(name, [...made])
  return [...made]
}

/** What an answer says of an entity is looked up with the type that the entity has. */
function withType(entity: unknown, object: Tree): unknown {
  return { __typename: object['__typename'], ...(typeof entity === 'object' ? entity : null) }
}

function locate(filled: FilledBatch, data: Tree, root: Place): LocatedBatch {
  const found: Place[] = []
  for (const path of filled.compiled.paths) places(path, data, root, found)
  const targets: Target[][] = filled.representations.map(() => [])
  filled.targets.forEach((object, at) => {
    targets[filled.slots[at] ?? -1]?.push({ place: found[at] ?? null, object })
  })
  return { filled, targets }
}

/** Client paths as `extensions` carry them. */
export function dotted(paths: readonly ClientPath[]): string[] {
  return paths.map((path) => pathArray(path).join('.'))
}
