import type { MikroORM, SqlEntityManager } from '@mikro-orm/postgresql'
import pg from 'pg'
import { openAgencyStore, type SchemaStore } from './agency-store.js'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js'
import { errorCode } from './error-code.js'
import { type Log, silentLog } from './log.js'
import { type Notifications, notifications } from './notifications.js'
import { type EntityClass, type MigrationClass, openOrm } from './orm.js'
import { PlatformOutbox } from './outbox.js'
import { inTransaction, type Sql, type StatementCount, send, statementCounters } from './sql.js'
import { StartupError } from './startup-error.js'

export type { EntityClass, MigrationClass } from './orm.js'
export type { Sql, StatementCount } from './sql.js'

/** One open transaction: plain rows and entities go over the same connection and commit together. */
export interface Tx extends Sql {
  /** Made when first asked for. `await tx.em.flush()` writes; nothing is flushed by itself, and no transaction is begun inside. */
  readonly em: SqlEntityManager
}

/** The hub's PostgreSQL. Plain rows for reads, facts and the log; entities for writes. */
export interface Database extends Sql {
  /** Commits what `work` did, or nothing of it where it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  readonly orm: MikroORM
  /** Applies the migrations that are missing, under a lock, so that several processes may start at once; names them. */
  migrate(): Promise<readonly string[]>
  /** The private schema of an agency that keeps a store here. */
  agencyStore(agencyId: string): Promise<SchemaStore>
  listen: Notifications['listen']
  /** Runs `work` while no other process holds the lock of that name; waits for it. */
  withLock<T>(name: string, work: () => Promise<T>): Promise<T>
  /** The same, but without waiting. */
  tryLock<T>(
    name: string,
    work: () => Promise<T>,
  ): Promise<{ readonly held: true; readonly value: T } | { readonly held: false }>
  /** Counts the statements of this database and its agencies' stores. */
  countStatements(): StatementCount
  readonly url: string
  close(): Promise<void>
}

const CONNECTIONS_MAX = 16

