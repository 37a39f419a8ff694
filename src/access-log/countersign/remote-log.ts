import { HASH_BYTES } from '../tree/bytes.js'
import type { HashTile } from '../tree/tile.js'
import { TILE_WIDTH, type TileReader, tilePath } from '../tree/tile.js'

/** A log as its HTTP address serves it (C2SP tlog-tiles). Nothing that it says is trusted. */
export interface RemoteLog {
  readonly checkpoint: () => Promise<Uint8Array>
  readonly tiles: TileReader
  /** Hands in a checkpoint with cosignature lines; gives the HTTP status. */
  readonly postCosignature: (note: string) => Promise<number>
}

/** The log did not answer, or not with what was asked for: to be tried again, and no sign of a fork. */
export class LogUnreachable extends Error {}

const TIMEOUT_MS = 10_000
const CHECKPOINT_BYTES_MAX = 1_000_000

/** `url` is the log's prefix; `headers` carry whatever lets this party in. */
export function remoteLog(options: {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof fetch
}): RemoteLog {
  const prefix = options.url.replace(/\/+$/, '')
  const ask = async (path: string, bytesMax: number, body: string | null = null) => {
    try {
      const response = await (options.fetch ?? fetch)(`${prefix}/${path}`, {
        method: body === null ? 'GET' : 'POST',
        headers: { ...options.headers },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      return { status: response.status, bytes: await bounded(response, bytesMax) }
    } catch (error) {
      throw new LogUnreachable(
        `the log did not answer: ${error instanceof Error ? error.message : 'it failed'}`,
      )
    }
  }
  const fetched = async (path: string, bytesMax: number): Promise<Uint8Array> => {
    const { status, bytes } = await ask(path, bytesMax)
    if (status !== 200) throw new LogUnreachable(`the log answered with status ${status}`)
    return bytes
  }
  const tile = async (wanted: HashTile): Promise<Uint8Array> => {
    const bytes = wanted.width * HASH_BYTES
    const partial = await ask(tilePath(wanted), bytes)
    if (partial.status === 200 || wanted.width === TILE_WIDTH)
      return partial.status === 200 ? partial.bytes : fetched(tilePath(wanted), bytes)
    // A partial tile may be gone once the full one is there.
    const full = await fetched(tilePath({ ...wanted, width: TILE_WIDTH }), TILE_WIDTH * HASH_BYTES)
    return full.subarray(0, bytes)
  }
  return {
    checkpoint: () => fetched('checkpoint', CHECKPOINT_BYTES_MAX),
    tiles: (tiles) => Promise.all(tiles.map(tile)),
    postCosignature: async (note) => (await ask('cosignature', CHECKPOINT_BYTES_MAX, note)).status,
  }
}

async function bounded(response: Response, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > bytesMax && response.ok) throw new RangeError(`the answer passes ${bytesMax} bytes`)
    if (bytes <= bytesMax) parts.push(part)
  }
  return Buffer.concat(parts)
}
