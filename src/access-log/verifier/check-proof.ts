import { equal, hex } from '../tree/bytes.js'
import { openCheckpoint } from '../tree/checkpoint.js'
import { parseLogProof, verifyLogProof } from '../tree/log-proof.js'
import { hashLeaf } from '../tree/merkle.js'
import { demand } from '../tree/refusal.js'
import { verifyConsistency } from '../tree/verify-proof.js'
import { parseAddCheckpoint } from '../tree/witness.js'
import { jsonOf, leafOfShown, type Opening, parseShownEntry } from './entry.js'
import { type PolicyText, policyOf } from './policy.js'
import { type Verdict, verdictOf } from './verdict.js'

/** What a proof shows to be in the log. */
export interface ProvenEntry {
  readonly index: bigint
  readonly size: bigint
  /** Null where the leaf was given and the proof shows nothing of the entry. */
  readonly entryId: string | null
  readonly sections: readonly Opening[]
  /** Names of the countersigners, with the seconds since 1970 at which they vouched. */
  readonly cosignedBy: readonly { readonly name: string; readonly at: bigint }[]
}

/**
 * Checks a C2SP tlog-proof. Its `extra` holds the entry as one reader may see it (JSON, see
 * `parseShownEntry`); or the leaf's data is given here. Where both are, they must agree.
 */
export function checkProof(
  proof: string | Uint8Array,
  policy: PolicyText,
  leafData?: Uint8Array,
): Promise<Verdict<ProvenEntry>> {
  return verdictOf(async () => {
    const parsed = parseLogProof(proof)
    const shown = parsed.extra === null ? null : parseShownEntry(jsonOf(parsed.extra))
    const given = leafData === undefined ? null : hashLeaf(leafData)
    const leaf = shown === null ? given : leafOfShown(shown)
    demand(leaf !== null, 'ENTRY_MALFORMED', 'the proof does not say of which entry it is')
    demand(given === null || equal(leaf, given), 'LEAF_DIFFERS', 'the proof is of another entry')
    const checkpoint = await verifyLogProof(parsed, leaf, policyOf(policy))
    return {
      index: parsed.index,
      size: checkpoint.size,
      entryId: shown?.id ?? null,
      sections: shown?.sections ?? [],
      cosignedBy: checkpoint.cosignatures.map(({ verifier, timestamp }) => ({
        name: verifier.name,
        at: timestamp ?? 0n,
      })),
    }
  })
}

/** Two heads of a log, both under the policy. */
export interface ProvenGrowth {
  readonly oldSize: bigint
  readonly size: bigint
  /** In hex. */
  readonly root: string
}

/**
 * Checks that the log of `older` (a signed checkpoint) only grew. `newer` is a proof with the newer
 * checkpoint, in the form of C2SP tlog-witness: `old <size>`, the proof's lines, an empty line, the
 * checkpoint.
 */
export function checkConsistency(
  older: string | Uint8Array,
  newer: string | Uint8Array,
  policy: PolicyText,
): Promise<Verdict<ProvenGrowth>> {
  return verdictOf(async (place) => {
    const trusted = policyOf(policy)
    place.at = 'the older checkpoint'
    const old = await openCheckpoint(older, trusted)
    place.at = 'the newer checkpoint'
    const request = parseAddCheckpoint(newer)
    const { size, root } = await openCheckpoint(request.checkpoint, trusted)
    demand(request.oldSize === old.size, 'PROOF_INVALID', 'the proof starts from another size')
    verifyConsistency({
      oldSize: old.size,
      oldRoot: old.root,
      size,
      root,
      proof: request.proof,
    })
    return { oldSize: old.size, size, root: hex(root) }
  })
}
