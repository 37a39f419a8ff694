import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { z } from 'zod'
import { environmentOf, type ProcessEnvironment, withEnvironment } from './config-environment.js'
import { ConfigurationError, type ConfigurationProblem } from './config-problem.js'
import { type ConfigurationFile, configurationSchema } from './config-schema.js'
import { type ConfigurationText, type Path, readYaml } from './config-text.js'
import { errorCode } from './error-code.js'
import { StartupError } from './startup-error.js'

/** What one hub is configured to be: `concordat.yaml` and the environment, checked, paths absolute. */
export interface Configuration
  extends Omit<ConfigurationFile, 'agencies' | 'agreement' | 'listen'> {
  /** The file it came from. */
  readonly file: string
  /** Where the hub keeps its data (`CONCORDAT_HOME`). */
  readonly home: string
  readonly host: string
  readonly port: number
  /** `DATABASE_URL`; null: the embedded PostgreSQL under `home`. */
  readonly databaseUrl: string | null
  /** `REDIS_URL`; null: the queue lives in PostgreSQL. */
  readonly redisUrl: string | null
  readonly agencies: readonly AgencyConfiguration[]
  readonly agreement: {
    readonly directory: string
    /** By party, absolute paths of public keys. */
    readonly keys: Readonly<Record<string, readonly string[]>>
  }
}
export interface AgencyConfiguration {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly transport: string
  /** `jwks` is an absolute path or an address; null: only the development issuer speaks for the agency. */
  readonly issuer: { readonly iss: string; readonly jwks: string | null }
  readonly settings: Readonly<Record<string, unknown>>
}

/** Reads and checks the configuration; throws one `ConfigurationError` with everything that is wrong. */
export function loadConfiguration(
  options: { readonly file?: string; readonly environment?: ProcessEnvironment } = {},
): Configuration {
  const environment = options.environment ?? process.env
  const file = resolve(options.file ?? environment['CONCORDAT_CONFIG'] ?? 'concordat.yaml')
  const text = readYaml(file, readText(file))
  const variables = environmentOf(environment)
  const parsed = configurationSchema.safeParse(text.value)
  const problems = [
    ...text.problems,
    ...variables.problems,
    ...(parsed.success || text.problems.length > 0
      ? []
      : parsed.error.issues.flatMap((issue) => problemsOf(issue, text))),
    ...(parsed.success ? contradictions(parsed.data, text) : []),
  ]
  if (problems.length > 0 || !parsed.success) throw new ConfigurationError(file, problems)
  const settled = settle(file, parsed.data, variables.values, environment, text)
  if (settled.problems.length > 0) throw new ConfigurationError(file, settled.problems)
  return settled.configuration
}

const FILE_BYTES_MAX = 1_000_000
function readText(file: string): string {
  try {
    if (statSync(file).size > FILE_BYTES_MAX)
      throw new StartupError(
        'CONFIGURATION_TOO_LARGE',
        `\`${file}\` passes ${FILE_BYTES_MAX} bytes`,
        'a configuration is a page long: check the path',
      )
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof StartupError) throw error
    const code = errorCode(error) ?? 'unknown'
    throw new StartupError(
      'CONFIGURATION_UNREADABLE',
      `\`${file}\` cannot be read (${code})`,
      'start where `concordat.yaml` lies, or set `CONCORDAT_CONFIG` to its path',
    )
  }
}

function problemsOf(
  issue: z.core.$ZodIssue,
  text: ConfigurationText,
): readonly ConfigurationProblem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      text.problem(
        [...path, key],
        'this key is not known',
        `take it out, or mend its spelling: known here are ${knownKeys(path)}`,
        'key',
      ),
    )
  const present = text.has(path)
  if (issue.code === 'invalid_type')
    return [
      present
        ? text.problem(
            path,
            `must be of type ${issue.expected}`,
            `write a value of type ${issue.expected}`,
          )
        : text.problem(path, 'is missing', 'add it: `concordat.yaml` of the sample shows how'),
    ]
  if (issue.code === 'invalid_value')
    return [
      text.problem(
        path,
        'is none of the values allowed',
        `write one of ${issue.values.map(String).join(', ')}`,
      ),
    ]
  return [text.problem(path, `does not fit: ${issue.message}`, 'change the value')]
}

