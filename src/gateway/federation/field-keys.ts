import {
  type FieldNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  print,
  type ValueNode,
  visit,
} from 'graphql'

/**
 * The keys under which one operation's fields travel through plan and subgraphs: the field's own
 * name wherever that is free, so that operations that differ in their aliases only share one plan.
 * INVARIANT: within an operation a key means one field with one set of arguments and one shape. So
 * objects that are reached by several paths can share what was fetched for them, no client's alias
 * hides a key field, and no key is one that objects inherit.
 */
export class FieldKeys {
  readonly #keys = new Map<string, string>()
  readonly #taken = new Set<string>()
  readonly #variables = new Map<string, string>()

  constructor(readonly reserved: ReadonlySet<string>) {}

  /** Variables by their name in the plan, with the client's name; the plan's are `v0`, `v1`, … */
  get variables(): ReadonlyMap<string, string> {
    return new Map([...this.#variables].map(([client, planned]) => [planned, client]))
  }

  /** The field with its arguments as the plan's text says it, key included. */
  text(
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    place: { isRoot: boolean; isMutation: boolean },
  ) {
    const given = [...(node.arguments ?? [])]
      .sort((one, other) => (one.name.value < other.name.value ? -1 : 1))
      .map(({ name, value }) => `${name.value}:${this.#value(value)}`)
    const called = given.length === 0 ? '' : `(${given.join(',')})`
    const clientKey = node.alias?.value ?? node.name.value
    const isOwn = place.isMutation || isCompositeType(getNamedType(field.type))
    const identity = [field.name, called, shapeOf(field.type), isOwn ? clientKey : ''].join('|')
    const key =
      this.#keys.get(identity) ?? this.#claim(identity, field.name, called === '' || place.isRoot)
    return { key, text: `${key === field.name ? '' : `${key}:`}${field.name}${called}` }
  }

  #claim(identity: string, name: string, mayBeBare: boolean): string {
    let key = name
    const isFree = (wanted: string) => !this.#taken.has(wanted) && !this.reserved.has(wanted)
    if (!mayBeBare || this.#taken.has(name) || name in Object.prototype) {
      for (let count = 1; !isFree(key); count++) key = `${name}_${count}`
    }
    this.#taken.add(key)
    this.#keys.set(identity, key)
    return key
  }

  #value(value: ValueNode): string {
    return print(
      visit(value, {
        [Kind.VARIABLE]: (node) => ({
          ...node,
          name: { ...node.name, value: this.#variable(node.name.value) },
        }),
      }),
    )
  }

  #variable(client: string): string {
    const planned = this.#variables.get(client) ?? `v${this.#variables.size}`
    this.#variables.set(client, planned)
    return planned
  }
}

/** All names of fields in the schema: no key may be the name of another field. */
export function fieldNames(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) || isInterfaceType(type))
      for (const name of Object.keys(type.getFields())) names.add(name)
  }
  return names
}

/** What two fields must share to travel under one key: lists, nulls, and the type of a leaf. */
export function shapeOf(type: GraphQLOutputType): string {
  if (isNonNullType(type)) return `${shapeOf(type.ofType)}!`
  if (isListType(type)) return `[${shapeOf(type.ofType)}]`
  return isCompositeType(type) ? '' : type.name
}
