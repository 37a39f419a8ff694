import { composeServices } from '@theguild/federation-composition'
import { buildASTSchema, type GraphQLError, type GraphQLSchema, parse } from 'graphql'

/** A subgraph's contract as it goes into composition. */
export interface SubgraphContract {
  readonly name: string
  readonly sdl: string
  /** Where it answers; leave out for one that runs in this process. */
  readonly url?: string
}

export interface Composition {
  readonly supergraphSdl: string
  /** What clients see: no federation machinery, nothing `@inaccessible`, our own directives kept. */
  readonly apiSdl: string
  /** `apiSdl` as a schema; its AST nodes carry the directives. */
  readonly apiSchema: GraphQLSchema
}

/** The subgraphs do not fit together; `reasons` are sentences for whoever wrote them. */
export class CompositionError extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(`the subgraphs do not compose:\n${reasons.map((reason) => `- ${reason}`).join('\n')}`)
  }
}

/** Composes subgraphs to one Federation 2 supergraph, or throws a `CompositionError`. */
export function compose(subgraphs: readonly SubgraphContract[]): Composition {
  const composed = composeServices(
    subgraphs.map(({ name, sdl, url }) => ({ name, typeDefs: parsed(name, sdl), url: url ?? '' })),
  )
  if (composed.errors) throw new CompositionError(composed.errors.map(reasonOf))
  const { supergraphSdl, publicSdl } = composed
  return { supergraphSdl, apiSdl: publicSdl, apiSchema: apiSchemaOf(publicSdl) }
}

/** The schema that `apiSdl` says, with the AST nodes that carry the directives. */
export function apiSchemaOf(apiSdl: string): GraphQLSchema {
  return buildASTSchema(parse(apiSdl))
}

function parsed(name: string, sdl: string) {
  try {
    return parse(sdl, { noLocation: true })
  } catch (error) {
    throw new CompositionError([`\`${name}\` is not GraphQL: ${String(error)}`])
  }
}

function reasonOf(error: GraphQLError): string {
  const code = error.extensions['code']
  return typeof code === 'string' ? `${code}: ${error.message}` : error.message
}
