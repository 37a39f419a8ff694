import pg from 'pg'

/** Takes a backup of a database and puts it in its place, as a restore or a standby that took over does. */
export interface SwappedDatabase {
  /** Copies it as it is now. Whoever is connected is cut off. */
  backUp(): Promise<void>
  /** The copy takes its name; what was there before is kept. */
  restore(): Promise<void>
  /** What was there before takes its name again. */
  undo(): Promise<void>
  close(): Promise<void>
}

export async function swappedDatabase(url: string): Promise<SwappedDatabase> {
  const name = new URL(url).pathname.slice(1)
  const [backup, lost] = [`${name}_backup`, `${name}_lost`]
  const server = new URL(url)
  server.pathname = '/postgres'
  const admin = new pg.Client({ connectionString: server.href })
  await admin.connect()
  /** Nobody comes in while `work` has the database to itself. */
  const alone = async (databases: readonly string[], work: readonly string[]) => {
    for (const one of databases) {
      await admin.query(`alter database ${one} allow_connections false`)
      await admin.query(
        `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '${one}'`,
      )
    }
    for (const statement of work) await admin.query(statement)
  }
  const open = (one: string) => admin.query(`alter database ${one} allow_connections true`)
  return {
    async backUp() {
      await alone([name], [`drop database if exists ${backup}`])
      await admin.query(`create database ${backup} template ${name}`)
      await open(name)
    },
    async restore() {
      await alone([name], [`alter database ${name} rename to ${lost}`])
      await admin.query(`alter database ${backup} rename to ${name}`)
      await open(name)
    },
    async undo() {
      await alone([name], [`alter database ${name} rename to ${backup}`])
      await admin.query(`alter database ${lost} rename to ${name}`)
      await open(name)
    },
    async close() {
      for (const one of [backup, lost]) await admin.query(`drop database if exists ${one}`)
      await admin.end()
    },
  }
}
