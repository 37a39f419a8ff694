import { base64, equal, hashOfBase64, textOf, u64OfDecimal } from './bytes.js'
import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.js'
import { parseNote } from './note.js'
import { demand } from './refusal.js'
import { verifyConsistency } from './verify-proof.js'

/** C2SP tlog-witness: what `add-checkpoint` is asked. */
export interface AddCheckpoint {
  readonly oldSize: bigint
  readonly proof: readonly Uint8Array[]
  /** A signed note, verbatim. */
  readonly checkpoint: string
}

/** The newest head that a countersigner has vouched for. */
export interface Head {
  readonly size: bigint
  readonly root: Uint8Array
}

const PROOF_MAX = 63
const REQUEST_BYTES_MAX = 1_000_000

export function formatAddCheckpoint(request: AddCheckpoint): string {
  const lines = [`old ${request.oldSize}`, ...request.proof.map(base64)]
  return `${lines.join('\n')}\n\n${request.checkpoint}`
}

/** Refuses a malformed request; says nothing of signatures. */
export function parseAddCheckpoint(input: string | Uint8Array): AddCheckpoint {
  demand(
    input.length <= REQUEST_BYTES_MAX,
    'REQUEST_MALFORMED',
    'the request passes a million bytes',
  )
  const text = typeof input === 'string' ? input : textOf(input, 'REQUEST_MALFORMED')
  const split = text.indexOf('\n\n')
  demand(split >= 0, 'REQUEST_MALFORMED', 'no empty line stands before the checkpoint')
  const [old, ...proof] = text.slice(0, split).split('\n')
  demand(old?.startsWith('old ') === true, 'REQUEST_MALFORMED', 'the line `old` is missing')
  demand(proof.length <= PROOF_MAX, 'REQUEST_MALFORMED', 'the proof has more than 63 lines')
  const checkpoint = text.slice(split + 2)
  parseCheckpoint(parseNote(checkpoint).text)
  return { oldSize: u64OfDecimal(old.slice(4)), proof: proof.map(hashOfBase64), checkpoint }
}

/**
 * What a countersigner makes of a checkpoint that the log signed. Pure.
 * `STALE`: it is asked from another size than its own. `FORKED`: the checkpoint cannot be the same
 * log's as `last`; the two together are the evidence.
 */
export type WitnessVerdict =
  | { readonly kind: 'COSIGN' }
  | { readonly kind: 'STALE'; readonly size: bigint }
  | { readonly kind: 'BAD_REQUEST'; readonly says: string }
  | { readonly kind: 'FORKED'; readonly says: string }

export function judgeCheckpoint(
  last: Head | null,
  request: Pick<AddCheckpoint, 'oldSize' | 'proof'>,
  checkpoint: Pick<SignedCheckpoint, 'size' | 'root'>,
): WitnessVerdict {
  const lastSize = last?.size ?? 0n
  if (request.oldSize > checkpoint.size)
    return { kind: 'BAD_REQUEST', says: 'the old size passes the new one' }
  if (request.oldSize !== lastSize) return { kind: 'STALE', size: lastSize }
  if (last === null || lastSize === 0n)
    return request.proof.length === 0
      ? { kind: 'COSIGN' }
      : { kind: 'BAD_REQUEST', says: 'a proof from an empty tree is empty' }
  if (last.size === checkpoint.size && !equal(last.root, checkpoint.root))
    return { kind: 'FORKED', says: 'two roots for one size' }
  try {
    verifyConsistency({
      oldSize: last.size,
      oldRoot: last.root,
      size: checkpoint.size,
      root: checkpoint.root,
      proof: request.proof,
    })
    return { kind: 'COSIGN' }
  } catch (error) {
    return { kind: 'FORKED', says: error instanceof Error ? error.message : 'the proof fails' }
  }
}
