import type { DetachedKey, KeyRing } from '../../platform/keys.js'
import { formatVerifier, type Verifier } from '../tree/note.js'
import { detachedSigner, type NoteSigner } from '../tree/sign.js'

/** The hub's keys for its log, under the log's origin as their name. */
export interface LogSigners {
  readonly origin: string
  /** The current key and the one before it sign together, so that a reader who knows either of them goes on across a rotation. */
  readonly signing: readonly NoteSigner[]
  /** All keys that ever signed, for checking. */
  readonly verifiers: readonly Verifier[]
  /** What is published: each key as a C2SP vkey, the current one first. */
  readonly vkeys: readonly string[]
}

const SIGNING_KEYS_MAX = 2

/** `ring` is `keys.detached('log')`. */
export function logSigners(origin: string, ring: KeyRing<DetachedKey>): LogSigners {
  const all = ring.all.map((key) => detachedSigner(origin, key))
  const verifiers = all.map((signer) => signer.verifier)
  return {
    origin,
    signing: all.slice(0, SIGNING_KEYS_MAX),
    verifiers,
    vkeys: verifiers.map(formatVerifier),
  }
}
