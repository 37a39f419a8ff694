import { concat, textOf } from '../tree/bytes.js'
import { demand } from '../tree/refusal.js'

const LINE_BYTES_MAX = 64_000_000
const NEWLINE = 10

/** The lines of a stream of bytes, without their newlines (and nothing else ends a line). Strict UTF-8; bounded. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let begun: Uint8Array[] = []
  let begunBytes = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield lineOf([...begun, chunk.subarray(from, end)])
      begun = []
      begunBytes = 0
      from = end + 1
    }
    const rest = chunk.subarray(from)
    begunBytes += rest.length
    demand(begunBytes <= LINE_BYTES_MAX, 'EXPORT_MALFORMED', 'a line passes 64 million bytes')
    if (rest.length > 0) begun.push(rest)
  }
  if (begun.length > 0) yield lineOf(begun)
}

function lineOf(parts: readonly Uint8Array[]): string {
  const [only = new Uint8Array(0)] = parts
  return textOf(parts.length === 1 ? only : concat(...parts), 'EXPORT_MALFORMED')
}
