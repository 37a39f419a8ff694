import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { InvariantError, invariant } from '../../errors.js'
import type { TypesOf } from './representations.js'

/** The response keys that a fetch asks of one object of the type; of the root, where there is none. */
export type AskedKeys = (typename: string) => readonly string[]

/** The keys below `field` of the operation's root (`_entities`, `_e0`); of the root itself for null. */
export function askedKeys(
  document: DocumentNode,
  field: string | null,
  typesOf: TypesOf,
): AskedKeys {
  const fragments = new Map<string, FragmentDefinitionNode>()
  let root: SelectionSetNode | null = null
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
    else if (node.kind === Kind.OPERATION_DEFINITION) root = node.selectionSet
  }
  invariant(root, 'a fetch has an operation')
  const set = field === null ? root : setOf(root, field)
  return (typename) => {
    const keys = new Set<string>()
    const walk = (selections: SelectionSetNode): void => {
      for (const selection of selections.selections) {
        if (selection.kind === Kind.FIELD) {
          keys.add(selection.alias?.value ?? selection.name.value)
          continue
        }
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
        const condition = fragment?.typeCondition?.name.value
        if (fragment && (condition === undefined || typesOf(condition).has(typename)))
          walk(fragment.selectionSet)
      }
    }
    walk(set)
    return [...keys]
  }
}

function setOf(root: SelectionSetNode, key: string): SelectionSetNode {
  for (const selection of root.selections) {
    if (selection.kind === Kind.FIELD && (selection.alias?.value ?? selection.name.value) === key) {
      invariant(selection.selectionSet, 'entities have fields')
      return selection.selectionSet
    }
  }
  throw new InvariantError('an entity fetch asks for entities')
}
