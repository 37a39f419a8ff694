import {
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql'

const depthMax = 4

/**
 * Every value that a type and the value types within it hold, and those of what it leads on to for a few
 * steps: what a subgraph can be asked about one of its entities.
 */
export function valuesOf(type: GraphQLObjectType, depth = 0): string {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    // what the hub keeps to itself is tried by an attack of its own
    if (field.name.startsWith('_')) return []
    if (field.args.some((one) => isNonNullType(one.type) && one.defaultValue === undefined))
      return []
    const named = getNamedType(field.type)
    if (isLeafType(named)) return [field.name]
    if (!isObjectType(named) || depth >= depthMax || leadsBack(named)) return []
    return [`${field.name} ${valuesOf(named, depth + 1)}`]
  })
  return `{ __typename ${fields.join(' ')} }`
}

/** Entities are attacked by themselves; value types belong to what holds them. */
function leadsBack(type: GraphQLObjectType): boolean {
  return type.astNode?.directives?.some(({ name }) => name.value === 'key') ?? false
}
