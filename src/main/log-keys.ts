import { type LogSigners, logSigners } from '../access-log/checkpoints/log-signers.js'
import type { Policy } from '../access-log/tree/checkpoint.js'
import { parseVerifier, type Verifier } from '../access-log/tree/note.js'
import { Refusal } from '../access-log/tree/refusal.js'
import type { Configuration } from '../platform/config.js'
import type { Keys } from '../platform/keys.js'
import { StartupError } from '../platform/startup-error.js'

/**
 * The name of the access log of a unit: the first line of each of its checkpoints. A log that was ended
 * is followed by one of another name, so that no reader and no countersigner takes the two for one.
 */
export function logOrigin(
  { unit, log }: Pick<Configuration, 'unit' | 'log'>,
  number: number = log.number,
): string {
  return number === 1 ? `concordat/${unit.id}` : `concordat/${unit.id}/${number}`
}

/** The hub's own keys for its log, from the key ring `log`. */
export function logSignersOf(
  configuration: Pick<Configuration, 'unit' | 'log'>,
  keys: Keys,
  number?: number,
): LogSigners {
  return logSigners(logOrigin(configuration, number), keys.detached('log'))
}

/** Whom a reader of this unit's log trusts, by the configuration. Throws a StartupError for a key that is none. */
export function logPolicyOf(
  configuration: Pick<Configuration, 'log'>,
  signers: Pick<LogSigners, 'origin' | 'verifiers'>,
): Policy {
  const { countersigners, quorum } = configuration.log
  return {
    origin: signers.origin,
    logKeys: signers.verifiers,
    countersigners: countersigners.map(countersignerKey),
    quorum,
  }
}

function countersignerKey({
  name,
  vkey,
}: Configuration['log']['countersigners'][number]): Verifier {
  const wayOut = 'print it with `concordat log key --file FILE --name NAME` at the countersigner'
  try {
    const verifier = parseVerifier(vkey)
    if (verifier.name === name && verifier.type === 'cosignature') return verifier
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new StartupError(
      'COUNTERSIGNER_KEY_UNREADABLE',
      `the key of the countersigner \`${name}\` cannot be read: ${error.message}`,
      wayOut,
    )
  }
  throw new StartupError(
    'COUNTERSIGNER_KEY_UNREADABLE',
    `the key of the countersigner \`${name}\` is not a cosignature key of that name`,
    wayOut,
  )
}
