import { resolve } from 'node:path'
import type { ConfigurationProblem } from './config-problem.js'
import type { LogLevel } from './log.js'

export type ProcessEnvironment = Readonly<Record<string, string | undefined>>

export interface EnvironmentValues {
  readonly home: string
  readonly port: number | null
  readonly databaseUrl: string | null
  readonly redisUrl: string | null
  readonly logLevel: LogLevel | null
}

const LEVELS: ReadonlySet<string> = new Set([
  'debug',
  'info',
  'warn',
  'error',
  'silent',
] satisfies LogLevel[])
const isLevel = (text: string): text is LogLevel => LEVELS.has(text)

/** The environment variables that the hub reads. An empty one counts as not set. Values are never repeated: they may be secrets. */
export function environmentOf(environment: ProcessEnvironment): {
  readonly values: EnvironmentValues
  readonly problems: readonly ConfigurationProblem[]
} {
  const problems: ConfigurationProblem[] = []
  const read = <T>(
    name: string,
    parse: (text: string) => T | null,
    reason: string,
    wayOut: string,
  ): T | null => {
    const text = environment[name]
    if (text === undefined || text === '') return null
    const value = parse(text)
    if (value === null) problems.push({ path: name, at: null, reason, wayOut })
    return value
  }
  const urlOf =
    (...protocols: readonly string[]) =>
    (text: string) =>
      protocols.includes(URL.parse(text)?.protocol ?? '') ? text : null
  const values = {
    home: environment['CONCORDAT_HOME'] || '.concordat',
    port: read(
      'PORT',
      (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null),
      'is not a port',
      'a number from 0 to 65535; 0 takes any free one',
    ),
    databaseUrl: read(
      'DATABASE_URL',
      urlOf('postgres:', 'postgresql:'),
      'is not the address of a PostgreSQL',
      'write `postgresql://user:password@host:5432/database`',
    ),
    redisUrl: read(
      'REDIS_URL',
      urlOf('redis:', 'rediss:'),
      'is not the address of a Redis or Valkey',
      'write `redis://host:6379` or `rediss://host:6379`',
    ),
    logLevel: read(
      'LOG_LEVEL',
      (text) => (isLevel(text) ? text : null),
      'is not a level',
      `one of ${[...LEVELS].join(', ')}`,
    ),
  }
  return { values, problems }
}

/** Fills `${NAME}` and `${NAME:-otherwise}` in every string of a value; `./x` and `../x` become paths from `folder`. */
export function withEnvironment(
  value: Readonly<Record<string, unknown>>,
  environment: ProcessEnvironment,
  folder: string,
): {
  readonly value: Readonly<Record<string, unknown>>
  readonly missing: readonly { path: (string | number)[]; name: string }[]
} {
  const missing: { path: (string | number)[]; name: string }[] = []
  const fill = (text: string, path: (string | number)[]): string => {
    const filled = text.replaceAll(
      /\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/g,
      (_whole, name: string, otherwise: string | undefined) => {
        const found = environment[name] || otherwise
        if (found === undefined) missing.push({ path, name })
        return found ?? ''
      },
    )
    return /^\.{1,2}\//.test(filled) ? resolve(folder, filled) : filled
  }
  const walk = (part: unknown, path: (string | number)[]): unknown => {
    if (typeof part === 'string') return fill(part, path)
    if (Array.isArray(part)) return part.map((item, index) => walk(item, [...path, index]))
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(
      Object.entries(part).map(([key, item]) => [key, walk(item, [...path, key])]),
    )
  }
  const filled = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, walk(item, [key])]),
  )
  return { value: filled, missing }
}
