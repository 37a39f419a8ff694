import { openCheckpoint, type Policy, type SignedCheckpoint } from '../tree/checkpoint.js'
import { formatNote } from '../tree/note.js'
import { proveConsistency } from '../tree/proof.js'
import { Refusal } from '../tree/refusal.js'
import type { Signer } from '../tree/sign.js'
import { hashReaderOf } from '../tree/tile.js'
import { judgeCheckpoint } from '../tree/witness.js'
import { LogUnreachable, type RemoteLog } from './remote-log.js'
import type { CountersignerState } from './state.js'

/** What a countersigner tells people at once. */
export type Alarm =
  /** Two heads, both signed by the log, that cannot be of one log: they are kept as evidence. */
  | {
      readonly kind: 'FORK'
      readonly lastSize: bigint
      readonly size: bigint
      readonly evidence: string
    }
  /** The log shows a smaller head than one that it showed before. */
  | {
      readonly kind: 'ROLLBACK'
      readonly lastSize: bigint
      readonly size: bigint
      readonly evidence: string
    }
  /** What is served is not a checkpoint of this log. */
  | { readonly kind: 'UNREADABLE'; readonly says: string }
  /** Nothing new, or nothing at all, for longer than agreed. */
  | { readonly kind: 'STALL'; readonly forMs: number; readonly says: string }

export type Round =
  | { readonly kind: 'COSIGNED'; readonly size: bigint; readonly isNew: boolean }
  | { readonly kind: 'ALARM'; readonly alarm: Alarm }
  | { readonly kind: 'UNREACHABLE'; readonly says: string }

/** A party that vouches for heads. */
export interface Countersigner {
  readonly log: RemoteLog
  readonly policy: Policy
  readonly signer: Signer
  readonly state: CountersignerState
  /** Seconds since 1970. */
  readonly seconds: () => bigint
}

/**
 * Looks at the log once: fetches its head, checks with a proof made from the log's own tiles that it
 * only grew since the last one, remembers it, cosigns it and hands the cosignature in. A head that was
 * seen before is handed in again where the log lacks the cosignature.
 */
export function countersignOnce(countersigner: Countersigner): Promise<Round> {
  return countersigner.state.alone(async () => {
    try {
      return await roundOf(countersigner)
    } catch (error) {
      if (error instanceof LogUnreachable) return { kind: 'UNREACHABLE', says: error.message }
      if (error instanceof Refusal)
        return { kind: 'ALARM', alarm: { kind: 'UNREADABLE', says: error.message } }
      throw error
    }
  })
}

async function roundOf(countersigner: Countersigner): Promise<Round> {
  const { log, policy, signer, state } = countersigner
  const last = await state.read()
  const head = await openCheckpoint(await log.checkpoint(), {
    ...policy,
    countersigners: [signer.verifier],
    quorum: 0,
  })
  const note = formatNote(
    head.note.text,
    head.note.signatures.map((one) => one.line),
  )
  if (last !== null && head.size < last.size) {
    const evidence = await state.keepEvidence(note, head.size)
    return {
      kind: 'ALARM',
      alarm: { kind: 'ROLLBACK', lastSize: last.size, size: head.size, evidence },
    }
  }
  const proof = await proofFor(log, last, head)
  const isOtherText = last?.size === head.size && last.note.text !== head.note.text
  const verdict = isOtherText
    ? TWO_TEXTS
    : judgeCheckpoint(last, { oldSize: last?.size ?? 0n, proof }, head)
  if (verdict.kind !== 'COSIGN') {
    const evidence = await state.keepEvidence(note, head.size)
    return {
      kind: 'ALARM',
      alarm: { kind: 'FORK', lastSize: last?.size ?? 0n, size: head.size, evidence },
    }
  }
  const isNew = last === null || head.size > last.size
  if (isNew) await state.write(note)
  if (isNew || head.cosignatures.length === 0) {
    const { text } = head.note
    const status = await log.postCosignature(
      formatNote(text, [signer.sign(text, countersigner.seconds())]),
    )
    if (status !== 200)
      throw new LogUnreachable(`the log answered the cosignature with status ${status}`)
  }
  return { kind: 'COSIGNED', size: head.size, isNew }
}

/** A log that signs two maps of heads for one size tells two stories, though their trees are one. */
const TWO_TEXTS = { kind: 'FORKED', says: 'two checkpoints of one size' } as const

async function proofFor(
  log: RemoteLog,
  last: SignedCheckpoint | null,
  head: SignedCheckpoint,
): Promise<readonly Uint8Array[]> {
  if (last === null || last.size === 0n || last.size === head.size) return []
  try {
    return await proveConsistency(last.size, head.size, hashReaderOf(head.size, log.tiles))
  } catch (error) {
    // A tile that is cut off proves nothing, neither growth nor a fork.
    if (error instanceof Refusal && error.reason === 'TILE_MALFORMED')
      throw new LogUnreachable('the log served a tile that is cut off')
    throw error
  }
}
