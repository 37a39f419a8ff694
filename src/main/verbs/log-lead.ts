import { existsSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { Command } from 'commander'
import { CodedError } from '../../errors.js'
import { loadConfiguration } from '../../platform/config.js'
import { openKeys } from '../../platform/keys.js'
import { StartupError } from '../../platform/startup-error.js'
import type { Clause } from '../../sharing/agreement.js'
import type { CompiledAgreement } from '../../sharing/compile.js'
import { conditionsIn } from '../../sharing/formula.js'
import { loadAgreement } from '../agreement-in-force.js'
import { answerLog } from '../log-door.js'
import { type PersonaToken, personaTokens } from '../personas.js'
import { readFile } from './log-policy.js'
import type { Tools } from './tools.js'

/** As whom a verb asks, and which hub. */
export interface LeadOptions {
  readonly hub?: string
  readonly token?: string
  readonly as?: string
  readonly agency?: string
  readonly purpose?: string
}

/** Adds the options that say as whom a verb asks. */
export function withLeadOptions(verb: Command): Command {
  return verb
    .option('--token <file>', 'a file with the token to ask with (or CONCORDAT_TOKEN)')
    .option('--purpose <code>', 'the purpose to state (a token needs it)')
    .option('--as <persona>', 'in development: as this persona')
}

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  /** Null where only the token knows. */
  readonly agency: string | null
}

/** Null where nobody is named. Throws a StartupError where somebody is named who cannot be. */
export async function credentials(options: LeadOptions): Promise<Credentials | null> {
  const { purpose } = options
  const given =
    options.token === undefined
      ? process.env['CONCORDAT_TOKEN']
      : Buffer.from(readFile(options.token)).toString('utf8')
  if (given !== undefined)
    return {
      agency: null,
      headers: {
        authorization: `Bearer ${given.trim()}`,
        ...(purpose !== undefined && { 'purpose-of-use': purpose }),
      },
    }
  const persona = await personaOf(options)
  if (persona === null) return null
  return {
    agency: persona.agency,
    headers: {
      authorization: `Bearer ${persona.token}`,
      'purpose-of-use': purpose ?? persona.purpose,
    },
  }
}

/** In development: the persona named, or the one of the agency that the agreement lets read the log. */
async function personaOf({ as, agency }: LeadOptions): Promise<PersonaToken | null> {
  if (as === undefined && agency === undefined) return null
  const configuration = loadConfiguration()
  const agreement = await loadAgreement(configuration.agreement.directory, configuration.agencies)
  const known = await personaTokens({
    configuration,
    keys: openKeys({ home: configuration.home }),
    agreement,
    now: () => new Date(),
  })
  const found = known.flatMap((one) => {
    const purpose = readingPurpose(agreement, one)
    const isMeant =
      as === undefined ? one.agency === agency && purpose !== null : one.persona === as
    return isMeant ? [{ ...one, purpose: purpose ?? one.purpose }] : []
  })
  if (found[0] !== undefined) return found[0]
  throw new StartupError(
    'NO_SUCH_PERSONA',
    `there is no persona \`${as ?? agency ?? ''}\` here that could ask`,
    `use --as with one of ${known.map((one) => one.persona).join(', ')}`,
  )
}

/** A purpose for which the agreement lets one of the persona's roles read their own agency's log; null for none. */
function readingPurpose({ agreement }: CompiledAgreement, of: PersonaToken): string | null {
  const reads = (clause: Clause) =>
    clause.effect === 'PERMIT' &&
    conditionsIn(clause.when).some(({ fact }) => fact === 'OWN_DATA_OR_STAFF') &&
    clause.categories.includes('LOG_RECORD') &&
    clause.to.some((role) => of.roles.includes(role))
  const purposes = agreement.clauses
    .filter(reads)
    .flatMap((clause) => clause.purposes ?? of.purposes)
  return purposes.find((one) => of.purposes.includes(one)) ?? null
}

export interface LeadAnswer {
  readonly status: number
  readonly header: (name: string) => string | null
  readonly body: AsyncIterable<Uint8Array>
}

