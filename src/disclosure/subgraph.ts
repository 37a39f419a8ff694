import 'reflect-metadata'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { getDocumentNodeFromSchema } from '@graphql-tools/utils'
import {
  buildASTSchema,
  type DefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  parse,
  print,
  specifiedDirectives,
} from 'graphql'
import {
  type BuildSchemaOptions,
  buildSchemaSync,
  createResolversMap,
  type NonEmptyArray,
  Query,
  Resolver,
} from 'type-graphql'
import { invariant } from '../errors.js'

/** A reference as federation sends it: the type's name and its key. */
export interface Reference {
  readonly __typename: string
  readonly id?: string
  readonly key?: string
}

/**
 * Hides the keys that stay inside federation from whoever stands in front of a subgraph and is not our
 * gateway: the same key looks different each time, and only what was given to this caller is taken.
 */
export interface KeyCover {
  cover(key: string): string
  /** Null for anything else than what `cover` gave this caller. */
  uncover(covered: string): string | null
}
interface MayCover {
  readonly keyCover?: KeyCover
}

/** Resolves references of one type in one batch; null where there is nothing (or nothing that may be known). */
export type ReferenceResolver<Context> = (
  references: readonly Reference[],
  context: Context,
) => Promise<readonly (object | null)[]>

/** What a room or a kind of agency offers as its subgraph: type-graphql classes and reference resolvers. */
export interface SubgraphDefinition<Context> {
  readonly name: string
  readonly resolvers: readonly GraphClassLike[]
  readonly types: readonly GraphClassLike[]
  readonly references: Readonly<Record<string, ReferenceResolver<Context>>>
}
/** A decorated class; resolvers are constructed by type-graphql, types never are. */
export type GraphClassLike = abstract new (...parameters: never[]) => object

export interface Subgraph<Context> {
  readonly name: string
  /** The contract: what composition reads and the repository commits. */
  readonly sdl: string
  /** Runs it: the contract with federation's roots and the hidden field `_subject`. */
  readonly schema: GraphQLSchema
  readonly definition: SubgraphDefinition<Context>
}

/** The hidden field of everything that has a subject; only a disclosure plan asks for it. */
export const SUBJECT_FIELD = '_subject'

/** Federation's own directives, as far as an executable schema needs to know them. */
const FEDERATION = `
directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @shareable on OBJECT | FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT
scalar _Any
scalar _Subject
`

@Resolver()
class NoQueries {
  @Query(() => String, { nullable: true })
  _none(): string | null {
    return null
  }
}

/** Builds a subgraph from its classes. `governance` is the text of `schema/governance.graphql`. */
export function buildSubgraph<Context extends object & MayCover>(
  definition: SubgraphDefinition<Context>,
  governance: string,
): Subgraph<Context> {
  const directiveText = governance.slice(governance.indexOf('"""'))
  const ours = buildASTSchema(parse(`${directiveText}\ntype Query { _none: String }`), {
    assumeValidSDL: true,
  })
  const resolvers = definition.resolvers.length > 0 ? definition.resolvers : [NoQueries]
  const options = {
    resolvers: resolvers as unknown as NonEmptyArray<() => unknown>,
    orphanedTypes: definition.types as unknown as BuildSchemaOptions['orphanedTypes'],
    directives: [
      ...specifiedDirectives,
      ...ours.getDirectives().filter((one) => ['category', 'open', 'subject'].includes(one.name)),
    ],
    skipCheck: true,
    validate: false,
  }
  const classes = buildSchemaSync(options as unknown as BuildSchemaOptions)
  const body = contractText(classes)
  return {
    name: definition.name,
    sdl: `${governance.slice(0, governance.indexOf('"""'))}${body}`,
    schema: executable(definition, body, createResolversMap(classes) as ResolverMap),
    definition,
  }
}

/**
 * The classes as text, by name, for they come in the order in which their modules happened to be loaded;
 * without the parts that stand in only so that the builder is content.
 */
function contractText(schema: GraphQLSchema): string {
  const document = getDocumentNodeFromSchema(schema)
  const definitions = [...document.definitions].sort((one, other) =>
    nameOf(one) < nameOf(other) ? -1 : 1,
  )
  return print({ ...document, definitions })
    .replace(/^schema\s*\{[^}]*\}\s*/m, '')
    .replace(/^\s*_none: String\n/gm, '')
    .replace(/^type Query\s*\{\s*\}\s*/m, '')
    .concat('\n')
}

const nameOf = (node: DefinitionNode): string => ('name' in node ? (node.name?.value ?? '') : '')

type ResolverMap = Record<string, unknown>

