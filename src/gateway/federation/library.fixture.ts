import { makeExecutableSchema } from '@graphql-tools/schema'
import { execute, type GraphQLSchema, Kind, parse, print, validate, visit } from 'graphql'
import { type Composition, compose } from './compose.js'
import { createFederation, type Federation, type FederationSettings } from './federation.js'
import { Library } from './library-store.fixture.js'
import { createPlanner } from './planner/planner.js'
import type { SubgraphExecutor, SubgraphRequest } from './subgraph.js'

/** A lending library over three subgraphs: interfaces, unions, entities with one and with two keys, lists in lists. */
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@inaccessible", "@composeDirective"])
  @link(url: "https://example.org/shelf/v1.0", import: ["@shelf"]) @composeDirective(name: "@shelf")
directive @shelf(at: String!) on FIELD_DEFINITION
`
export const CONTRACTS: Readonly<Record<string, string>> = {
  catalogue: `${LINK}
    type Query {
      item(id: ID!): Item
      items(kinds: [Kind!]): [Item!]!
      book(id: ID!): Book
      shelf: [[Item]!]
      search(text: String!): [Found]
      reader(id: ID!): Reader
    }
    type Mutation { rename(id: ID!, input: Rename!): Item addTag(id: ID!, tag: String! = "new"): [String!]! }
    input Rename { title: String! note: String = "none" }
    enum Kind { BOOK FILM }
    union Found = Book | Film | Author
    interface Item { id: ID! title: String kind: Kind sequel: Item related: [Item!] author: Author tags: [String!] }
    type Book implements Item @key(fields: "id") {
      id: ID! title: String @shelf(at: "A1") kind: Kind sequel: Item related: [Item!] author: Author tags: [String!] pages: Int
    }
    type Film implements Item @key(fields: "id") {
      id: ID! title: String kind: Kind sequel: Item related: [Item!] author: Author tags: [String!] minutes: Int
    }
    type Author @key(fields: "country number") {
      country: String! number: Int! @inaccessible name: String home: Place works(first: Int = 2): [Item!]
    }
    type Place { town: String street: String! }
    type Reader @key(fields: "id") { id: ID! name: String! }`,
  loans: `${LINK}
    type Query { loans(first: Int = 3): [Loan!]! }
    type Mutation { lend(item: ID!, reader: ID!): Loan giveBack(loan: ID!): Boolean }
    interface Item { id: ID! copies: Int loans: [Loan!] }
    type Book implements Item @key(fields: "id") { id: ID! copies: Int! loans: [Loan!] }
    type Film implements Item @key(fields: "id") { id: ID! copies: Int loans: [Loan!] }
    type Loan @key(fields: "id") { id: ID! item: Item! reader: Reader until: String! }
    type Reader @key(fields: "id") { id: ID! loans: [Loan!] limit: Int! }`,
  reviews: `${LINK}
    interface Item { id: ID! reviews(min: Int): [Review!] stars: Float }
    type Book implements Item @key(fields: "id") { id: ID! reviews(min: Int): [Review!] stars: Float }
    type Film implements Item @key(fields: "id") { id: ID! reviews(min: Int): [Review!] stars: Float }
    type Review { by: Reader text: String about: Item mood: [[Int!]] }
    type Reader @key(fields: "id") { id: ID! reviews: [Review!]! }
    type Author @key(fields: "country number") { country: String! number: Int! @inaccessible stars: Float }`,
}

export const SUBGRAPHS = Object.keys(CONTRACTS)

let composition: Composition | undefined

export function composed(): Composition {
  composition ??= compose(
    SUBGRAPHS.map((name) => ({ name, sdl: CONTRACTS[name] ?? '', url: `http://${name}.invalid` })),
  )
  return composition
}

/** What the executors of one world have been asked. */
export interface Asked {
  readonly subgraph: string
  readonly request: SubgraphRequest
}

export interface LibraryWorld {
  readonly composition: Composition
  readonly store: Library
  readonly federation: Federation<unknown>
  readonly executors: Readonly<Record<string, SubgraphExecutor<unknown>>>
  /** The same library as one schema. */
  readonly merged: GraphQLSchema
  readonly asked: Asked[]
}

/** A library behind a federation; the caller closes the federation. */
export function openLibrary(settings: Partial<FederationSettings<unknown>> = {}): LibraryWorld {
  const composition = composed()
  const store = new Library()
  const asked: Asked[] = []
  const executors = Object.fromEntries(
    SUBGRAPHS.map((name) => [name, executorOf(name, store, asked)]),
  )
  const { supergraphSdl, apiSchema, apiSdl } = composition
  const planner = settings.planner ?? createPlanner({ supergraphSdl })
  const federation = createFederation<unknown>({
    supergraphSdl,
    apiSchema,
    subgraphs: executors,
    ...settings,
    planner,
  })
  const merged = makeExecutableSchema({ typeDefs: apiSdl, resolvers: store.resolversFor(apiSdl) })
  return { composition, store, federation, executors, merged, asked }
}

/** One subgraph as a schema of its own, with `_entities`. */
export function subgraphSchema(name: string, store: Library): GraphQLSchema {
  const body = visit(parse(CONTRACTS[name] ?? ''), {
    [Kind.DIRECTIVE]: () => null,
    [Kind.DIRECTIVE_DEFINITION]: () => null,
    [Kind.SCHEMA_EXTENSION]: () => null,
  })
  const entities = body.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION &&
    /^(Book|Film|Loan|Reader|Author)$/.test(node.name.value)
      ? [node.name.value]
      : [],
  )
  const hasQuery = body.definitions.some(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Query',
  )
  const sdl = `${print(body)}
    scalar _Any union _Entity = ${entities.join(' | ')}
    ${hasQuery ? 'extend type' : 'type'} Query { _entities(representations: [_Any!]!): [_Entity]! }`
  const resolvers = store.resolversFor(sdl)
  return makeExecutableSchema({
    typeDefs: sdl,
    resolvers: {
      ...resolvers,
      Query: {
        ...resolvers['Query'],
        _entities: (_: unknown, given: { representations: unknown[] }) =>
          store.entities(name, given.representations),
      },
    },
  })
}

function executorOf(name: string, store: Library, asked: Asked[]): SubgraphExecutor<unknown> {
  const schema = subgraphSchema(name, store)
  return async (request, contextValue) => {
    asked.push({ subgraph: name, request })
    const problems = validate(schema, request.document)
    if (problems.length > 0)
      throw new Error(`${name} is asked what it does not have: ${problems[0]?.message}`)
    const { data, errors } = await execute({
      schema,
      document: request.document,
      variableValues: request.variables,
      contextValue,
    })
    return JSON.parse(JSON.stringify({ data: data ?? null, ...(errors && { errors }) }))
  }
}
