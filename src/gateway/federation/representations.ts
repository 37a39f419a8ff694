import type { RequiresSelection } from '@graphql-hive/router-query-planner'
import { InvariantError, unreachable } from '../../errors.js'
import { isTree, type Tree } from './scope.js'

/** Makes what a subgraph needs to know an object by; null where the object lacks it. */
export type Represent = (object: Tree) => Tree | null

/** The concrete types of each abstract type, in the supergraph. */
export type TypesOf = (name: string) => ReadonlySet<string>

/** The objects of one fetch, each different one once. */
export interface Batch {
  readonly representations: readonly Tree[]
  /** For each target the index of its representation; -1 for none. */
  readonly slots: readonly number[]
}

export function representer(requires: readonly RequiresSelection[], typesOf: TypesOf): Represent {
  const fill = filler(requires, typesOf)
  return (object) => {
    const representation: Tree = {}
    return fill(object, representation) && '__typename' in representation ? representation : null
  }
}

type Fill = (object: Tree, into: Tree) => boolean

function filler(selections: readonly RequiresSelection[], typesOf: TypesOf): Fill {
  const fills = selections.map((selection): Fill => {
    switch (selection.kind) {
      case 'Field':
        return fieldFiller(
          selection.name,
          selection.alias ?? selection.name,
          selection.selections,
          typesOf,
        )
      case 'InlineFragment': {
        const types = typesOf(selection.typeCondition)
        const fill = filler(selection.selections, typesOf)
        return (object, into) => !types.has(String(object['__typename'])) || fill(object, into)
      }
      case 'FragmentSpread':
        throw new InvariantError('the planner opens fragments in what a fetch requires')
      default:
        return unreachable(selection)
    }
  })
  return (object, into) => {
    for (const fill of fills) if (!fill(object, into)) return false
    return true
  }
}

function fieldFiller(
  name: string,
  key: string,
  selections: readonly RequiresSelection[] | undefined,
  typesOf: TypesOf,
): Fill {
  if (selections === undefined || selections.length === 0) {
    return (object, into) => {
      const value = object[key]
      into[name] = value
      return value !== undefined
    }
  }
  const fill = filler(selections, typesOf)
  const nested = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(nested)
    if (!isTree(value)) return value
    const into: Tree = {}
    return fill(value, into) ? into : undefined
  }
  return (object, into) => {
    const value = nested(object[key])
    into[name] = value
    return value !== undefined
  }
}

/** One representation for each different object, by all that it says. */
export function batch(targets: readonly Tree[], represent: Represent): Batch {
  const seen = new Map<string, number>()
  const representations: Tree[] = []
  const slots = targets.map((target) => {
    const representation = represent(target)
    if (representation === null) return -1
    const identity = identityOf(representation)
    const known = seen.get(identity)
    if (known !== undefined) return known
    seen.set(identity, representations.length)
    return representations.push(representation) - 1
  })
  return { representations, slots }
}

/** Different for different representations: every part carries its type and length. */
function identityOf(representation: Tree): string {
  let identity = ''
  for (const key in representation) {
    const value = representation[key]
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    identity += `${key}${typeof value === 'string' ? '"' : '='}${text.length}:${text}`
  }
  return identity
}
