import type { Sql } from '../../platform/database.js'
import type { Policy } from '../tree/checkpoint.js'
import { formatNote, parseNote, parseSignatureLines } from '../tree/note.js'
import { proveConsistency } from '../tree/proof.js'
import { Refusal } from '../tree/refusal.js'
import { formatAddCheckpoint } from '../tree/witness.js'
import { type Accepted, acceptCosignatures, latestCheckpoint } from './cosignatures.js'
import { storedHashes } from './stored-tree.js'

const TIMEOUT_MS = 10_000
const ANSWER_CHARACTERS_MAX = 100_000

export type Asked =
  | Accepted
  /** No answer, or none that helps; to be tried again with the next checkpoint. */
  | { readonly kind: 'NO_ANSWER'; readonly status: number | null }

/**
 * C2SP tlog-witness, the log's side: hands the newest checkpoint to one witness with the proof from
 * the size that the witness has, and takes its cosignature in. Asks twice at most: the witness says
 * which size it has. Answers to clients never wait for this.
 */
export async function askWitness(
  sql: Sql,
  witness: { readonly url: string; readonly lastSize: bigint; readonly fetch?: typeof fetch },
  policy: Policy,
): Promise<Asked> {
  const checkpoint = await latestCheckpoint(sql)
  if (checkpoint === null) return { kind: 'NO_ANSWER', status: null }
  const ask = async (oldSize: bigint) => {
    const { size, note } = checkpoint
    const isProof = oldSize > 0n && oldSize < size
    const proof = isProof ? await proveConsistency(oldSize, size, storedHashes(sql, size)) : []
    return post(witness, formatAddCheckpoint({ oldSize, proof, checkpoint: note }))
  }
  const first = await ask(witness.lastSize <= checkpoint.size ? witness.lastSize : 0n)
  const itsSize = first?.status === 409 ? sizeOf(first.text) : null
  const answer = itsSize !== null && itsSize <= checkpoint.size ? await ask(itsSize) : first
  if (answer?.status !== 200) return { kind: 'NO_ANSWER', status: answer?.status ?? null }
  try {
    const lines = parseSignatureLines(answer.text).map((one) => one.line)
    return acceptCosignatures(sql, formatNote(parseNote(checkpoint.note).text, lines), policy)
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'REFUSED', says: error.message }
    throw error
  }
}

function sizeOf(text: string): bigint | null {
  return /^(?:0|[1-9][0-9]{0,19})\n$/.test(text) ? BigInt(text.trimEnd()) : null
}

async function post(
  witness: { readonly url: string; readonly fetch?: typeof fetch },
  body: string,
): Promise<{ readonly status: number; readonly text: string } | null> {
  try {
    const url = `${witness.url.replace(/\/+$/, '')}/add-checkpoint`
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await (witness.fetch ?? fetch)(url, {
      method: 'POST',
      body,
      redirect: 'error',
      signal,
    })
    const text = await response.text()
    return { status: response.status, text: text.length > ANSWER_CHARACTERS_MAX ? '' : text }
  } catch {
    // A witness that does not answer is told by the cosignature that is missing.
    return null
  }
}
