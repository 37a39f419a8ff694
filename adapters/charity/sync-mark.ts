import { createHash } from 'node:crypto'
import { z } from 'zod'

/**
 * What a synchronisation hands on to the next one: until when it has seen the charity (the charity's
 * own clock), and of which clients. Who has come into the cohort since is asked for whole.
 */
export interface SyncMark {
  readonly since: string | null
  /** Short digests of the ids of the cohort as it was. */
  readonly known: ReadonlySet<string>
}

const digestLength = 8
export const NOTHING_YET: SyncMark = { since: null, known: new Set() }
const markSchema = z.object({
  version: z.literal(1),
  since: z.iso.datetime({ offset: true }).nullable(),
  known: z.string().regex(/^[\w-]*$/),
})

/** Short digest of a client's id. */
export function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, digestLength)
}

export function writeMark(mark: SyncMark): string {
  return JSON.stringify({ version: 1, since: mark.since, known: [...mark.known].sort().join('') })
}

/** A mark that cannot be read (of another version, damaged) means: everything again. */
export function readMark(text: string | null): SyncMark {
  const parsed = markSchema.safeParse(jsonOrNull(text))
  if (!parsed.success) return NOTHING_YET
  const { since, known } = parsed.data
  return { since, known: new Set(known.match(new RegExp(`.{${digestLength}}`, 'g')) ?? []) }
}

function jsonOrNull(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return null // a foreign mark is no mark
  }
}
