import type { Database, Sql } from '../../platform/database.js'
import { StartupError } from '../../platform/startup-error.js'
import { append } from '../append.js'
import type { LogEntry } from '../entry.js'
import type { ClosingStatement } from './closing-statement.js'

/** The name of the log that the database holds; null where nothing was signed or ended there yet. */
export async function nameOfLog(sql: Sql): Promise<string | null> {
  const [row] = await sql.query<{ ended: string | null; note: string | null }>(
    `select (select next from access_log.closed_log order by number desc limit 1) as ended,
            (select note from access_log.checkpoint order by size desc limit 1) as note`,
  )
  return row?.ended ?? row?.note?.split('\n', 1)[0] ?? null
}

/** The statement that ended the log of that name; null where none did. */
export async function closingOf(sql: Sql, origin: string): Promise<string | null> {
  const [row] = await sql.query<{ statement: string }>(
    'select statement from access_log.closed_log where origin = $1',
    [origin],
  )
  return row?.statement ?? null
}

/**
 * Ends the log in the database and begins the next, in one commit: the heads signed so far are set
 * aside, the entries stay, and `entry`, which names the statement, is the first of the new log's own.
 * Asked a second time it changes nothing, and gives false.
 */
export async function beginAnew(
  database: Database,
  of: { readonly statement: ClosingStatement; readonly note: string; readonly entry: LogEntry },
): Promise<boolean> {
  const { statement, note, entry } = of
  return database.transaction(async (tx) => {
    const [head] = await tx.query<{ size: string }>(
      'select size::text from access_log.head for update',
    )
    if ((await closingOf(tx, statement.origin)) === note) return false
    if (BigInt(head?.size ?? -1) !== statement.held)
      throw new StartupError(
        'LOG_GREW',
        `the log held ${statement.held} entries when it was closed, and now it holds ${head?.size ?? 'none'}`,
        'stop every hub on this database, and run `concordat log close` again',
      )
    await tx.query(
      `insert into access_log.closed_log (origin, next, statement) values ($1, $2, $3)`,
      [statement.origin, statement.next, note],
    )
    await tx.query(
      `insert into access_log.closed_checkpoint (origin, size, at, note, cosignatures)
       select $1, c.size, c.at, c.note,
              array(select s.line from access_log.cosignature s where s.size = c.size order by s.name)
       from access_log.checkpoint c`,
      [statement.origin],
    )
    await tx.query('delete from access_log.cosignature')
    await tx.query('delete from access_log.checkpoint')
    await append(tx, entry)
    return true
  })
}
