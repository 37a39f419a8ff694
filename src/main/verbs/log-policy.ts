import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatVerifier, parseVerifier } from '../../access-log/tree/note.js'
import { Refusal } from '../../access-log/tree/refusal.js'
import {
  linesOf,
  type PolicyText,
  parsePolicyFile,
  policyOf,
} from '../../access-log/verifier/verify.js'
import { type Configuration, loadConfiguration } from '../../platform/config.js'
import { openKeys } from '../../platform/keys.js'
import { StartupError } from '../../platform/startup-error.js'
import { logPolicyOf, logSignersOf } from '../log-keys.js'

/** How a verb is told whom to trust: the published keys, in a file or written out. */
export interface PolicyOptions {
  readonly policy?: string
  readonly logKey?: readonly string[]
  readonly countersigner?: readonly string[]
  readonly quorum?: number
}

export const POLICY_OPTION = [
  '--policy <file>',
  'whom to trust, as `concordat log key --policy` prints it (C2SP tlog-policy)',
] as const

/**
 * The policy that the options name; without any, that of the hub whose configuration and keys are on
 * this machine. Throws a StartupError where there is neither, or where it cannot be read.
 */
export function readPolicy(options: PolicyOptions): PolicyText {
  try {
    if (options.policy !== undefined) return parsePolicyFile(readFile(options.policy))
    const [first] = options.logKey ?? []
    if (first === undefined) return policyOfThisMachine()
    const policy = {
      origin: parseVerifier(first).name,
      logKeys: options.logKey ?? [],
      countersigners: options.countersigner ?? [],
      quorum: options.quorum ?? 0,
    }
    policyOf(policy)
    return policy
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new StartupError(
      'LOG_POLICY_UNREADABLE',
      `whom to trust cannot be read: ${error.message}`,
      'ask the hub’s operator for `concordat log key --policy`, and compare it with what was published',
    )
  }
}

/** Those of the hub that is configured here; makes no key. */
export function policyOfThisMachine(): PolicyText {
  const configuration = configurationHere()
  if (configuration === null || !hasLogKey(configuration))
    throw new StartupError(
      'LOG_KEYS_UNKNOWN',
      'nothing says which keys to trust, and this machine has no log of its own',
      'give --policy FILE or --log-key VKEY: the hub’s operator prints them with `concordat log key`',
    )
  const signers = logSignersOf(configuration, openKeys({ home: configuration.home }))
  return textOfPolicy(logPolicyOf(configuration, signers))
}

export function textOfPolicy(policy: ReturnType<typeof logPolicyOf>): PolicyText {
  return {
    origin: policy.origin,
    logKeys: policy.logKeys.map(formatVerifier),
    countersigners: policy.countersigners.map(formatVerifier),
    quorum: policy.quorum,
  }
}

/** Null where no configuration is on this machine. */
export function configurationHere(): Configuration | null {
  return existsSync(process.env['CONCORDAT_CONFIG'] ?? 'concordat.yaml')
    ? loadConfiguration()
    : null
}

function hasLogKey({ home }: Configuration): boolean {
  if (process.env['CONCORDAT_KEY_LOG']) return true
  const folder = join(home, 'keys')
  return existsSync(folder) && readdirSync(folder).some((name) => /^log\.\d+\.pem$/.test(name))
}

/** The bytes of a file that a person named. */
export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch {
    throw unreadable(path)
  }
}

/** The first line of a file that a person named, by which its kind is told; empty where it is no text. */
export async function firstLineOf(path: string): Promise<string> {
  try {
    for await (const line of linesOf(createReadStream(path))) return line
    return ''
  } catch (error) {
    if (error instanceof Refusal) return ''
    throw unreadable(path)
  }
}

function unreadable(path: string): StartupError {
  return new StartupError(
    'FILE_UNREADABLE',
    `the file \`${path}\` cannot be read`,
    'give the path of a file that is there and that this account may read',
  )
}
