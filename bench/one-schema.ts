import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { makeExecutableSchema } from '@graphql-tools/schema'
import DataLoader from 'dataloader'
import { printSchema } from 'graphql'
import { type CaseRow, caseRows, type PartRow, partRowsOfCases } from '../src/cases/store/rows.js'
import type { Hub } from '../src/main/hub.js'
import { type Located, recordsOfPersons } from '../src/records/index-store.js'
import { syntheticRecord } from './synthetic-kinds.js'

interface Loaders {
  readonly parts: DataLoader<string, readonly PartRow[]>
  readonly records: DataLoader<string, readonly Located[]>
}

/** Whose cases are listed. */
export interface Whose {
  readonly subject: string
  readonly agency: string
}

/**
 * The peer: one schema with plain resolvers behind Apollo Server as it comes. It reads the same rows with
 * the hub's own statements, batched by DataLoader, and shares nothing of federation, rules or log.
 * `logged`: a plain committed INSERT before each answer, which is the least that a log can be.
 */
export async function startOneSchema(
  hub: Hub,
  { logged, asker }: { readonly logged: boolean; readonly asker: Whose },
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = new ApolloServer<Loaders>({
    schema: makeExecutableSchema({
      typeDefs: printSchema(hub.contract.apiSchema),
      resolvers: resolversOver(hub, asker),
      resolverValidationOptions: { requireResolversForResolveType: 'ignore' },
    }),
    stopOnTerminationSignals: false,
    plugins: logged ? [plainLog(hub)] : [],
  })
  if (logged)
    await hub.database.query(
      'create table if not exists public.plain_log (id bigint generated always as identity primary key, at timestamptz not null default now(), entry jsonb not null)',
    )
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: '127.0.0.1' },
    context: () => Promise.resolve(loadersOf(hub)),
  })
  return { url, close: () => server.stop() }
}

function loadersOf({ database }: Hub): Loaders {
  return {
    parts: new DataLoader(async (ids) => {
      const rows = Map.groupBy(await partRowsOfCases(database, ids, null), (one) => one.case_id)
      return ids.map((id) => rows.get(id) ?? [])
    }),
    records: new DataLoader(async (keys) => {
      const found = await recordsOfPersons(database, keys)
      return keys.map((key) => found.get(key) ?? [])
    }),
  }
}

function resolversOver(hub: Hub, asker: Whose) {
  return {
    Query: {
      cases: async (_: unknown, { first }: { first: number }) => {
        const ids = await hub.database.query<{ id: string }>(
          `select distinct case_id as id from cases.allocation
           where subject = $1 and member_agency = $2 and to_at is null order by 1 limit $3`,
          [asker.subject, asker.agency, first],
        )
        const rows = await caseRows(
          hub.database,
          ids.map((one) => one.id),
          null,
        )
        const byId = new Map(rows.map((row) => [row.id, row]))
        return { edges: ids.map(({ id }) => ({ node: byId.get(id) })) }
      },
    },
    Case: {
      isOpen: (of: CaseRow) => of.stage !== 'CLOSED',
      openedOn: (of: CaseRow) => of.opened_on,
      parts: (of: CaseRow, _: unknown, { parts }: Loaders) => parts.load(of.id),
    },
    Part: {
      as: (of: PartRow) => of.kind,
      legalStatus: (of: PartRow) => of.legal_status,
      person: ({ person_key }: PartRow) => (person_key === null ? null : { key: person_key }),
    },
    Person: {
      records: async ({ key }: { key: string }, _: unknown, { records }: Loaders) =>
        (await records.load(key)).map((one) => ({
          ...syntheticRecord(one.source.id, one.graphType),
          __typename: one.graphType,
          id: one.id,
          agency: hub.agencies.get(one.agency),
          recordedAt: one.recordedAt,
          handling: one.handling,
        })),
    },
  }
}

function plainLog(hub: Hub) {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: async () => {
          const entry = JSON.stringify({ who: 'somebody', what: 'QUERY', why: 'RISK_ASSESSMENT' })
          await hub.database.query('insert into public.plain_log (entry) values ($1::jsonb)', [
            entry,
          ])
        },
      }),
  }
}
