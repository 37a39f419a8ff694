import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql'

/**
 * An operation that asks for everything the API schema can reach from a root field: every field of
 * every concrete type, fragments on all types of an interface. An entity is asked for in full where it
 * stands nearest to the root, elsewhere by its id alone; so the operation is finite and says all once.
 */
export function wholeOperation(schema: GraphQLSchema, root: string, first = 100): string {
  const field = schema.getQueryType()?.getFields()[root]
  if (!field) throw new TypeError(`no root field \`${root}\``)
  const required = field.args.filter((one) => isNonNullType(one.type) && one.name !== 'first')
  const variables = required.map((one) => `$${one.name}: ${String(one.type)}`).join(', ')
  const passed = required.map((one) => `${one.name}: $${one.name}`)
  const type = getNamedType(field.type)
  const writer = new Writer(schema, first, depths(schema, type))
  return `query Whole${variables && `(${variables})`} { ${root}${writer.argumentsOf(field, passed)} ${writer.selection(type, 0, new Set())} }`
}

type Field = GraphQLField<unknown, unknown>

/** The least number of steps from a type to every entity that can be reached from it. */
function depths(schema: GraphQLSchema, from: GraphQLNamedType): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  let level = concrete(schema, from)
  for (let depth = 0; level.length > 0; depth += 1) {
    const fresh = level.filter((one) => !found.has(one.name))
    for (const one of fresh) found.set(one.name, depth)
    level = fresh.flatMap((one) =>
      Object.values(one.getFields()).flatMap((field) => concrete(schema, getNamedType(field.type))),
    )
  }
  return found
}

function concrete(schema: GraphQLSchema, type: GraphQLNamedType): GraphQLObjectType[] {
  if (isAbstractType(type)) return [...schema.getPossibleTypes(type)]
  return isObjectType(type) ? [type] : []
}

class Writer {
  private readonly written = new Set<string>()

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly first: number,
    private readonly depths: ReadonlyMap<string, number>,
  ) {}

  argumentsOf(field: Field, passed: readonly string[] = []): string {
    const pages = field.args.some((one) => one.name === 'first') ? [`first: ${this.first}`] : []
    const all = [...passed, ...pages]
    return all.length === 0 ? '' : `(${all.join(', ')})`
  }

  selection(type: GraphQLNamedType, depth: number, above: ReadonlySet<string>): string {
    if (!isAbstractType(type)) return isObjectType(type) ? this.object(type, depth, above) : ''
    const parts = this.schema
      .getPossibleTypes(type)
      .map((one) => `... on ${one.name} ${this.object(one, depth, above)}`)
    return `{ __typename ${parts.join(' ')} }`
  }

  private object(type: GraphQLObjectType, depth: number, above: ReadonlySet<string>): string {
    const isEntity = type.getFields()['id'] !== undefined && type.name !== 'Agency'
    if (isEntity) {
      if (this.written.has(type.name) || depth > (this.depths.get(type.name) ?? 0))
        return '{ __typename id }'
      this.written.add(type.name)
    }
    const inside = new Set([...above, type.name])
    const fields = Object.values(type.getFields()).flatMap((field) => {
      const named = getNamedType(field.type)
      const key = this.keyOf(type, field)
      if (isLeafType(named)) return [`${key}${field.name}`]
      if (!isCompositeType(named) || inside.has(named.name)) return []
      return [
        `${key}${field.name}${this.argumentsOf(field)} ${this.selection(named, depth + 1, inside)}`,
      ]
    })
    return `{ __typename ${fields.join(' ')} }`
  }

  /** Fields of one name may differ in type between the types of an interface: each gets a key of its own. */
  private keyOf(type: GraphQLObjectType, field: Field): string {
    const differs = type
      .getInterfaces()
      .flatMap((one) => [...this.schema.getPossibleTypes(one)])
      .some((one) => {
        const other = one.getFields()[field.name]
        return other !== undefined && String(other.type) !== String(field.type)
      })
    return differs ? `${type.name}_${field.name}: ` : ''
  }
}
