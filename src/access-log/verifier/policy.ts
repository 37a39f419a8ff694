import type { Policy } from '../tree/checkpoint.js'
import { parseVerifier } from '../tree/note.js'
import { demand } from '../tree/refusal.js'

/** A policy as people write it down: keys as C2SP vkeys (`name+id+base64`). */
export interface PolicyText {
  readonly origin: string
  readonly logKeys: readonly string[]
  readonly countersigners?: readonly string[]
  /** How many of the countersigners must have cosigned. */
  readonly quorum?: number
}

export function policyOf(text: PolicyText): Policy {
  const quorum = text.quorum ?? 0
  const logKeys = text.logKeys.map(parseVerifier)
  const countersigners = (text.countersigners ?? []).map(parseVerifier)
  demand(text.origin !== '', 'ORIGIN_DIFFERS', 'the policy names no origin')
  demand(logKeys.length > 0, 'KEY_UNKNOWN', 'the policy names no key of the log')
  demand(
    logKeys.every((key) => key.type === 'ed25519'),
    'KEY_UNSUPPORTED',
    'a log signs with an Ed25519 key of type 1',
  )
  demand(
    countersigners.every((key) => key.type === 'cosignature'),
    'KEY_UNSUPPORTED',
    'a countersigner signs with a cosignature key of type 4',
  )
  demand(
    Number.isSafeInteger(quorum) && quorum >= 0 && quorum <= countersigners.length,
    'NUMBER_INVALID',
    'the quorum is not between 0 and the number of countersigners',
  )
  return { origin: text.origin, logKeys, countersigners, quorum }
}
