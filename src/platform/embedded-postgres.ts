import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { errorCode } from './error-code.js'
import { type FolderUsers, folderUsers } from './folder-lock.js'
import { commandLineOf, isAlive, markOf } from './living-process.js'
import { type Log, silentLog } from './log.js'
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.js'
import { type Account, canReach, serverAccount } from './server-account.js'
import { StartupError } from './startup-error.js'

/** A PostgreSQL under the hub's own folder, shared by all processes that use the folder; the last one out stops it. */
export interface EmbeddedPostgres {
  readonly url: string
  stop(): Promise<void>
}

interface Ground {
  /** Holds `data`, `connection.json`, `postgres.log` and the list of users. */
  readonly folder: string
  readonly data: string
  readonly account: Account | null
  readonly binaries: PostgresBinaries
  readonly users: FolderUsers
  readonly durable: boolean
  readonly log: Log
}
interface Connection {
  readonly port: number
  readonly password: string
}

const READY_MAX_MS = 120_000
const STOP_MAX_MS = 30_000
const LOOK_EVERY_MS = 20
const PORT_ATTEMPTS_MAX = 4
const LOG_BYTES_MAX = 10_000_000
const DATABASE = 'concordat'

/**
 * Starts, or joins, the PostgreSQL under `<home>/postgres`. It lives in a session of its own, so that
 * neither a signal to the hub's group nor the hub's death stops it in the middle of our draining; one
 * that a killed hub left behind is found and used. `durable: false` is for tests only.
 */
export async function startEmbeddedPostgres(options: {
  readonly home: string
  readonly log?: Log
  readonly durable?: boolean
}): Promise<EmbeddedPostgres> {
  const ground = prepare(options.home, options.log ?? silentLog, options.durable ?? true)
  const connection = await ground.users.alone(async () => {
    await initialise(ground)
    const running = (await joined(ground)) ?? (await started(ground))
    ground.users.enter()
    return running
  })
  let stopping: Promise<void> | null = null
  const stop = () =>
    ground.users.alone(async (others) => {
      ground.users.leave()
      if (others === 0) await stopServer(ground)
    })
  return { url: urlOf(connection, DATABASE), stop: () => (stopping ??= stop()) }
}

function prepare(home: string, log: Log, durable: boolean): Ground {
  const account = serverAccount()
  const wanted = join(home, 'postgres')
  try {
    mkdirSync(home, { recursive: true, mode: account === null ? 0o700 : 0o711 })
    mkdirSync(wanted, { recursive: true, mode: account === null ? 0o700 : 0o711 })
  } catch (error) {
    throw folderRefused(wanted, error)
  }
  const isReachable = account === null || canReach(account, realpathSync(wanted))
  const folder = isReachable ? realpathSync(wanted) : elsewhere(wanted)
  if (!isReachable) log.info('postgres-data-kept-elsewhere')
  const probe = postgresBinaries({ cache: join(folder, 'binaries'), copy: false })
  const isRunnable = account === null || canReach(account, realpathSync(join(probe.postgres, '..')))
  const binaries = isRunnable
    ? probe
    : postgresBinaries({ cache: join(folder, 'binaries'), copy: true })
  return {
    folder,
    data: join(folder, 'data'),
    account,
    binaries,
    users: folderUsers(folder),
    durable,
    log,
  }
}

function folderRefused(folder: string, error: unknown): StartupError {
  const code = errorCode(error) ?? 'unknown'
  return new StartupError(
    'DATA_FOLDER_REFUSED',
    `the data folder \`${folder}\` cannot be made (${code})`,
    'make its parent writable, or set `CONCORDAT_HOME` to a folder of yours',
  )
}

/** As root under a folder that is closed to other accounts (such as /root) the data lies here, and a note at home says where. */
function elsewhere(wanted: string): string {
  const note = join(wanted, 'data-lies-in')
  if (!existsSync(note)) writeFileSync(note, join('/var/lib/concordat', randomUUID()))
  const folder = readFileSync(note, 'utf8').trim()
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  return folder
}

