import type { GraphQLCompositeType, GraphQLOutputType } from 'graphql'
import type { Complete } from './complete.js'

/** One field of the client's answer, for one group of concrete types. */
export interface SelectedField {
  /** The key under which the client wants it. */
  readonly clientKey: string
  /** The key that it has in the plan, in the subgraphs' answers and in the tree we gather. */
  readonly key: string
  readonly source: 'SUBGRAPH' | 'TYPENAME' | 'INTROSPECTION'
  readonly name: string
  readonly type: GraphQLOutputType
  /** What is selected below it; null for a leaf. */
  readonly scope: Scope | null
  readonly isNonNull: boolean
  /** Null where a value passes as it is (a nullable leaf that needs no look). */
  readonly complete: Complete | null
}

/** What the client selects on objects of some concrete types, in the order of the answer. */
export interface Selection {
  readonly fields: readonly SelectedField[]
}

/** What the client selects at one place of the answer. */
export interface Scope {
  readonly parent: GraphQLCompositeType
  /** By concrete type; every possible type of `parent` is there. */
  readonly selections: ReadonlyMap<string, Selection>
  /** The one selection, where `parent` is a concrete type: no `__typename` is needed to find it. */
  readonly only: Selection | null
}

export type Tree = Record<string, unknown>

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What the client selects on this object; null where its type is not one that clients may see. */
export function selectionOf(scope: Scope, object: Tree): Selection | null {
  if (scope.only !== null) return scope.only
  const type = object['__typename']
  return (typeof type === 'string' && scope.selections.get(type)) || null
}
