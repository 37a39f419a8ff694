import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isNonNullType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/**
 * Variables that stand where null may not. Validation lets one that may be null stand there where a default
 * helps whoever leaves it out; given as null all the same it must not reach a resolver.
 */
export function neverNull(schema: GraphQLSchema, document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>()
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      Variable({ name }) {
        if (isNonNullType(types.getInputType())) found.add(name.value)
      },
    }),
  )
  return found
}

/** What is wrong where one of them is null. */
export function misplacedNull(
  names: ReadonlySet<string>,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | null {
  const found = [...names].find((name) => variables[name] === null)
  if (found === undefined) return null
  return new GraphQLError(`\`$${found}\` may not be null where it stands: leave it out`)
}
