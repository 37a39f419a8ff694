import { base64, bytesOfBase64, hashOfBase64, textOf, u64OfDecimal } from './bytes.js'
import { openCheckpoint, type Policy, type SignedCheckpoint } from './checkpoint.js'
import { demand } from './refusal.js'
import { verifyInclusion } from './verify-proof.js'

/** C2SP tlog-proof: that an entry is in the log, with everything needed to check it. */
export interface LogProof {
  /** Opaque and not vouched for by the log; null where there is none. */
  readonly extra: Uint8Array | null
  readonly index: bigint
  readonly path: readonly Uint8Array[]
  /** A signed checkpoint, verbatim. */
  readonly checkpoint: string
}

const HEADER = 'c2sp.org/tlog-proof@v1'
const PATH_MAX = 64
const PROOF_BYTES_MAX = 10_000_000

export function formatLogProof(proof: LogProof): string {
  const lines = [
    HEADER,
    ...(proof.extra === null ? [] : [`extra ${base64(proof.extra)}`]),
    `index ${proof.index}`,
    ...proof.path.map(base64),
  ]
  return `${lines.join('\n')}\n\n${proof.checkpoint}`
}

export function parseLogProof(input: string | Uint8Array): LogProof {
  demand(input.length <= PROOF_BYTES_MAX, 'PROOF_MALFORMED', 'the proof passes ten million bytes')
  const text = typeof input === 'string' ? input : textOf(input, 'PROOF_MALFORMED')
  const split = text.indexOf('\n\n')
  demand(split >= 0, 'PROOF_MALFORMED', 'no empty line stands before the checkpoint')
  const [header, ...lines] = text.slice(0, split).split('\n')
  demand(header === HEADER, 'PROOF_MALFORMED', `the first line is not \`${HEADER}\``)
  const extra = lines[0]?.startsWith('extra ') ? bytesOfBase64(lines[0].slice(6)) : null
  demand(extra?.length !== 0, 'PROOF_MALFORMED', 'the line `extra` is empty')
  const [index, ...path] = extra === null ? lines : lines.slice(1)
  demand(index?.startsWith('index ') === true, 'PROOF_MALFORMED', 'the line `index` is missing')
  demand(path.length <= PATH_MAX, 'PROOF_MALFORMED', 'the path is longer than any tree is high')
  return {
    extra,
    index: u64OfDecimal(index.slice(6)),
    path: path.map(hashOfBase64),
    checkpoint: text.slice(split + 2),
  }
}

/** Checks the checkpoint under the policy and the path of `leaf` (a leaf hash) to its root. */
export async function verifyLogProof(
  proof: LogProof,
  leaf: Uint8Array,
  policy: Policy,
): Promise<SignedCheckpoint> {
  const checkpoint = await openCheckpoint(proof.checkpoint, policy)
  verifyInclusion({ ...checkpoint, index: proof.index, leaf, proof: proof.path })
  return checkpoint
}
