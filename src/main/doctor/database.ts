import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration } from '../../platform/config.js'
import { type Database, openDatabase } from '../../platform/database.js'
import { durabilityFindings, readDurability } from './durability.js'
import { type Finding, fail, ok, warn } from './finding.js'
import { tryConnect } from './probe.js'

/** Opens the database as the hub would (a running hub's is shared) and asks how it keeps what it confirms. */
export async function databaseFindings({
  home,
  databaseUrl,
}: Configuration): Promise<readonly Finding[]> {
  if (databaseUrl === null && !existsSync(join(home, 'postgres')))
    return [ok('database', 'the embedded one is made at the first start')]
  const database = await openDatabase({ home, databaseUrl })
  try {
    return await settingsOf(database, databaseUrl === null ? 'the embedded one' : 'the given one')
  } finally {
    await database.close()
  }
}

/** Further than this and what ends by time ends too early or too late. */
const clockMaxMs = 1000

async function settingsOf(database: Database, name: string): Promise<readonly Finding[]> {
  const before = Date.now()
  const [row] = await database.query<{ version: string; at: Date }>(
    `select current_setting('server_version') as version, clock_timestamp() as at`,
  )
  const after = Date.now()
  const durability = await readDurability(database)
  if (!row || !durability) return [fail('database', 'answers nothing', 'look at its own log')]
  return [
    ok('database', `${name} answers (PostgreSQL ${row.version})`),
    ...durabilityFindings(durability),
    clockFinding(row.at.getTime() - (before + after) / 2, (after - before) / 2),
  ]
}

/** How far the database's clock, which decides, is from this machine's. */
export function clockFinding(differenceMs: number, errorMs: number): Finding {
  const what = `the database's clock is ${Math.round(Math.abs(differenceMs))} ms ${differenceMs < 0 ? 'behind' : 'ahead'} (± ${Math.ceil(errorMs)} ms)`
  return Math.abs(differenceMs) - errorMs <= clockMaxMs
    ? ok('clock', what)
    : warn('clock', what, 'let both machines keep time by NTP')
}

/** Whether what `REDIS_URL` names accepts a connection. */
export async function redisFindings({ redisUrl }: Configuration): Promise<readonly Finding[]> {
  if (redisUrl === null) return [ok('redis', 'not used: the queue is in PostgreSQL')]
  const url = URL.canParse(redisUrl) ? new URL(redisUrl) : null
  if (!url) return [fail('redis', '`REDIS_URL` is no address', 'write it like redis://host:6379')]
  const place = `${url.hostname}:${url.port || '6379'}`
  const code = await tryConnect(url.hostname, Number(url.port || 6379))
  return [
    code === null
      ? ok('redis', `${place} is reachable`)
      : fail('redis', `${place} cannot be reached (${code})`, 'start it, or mend `REDIS_URL`'),
  ]
}
