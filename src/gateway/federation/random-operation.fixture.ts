import fc from 'fast-check'
import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isUnionType,
} from 'graphql'
import { concreteTypes } from './occurrences.js'

const ALIASES = ['x', 'y', 'id', 'title', '__proto__', 'constructor', 'copies_1']
const SWITCHES = [
  '@include(if: $yes)',
  '@skip(if: $yes)',
  '@include(if: $no)',
  '@skip(if: $no)',
  '@include(if: true)',
]
const VALUES: Readonly<Record<string, readonly string[]>> = {
  ID: ['"b1"', '"b3"', '"f2"', '"f3"', '"none"', '$id'],
  Int: ['0', '1', '3', '$min'],
  String: ['"b"', '"1"', '"zz"'],
  Kind: ['[BOOK]', '[FILM, BOOK]', '[]', 'null'],
}

/**
 * Operations over a schema, by chance: aliases, fragments of all sorts, switches, arguments, nesting.
 * Some do not fit the schema (clashing aliases); the test sorts them out.
 */
export function randomQuery(schema: GraphQLSchema): fc.Arbitrary<string> {
  const root = schema.getQueryType()
  if (!root) throw new Error('the schema has queries')
  return fc.array(fc.nat(1_000_000), { minLength: 30, maxLength: 200 }).map((chances) => {
    const writer = new Writer(schema, chances)
    const selected = writer.selection(root, 4)
    const used = (text: string) =>
      [
        ['$yes', 'Boolean!'],
        ['$no', 'Boolean!'],
        ['$id', 'ID!'],
        ['$min', 'Int'],
      ].filter(([name]) => text.includes(`${name}`))
    const text = [selected, ...writer.fragments].join(' ')
    const declared = used(text).map(([name, type]) => `${name}: ${type}`)
    return `query ${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${text}`
  })
}

class Writer {
  readonly fragments: string[] = []
  #at = 0

  constructor(
    readonly schema: GraphQLSchema,
    readonly chances: readonly number[],
  ) {}

  selection(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.#below(4)
    const pieces = Array.from({ length: count }, () => this.#piece(type, depth))
    return `{ ${pieces.join(' ')} }`
  }

  #below(bound: number): number {
    this.#at += 1
    return (this.chances[this.#at % this.chances.length] ?? 0) % bound
  }

  #oneOf<T>(values: readonly T[]): T {
    const value = values[this.#below(values.length)]
    if (value === undefined) throw new Error('there is something to choose from')
    return value
  }

  #piece(type: GraphQLCompositeType, depth: number): string {
    if (depth > 1 && this.#below(4) === 0) return this.#fragment(type, depth - 1)
    if (isUnionType(type) || this.#below(12) === 0) return '__typename'
    const fields = Object.values(type.getFields()).filter(
      ({ type: of }) => depth > 1 || !isCompositeType(getNamedType(of)),
    )
    return fields.length === 0 ? '__typename' : this.#field(this.#oneOf(fields), depth)
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const named = getNamedType(field.type)
    const alias = this.#below(6) === 0 ? `${this.#oneOf(ALIASES)}: ` : ''
    const given = field.args.map((arg) => this.#argument(arg)).filter((text) => text !== '')
    const below = isCompositeType(named) ? this.selection(named, depth - 1) : ''
    return `${alias}${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${this.#switch()} ${below}`
  }

  #argument({ name, type }: GraphQLArgument): string {
    if (!String(type).endsWith('!') && this.#below(3) === 0) return ''
    return `${name}: ${this.#oneOf(VALUES[getNamedType(type).name] ?? [])}`
  }

  #switch(): string {
    return this.#below(7) === 0 ? this.#oneOf(SWITCHES) : ''
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const other = this.#oneOf(this.#overlapping(type))
    const body = this.selection(other, depth)
    const kind = this.#below(3)
    if (kind === 0 && other === type) return `... ${this.#switch()} ${body}`
    if (kind === 1) return `... on ${other.name} ${this.#switch()} ${body}`
    const name = `F${this.fragments.length}`
    this.fragments.push(`fragment ${name} on ${other.name} ${body}`)
    return `...${name} ${this.#switch()} ${this.#below(3) === 0 ? `...${name}` : ''}`
  }

  #overlapping(type: GraphQLCompositeType): GraphQLCompositeType[] {
    const types = Object.values(this.schema.getTypeMap()).filter(isCompositeType)
    return types.filter((other) => !other.name.startsWith('__') && this.#overlap(type, other))
  }

  #overlap(one: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
    const possible = (type: GraphQLCompositeType) => concreteTypes(this.schema, type)
    return possible(one).some((name) => possible(other).includes(name))
  }
}
