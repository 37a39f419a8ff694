import pg from 'pg'

/** Something that statements can be sent to: the database, one transaction of it, or an agency's store. */
export interface Sql {
  /**
   * Sends one statement, prepared once for each connection by its text: keep texts constant and pass
   * what varies as `$1`, lists as `= any($1)`. Rows come with `timestamptz` as Date, `date` as
   * `2026-03-04`, `int8` as number, `numeric` as text, `jsonb` as value. A parameter for `jsonb` is
   * JSON text; an array is a PostgreSQL array.
   */
  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>
}

/** Statements sent since it was made; for tests that count instead of clocking. */
export interface StatementCount {
  count(): number
  /** Their texts, in order, without parameters. */
  texts(): readonly string[]
  stop(): void
}

/** Who is counting now. */
export interface StatementCounters {
  sent(text: string): void
  start(): StatementCount
}

export function statementCounters(): StatementCounters {
  const active = new Set<string[]>()
  return {
    sent: (text) => {
      for (const texts of active) texts.push(text)
    },
    start() {
      const texts: string[] = []
      active.add(texts)
      return {
        count: () => texts.length,
        texts: () => [...texts],
        stop: () => {
          active.delete(texts)
        },
      }
    },
  }
}

const OID = { int8: 20, date: 1082 } as const
const rowTypes = new pg.TypeOverrides()
rowTypes.setTypeParser(OID.int8, (text) => {
  const number = Number(text)
  if (!Number.isSafeInteger(number))
    throw new RangeError('an int8 passes what a number holds: cast it to text')
  return number
})
rowTypes.setTypeParser(OID.date, (text) => text)

/** At most this many texts are prepared; further ones are sent as they are, so that no cache grows without bound. */
const PREPARED_MAX = 2_000
const names = new Map<string, string>()
function nameOf(text: string): string | null {
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size >= PREPARED_MAX) return null
  const name = `s${names.size}`
  names.set(text, name)
  return name
}

/** Several statements in one text (definitions of tables) cannot be prepared. */
const isScript = (text: string) => /;\s*\S/.test(text)

interface Queryable {
  query<Row>(
    query:
      | string
      | { text: string; name?: string; values?: readonly unknown[]; types?: pg.TypeOverrides },
  ): Promise<{ rows: Row[] }>
}

/** Sends a statement with our row types, prepared where it can be. */
export async function send<Row extends object>(
  to: Queryable,
  text: string,
  parameters: readonly unknown[],
  counters: StatementCounters,
): Promise<Row[]> {
  counters.sent(text)
  if (parameters.length === 0 && isScript(text)) {
    const result = await to.query<Row>({ text, types: rowTypes })
    return Array.isArray(result) ? [] : result.rows
  }
  const name = nameOf(text)
  const values = parameters.length === 0 ? [] : [...parameters]
  const result = await to.query<Row>({
    text,
    values,
    types: rowTypes,
    ...(name === null ? {} : { name }),
  })
  return result.rows
}

/** Runs `work` between `begin` and `commit` on one connection of the pool; any error rolls back. */
export async function inTransaction<T>(
  pool: pg.Pool,
  counters: StatementCounters,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | null = null
  try {
    counters.sent('begin')
    await client.query('begin')
    const value = await work(client)
    counters.sent('commit')
    await client.query('commit')
    return value
  } catch (error) {
    counters.sent('rollback')
    await client.query('rollback').catch((refused: Error) => {
      broken = refused
    })
    throw error
  } finally {
    client.release(broken ?? false)
  }
}
