import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Governance } from '../disclosure/governance.js'
import type { Category } from '../sharing/vocabulary.js'

/**
 * For each category that an operation asks for, what is asked for beside it at every one of its places: on
 * the same object, or on one around it up to the part whose data it is. What is asked for only on a
 * condition (`@skip`, `@include`) does not count. It tells a client what to ask along; whether something
 * may travel is decided person by person.
 */
export type AskedBeside = ReadonlyMap<Category, ReadonlySet<Category>>

export function askedBeside(
  document: DocumentNode,
  { schema, governance }: { readonly schema: GraphQLSchema; readonly governance: Governance },
): AskedBeside {
  const walk: Walk = {
    schema,
    governance,
    fragments: new Map(
      document.definitions.flatMap((one) =>
        one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
      ),
    ),
    found: new Map(),
    seen: new Set(),
    ids: new Map(),
  }
  for (const one of document.definitions) {
    if (one.kind !== Kind.OPERATION_DEFINITION) continue
    const root = schema.getRootType(one.operation)
    if (root) visitObject(walk, root, [one.selectionSet], new Set())
  }
  return walk.found
}

interface Walk {
  readonly schema: GraphQLSchema
  readonly governance: Governance
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly found: Map<Category, Set<Category>>
  /** Types with the same selections and the same things around them are looked at once. */
  readonly seen: Set<string>
  readonly ids: Map<SelectionSetNode, number>
}

interface Asked {
  readonly node: FieldNode
  readonly sets: SelectionSetNode[]
  /** Asked for somewhere without a condition. */
  isSure: boolean
}

function visitObject(
  walk: Walk,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  around: ReadonlySet<Category>,
): void {
  const key = `${type.name} ${sets.map((set) => idOf(walk, set)).join()} ${[...around].sort().join()}`
  if (walk.seen.has(key)) return
  walk.seen.add(key)
  const asked = new Map<string, Asked>()
  for (const set of sets) gather(walk, { type, isSure: true }, set, asked)
  const governance = walk.governance.type(type.name)
  const beside = new Set(governance?.subject === 'PART' ? [] : around)
  const categoryOf = (one: Asked) => governance?.fields.get(one.node.name.value)?.cell.category
  for (const one of asked.values()) {
    const category = categoryOf(one)
    if (category !== undefined && one.isSure) beside.add(category)
  }
  for (const one of asked.values()) {
    const category = categoryOf(one)
    if (category !== undefined) {
      const known = walk.found.get(category)
      const both = [...(known ?? beside)].filter((other) => beside.has(other))
      walk.found.set(category, new Set(both))
    }
    const field = type.getFields()[one.node.name.value]
    const named = field && getNamedType(field.type)
    if (named && isCompositeType(named))
      for (const each of concrete(walk, named)) visitObject(walk, each, one.sets, beside)
  }
}

function gather(
  walk: Walk,
  on: { readonly type: GraphQLObjectType; readonly isSure: boolean },
  set: SelectionSetNode,
  into: Map<string, Asked>,
  spread: ReadonlySet<string> = new Set(),
): void {
  for (const selection of set.selections) {
    const isSure = on.isSure && !isConditional(selection)
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value
      const known = into.get(key) ?? { node: selection, sets: [], isSure: false }
      into.set(key, known)
      if (selection.selectionSet) known.sets.push(selection.selectionSet)
      known.isSure ||= isSure
      continue
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection
    const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : null
    // Fragments in a circle are refused when the operation is validated, which may be later.
    if (name !== null && spread.has(name)) continue
    const condition = fragment?.typeCondition?.name.value
    const about = condition === undefined ? on.type : walk.schema.getType(condition)
    if (fragment && isCompositeType(about) && concrete(walk, about).includes(on.type))
      gather(
        walk,
        { type: on.type, isSure },
        fragment.selectionSet,
        into,
        name === null ? spread : new Set([...spread, name]),
      )
  }
}

const isConditional = ({ directives }: SelectionNode): boolean =>
  directives?.some(({ name }) => name.value === 'skip' || name.value === 'include') ?? false

const concrete = ({ schema }: Walk, type: GraphQLCompositeType): readonly GraphQLObjectType[] =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : [type]

function idOf({ ids }: Walk, set: SelectionSetNode): number {
  const id = ids.get(set) ?? ids.size
  ids.set(set, id)
  return id
}