/** Makes the data folder, whole or not at all: a kill in between leaves only a scratch folder that the next start removes. */
async function initialise(ground: Ground): Promise<void> {
  if (existsSync(ground.data)) return refuseForeign(ground)
  const scratch = join(ground.folder, 'data-being-made')
  const secret = join(ground.folder, 'secret-being-made')
  const password = randomBytes(24).toString('hex')
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { mode: 0o700 })
  writeFileSync(secret, `${password}\n`, { mode: 0o600 })
  if (ground.account !== null)
    for (const path of [scratch, secret]) chownSync(path, ground.account.uid, ground.account.gid)
  const result = await run(ground, ground.binaries.initdb, [
    '-D',
    scratch,
    '-U',
    DATABASE,
    `--pwfile=${secret}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    ...(ground.durable ? [] : ['--no-sync']),
  ])
  rmSync(secret, { force: true })
  if (result.code !== 0)
    throw new StartupError(
      'DATA_FOLDER_BROKEN',
      `PostgreSQL could not make its data folder in \`${ground.folder}\`: ${lastLine(result.output)}`,
      'check free space and permissions, or set `CONCORDAT_HOME` to another folder',
    )
  writeConnection(ground, { port: 0, password })
  renameSync(scratch, ground.data)
}

function refuseForeign(ground: Ground): void {
  const version = join(ground.data, 'PG_VERSION')
  const isOurs = existsSync(version) && existsSync(join(ground.folder, 'connection.json'))
  if (!isOurs)
    throw new StartupError(
      'DATA_FOLDER_FOREIGN',
      `\`${ground.data}\` is there, but holds no database of this hub`,
      'move it away, or set `CONCORDAT_HOME` to another folder',
    )
  const major = readFileSync(version, 'utf8').trim()
  if (major !== String(ground.binaries.major))
    throw new StartupError(
      'DATA_FOLDER_OTHER_VERSION',
      `\`${ground.data}\` was made by PostgreSQL ${major}, this hub brings ${ground.binaries.major}`,
      'carry the data over with `pg_dump` of the old version, or set `CONCORDAT_HOME` to another folder',
    )
}

/** The server that already runs on our data folder, started by a living hub or left by a killed one. */
async function joined(ground: Ground): Promise<Connection | null> {
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

async function started(ground: Ground): Promise<Connection> {
  const { password, port: remembered } = readConnection(ground)
  for (let attempt = 1; ; attempt += 1) {
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
    if (!/could not bind|Address already in use/.test(said) || attempt === PORT_ATTEMPTS_MAX)
      throw didNotStart(ground, said)
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
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
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

/** No variable of ours (`PGDATA`, `PGOPTIONS`, ...) reaches the server, and no closed folder stands in its way. */
function asServer(ground: Ground): {
  cwd: string
  env: Record<string, string>
  uid?: number
  gid?: number
} {
  const { account } = ground
  return {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
  }
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
async function stopServer(ground: Ground): Promise<void> {
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

/** The last line in which the server says what it could not do. */
function lastLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const telling =
    lines.findLast((line) => /FATAL|PANIC|error:|could not|cannot/i.test(line)) ??
    lines.at(-1) ??
    'it says nothing'
  return telling.replace(/^.*?(?:FATAL|PANIC|error):\s*/, '').slice(0, 300)
}

function run(
  ground: Ground,
  program: string,
  parameters: readonly string[],
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      ...asServer(ground),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8')
      })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

function readConnection(ground: Ground): Connection {
  const read: unknown = JSON.parse(readFileSync(join(ground.folder, 'connection.json'), 'utf8'))
  if (
    typeof read === 'object' &&
    read !== null &&
    'port' in read &&
    'password' in read &&
    typeof read.port === 'number' &&
    typeof read.password === 'string'
  )
    return { port: read.port, password: read.password }
  throw new StartupError(
    'DATA_FOLDER_BROKEN',
    `\`${join(ground.folder, 'connection.json')}\` is damaged`,
    'restore it from a backup',
  )
}

function writeConnection(ground: Ground, connection: Connection): void {
  const file = join(ground.folder, 'connection.json')
  writeFileSync(`${file}.new`, JSON.stringify(connection), { mode: 0o600 })
  chmodSync(`${file}.new`, 0o600)
  renameSync(`${file}.new`, file)
}

function logSize(ground: Ground): number {
  const file = join(ground.folder, 'postgres.log')
  const size = existsSync(file) ? statSync(file).size : 0
  return size > LOG_BYTES_MAX ? 0 : size
}

function urlOf(connection: Connection, database: string): string {
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