/** Opens PostgreSQL: the real one at `databaseUrl`, or else the embedded one under `home`, which starts and stops with us. */
export async function openDatabase(options: {
  readonly home: string
  readonly databaseUrl: string | null
  readonly log?: Log
  readonly entities?: readonly EntityClass[]
  /** The rooms'; the platform's own are applied before them. */
  readonly migrations?: readonly MigrationClass[]
  readonly connectionsMax?: number
  /** Asked on each new connection before anything else goes over it; where it throws, the connection is not used. */
  readonly onConnected?: (sql: Sql) => Promise<void>
}): Promise<Database> {
  const log = options.log ?? silentLog
  const embedded =
    options.databaseUrl === null ? await startEmbeddedPostgres({ home: options.home, log }) : null
  try {
    return await connect({
      ...options,
      log,
      embedded,
      url: embedded?.url ?? options.databaseUrl ?? '',
    })
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

async function connect(options: {
  readonly url: string
  readonly log: Log
  readonly embedded: EmbeddedPostgres | null
  readonly entities?: readonly EntityClass[]
  readonly migrations?: readonly MigrationClass[]
  readonly connectionsMax?: number
  readonly onConnected?: (sql: Sql) => Promise<void>
}): Promise<Database> {
  const { url, log, embedded, onConnected } = options
  const onError = (error: unknown) => log.warn('database-connection-lost', { error })
  const counters = statementCounters()
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connectionsMax ?? CONNECTIONS_MAX,
    keepAlive: true,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 15_000,
    application_name: 'concordat',
    ...(onConnected && { onConnect: (client) => onConnected(uncounted(client)) }),
  })
  pool.on('error', onError)
  // One that is lost between two statements of a transaction tells nobody else, and an error nobody hears ends the process.
  pool.on('connect', (client) => client.on('error', onError))
  try {
    await refuseUnsafe(pool, embedded !== null)
    const orm = await openOrm({
      pool,
      counters,
      entities: options.entities ?? [],
      migrations: [PlatformOutbox, ...(options.migrations ?? [])],
    })
    const hub: Sql = { query: (text, parameters = []) => send(pool, text, parameters, counters) }
    const told = notifications(url, onError)
    const stores = new Map<string, ReturnType<typeof openAgencyStore>>()
    const lock = locks(url)
    return {
      ...hub,
      ...lock,
      url,
      orm: orm.orm,
      listen: told.listen,
      transaction: (work) =>
        inTransaction(pool, counters, (client) => {
          let em: SqlEntityManager | null = null
          return work({
            query: (text, parameters = []) => send(client, text, parameters, counters),
            get em() {
              em ??= orm.within(client)
              return em
            },
          })
        }),
      migrate: () => lock.withLock('concordat migrations', () => orm.migrate()),
      agencyStore: (agencyId) => {
        const store =
          stores.get(agencyId) ??
          openAgencyStore({
            agencyId,
            url,
            hub,
            alone: (work) => lock.withLock('concordat migrations', work),
            counters,
            onError,
          })
        stores.set(agencyId, store)
        return store
      },
      countStatements: () => counters.start(),
      close: once(async () => {
        await told.close()
        for (const store of stores.values()) await (await store).close()
        await orm.close()
        await pool.end()
        await embedded?.stop()
      }),
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** A connection as it is looked at before it is used: what is asked then is nobody's statement. */
function uncounted(client: pg.Client): Sql {
  const nobody = statementCounters()
  return { query: (text, parameters = []) => send(client, text, parameters, nobody) }
}

/** A database that may lose what it confirmed cannot carry the access log. */
async function refuseUnsafe(pool: pg.Pool, isEmbedded: boolean): Promise<void> {
  const { rows } = await pool
    .query<{ version: number; fsync: string; commits: string; isForTests: boolean }>(
      `select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as commits,
            coalesce(current_setting('concordat.for_tests', true), '') = 'on' as "isForTests"`,
    )
    .catch((error: Error) => {
      throw unreachableServer(error)
    })
  const [server] = rows
  if (server === undefined || isEmbedded) return
  if (server.version < 150_000)
    throw new StartupError(
      'POSTGRES_TOO_OLD',
      `this PostgreSQL is of version ${Math.floor(server.version / 10_000)}`,
      'use PostgreSQL 15 or newer',
    )
  if (!server.isForTests && (server.fsync === 'off' || server.commits === 'off'))
    throw new StartupError(
      'POSTGRES_NOT_DURABLE',
      'this PostgreSQL confirms commits that a crash can undo',
      'turn `fsync` and `synchronous_commit` on',
    )
}

function unreachableServer(error: Error): StartupError {
  const code = errorCode(error) ?? 'unknown'
  return new StartupError(
    'POSTGRES_UNREACHABLE',
    `PostgreSQL cannot be reached (${code})`,
    'check `DATABASE_URL`, and that the server runs and lets this machine in',
  )
}

/** Advisory locks on connections of their own, so that waiting for one never takes a connection from the pool. */
function locks(url: string): Pick<Database, 'withLock' | 'tryLock'> {
  const on = async <T>(
    sql: string,
    name: string,
    work: (isHeld: boolean) => Promise<T>,
  ): Promise<T> => {
    const client = new pg.Client({
      connectionString: url,
      keepAlive: true,
      application_name: 'concordat lock',
    })
    let lost: Error | null = null
    client.on('error', (error) => {
      lost = error
    })
    await client.connect()
    try {
      const { rows } = await client.query<{ held: boolean | '' }>(sql, [name])
      const value = await work(rows[0]?.held !== false)
      if (lost !== null) throw lost
      return value
    } finally {
      await client.end()
    }
  }
  return {
    withLock: (name, work) =>
      on('select pg_advisory_lock(hashtextextended($1, 0)) as held', name, work),
    tryLock: (name, work) =>
      on('select pg_try_advisory_lock(hashtextextended($1, 0)) as held', name, async (isHeld) =>
        isHeld ? { held: true, value: await work() } : { held: false },
      ),
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  return () => (running ??= work())
}
