import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import {
  type Database,
  type EntityClass,
  type MigrationClass,
  openDatabase,
} from '../src/platform/database.js'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { StartupError } from '../src/platform/startup-error.js'

/** One folder for all test processes of this user: whoever comes first starts the server, whoever leaves last stops it. */
const home = join(tmpdir(), `concordat-tests-${userInfo().uid}`)

/**
 * A fresh, migrated database on a real PostgreSQL that all tests of this machine share (`fsync` is
 * off there). `close()` drops it. Tests of durability start a server of their own instead.
 */
export async function testDatabase(
  options: {
    readonly entities?: readonly EntityClass[]
    readonly migrations?: readonly MigrationClass[]
    readonly connectionsMax?: number
  } = {},
): Promise<Database> {
  const server = await testServer()
  const name = `test_${Date.now().toString(36)}_${randomUUID().slice(0, 8)}`
  await onServer(server, (client) => client.query(`create database ${name}`))
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const database = await openDatabase({ home, databaseUrl: url.href, ...options })
  await database.migrate()
  return {
    ...database,
    async close() {
      await database.close()
      await onServer(server, (client) =>
        client.query(`drop database if exists ${name} with (force)`),
      )
      await server.stop()
    },
  }
}

/** The shared server itself, for tests that need an address. Whoever asks must `stop()` it. */
export async function testServer(): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres({ home, durable: false })
  } catch (error) {
    if (!(error instanceof StartupError) || error.code === 'DATA_FOLDER_LOCKED') throw error
    rmSync(home, { recursive: true, force: true }) // a machine that lost power in mid-test: nothing there is worth keeping
    return startEmbeddedPostgres({ home, durable: false })
  }
}

async function onServer(
  server: EmbeddedPostgres,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
