import { base64, equal, hashOfBase64, U64_MAX, u64OfDecimal } from './bytes.js'
import { EMPTY_ROOT } from './merkle.js'
import { type Note, parseNote, type VerifiedSignature, type Verifier, verifyNote } from './note.js'
import { demand, Refusal } from './refusal.js'

/** C2SP tlog-checkpoint: the head of a log. */
export interface Checkpoint {
  readonly origin: string
  readonly size: bigint
  readonly root: Uint8Array
  readonly extensions: readonly string[]
}

/** Whom a reader trusts: the log's keys (older ones too, after a rotation), its countersigners, and how many of them it wants. */
export interface Policy {
  readonly origin: string
  readonly logKeys: readonly Verifier[]
  readonly countersigners: readonly Verifier[]
  readonly quorum: number
}

/** A checkpoint that the log signed, with the countersigners that did too. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: Note
  readonly cosignatures: readonly VerifiedSignature[]
}

export function parseCheckpoint(text: string): Checkpoint {
  demand(text.endsWith('\n'), 'CHECKPOINT_MALFORMED', 'the last line does not end in a newline')
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n')
  demand(
    origin !== undefined && size !== undefined && root !== undefined && origin !== '',
    'CHECKPOINT_MALFORMED',
    'a checkpoint has an origin, a size and a root',
  )
  demand(!extensions.includes(''), 'CHECKPOINT_MALFORMED', 'an extension line is empty')
  const checkpoint = { origin, size: u64OfDecimal(size), root: hashOfBase64(root), extensions }
  demand(
    checkpoint.size !== 0n || equal(checkpoint.root, EMPTY_ROOT),
    'ROOT_DIFFERS',
    'an empty tree has another root',
  )
  return checkpoint
}

export function formatCheckpoint(checkpoint: Checkpoint): string {
  demand(
    checkpoint.size >= 0n && checkpoint.size <= U64_MAX,
    'SIZE_OUT_OF_RANGE',
    'the size is not a uint64',
  )
  const { origin, size, root, extensions } = checkpoint
  return `${[origin, String(size), base64(root), ...extensions].join('\n')}\n`
}

/**
 * A checkpoint under a policy: of this origin, signed by the log, and by at least `quorum` different
 * countersigners. One key under two names counts once.
 */
export async function openCheckpoint(
  input: string | Uint8Array,
  policy: Policy,
): Promise<SignedCheckpoint> {
  const note = parseNote(input)
  const checkpoint = parseCheckpoint(note.text)
  demand(checkpoint.origin === policy.origin, 'ORIGIN_DIFFERS', 'the checkpoint is of another log')
  const verified = await verifyNote(note, [...policy.logKeys, ...policy.countersigners])
  const isOf = (keys: readonly Verifier[]) => (one: VerifiedSignature) =>
    keys.some((key) => key.name === one.verifier.name && key.id === one.verifier.id)
  if (!verified.some(isOf(policy.logKeys)))
    throw new Refusal('KEY_UNKNOWN', 'the log itself did not sign the checkpoint')
  const cosignatures = verified.filter(isOf(policy.countersigners))
  const parties = new Set(cosignatures.map((one) => base64(one.verifier.publicKey)))
  demand(
    parties.size >= policy.quorum,
    'COSIGNATURES_MISSING',
    `${parties.size} of the ${policy.quorum} cosignatures that the policy wants are there`,
  )
  return { ...checkpoint, note, cosignatures }
}