/**
 * Asks below `/log/` as the lead that the options name: over HTTP where they name a hub, otherwise in
 * this process, by the same rules and with the same entry in the log. A refusal becomes a StartupError.
 */
export async function askAsLead<T>(
  path: string,
  options: LeadOptions,
  { withHub }: Pick<Tools, 'withHub'>,
  use: (answer: LeadAnswer) => Promise<T>,
): Promise<T> {
  const who = await credentials(options)
  if (who === null)
    throw new StartupError(
      'NOBODY_NAMED',
      'it is not said who asks: an export and a proof are for the IG lead of an agency',
      'give --token FILE with --purpose CODE (or CONCORDAT_TOKEN); in development --as PERSONA or --agency ID',
    )
  if (options.hub !== undefined) return use(await overHttp(options.hub, path, who.headers))
  return withHub(async (hub) => {
    const [below = '', query = ''] = path.split('?')
    const headers: IncomingHttpHeaders = who.headers
    const ask = { method: 'GET', path: below, query: new URLSearchParams(query), headers }
    const answer = await answerLog(hub, { ...ask, body: new Uint8Array(0) }).catch(refused)
    const { body } = answer
    return use({
      status: answer.status,
      header: (name) => answer.headers?.[name] ?? null,
      body: bytesOf(body instanceof Readable ? body : Readable.from([Buffer.from(body)])),
    })
  })
}

async function overHttp(
  hub: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<LeadAnswer> {
  const url = `${hub.replace(/\/+$/, '')}/log/${path}`
  const response = await fetch(url, { headers: { ...headers }, redirect: 'error' }).catch(() => {
    throw new StartupError(
      'HUB_NOT_ANSWERED',
      `no hub answers at \`${hub}\``,
      'start it, or look at --hub',
    )
  })
  if (response.status >= 400) throw refusedWith(await response.text(), response.status)
  return {
    status: response.status,
    header: (name) => response.headers.get(name),
    body: bytesOf(response.body === null ? Readable.from([]) : Readable.fromWeb(response.body)),
  }
}

function refused(error: unknown): never {
  if (error instanceof CodedError) throw refusal(error.code, error.message)
  throw error
}

function refusedWith(text: string, status: number): StartupError {
  const error = firstError(text)
  return refusal(error?.code ?? String(status), error?.message ?? 'the hub refused it')
}

function firstError(text: string): { readonly code: string; readonly message: string } | null {
  try {
    const body: { errors?: { message?: string; extensions?: { code?: string } }[] } =
      JSON.parse(text)
    const [error] = body.errors ?? []
    return error === undefined
      ? null
      : { code: error.extensions?.code ?? '', message: error.message ?? '' }
  } catch {
    // Not a hub's answer: the status says all there is.
    return null
  }
}

function refusal(code: string, message: string): StartupError {
  return new StartupError('REFUSED', `${message} (${code})`, wayOut(code))
}

function wayOut(code: string): string {
  switch (code) {
    case 'NOT_FOUND':
      return 'receipts are for the IG lead of the agency whose client got them, entries for whoever was shown them'
    case 'TOKEN_INVALID':
    case 'TOKEN_MISSING':
      return 'get a new token from your agency, and give it with --token FILE'
    case 'PURPOSE_MISSING':
    case 'PURPOSE_NOT_ALLOWED':
      return 'state the purpose with --purpose CODE'
    default:
      return 'ask as somebody whom the agreement lets read the log: an IG lead, for their own agency'
  }
}

async function* bytesOf(stream: Readable): AsyncIterable<Uint8Array> {
  for await (const part of stream) {
    const chunk: unknown = part
    yield chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk))
  }
}

/** The whole of a bounded answer. */
export async function textOf(answer: LeadAnswer): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of answer.body) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

/** A file that is not there yet: nobody's export is written over. */
export function refuseExisting(file: string): void {
  if (existsSync(file))
    throw new StartupError(
      'FILE_EXISTS',
      `\`${file}\` is there already`,
      'name another file with --out',
    )
}
