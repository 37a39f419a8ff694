import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { errorCode } from './error-code.js'
import { commandLineOf, isAlive, markOf } from './living-process.js'
import {
  asServer,
  type Connection,
  DATABASE,
  type Ground,
  lastLine,
  readConnection,
  writeConnection,
} from './postgres-ground.js'
import { StartupError } from './startup-error.js'

const READY_MAX_MS = 120_000

const STOP_MAX_MS = 30_000

const LOOK_EVERY_MS = 20

/** How long the processes of a server that was killed may take to notice that it is gone. */
const ORPHANS_MAX_MS = 30_000

const PORT_ATTEMPTS_MAX = 4

const LOG_BYTES_MAX = 10_000_000

/** The server that already runs on our data folder, started by a living hub or left by a killed one. */
export async function joined(ground: Ground): Promise<Connection | null> {
  const pid = postmaster(ground)
  if (pid === null) return null
  if (!isOurServer(ground, pid)) {
    rmSync(join(ground.data, 'postmaster.pid'), { force: true }) // its number now belongs to another program
    return null
  }
  const lines = readFileSync(join(ground.data, 'postmaster.pid'), 'utf8').split('\n')
  const connection = { ...readConnection(ground), port: Number(lines[3]) }
  const answers = await untilReady(ground, connection, () => isOurServer(ground, pid))
  if (answers) ground.log.info('postgres-joined', { processId: pid, port: connection.port })
  return answers ? connection : null
}

function postmaster(ground: Ground): number | null {
  const file = join(ground.data, 'postmaster.pid')
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0
  return Number.isSafeInteger(pid) && pid > 0 ? pid : null
}

function isOurServer(ground: Ground, pid: number): boolean {
  return isAlive(markOf(pid)) && commandLineOf(pid).includes(ground.data)
}

export async function started(ground: Ground): Promise<Connection> {
  const { password, port: remembered } = readConnection(ground)
  const orphansUntil = Date.now() + ORPHANS_MAX_MS
  for (let attempt = 1; ; ) {
    const port =
      attempt === 1 && remembered > 0 && (await isFree(remembered)) ? remembered : await freePort()
    const connection = { port, password }
    const before = logSize(ground)
    const server = launch(ground, port)
    if (
      await untilReady(
        ground,
        connection,
        () => server.exitCode === null && server.signalCode === null,
      )
    ) {
      writeConnection(ground, connection)
      await ensureDatabase(connection)
      ground.log.info('postgres-started', { processId: server.pid ?? null, port })
      return connection
    }
    const said = readFileSync(join(ground.folder, 'postgres.log')).subarray(before).toString('utf8')
    if (/pre-existing shared memory block/.test(said) && Date.now() < orphansUntil) {
      await wait(LOOK_EVERY_MS * 10)
      continue
    }
    if (!/could not bind|Address already in use/.test(said) || attempt === PORT_ATTEMPTS_MAX)
      throw didNotStart(ground, said)
    attempt += 1
  }
}

function launch(ground: Ground, port: number): ChildProcess {
  const file = join(ground.folder, 'postgres.log')
  const output = openSync(
    file,
    existsSync(file) && statSync(file).size > LOG_BYTES_MAX ? 'w' : 'a',
    0o600,
  )
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: 200,
    jit: 'off',
    max_parallel_workers_per_gather: 0,
    // Errors name values ("duplicate key (nhs_number)=(…)"): only what the server says of itself is written down.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    logging_collector: 'off',
    ...(ground.durable
      ? { fsync: 'on', synchronous_commit: 'on' }
      : {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          'concordat.for_tests': 'on',
        }),
  }
  const server = spawn(
    ground.binaries.postgres,
    [
      '-D',
      ground.data,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...asServer(ground), detached: true, stdio: ['ignore', output, output] },
  )
  server.on('error', () => {}) // its exit says so too, and the log says why
  server.unref()
  closeSync(output)
  return server
}

async function untilReady(
  ground: Ground,
  connection: Connection,
  isRunning: () => boolean,
): Promise<boolean> {
  const until = Date.now() + READY_MAX_MS
  while (isRunning()) {
    const client = new pg.Client({
      connectionString: urlOf(connection, 'postgres'),
      connectionTimeoutMillis: 5_000,
    })
    client.on('error', () => {}) // a refused connection is the answer "not yet"
    try {
      await client.connect()
      await client.end()
      return true
    } catch (error) {
      const code = errorCode(error)
      if (code === '28P01')
        throw new StartupError(
          'DATA_FOLDER_FOREIGN',
          `the PostgreSQL on \`${ground.data}\` does not know this hub's password`,
          'restore `connection.json` beside it, or set `CONCORDAT_HOME` to another folder',
        )
      if (Date.now() > until)
        throw new StartupError(
          'POSTGRES_SLOW',
          `PostgreSQL was not ready within ${READY_MAX_MS / 1000} s`,
          `see \`${join(ground.folder, 'postgres.log')}\``,
        )
    }
    await wait(LOOK_EVERY_MS)
  }
  return false
}

async function ensureDatabase(connection: Connection): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(connection, 'postgres') })
  await client.connect()
  try {
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rows.length === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}

/** Fast shutdown: clients are cut off, everything committed is on disk. After a while the immediate one, which recovery makes good. */
export async function stopServer(ground: Ground): Promise<void> {
  const pid = postmaster(ground)
  if (pid === null || !isOurServer(ground, pid)) return
  const mark = markOf(pid)
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal)
    for (const until = Date.now() + STOP_MAX_MS; Date.now() < until; await wait(LOOK_EVERY_MS))
      if (!isAlive(mark)) {
        ground.log.info('postgres-stopped', { processId: pid })
        return
      }
  }
  throw new StartupError(
    'POSTGRES_DOES_NOT_STOP',
    `PostgreSQL (process ${pid}) does not stop`,
    `see \`${join(ground.folder, 'postgres.log')}\``,
  )
}

function didNotStart(ground: Ground, said: string): StartupError {
  const line = lastLine(said)
  if (/No space left/.test(said))
    return new StartupError(
      'DISK_FULL',
      `no space is left for PostgreSQL in \`${ground.folder}\``,
      'free some and start again',
    )
  if (/Permission denied/.test(said))
    return new StartupError(
      'DATA_FOLDER_REFUSED',
      `PostgreSQL may not use \`${ground.data}\`: ${line}`,
      'give the folder to the account that runs the hub, or set `CONCORDAT_HOME` to another',
    )
  return new StartupError(
    'DATA_FOLDER_BROKEN',
    `PostgreSQL does not start on \`${ground.data}\`: ${line}`,
    `see \`${join(ground.folder, 'postgres.log')}\`; restore a backup, or move the folder away to begin anew`,
  )
}

function logSize(ground: Ground): number {
  const file = join(ground.folder, 'postgres.log')
  const size = existsSync(file) ? statSync(file).size : 0
  return size > LOG_BYTES_MAX ? 0 : size
}

export function urlOf(connection: Connection, database: string): string {
  return `postgresql://${DATABASE}:${connection.password}@127.0.0.1:${connection.port}/${database}`
}

function listenOn(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null)) // busy is an answer
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address()
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : null),
      )
    })
  })
}

const isFree = async (port: number) => (await listenOn(port)) !== null

async function freePort(): Promise<number> {
  const port = await listenOn(0)
  if (port === null)
    throw new StartupError(
      'NO_FREE_PORT',
      'this machine has no free port on 127.0.0.1',
      'end a program that listens, and start again',
    )
  return port
}
