import {
  type DocumentNode,
  type ExecutionResult,
  executeSync,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** Answers the introspection fields of an operation from the schema that clients see. */
export function introspect(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variableValues: Record<string, unknown>,
): ExecutionResult {
  const only = onlyIntrospection(document, operation)
  return executeSync({ schema, document: only, variableValues })
}

/** The operation with no other root fields than those of introspection. */
function onlyIntrospection(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): DocumentNode {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  const atRoot = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD)
        return /^__(schema|type)$/.test(selection.name.value) ? [selection] : []
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return [{ ...selection, selectionSet: atRoot(selection.selectionSet) }]
      const fragment = fragments.find(({ name }) => name.value === selection.name.value)
      if (!fragment) return []
      const { directives } = selection
      return [
        {
          kind: Kind.INLINE_FRAGMENT,
          ...(directives && { directives }),
          selectionSet: atRoot(fragment.selectionSet),
        },
      ]
    }),
  })
  return {
    ...document,
    definitions: [{ ...operation, selectionSet: atRoot(operation.selectionSet) }, ...fragments],
  }
}
