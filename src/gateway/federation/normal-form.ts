import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql'
import { coded, invariant } from '../../errors.js'
import { completer } from './complete.js'
import { FieldKeys, shapeOf } from './field-keys.js'
import {
  concreteTypes,
  type Occurrence,
  type OperationText,
  occurrencesIn,
  type Switches,
} from './occurrences.js'
import type { Scope, SelectedField, Selection } from './scope.js'

/** Longest text that an operation may have with all fragments opened, in characters. */
export const NORMAL_TEXT_MAX = 400_000

/**
 * One operation with its switches decided: what the planner is asked, and what the client gets. The
 * text holds no fragments, no aliases of the client, no `@skip` or `@include`, and no introspection.
 */
export interface NormalForm {
  /** Null where the subgraphs have nothing to do. */
  readonly text: string | null
  readonly root: Scope
  /** The plan's variables with the client's names. */
  readonly variables: ReadonlyMap<string, string>
  readonly asksIntrospection: boolean
  readonly isMutation: boolean
}

export interface Normaliser {
  readonly schema: GraphQLSchema
  /** Names that no key may take but a field of that name. */
  readonly reserved: ReadonlySet<string>
}

/** The normal form of a valid operation; throws OPERATION_TOO_LARGE where opened fragments pass the limit. */
export function normalForm(
  { schema, reserved }: Normaliser,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  switches: Switches,
): NormalForm {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  }
  const isMutation = operation.operation === OperationTypeNode.MUTATION
  const rootType = schema.getRootType(operation.operation)
  invariant(rootType, 'a valid operation has a root type')
  const keys = new FieldKeys(reserved)
  const builder = new ScopeBuilder({ schema, fragments, switches }, keys, rootType, isMutation)
  const root = builder.scope(rootType, [operation.selectionSet])
  const selected = builder.textOf(root)
  const variables = keys.variables
  const fields = root.only?.fields ?? []
  return {
    text: fields.some(({ source }) => source === 'SUBGRAPH')
      ? `${operation.operation}${declared(operation, variables)}${selected}`
      : null,
    root,
    variables,
    asksIntrospection: fields.some(({ source }) => source === 'INTROSPECTION'),
    isMutation,
  }
}

function declared(
  operation: OperationDefinitionNode,
  variables: ReadonlyMap<string, string>,
): string {
  const written = [...variables].map(([planned, client]) => {
    const node = operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === client,
    )
    invariant(node, 'a valid operation declares its variables')
    return `$${planned}:${print(node.type)}${node.defaultValue ? `=${print(node.defaultValue)}` : ''}`
  })
  return written.length === 0 ? '' : `(${written.join(',')})`
}

/** Builds scopes from the text's selection sets; places that read the same text share one scope. */
class ScopeBuilder {
  readonly #scopes = new Map<string, Scope>()
  readonly #texts = new Map<Scope, string>()
  readonly #called = new Map<SelectedField, string>()
  readonly #ids = new Map<SelectionSetNode, number>()

  constructor(
    readonly text: OperationText,
    readonly keys: FieldKeys,
    readonly rootType: GraphQLObjectType,
    readonly isMutation: boolean,
  ) {}

  scope(parent: GraphQLCompositeType, sets: readonly SelectionSetNode[]): Scope {
    const name = `${parent.name} ${sets.map((set) => this.#idOf(set)).join(' ')}`
    const known = this.#scopes.get(name)
    if (known) return known
    const occurrences = occurrencesIn(this.text, parent, sets)
    const alike = new Map<string, Selection>()
    const selections = new Map<string, Selection>()
    for (const type of concreteTypes(this.text.schema, parent)) {
      const asked = this.#askedOf(type, occurrences)
      const key = asked.map(likeness).join('|')
      const selection = alike.get(key) ?? this.#selection(parent, type, asked)
      alike.set(key, selection)
      selections.set(type, selection)
    }
    const scope = {
      parent,
      selections,
      only: isObjectType(parent) ? (selections.get(parent.name) ?? null) : null,
    }
    this.#scopes.set(name, scope)
    return scope
  }

  #askedOf(type: string, occurrences: readonly Occurrence[]): Asked[] {
    return occurrences.flatMap(({ node, types }, index) =>
      types.has(type) ? [{ node, index, field: this.#fieldOf(type, node.name.value) }] : [],
    )
  }

  #fieldOf(type: string, name: string): Field {
    if (name === '__typename') return TypeNameMetaFieldDef
    const object = this.text.schema.getType(type)
    invariant(isObjectType(object), 'a possible type is an object')
    const field = INTROSPECTION.get(name) ?? object.getFields()[name]
    invariant(field, 'a valid operation selects fields that are there')
    return field
  }

