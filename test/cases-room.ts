import { randomUUID } from 'node:crypto'
import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql'
import { buildSchemaSync } from 'type-graphql'
import type { CasesContext, Change, WriteTarget } from '../src/cases/context.js'
import { casesSubgraph } from '../src/cases/subgraph.js'
import { recordWishes, wishesOf } from '../src/consent/store.js'
import { CodedError, coded } from '../src/errors.js'
import type { Database } from '../src/platform/database.js'
import { CATEGORIES } from '../src/sharing/vocabulary.js'
import { AGENCIES, MEMBERS, NOW } from './small-caseload.js'

/** The subgraph `cases` with nothing withheld: for tests of what it loads and writes. */
export interface CasesRoom {
  ask(query: string, variables?: object): Promise<ExecutionResult<Record<string, unknown>>>
  /** Sends a change with an `Idempotency-Key` of its own, or the one given. */
  write(query: string, input: object, key?: string | null): Promise<Written>
  readonly appended: Change[]
  /** A context as a request gets it. */
  context(key?: string | null): CasesContext
}
export interface Written {
  readonly id: string | null
  readonly code: string | null
  readonly field: string | null
}

let schema: GraphQLSchema | null = null

export function casesRoom(
  database: Database,
  subject: string,
  options: {
    readonly may?: (right: string, of: WriteTarget) => boolean
    readonly whereabouts?: readonly string[]
    readonly seesCases?: boolean
    readonly now?: () => Date
    readonly found?: readonly string[]
    readonly append?: (change: Change) => Promise<void>
  } = {},
): CasesRoom {
  schema ??= buildSchemaSync({
    resolvers: [...casesSubgraph.resolvers] as unknown as [() => void],
    orphanedTypes: [...casesSubgraph.types],
    validate: false,
    skipCheck: true,
  })
  const built = schema
  const member = MEMBERS.find((one) => one.subject === subject)
  const agency = AGENCIES.get(member?.agency ?? '')
  const appended: Change[] = []
  const context = (key: string | null = randomUUID()): CasesContext => ({
    sql: database,
    asker: {
      agency: { id: agency?.id ?? '', kind: agency?.kind ?? '' },
      subject,
      roles: member?.roles ?? [],
      purpose: 'P',
    },
    now: options.now ?? (() => NOW),
    newId: randomUUID,
    agencies: AGENCIES,
    caseScope: { whole: true, allocated: true, referred: false },
    access: {
      exist: async (tags) => tags.map(() => options.seesCases ?? true),
      whole: async (tags) => tags.map(() => true),
    },
    seal: (text) => `sealed ${text}`,
    unseal: (text) => text.replace('sealed ', ''),
    wishesOf: (holders) => wishesOf(database, holders),
    writing: {
      idempotencyKey: key,
      mayWrite: async (right, of) => {
        if (options.may && !options.may(right, of)) throw coded('NOT_PERMITTED')
      },
      append: async (_, change) => {
        await options.append?.(change)
        appended.push(change)
      },
      emergencyCategories: () => CATEGORIES,
      mustKnow: async () => [...AGENCIES.keys()],
      partsNamed: async () => options.found ?? [],
      reviewersOf: (agencies) => agencies.map((agency) => ({ agency, role: 'REVIEWING' })),
      whoWillSee: async () => [
        { agency: 'force', role: 'DETECTING', purpose: 'P', decision: 'SHARE', clause: '1' },
      ],
      whereaboutsOf: async () => options.whereabouts ?? [],
      personOfCandidate: async (_, { candidateId }) =>
        candidateId.startsWith('person-') ? candidateId : null,
      recordWish: async (tx, wish) =>
        (await recordWishes(tx, [{ ...wish, sourceKey: null }]))[0] ?? '',
    },
  })
  const ask = async (query: string, variables: object = {}, key?: string | null) =>
    (await graphql({
      schema: built,
      source: query,
      contextValue: context(key),
      variableValues: { ...variables },
    })) as ExecutionResult<Record<string, unknown>>
  return {
    appended,
    context,
    ask,
    async write(mutation, input, key) {
      const type = mutation[0]?.toUpperCase() + mutation.slice(1)
      const query = `mutation($input: ${type}Input!) { done: ${mutation}(input: $input) { id case { id } } }`
      const { data, errors } = await ask(query, { input }, key)
      const error = errors?.[0]
      const original = error?.originalError
      if (error && !(original instanceof CodedError)) throw error
      const done = data?.['done'] as { id: string } | null | undefined
      return {
        id: done?.id ?? null,
        code: original instanceof CodedError ? original.code : null,
        field: original instanceof CodedError ? original.field : null,
      }
    },
  }
}
