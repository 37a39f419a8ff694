import type { Sql } from '../../platform/database.js'
import type { PublishedCheckpoint } from '../checkpoints/cosignatures.js'
import { shownEntries } from '../checkpoints/prove-entry.js'
import { storedHashes } from '../checkpoints/stored-tree.js'
import { sinceMonthOf } from '../query-filter.js'
import { base64 } from '../tree/bytes.js'
import { nodesOf, type Span } from '../tree/merkle.js'

/** What is exported: for which agency, under which checkpoint, and of which time (instants; null has no end). */
export interface ExportAsk {
  readonly agency: string
  readonly checkpoint: PublishedCheckpoint
  readonly from: Date | null
  readonly to: Date | null
  /** By purpose: the HL7 code that the agreement gives it, for systems that read no other. */
  readonly purposes?: Readonly<Record<string, string>>
}

const ENTRIES_A_TIME = 2000

/**
 * The log up to a checkpoint, or a stretch of it, as one agency may see it: NDJSON, a line a leaf,
 * each with its newline. The first line holds the checkpoint and the roots of what lies before and
 * after, so that the stretch verifies with the published keys alone and nothing in it can be left out
 * (`checkExport` of the verifier; docs/governance/log-formats.md).
 */
export async function* exportLines(sql: Sql, ask: ExportAsk): AsyncIterable<string> {
  const { note, size } = ask.checkpoint
  const span = await spanOf(sql, ask)
  const roots = async (of: Span) =>
    (await storedHashes(sql, size)(nodesOf(of))).map((hash) => base64(hash))
  yield line({
    format: 'concordat-log-export/2',
    agency: ask.agency,
    checkpoint: note,
    from: String(span.from),
    to: String(span.to),
    before: await roots({ from: 0n, to: span.from }),
    after: await roots({ from: span.to, to: size }),
    purposes: ask.purposes ?? {},
  })
  for (let from = span.from; from < span.to; from += BigInt(ENTRIES_A_TIME)) {
    const last = from + BigInt(ENTRIES_A_TIME)
    const range = { from, to: last < span.to ? last : span.to }
    for (const { index, leaf, shown } of await shownEntries(sql, range, ask.agency)) {
      const entry = shown === null ? {} : { entry: shown }
      yield line({ index: String(index), leaf: base64(leaf), ...entry })
    }
  }
}

/** From the first entry at or after `from` up to the last before `to`, by the database's clock; whatever lies between is in. */
async function spanOf(sql: Sql, { checkpoint, from, to }: ExportAsk): Promise<Span> {
  if (from === null && to === null) return { from: 0n, to: checkpoint.size }
  const [row] = await sql.query<{ first: string | null; last: string | null }>(
    `select min(index)::text as first, max(index)::text as last from access_log.entry
     where index < $1 and ($2::timestamptz is null or at >= $2 and ${sinceMonthOf('month', '$2')}) and ($3::timestamptz is null or at < $3)`,
    [String(checkpoint.size), from?.toISOString() ?? null, to?.toISOString() ?? null],
  )
  if (row?.first == null || row.last === null) return { from: checkpoint.size, to: checkpoint.size }
  return { from: BigInt(row.first), to: BigInt(row.last) + 1n }
}

function line(of: object): string {
  return `${JSON.stringify(of)}\n`
}
