import type { Sql } from '../../platform/database.js'
import { base64 } from '../tree/bytes.js'
import type { PublishedCheckpoint } from './cosignatures.js'
import { shownEntries } from './prove-entry.js'

const ENTRIES_A_TIME = 2000

/**
 * The whole log up to a checkpoint as one agency may see it: NDJSON, a line a leaf, each with its
 * newline. Verifies with the published keys alone (`checkExport` of the verifier).
 */
export async function* exportLines(
  sql: Sql,
  options: { readonly agency: string; readonly checkpoint: PublishedCheckpoint },
): AsyncIterable<string> {
  const { note, size } = options.checkpoint
  yield `${JSON.stringify({ format: 'concordat-log-export/1', checkpoint: note })}\n`
  for (let from = 0n; from < size; from += BigInt(ENTRIES_A_TIME)) {
    const last = from + BigInt(ENTRIES_A_TIME)
    const range = { from, to: last < size ? last : size }
    for (const { index, leaf, shown } of await shownEntries(sql, range, options.agency)) {
      const entry = shown === null ? {} : { entry: shown }
      yield `${JSON.stringify({ index: String(index), leaf: base64(leaf), ...entry })}\n`
    }
  }
}
