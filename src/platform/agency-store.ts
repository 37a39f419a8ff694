import pg from 'pg'
import { inTransaction, type Sql, type StatementCounters, send } from './sql.js'

/** SQL over a schema of one agency's own, and nothing else of the hub's in its path. */
export interface SchemaStore extends Sql {
  /** All or nothing. */
  transaction<T>(work: (query: Sql['query']) => Promise<T>): Promise<T>
}

const CONNECTIONS_MAX = 4

/** The schema of an agency; its id is lower-case words joined by hyphens, so no two share one. */
export function schemaOf(agencyId: string): string {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(agencyId) || agencyId.length > 40)
    throw new RangeError(
      'an agency id is lower-case words joined by hyphens, at most 40 characters',
    )
  return `agency_${agencyId.replaceAll('-', '_')}`
}

/** Opens the store on connections that see the agency's schema alone (and PostgreSQL's own). */
export async function openAgencyStore(options: {
  readonly agencyId: string
  readonly url: string
  readonly hub: Sql
  /** Runs what no other process may do at the same time. */
  readonly alone: (work: () => Promise<unknown>) => Promise<unknown>
  readonly counters: StatementCounters
  readonly onError: (error: Error) => void
}): Promise<SchemaStore & { close(): Promise<void> }> {
  const schema = schemaOf(options.agencyId)
  // Two that make it at once both find that it does not exist, and one of them fails.
  await options.alone(() => options.hub.query(`create schema if not exists ${schema}`))
  const { counters } = options
  const pool = new pg.Pool({
    connectionString: options.url,
    max: CONNECTIONS_MAX,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    options: `-c search_path=${schema}`,
    application_name: `concordat ${schema}`,
  })
  pool.on('error', options.onError)
  return {
    query: (text, parameters = []) => send(pool, text, parameters, counters),
    transaction: (work) =>
      inTransaction(pool, counters, (client) =>
        work((text, parameters = []) => send(client, text, parameters, counters)),
      ),
    close: () => pool.end(),
  }
}