  #selection(parent: GraphQLCompositeType, type: string, asked: readonly Asked[]): Selection {
    const merged = new Map<string, Asked[]>()
    for (const one of asked) {
      const clientKey = one.node.alias?.value ?? one.node.name.value
      const others = merged.get(clientKey)
      if (others) others.push(one)
      else merged.set(clientKey, [one])
    }
    return {
      fields: [...merged].map(([clientKey, all]) => this.#field(parent, type, clientKey, all)),
    }
  }

  #field(
    parent: GraphQLCompositeType,
    type: string,
    clientKey: string,
    all: readonly Asked[],
  ): SelectedField {
    const [first] = all
    invariant(first, 'a field is asked at least once')
    const { field } = first
    const isNonNull = isNonNullType(field.type)
    const common = { clientKey, name: field.name, type: field.type, isNonNull }
    if (field.name === '__typename') {
      const complete = isObjectType(parent) ? () => type : null
      return { ...common, key: '__typename', source: 'TYPENAME', scope: null, complete }
    }
    if (field.name.startsWith('__')) {
      return {
        ...common,
        key: '__typename',
        source: 'INTROSPECTION',
        scope: null,
        complete: (_, __, { introspection }) => introspection?.[clientKey] ?? null,
      }
    }
    const isRoot = parent === this.rootType
    const { key, text } = this.keys.text(first.node, field, {
      isRoot,
      isMutation: isRoot && this.isMutation,
    })
    const named = getNamedType(field.type)
    const sets = all.flatMap(({ node }) => node.selectionSet ?? [])
    const scope = isCompositeType(named) ? this.scope(named, sets) : null
    const selected: SelectedField = {
      ...common,
      key,
      source: 'SUBGRAPH',
      scope,
      complete: completer(field.type, scope, field.name),
    }
    this.#called.set(selected, text)
    return selected
  }

  /** The scope's selection set as text: what all types share first, then what each type has of its own. */
  textOf(scope: Scope): string {
    const known = this.#texts.get(scope)
    if (known !== undefined) return known
    const each = [...scope.selections].map(([type, { fields }]) => ({
      type,
      texts: this.#fieldTexts(fields),
    }))
    const declares = isInterfaceType(scope.parent) ? scope.parent.getFields() : null
    const isShared = (text: string, name: string) =>
      each.every(({ texts }) => texts.has(text)) &&
      (scope.only !== null || Object.hasOwn(declares ?? {}, name))
    const [first] = each
    const shared = new Map([...(first?.texts ?? [])].filter(([text, name]) => isShared(text, name)))
    const parts = [...shared.keys()]
    if (scope.only === null || parts.length === 0) parts.unshift('__typename')
    for (const { type, texts } of each) {
      const own = [...texts.keys()].filter((text) => !shared.has(text))
      if (own.length > 0) parts.push(`... on ${type}{${own.join(' ')}}`)
    }
    const text = `{${parts.join(' ')}}`
    if (text.length > NORMAL_TEXT_MAX) {
      throw coded('OPERATION_TOO_LARGE', {
        limit: 'characters with all fragments opened',
        max: NORMAL_TEXT_MAX,
      })
    }
    this.#texts.set(scope, text)
    return text
  }

  /** The fields' texts with the fields' names. */
  #fieldTexts(fields: readonly SelectedField[]): Map<string, string> {
    const texts = new Map<string, string>()
    for (const field of fields) {
      if (field.source !== 'SUBGRAPH') continue
      const below = field.scope === null ? '' : this.textOf(field.scope)
      texts.set(`${this.#called.get(field)}${below}`, field.name)
    }
    return texts
  }

  #idOf(set: SelectionSetNode): number {
    const id = this.#ids.get(set) ?? this.#ids.size
    this.#ids.set(set, id)
    return id
  }
}

type Field = GraphQLField<unknown, unknown>
interface Asked {
  readonly node: FieldNode
  /** Which occurrence of the place it is. */
  readonly index: number
  readonly field: Field
}

function likeness({ index, field }: Asked): string {
  return `${index} ${shapeOf(field.type)} ${getNamedType(field.type).name}`
}

const INTROSPECTION: ReadonlyMap<string, Field> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
)
