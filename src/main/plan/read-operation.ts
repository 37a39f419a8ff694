import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { CodedError, coded } from '../../errors.js'
import { operationLimits } from '../../gateway/operation-limits.js'
import type { Configuration } from '../../platform/config.js'

/** Parses and checks an operation's text as the door would; throws OPERATION_INVALID. */
export function readOperation(
  text: string,
  operationName: string | null,
  by: {
    readonly schema: GraphQLSchema
    readonly limits: Configuration['limits']
    readonly introspection: boolean
  },
): { readonly document: DocumentNode; readonly operation: OperationDefinitionNode } {
  const document = parsed(text, by)
  // Limits first, so that nothing dear is done for a document that passes them.
  const first =
    validate(by.schema, document, [operationLimits(by.limits)])[0] ??
    validate(by.schema, document, [
      ...specifiedRules,
      ...(by.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
    ])[0]
  if (first?.extensions['code'] === 'OPERATION_TOO_LARGE')
    throw new CodedError('OPERATION_TOO_LARGE', first.message, null, null)
  if (first) throw invalid(first.message, by.introspection)
  const operation = getOperationAST(document, operationName)
  if (!operation)
    throw coded('OPERATION_INVALID', {
      reason: 'name one operation of the document by `operationName`',
    })
  return { document, operation }
}

function parsed(
  text: string,
  by: { readonly limits: Configuration['limits']; readonly introspection: boolean },
): DocumentNode {
  try {
    return parse(text, { maxTokens: by.limits.tokensMax })
  } catch (error) {
    if (error instanceof GraphQLError) throw invalid(error.message, by.introspection)
    throw error
  }
}

/** Where the schema may not be asked for, an error does not suggest names from it either. */
function invalid(message: string, introspection: boolean): CodedError {
  const reason = introspection ? message : message.replace(/ Did you mean .*$/s, '')
  return coded('OPERATION_INVALID', { reason })
}
