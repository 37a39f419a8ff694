import type { LogSigners } from '../checkpoints/log-signers.js'
import { base64, hashOfBase64, u64OfDecimal } from '../tree/bytes.js'
import { formatNote, parseNote, type Verifier, verifyNote } from '../tree/note.js'
import { demand } from '../tree/refusal.js'
import type { Head } from '../tree/witness.js'

/** What those who run a hub say of a log that they end: signed, and named by the entry that follows. */
export interface ClosingStatement {
  /** Of the log that ends. */
  readonly origin: string
  /** Of the log that goes on. */
  readonly next: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** The newest head that is known to have been signed. */
  readonly sealed: Head
  /** How many entries the database holds: the log that follows begins with them. */
  readonly held: bigint
  /** The first so many entries are shown by a kept head to be the ones that were sealed. */
  readonly same: bigint
  /** Requests whose receipts or ids were given and of which the database holds no entry. */
  readonly lostRequests: readonly string[]
  readonly reason: string
}

const FORMAT = 'concordat-log-closed/1'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const REASON_LENGTH_MAX = 500

/**
 * The text that is signed, a line for each thing. Its second line is no number, so that it can never be
 * taken for a checkpoint, which the same key signs.
 */
export function formatClosing(statement: ClosingStatement): string {
  const { origin, next, at, sealed, held, same, lostRequests, reason } = statement
  demand(
    !/[\n\r]/.test(reason) && reason.trim() !== '' && reason.length <= REASON_LENGTH_MAX,
    'CLOSING_MALFORMED',
    `the reason is one line of up to ${REASON_LENGTH_MAX} characters`,
  )
  demand(
    lostRequests.every((id) => /^\S+$/.test(id)),
    'CLOSING_MALFORMED',
    'the id of a request holds no white space',
  )
  const lines = [
    FORMAT,
    `origin ${origin}`,
    `next ${next}`,
    `at ${at}`,
    `sealed ${sealed.size} ${base64(sealed.root)}`,
    `held ${held}`,
    `same ${same}`,
    ...lostRequests.map((id) => `lost ${id}`),
    `reason ${reason}`,
  ]
  return `${lines.join('\n')}\n`
}

/** Signed with the keys of the hub, under the name of the log that ends. */
export async function signClosing(
  statement: ClosingStatement,
  signers: LogSigners,
): Promise<string> {
  const text = formatClosing(statement)
  return formatNote(text, await Promise.all(signers.signing.map((signer) => signer.sign(text, 0n))))
}

/** Refuses what none of these keys signed. */
export async function openClosing(
  note: string | Uint8Array,
  verifiers: readonly Verifier[],
): Promise<ClosingStatement> {
  const parsed = parseNote(note)
  await verifyNote(parsed, verifiers)
  return parseClosing(parsed.text)
}

/** Refuses every other form, so that one text says one thing. */
export function parseClosing(text: string): ClosingStatement {
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : []
  const [format, ...rest] = lines
  demand(format === FORMAT, 'CLOSING_MALFORMED', `the format is not \`${FORMAT}\``)
  const take = (word: string): string => {
    const line = rest.shift()
    demand(
      line?.startsWith(`${word} `) === true,
      'CLOSING_MALFORMED',
      `the line \`${word}\` is missing`,
    )
    return line.slice(word.length + 1)
  }
  const [origin, next, at] = [take('origin'), take('next'), take('at')]
  demand(TIME.test(at), 'CLOSING_MALFORMED', 'the time is not one in UTC')
  const [size, root, ...more] = take('sealed').split(' ')
  demand(
    size !== undefined && root !== undefined && more.length === 0,
    'CLOSING_MALFORMED',
    'what was sealed is a size and a root',
  )
  const sealed = { size: u64OfDecimal(size), root: hashOfBase64(root) }
  const [held, same] = [u64OfDecimal(take('held')), u64OfDecimal(take('same'))]
  const lostRequests: string[] = []
  while (rest[0]?.startsWith('lost ') === true) lostRequests.push(take('lost'))
  const reason = take('reason')
  demand(rest.length === 0, 'CLOSING_MALFORMED', 'further lines follow')
  return { origin, next, at, sealed, held, same, lostRequests, reason }
}
