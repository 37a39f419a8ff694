import type { DocumentNode, GraphQLFormattedError } from 'graphql'

/** One fetch, as a subgraph is asked it. */
export interface SubgraphRequest {
  readonly document: DocumentNode
  readonly operationName: string | null
  readonly variables: Record<string, unknown>
  /** The same for the same document, in every process: what a subgraph compiles is kept under it. */
  readonly operationKey: string
}

/** A subgraph's answer. It is the gateway's from here on: what it holds is changed while answers are joined. */
export interface SubgraphAnswer {
  readonly data: Record<string, unknown> | null
  readonly errors?: readonly GraphQLFormattedError[]
  readonly extensions?: Record<string, unknown>
}

/** Asks one subgraph; rejecting costs that fetch's fields only. */
export type SubgraphExecutor<C> = (request: SubgraphRequest, context: C) => Promise<SubgraphAnswer>

/** What one fetch brought in `extensions`, and where the client sees what it is about. */
export interface SubgraphExtensions {
  readonly subgraph: string
  readonly extensions: Record<string, unknown>
  /**
   * The client's paths for a path in the subgraph's answer (`_entities.3.addresses`, `case.parts`):
   * several where one representation serves several places or aliases, none where the client did not
   * ask for it.
   */
  readonly toClientPaths: (path: string | readonly (string | number)[]) => readonly string[]
}
