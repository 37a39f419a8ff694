import { SEALING_LOCK } from '../../access-log/checkpoints/sealer.js'
import type { Configuration } from '../../platform/config.js'
import { type Database, openDatabase } from '../../platform/database.js'
import { StartupError } from '../../platform/startup-error.js'
import { MIGRATIONS } from '../hub.js'

/**
 * The log's database without a hub, whatever is wrong with the log in it, while nothing seals it. Throws
 * LOG_IN_USE while a hub that seals runs.
 */
export async function withLogDatabase<T>(
  configuration: Configuration,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { home, databaseUrl } = configuration
  const database = await openDatabase({ home, databaseUrl, migrations: MIGRATIONS })
  try {
    await database.migrate()
    const done = await database.tryLock(SEALING_LOCK, () => work(database))
    if (done.held) return done.value
    throw new StartupError(
      'LOG_IN_USE',
      'a hub is running on this database, and seals its log',
      'stop every hub on it first',
    )
  } finally {
    await database.close()
  }
}
