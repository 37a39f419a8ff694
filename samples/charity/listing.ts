import { z } from 'zod'
import { ENVELOPE, INCLUDES, type SampleClient, type SampleEntry } from './format.js'

/** `GET /clients`: what is asked, and the page that answers it. */

/** A request that cannot be answered: becomes problem JSON. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
  ) {
    super(title)
  }
}

const idsMax = 500
const limitMax = 500
const commaList = z.string().transform((text) => (text === '' ? [] : text.split(',')))
const querySchema = z.strictObject({
  ids: commaList.optional(),
  entries: commaList.optional(),
  include: commaList.optional(),
  updatedSince: z.iso.datetime({ offset: true }).optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(limitMax).default(100),
})
const cursorSchema = z.object({ after: z.string(), asOf: z.string() })

export type Listing = z.output<typeof querySchema>

export function readListing(query: unknown): Listing {
  const parsed = querySchema.safeParse(query)
  if (!parsed.success)
    throw new Problem(
      400,
      `not understood: ${parsed.error.issues[0]?.path.join('.') || 'an unknown parameter'}`,
    )
  for (const list of [parsed.data.ids, parsed.data.entries])
    if ((list?.length ?? 0) > idsMax) throw new Problem(400, `more than ${idsMax} ids`)
  for (const part of parsed.data.include ?? [])
    if (!Object.hasOwn(INCLUDES, part)) throw new Problem(400, 'not understood: include')
  return parsed.data
}

function readCursor(
  cursor: string | undefined,
  now: string,
): { readonly after: string; readonly asOf: string } {
  if (cursor === undefined) return { after: '', asOf: now }
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw new Problem(400, 'not understood: cursor')
  }
}

/** A client as sent: the envelope, and what was asked for. */
export function sent(client: SampleClient, include: readonly string[]): Record<string, unknown> {
  const gone = client.isDeleted || client.mergedInto !== null
  const keys = new Set([
    ...ENVELOPE,
    ...(gone ? [] : include.flatMap((part) => INCLUDES[part] ?? [])),
  ])
  return Object.fromEntries(
    Object.entries(client).filter(([key]) => keys.has(key as keyof SampleClient)),
  )
}

const entriesOf = (client: SampleClient): readonly SampleEntry[] =>
  client.isDeleted || client.mergedInto !== null
    ? []
    : [...client.engagements, ...client.sdash, ...client.safetyPlan]

/** One page: by case number, so that a change while somebody pages neither skips nor doubles. */
export function pageOf(
  clients: ReadonlyMap<string, SampleClient>,
  listing: Listing,
  now: string,
): Record<string, unknown> {
  const { after, asOf } = readCursor(listing.cursor, now)
  const sinceMs = listing.updatedSince === undefined ? null : Date.parse(listing.updatedSince)
  const isAsked = listing.ids !== undefined || listing.entries !== undefined
  const ids = isAsked ? [...new Set(listing.ids ?? [])] : [...clients.keys()]
  const matching = ids
    .filter((id) => id > after)
    .map((id) => clients.get(id))
    .filter((it) => it !== undefined)
    .filter((it) => sinceMs === null || Date.parse(it.updatedAt) >= sinceMs)
    .sort((one, other) => (one.caseNumber < other.caseNumber ? -1 : 1))
  const items = matching.slice(0, listing.limit)
  const last = items.at(-1)
  const next =
    last === undefined || matching.length === items.length
      ? null
      : Buffer.from(JSON.stringify({ after: last.caseNumber, asOf })).toString('base64url')
  const wanted = new Set(listing.entries)
  const isFirst = listing.cursor === undefined
  return {
    asOf,
    items: items.map((client) => sent(client, listing.include ?? [])),
    entries:
      isFirst && wanted.size > 0
        ? [...clients.values()].flatMap(entriesOf).filter((it) => wanted.has(it.id))
        : [],
    missing: isFirst && isAsked ? ids.filter((id) => !clients.has(id)) : [],
    next,
  }
}
