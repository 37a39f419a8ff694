import { openCheckpoint, parseCheckpoint } from '../tree/checkpoint.js'
import { formatNote, parseNote } from '../tree/note.js'
import { Refusal } from '../tree/refusal.js'
import { judgeCheckpoint, parseAddCheckpoint } from '../tree/witness.js'
import type { Countersigner } from './round.js'

export interface WitnessResponse {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/**
 * C2SP tlog-witness: the answer to `POST <prefix>/add-checkpoint`, for a countersigner that the log
 * can reach. Shares its state with the polling kind: both ways vouch for one and the same growth.
 */
export function addCheckpoint(
  countersigner: Pick<Countersigner, 'policy' | 'signer' | 'state' | 'seconds'>,
  body: string | Uint8Array,
): Promise<WitnessResponse> {
  const { policy, signer, state } = countersigner
  return state.alone(async () => {
    try {
      const request = parseAddCheckpoint(body)
      const { text } = parseNote(request.checkpoint)
      if (parseCheckpoint(text).origin !== policy.origin)
        return answer(404, 'this log is not known here')
      const head = await opened(request.checkpoint, countersigner)
      if (head === null) return answer(403, 'no known key of the log signed the checkpoint')
      const verdict = judgeCheckpoint(await state.read(), request, head)
      switch (verdict.kind) {
        case 'BAD_REQUEST':
          return answer(400, verdict.says)
        case 'STALE':
          return { status: 409, contentType: 'text/x.tlog.size', body: `${verdict.size}\n` }
        case 'FORKED':
          await state.keepEvidence(request.checkpoint, head.size)
          return request.oldSize === head.size
            ? answer(409, verdict.says)
            : answer(422, verdict.says)
        case 'COSIGN':
          await state.write(
            formatNote(
              text,
              head.note.signatures.map((one) => one.line),
            ),
          )
          return {
            status: 200,
            contentType: 'text/plain; charset=utf-8',
            body: signer.sign(text, countersigner.seconds()),
          }
      }
    } catch (error) {
      if (error instanceof Refusal) return answer(400, error.message)
      throw error
    }
  })
}

async function opened(checkpoint: string, { policy }: Pick<Countersigner, 'policy'>) {
  try {
    return await openCheckpoint(checkpoint, { ...policy, countersigners: [], quorum: 0 })
  } catch (error) {
    if (error instanceof Refusal && ['KEY_UNKNOWN', 'SIGNATURE_INVALID'].includes(error.reason))
      return null
    throw error
  }
}

function answer(status: number, says: string): WitnessResponse {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${says}\n` }
}
