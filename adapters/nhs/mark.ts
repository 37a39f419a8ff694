import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'

/**
 * What a synchronisation has seen, as the opaque mark that goes on from it: per cohort patient the
 * version, flag and ETag; per event or wish its version and patients. So deletions, changes that a
 * search by `_lastUpdated` missed, and people new to the cohort are all found.
 */
const marked = z.strictObject({
  v: z.literal(1),
  /** Start of the last synchronisation that ended; null before the first. */
  at: z.string().nullable(),
  patients: z.record(
    z.string(),
    z.strictObject({ version: z.string(), flag: z.string(), etag: z.string().nullable() }),
  ),
  events: z.record(
    z.string(),
    z.record(z.string(), z.strictObject({ version: z.string(), about: z.array(z.string()) })),
  ),
})
type Marked = z.infer<typeof marked>

export interface Seen {
  at: string | null
  readonly patients: Map<string, { version: string; flag: string; etag: string | null }>
  /** By resource type, then id. */
  readonly events: Map<string, Map<string, { version: string; about: string[] }>>
}

/** A mark that is not ours or cannot be read counts as none: everything is read again. */
export function readMark(mark: string | null): Seen {
  const parsed = mark === null ? null : parse(mark)
  return {
    at: parsed?.at ?? null,
    patients: new Map(Object.entries(parsed?.patients ?? {})),
    events: new Map(
      Object.entries(parsed?.events ?? {}).map(([type, rows]) => [
        type,
        new Map(Object.entries(rows)),
      ]),
    ),
  }
}

const markBytesMax = 200_000_000

function parse(mark: string): Marked | null {
  try {
    const bytes = inflateRawSync(Buffer.from(mark, 'base64url'), { maxOutputLength: markBytesMax })
    return marked.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null
  } catch {
    return null // damaged or foreign: start from the beginning
  }
}

export function writeMark(seen: Seen): string {
  const content: Marked = {
    v: 1,
    at: seen.at,
    patients: Object.fromEntries(seen.patients),
    events: Object.fromEntries(
      [...seen.events].map(([type, rows]) => [type, Object.fromEntries(rows)]),
    ),
  }
  return deflateRawSync(JSON.stringify(content)).toString('base64url')
}
