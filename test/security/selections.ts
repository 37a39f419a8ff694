import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql'

/** How a page is asked for, by type and field: arguments in GraphQL's own syntax. */
export type Arguments = (type: string, field: string) => string

/**
 * Everything that a schema can be asked about a type: every field that needs no argument, on every
 * concrete type of an interface, those that differ each under a key of its own, so that nothing is
 * refused for not merging. A type is asked for whole where it is nearest (to `depthMax`),
 * and elsewhere for its leaves.
 */
export function everythingOf(
  schema: GraphQLSchema,
  typeName: string,
  argumentsOf: Arguments = () => '',
  depthMax = Number.POSITIVE_INFINITY,
): string {
  const root = schema.getType(typeName)
  if (!root) throw new TypeError(`no type \`${typeName}\``)
  const nearest = nearestOf(schema, root)
  const set = (type: GraphQLNamedType, depth: number): string => {
    if (isAbstractType(type)) {
      const parts = schema
        .getPossibleTypes(type)
        .map((one) => `... on ${one.name} ${set(one, depth)}`)
      return `{ __typename ${parts.join(' ')} }`
    }
    if (!isObjectType(type)) return '{ __typename }'
    const isWhole = nearest.get(type.name) === depth && depth < depthMax
    const fields = askable(type, argumentsOf).flatMap((field) => {
      const asked = `${keyOf(schema, type, field)}${field.name}${argumentsOf(type.name, field.name)}`
      const named = getNamedType(field.type)
      if (isLeafType(named)) return [asked]
      return isWhole ? [`${asked} ${set(named, depth + 1)}`] : []
    })
    return `{ __typename ${fields.join(' ')} }`
  }
  return set(root, 0)
}

/** How far from the root each type is first met. */
function nearestOf(schema: GraphQLSchema, root: GraphQLNamedType): ReadonlyMap<string, number> {
  const nearest = new Map<string, number>()
  let level: readonly GraphQLNamedType[] = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    const here = level
      .flatMap((type) => (isAbstractType(type) ? [...schema.getPossibleTypes(type)] : [type]))
      .filter(isObjectType)
      .filter(({ name }) => !nearest.has(name))
    for (const { name } of here) nearest.set(name, depth)
    level = here.flatMap((type) =>
      Object.values(type.getFields()).map((one) => getNamedType(one.type)),
    )
  }
  return nearest
}

const askable = (type: GraphQLObjectType, argumentsOf: Arguments) =>
  Object.values(type.getFields()).filter(
    ({ name, args }) =>
      name !== '_subject' &&
      (argumentsOf(type.name, name) !== '' ||
        args.every((one) => !isNonNullType(one.type) || one.defaultValue !== undefined)),
  )

/** A key of its own for a field that has another type in a type that may stand beside this one. */
function keyOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
): string {
  const differs = Object.values(schema.getTypeMap()).some((one) => {
    const other = isObjectType(one) ? one.getFields()[field.name] : undefined
    return other !== undefined && one !== type && String(other.type) !== String(field.type)
  })
  return differs ? `${type.name}_${field.name}: ` : ''
}