function executable<Context extends object & MayCover>(
  definition: SubgraphDefinition<Context>,
  body: string,
  resolvers: ResolverMap,
): GraphQLSchema {
  const entities = Object.keys(definition.references)
  const hasQuery = /^type Query\b/m.test(body)
  const entityFields = entities.length > 0 ? '_entities(representations: [_Any!]!): [_Entity]!' : ''
  const plain = buildASTSchema(
    parse(FEDERATION + body + (hasQuery ? '' : '\ntype Query { _none: String }')),
    { assumeValidSDL: true },
  )
  const subjects = Object.values(plain.getTypeMap())
    .filter(
      (type) =>
        (isObjectType(type) && hasSubject(type.astNode?.directives)) ||
        (isInterfaceType(type) &&
          plain.getPossibleTypes(type).some((one) => hasSubject(one.astNode?.directives))),
    )
    .map(
      (type) =>
        `extend ${isInterfaceType(type) ? 'interface' : 'type'} ${type.name} { ${SUBJECT_FIELD}: _Subject }`,
    )
  const typeDefs = [
    FEDERATION,
    body,
    hasQuery
      ? `extend type Query { _service: _Service! ${entityFields} }`
      : `type Query { _service: _Service! ${entityFields} }`,
    'type _Service { sdl: String }',
    entities.length > 0 ? `union _Entity = ${entities.join(' | ')}` : '',
    ...subjects,
  ]
  const merged: ResolverMap = {
    ...resolvers,
    Query: { ...(resolvers['Query'] as object | undefined), _service: () => ({ sdl: body }) },
  }
  if (entities.length > 0) {
    merged['_Entity'] = { __resolveType: typenameOf }
    ;(merged['Query'] as ResolverMap)['_entities'] = entitiesResolver(definition, plain)
  }
  for (const type of Object.values(plain.getTypeMap())) {
    if (isInterfaceType(type)) merged[type.name] = { __resolveType: typenameOf }
    else if (isObjectType(type) && hasSubject(type.astNode?.directives)) {
      merged[type.name] = {
        ...(resolvers[type.name] as object | undefined),
        [SUBJECT_FIELD]: (source: { subject?: unknown }) => source.subject,
        ...coveredKeys(type),
      }
    }
  }
  return makeExecutableSchema({
    typeDefs,
    resolvers: merged as never,
    resolverValidationOptions: { requireResolversToMatchSchema: 'ignore' },
  })
}

function hasSubject(
  directives: readonly { readonly name: { readonly value: string } }[] | undefined,
): boolean {
  return directives?.some((one) => one.name.value === 'subject') ?? false
}

function typenameOf(source: { __typename?: string }): string {
  invariant(typeof source.__typename === 'string', 'an abstract value names its type')
  return source.__typename
}

/** Fields of a type that no client may see: keys of federation's own. */
function innerKeys(type: GraphQLNamedType | undefined): readonly string[] {
  if (!isObjectType(type)) return []
  return Object.values(type.getFields())
    .filter((one) => one.astNode?.directives?.some(({ name }) => name.value === 'inaccessible'))
    .map((one) => one.name)
}

function coveredKeys(type: GraphQLNamedType): ResolverMap {
  return Object.fromEntries(
    innerKeys(type).map((name) => [
      name,
      (source: Readonly<Record<string, unknown>>, _input: unknown, { keyCover }: MayCover) => {
        const key = source[name]
        return keyCover && typeof key === 'string' ? keyCover.cover(key) : key
      },
    ]),
  )
}

/** References with their keys as they are inside; null where a key was not given to this caller. */
function uncovered(
  reference: Reference,
  keys: readonly string[],
  { keyCover }: MayCover,
): Reference | null {
  if (!keyCover || keys.length === 0) return reference
  const inside: Record<string, unknown> = { ...reference }
  for (const name of keys) {
    const covered = inside[name]
    if (covered === undefined) continue
    const key = typeof covered === 'string' ? keyCover.uncover(covered) : null
    if (key === null) return null
    inside[name] = key
  }
  return { ...inside, __typename: reference.__typename }
}

/** One call for each type of the batch; answers stand where their references stood. */
function entitiesResolver<Context extends MayCover>(
  definition: SubgraphDefinition<Context>,
  schema: GraphQLSchema,
) {
  const keysOf = new Map(
    Object.keys(definition.references).map((name) => [name, innerKeys(schema.getType(name))]),
  )
  return async (
    _root: unknown,
    { representations }: { representations: readonly Reference[] },
    context: Context,
  ): Promise<(object | null)[]> => {
    const answers = new Array<object | null>(representations.length).fill(null)
    const byType = new Map<string, number[]>()
    representations.forEach((one, index) => {
      const places = byType.get(one.__typename)
      if (places) places.push(index)
      else byType.set(one.__typename, [index])
    })
    await Promise.all(
      [...byType].map(async ([typename, places]) => {
        const resolve = Object.hasOwn(definition.references, typename)
          ? definition.references[typename]
          : undefined
        if (!resolve) return
        const keys = keysOf.get(typename) ?? []
        const asked = places.flatMap((place) => {
          const reference = representations[place]
          const inside = reference ? uncovered(reference, keys, context) : null
          return inside ? [{ place, inside }] : []
        })
        const found = await resolve(
          asked.map((one) => one.inside),
          context,
        )
        asked.forEach(({ place }, index) => {
          const entity = found[index]
          answers[place] = entity ? withTypename(entity, typename) : null
        })
      }),
    )
    return answers
  }
}

function withTypename(entity: object, typename: string): object {
  return '__typename' in entity ? entity : Object.assign(entity, { __typename: typename })
}
