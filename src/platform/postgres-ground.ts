import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { errorCode } from './error-code.js'
import { type FolderUsers, folderUsers } from './folder-lock.js'
import type { Log } from './log.js'
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.js'
import { type Account, canReach, serverAccount } from './server-account.js'
import { StartupError } from './startup-error.js'

export interface Ground {
  /** Holds `data`, `connection.json`, `postgres.log` and the list of users. */
  readonly folder: string
  readonly data: string
  readonly account: Account | null
  readonly binaries: PostgresBinaries
  readonly users: FolderUsers
  readonly durable: boolean
  readonly log: Log
}

export interface Connection {
  readonly port: number
  readonly password: string
}

export const DATABASE = 'concordat'

export function prepare(home: string, log: Log, durable: boolean): Ground {
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
export async function initialise(ground: Ground): Promise<void> {
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

/** No variable of ours (`PGDATA`, `PGOPTIONS`, ...) reaches the server, and no closed folder stands in its way. */
export function asServer(ground: Ground): {
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

/** The last line in which the server says what it could not do. */
export function lastLine(output: string): string {
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

export function readConnection(ground: Ground): Connection {
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

export function writeConnection(ground: Ground, connection: Connection): void {
  const file = join(ground.folder, 'connection.json')
  writeFileSync(`${file}.new`, JSON.stringify(connection), { mode: 0o600 })
  chmodSync(`${file}.new`, 0o600)
  renameSync(`${file}.new`, file)
}
