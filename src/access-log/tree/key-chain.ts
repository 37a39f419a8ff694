import { formatVerifier, parseNote, parseVerifier, type Verifier, verifyNote } from './note.js'
import { demand } from './refusal.js'

/**
 * What a log says when its key is changed: the key before vouches for the next. A text of four lines,
 * of which the second is no number, so that it can never be taken for a checkpoint; signed as a note.
 *
 *   concordat-log-key/1
 *   origin <the log's>
 *   next <vkey>
 *   at <ISO 8601, UTC>
 */
export interface KeyStep {
  readonly origin: string
  readonly next: Verifier
  readonly at: string
}

const KEY_STEP_FORMAT = 'concordat-log-key/1'

export function formatKeyStep({ origin, next, at }: KeyStep): string {
  return `${[KEY_STEP_FORMAT, `origin ${origin}`, `next ${formatVerifier(next)}`, `at ${at}`].join('\n')}\n`
}

function parseKeyStep(text: string): KeyStep {
  const [format, origin, next, at, ...rest] = text.slice(0, -1).split('\n')
  demand(
    format === KEY_STEP_FORMAT &&
      origin?.startsWith('origin ') === true &&
      next?.startsWith('next ') === true &&
      at?.startsWith('at ') === true &&
      rest.length === 0,
    'KEY_CHAIN_MALFORMED',
    `a step of the key is four lines that begin with \`${KEY_STEP_FORMAT}\``,
  )
  return { origin: origin.slice(7), next: parseVerifier(next.slice(5)), at: at.slice(3) }
}

/**
 * The keys that a reader may trust who trusts `keys`: each step must be signed by a key that is trusted
 * already, and adds the one that it names. In the order in which they were made.
 */
export async function followKeys(
  origin: string,
  keys: readonly Verifier[],
  steps: readonly (string | Uint8Array)[],
): Promise<readonly Verifier[]> {
  const trusted = [...keys]
  for (const input of steps) {
    const note = parseNote(input)
    const step = parseKeyStep(note.text)
    demand(step.origin === origin, 'ORIGIN_DIFFERS', 'the step of the key is of another log')
    demand(
      step.next.name === origin && step.next.type === 'ed25519',
      'KEY_UNSUPPORTED',
      'a log signs under its own name with an Ed25519 key of type 1',
    )
    await verifyNote(note, trusted)
    trusted.push(step.next)
  }
  return trusted
}