/** The keys that the schema knows at a path, for the way out. */
function knownKeys(path: Path): string {
  let here: unknown = configurationSchema
  for (const step of path) here = inside(here, step)
  const shape = unwrapped(here)
  return shape !== null && 'shape' in shape
    ? Object.keys(shape.shape as object)
        .map((key) => `\`${key}\``)
        .join(', ')
    : 'none'
}
function inside(schema: unknown, step: string | number): unknown {
  const at = unwrapped(schema)
  if (at === null) return null
  if ('element' in at) return at.element
  return 'shape' in at ? (at.shape as Record<string, unknown>)[String(step)] : null
}
function unwrapped(schema: unknown): object | null {
  let here = schema
  while (
    typeof here === 'object' &&
    here !== null &&
    'unwrap' in here &&
    typeof here.unwrap === 'function' &&
    !('element' in here)
  )
    here = here.unwrap()
  return typeof here === 'object' ? here : null
}

/** What each value alone cannot show: two agencies of one id, two of one issuer, an issuer open to the world. */
function contradictions(
  file: ConfigurationFile,
  text: ConfigurationText,
): readonly ConfigurationProblem[] {
  const repeated = (values: readonly string[]) =>
    values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))
  const withoutKeys = file.agencies.flatMap((agency, index) =>
    agency.issuer.jwks === undefined && !file.development.issuer ? [index] : [],
  )
  return [
    ...repeated(file.agencies.map((agency) => agency.id)).map((index) =>
      text.problem(
        ['agencies', index, 'id'],
        'another agency has this id',
        'give each agency an id of its own',
      ),
    ),
    ...repeated(file.agencies.map((agency) => agency.issuer.iss)).map((index) =>
      text.problem(
        ['agencies', index, 'issuer', 'iss'],
        'another agency has this token issuer',
        'give each agency an issuer of its own: it says whose staff a token names',
      ),
    ),
    ...(file.log.quorum > file.log.countersigners.length
      ? [
          text.problem(
            ['log', 'quorum'],
            'wants more cosignatures than there are countersigners',
            'name as many under `log.countersigners`, or lower it',
          ),
        ]
      : []),
    ...repeated(file.log.countersigners.map((one) => one.name)).map((index) =>
      text.problem(
        ['log', 'countersigners', index, 'name'],
        'another countersigner has this name',
        'give each party a name of its own',
      ),
    ),
    ...withoutKeys.map((index) =>
      text.problem(
        ['agencies', index, 'issuer'],
        'has no `jwks`, and the development issuer is off',
        'add `jwks`, the address or file of the public keys of its issuer',
      ),
    ),
    ...(file.development.issuer && !file.development.allowRemote && !isLoopback(file.listen.host)
      ? [
          text.problem(
            ['listen', 'host'],
            'is reachable from other machines while the development issuer is on',
            'listen on 127.0.0.1, or turn `development.issuer` off; `development.allowRemote: true` overrides this',
          ),
        ]
      : []),
  ]
}

/** Whether only this machine reaches an address to listen on. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function settle(
  file: string,
  data: ConfigurationFile,
  variables: ReturnType<typeof environmentOf>['values'],
  environment: ProcessEnvironment,
  text: ConfigurationText,
): { configuration: Configuration; problems: readonly ConfigurationProblem[] } {
  const folder = dirname(file)
  const home = resolve(folder, variables.home)
  const problems: ConfigurationProblem[] = []
  const agencies = data.agencies.map((agency, index) => {
    const settings = withEnvironment(
      agency.settings,
      { ...environment, CONCORDAT_HOME: home },
      folder,
    )
    problems.push(
      ...settings.missing.map(({ path, name }) =>
        text.problem(
          ['agencies', index, 'settings', ...path],
          `needs the environment variable \`${name}\``,
          `set \`${name}\`, or write \`\${${name}:-value}\``,
        ),
      ),
    )
    const jwks = agency.issuer.jwks ?? null
    return {
      ...agency,
      settings: settings.value,
      issuer: { iss: agency.issuer.iss, jwks: jwks === null ? null : place(folder, jwks) },
    }
  })
  const { listen, ...rest } = data
  return {
    problems,
    configuration: {
      ...rest,
      file,
      home,
      agencies,
      host: listen.host,
      port: variables.port ?? listen.port,
      databaseUrl: variables.databaseUrl,
      redisUrl: variables.redisUrl,
      agreement: {
        directory: place(folder, data.agreement.directory),
        keys: Object.fromEntries(
          Object.entries(data.agreement.keys).map(([party, files]) => [
            party,
            files.map((one) => place(folder, one)),
          ]),
        ),
      },
      log: {
        ...data.log,
        level: variables.logLevel ?? data.log.level,
        ...(data.log.watchRules !== undefined && {
          watchRules: place(folder, data.log.watchRules),
        }),
      },
    },
  }
}

/** An address as it is; a path made absolute from the configuration's folder. */
function place(folder: string, where: string): string {
  return /^https?:\/\//.test(where) || isAbsolute(where) ? where : resolve(folder, where)
}
