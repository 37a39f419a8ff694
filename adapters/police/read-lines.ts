import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export interface ReadLine {
  readonly number: number
  /** Null for a line past the limit, of which nothing is kept. */
  readonly bytes: Buffer | null
}
const NEWLINE = 0x0a

/**
 * The lines of a file, each ended by a newline, and what was read in all: both from one reading, so that
 * a file that changes between two readings is noticed. `finish` tells them once the lines are through.
 */
export async function* readLines(
  path: string,
  options: {
    readonly lineBytesMax: number
    readonly signal: AbortSignal
    readonly finish: (read: { sha256: string; bytes: number; isTruncated: boolean }) => void
  },
): AsyncGenerator<ReadLine> {
  const hash = createHash('sha256')
  let bytes = 0
  let number = 0
  let pending: Buffer[] = []
  let pendingBytes = 0
  const line = (): ReadLine => {
    const isKept = pendingBytes <= options.lineBytesMax
    const whole = { number: ++number, bytes: isKept ? Buffer.concat(pending) : null }
    pending = []
    pendingBytes = 0
    return whole
  }
  for await (const chunk of createReadStream(path, { signal: options.signal })) {
    const read: Buffer = chunk
    hash.update(read)
    bytes += read.length
    let from = 0
    for (let at = read.indexOf(NEWLINE); at !== -1; at = read.indexOf(NEWLINE, from)) {
      pending.push(read.subarray(from, at))
      pendingBytes += at - from
      yield line()
      from = at + 1
    }
    pendingBytes += read.length - from
    if (pendingBytes <= options.lineBytesMax) pending.push(read.subarray(from))
    else pending = []
  }
  options.finish({ sha256: hash.digest('hex'), bytes, isTruncated: pendingBytes > 0 })
}
