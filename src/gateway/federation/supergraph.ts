import { type DefinitionNode, Kind, parse } from 'graphql'
import type { TypesOf } from './representations.js'

/** What execution has to know of the supergraph. */
export interface Supergraph {
  /** The concrete types of a type's name: its own for a concrete one. */
  readonly typesOf: TypesOf
  /** Names of all fields, those included that clients do not see. */
  readonly fieldNames: ReadonlySet<string>
}

export function readSupergraph(supergraphSdl: string): Supergraph {
  const types = new Map<string, Set<string>>()
  const fieldNames = new Set<string>()
  const add = (name: string, type: string) => {
    const known = types.get(name)
    if (known) known.add(type)
    else types.set(name, new Set([type]))
  }
  for (const node of parse(supergraphSdl, { noLocation: true }).definitions) {
    for (const name of namesOfFields(node)) fieldNames.add(name)
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION) {
      add(node.name.value, node.name.value)
      for (const { name } of node.interfaces ?? []) add(name.value, node.name.value)
    } else if (node.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const { name } of node.types ?? []) add(node.name.value, name.value)
    }
  }
  return { typesOf: (name) => types.get(name) ?? NONE, fieldNames }
}

const NONE: ReadonlySet<string> = new Set()

function namesOfFields(node: DefinitionNode): string[] {
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION)
    return []
  return (node.fields ?? []).map(({ name }) => name.value)
}
