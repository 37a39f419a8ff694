import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql'
import { isStorable } from '../../platform/storable.js'
import { isTree } from './scope.js'

const SAYS =
  'holds a NUL character or half of a surrogate pair, which no text here may: take it out'

/** A validation rule: no text in the document holds what cannot be stored. */
export function storableLiterals(context: ValidationContext): ASTVisitor {
  return {
    StringValue(node) {
      if (!isStorable(node.value))
        context.reportError(new GraphQLError(`a text ${SAYS}`, { nodes: node }))
    },
  }
}

/** The same of the variables; null where all can be stored. */
export function unstorableVariable(variables: Readonly<Record<string, unknown>>) {
  for (const [name, value] of Object.entries(variables)) {
    if (!isStorable(value)) return new GraphQLError(`\`$${placeIn(value, name)}\` ${SAYS}`)
  }
  return null
}

/** Names the field of an input, and no further. */
function placeIn(value: unknown, name: string): string {
  const fields = isTree(value) ? Object.entries(value) : []
  const found = fields.find(([, inner]) => !isStorable(inner))
  return found ? `${name}.${found[0]}` : name
}
