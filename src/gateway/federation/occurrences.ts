import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** The Boolean variables of an operation's `@skip` and `@include`, by name. */
export type Switches = ReadonlyMap<string, boolean>

/** A field as it is written once, and the concrete types on whose objects it is asked there. */
export interface Occurrence {
  readonly node: FieldNode
  readonly types: ReadonlySet<string>
}

export interface OperationText {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly switches: Switches
}

/** The concrete types that an object of `type` may have. */
export function concreteTypes(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
): readonly string[] {
  if (!isAbstractType(type)) return [type.name]
  return schema.getPossibleTypes(type).map(({ name }) => name)
}

/**
 * All fields that selection sets ask of objects of the type `parent`, in the order of the text, with
 * fragments opened and `@skip` and `@include` decided (GraphQL, "Field Collection").
 */
export function occurrencesIn(
  text: OperationText,
  parent: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
): Occurrence[] {
  const found: Occurrence[] = []
  const opened = new Set<string>()
  const all: ReadonlySet<string> = new Set(concreteTypes(text.schema, parent))
  const walk = (set: SelectionSetNode, types: ReadonlySet<string>): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, text.switches)) continue
      if (selection.kind === Kind.FIELD) {
        found.push({ node: selection, types })
        continue
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? text.fragments.get(selection.name.value)
          : selection
      if (fragment === undefined) continue
      const narrowed = narrow(text.schema, types, fragment.typeCondition?.name.value)
      if (narrowed.size === 0) continue
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const once = `${selection.name.value} ${[...narrowed].join(' ')}`
        if (opened.has(once)) continue
        opened.add(once)
      }
      walk(fragment.selectionSet, narrowed)
    }
  }
  for (const set of sets) walk(set, all)
  return found
}

function narrow(
  schema: GraphQLSchema,
  types: ReadonlySet<string>,
  condition: string | undefined,
): ReadonlySet<string> {
  if (condition === undefined) return types
  const type = schema.getType(condition)
  if (isObjectType(type)) return types.has(type.name) ? new Set([type.name]) : new Set()
  if (!isAbstractType(type)) return new Set()
  const possible = new Set(concreteTypes(schema, type))
  return new Set([...types].filter((name) => possible.has(name)))
}

function isIncluded(selection: SelectionNode, switches: Switches): boolean {
  return (selection.directives ?? []).every((directive) => {
    if (directive.name.value === 'skip') return !conditionOf(directive, switches)
    return directive.name.value !== 'include' || conditionOf(directive, switches)
  })
}

function conditionOf(directive: DirectiveNode, switches: Switches): boolean {
  const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value
  if (value?.kind === Kind.BOOLEAN) return value.value
  return value?.kind === Kind.VARIABLE && switches.get(value.name.value) === true
}

/** The names of the variables that decide `@skip` and `@include` anywhere in the text, sorted. */
export function switchNames(
  definitions: readonly { readonly selectionSet: SelectionSetNode }[],
): string[] {
  const names = new Set<string>()
  const walk = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      for (const { name, arguments: given } of selection.directives ?? []) {
        const value =
          name.value === 'skip' || name.value === 'include' ? given?.[0]?.value : undefined
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value)
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet)
        walk(selection.selectionSet)
    }
  }
  for (const definition of definitions) walk(definition.selectionSet)
  return [...names].sort()
}
