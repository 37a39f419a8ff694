import type { AnyEntity, Constructor, EntitySchema } from '@mikro-orm/core'
import { type Migration, Migrator } from '@mikro-orm/migrations'
import { MikroORM, PostgreSqlDriver, type SqlEntityManager } from '@mikro-orm/postgresql'
import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely'
import pg from 'pg'
import { invariant } from '../errors.js'
import type { StatementCounters } from './sql.js'

export type EntityClass = Constructor<AnyEntity> | EntitySchema
export type MigrationClass = Constructor<Migration>

/** MikroORM over our own pool, and the means to put one of its entity managers inside one of our transactions. */
export interface Orm {
  readonly orm: MikroORM
  /** A fresh entity manager whose statements go over `client`, in the transaction that is open there. */
  within(client: pg.PoolClient): SqlEntityManager
  /** Applies what has not been applied, in the order listed; names what was applied. */
  migrate(): Promise<string[]>
  close(): Promise<void>
}

export async function openOrm(options: {
  readonly pool: pg.Pool
  readonly counters: StatementCounters
  readonly entities: readonly EntityClass[]
  readonly migrations: readonly MigrationClass[]
}): Promise<Orm> {
  const { pool, counters } = options
  const shared = {
    connect: async () => {
      const client = await pool.connect()
      return asKysely(client, counters, () => client.release())
    },
    options: {},
    end: async () => {}, // the pool is the database's, which closes it last
  }
  const orm = await MikroORM.init({
    driver: PostgreSqlDriver,
    dbName: 'concordat',
    driverOptions: new PostgresDialect({ pool: shared }),
    entities: [...options.entities],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: {
      tableName: 'migration',
      snapshot: false,
      silent: true,
      migrationsList: [...options.migrations],
    },
    forceUtcTimezone: true,
    logger: () => {}, // it would write statements with their values
  })
  return {
    orm,
    within(client) {
      const dialect = new PostgresDialect({
        pool: {
          connect: async () => asKysely(client, counters, () => {}),
          end: async () => {},
          options: {},
        },
      })
      const manager = orm.em.fork()
      manager.setTransactionContext(new Kysely({ dialect }))
      return manager
    },
    migrate: async () => (await orm.migrator.up()).map((migration) => migration.name),
    close: () => orm.close(true),
  }
}

/** `date`, `timestamp`, `timestamptz` and `interval` as text: MikroORM reads them itself. */
const ormTypes = new pg.TypeOverrides()
for (const oid of [1082, 1114, 1184, 1186]) ormTypes.setTypeParser(oid, (text) => text)

/** A connection as MikroORM's query builder takes it. */
function asKysely(
  client: pg.PoolClient,
  counters: StatementCounters,
  release: () => void,
): PostgresPoolClient {
  function query<Row>(
    sql: string,
    parameters: readonly unknown[],
  ): Promise<PostgresQueryResult<Row>>
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  function query<Row>(
    statement: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    invariant(typeof statement === 'string', 'entities are not streamed')
    counters.sent(statement)
    return client.query<Row>({ text: statement, values: parameters, types: ormTypes })
  }
  return { query, release }
}
