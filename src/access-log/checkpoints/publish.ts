import type { Sql } from '../../platform/database.js'
import { leafData } from '../leaf.js'
import type { Policy } from '../tree/checkpoint.js'
import { proveConsistency, proveInclusion } from '../tree/proof.js'
import { demand, Refusal } from '../tree/refusal.js'
import { formatBundle, parseTilePath, TILE_WIDTH, type Tile, tileWidth } from '../tree/tile.js'
import { acceptCosignatures, finalCheckpoint, latestCheckpoint } from './cosignatures.js'
import { readSealed, storedHashes, storedTiles } from './stored-tree.js'

/** What is asked over HTTP below the log's prefix, and what is answered. */
export interface LogRequest {
  readonly method: string
  /** Below the prefix, without a leading slash: `checkpoint`, `tile/0/000`. */
  readonly path: string
  readonly body: Uint8Array
}

export interface LogResponse {
  readonly status: number
  readonly contentType: string
  readonly cacheControl: string
  readonly body: string | Uint8Array
}

const MOMENTS = 'no-store'
const FOR_EVER = 'private, max-age=31536000, immutable'

/**
 * C2SP tlog-tiles: `checkpoint`, `tile/<level>/<n>[.p/<w>]`, `tile/entries/<n>[.p/<w>]`; beside it
 * `checkpoint/final` (the newest with the policy's cosignatures) and `POST cosignature` (a checkpoint
 * with cosignature lines). Who may ask is the caller's business.
 */
export async function respondOfLog(
  request: LogRequest,
  hub: { readonly sql: Sql; readonly policy: Policy },
): Promise<LogResponse> {
  const { method, path } = request
  if (method === 'POST' && path === 'cosignature') return cosigned(request.body, hub)
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'only GET is answered here\n')
  if (path === 'checkpoint') return noteOr404((await latestCheckpoint(hub.sql))?.note)
  if (path === 'checkpoint/final')
    return noteOr404((await finalCheckpoint(hub.sql, hub.policy.quorum))?.note)
  try {
    const bytes = await readTile(hub.sql, parseTilePath(path))
    return bytes === null
      ? text(404, 'the log has no such tile\n')
      : {
          status: 200,
          contentType: 'application/octet-stream',
          cacheControl: FOR_EVER,
          body: bytes,
        }
  } catch (error) {
    if (error instanceof Refusal && ['PATH_INVALID', 'SIZE_OUT_OF_RANGE'].includes(error.reason))
      return text(404, 'there is nothing at this path\n')
    throw error
  }
}

async function cosigned(
  body: Uint8Array,
  hub: { readonly sql: Sql; readonly policy: Policy },
): Promise<LogResponse> {
  const accepted = await acceptCosignatures(hub.sql, body, hub.policy)
  switch (accepted.kind) {
    case 'ACCEPTED':
      return text(200, `${accepted.count}\n`)
    case 'UNKNOWN':
      return text(404, 'no checkpoint of this size was published\n')
    case 'FORKED':
      return text(409, `another checkpoint of size ${accepted.size} was published\n`)
    case 'REFUSED':
      return text(400, `${accepted.says}\n`)
  }
}

function noteOr404(note: string | undefined): LogResponse {
  return note === undefined ? text(404, 'no checkpoint is published yet\n') : text(200, note)
}

function text(status: number, body: string): LogResponse {
  return { status, contentType: 'text/plain; charset=utf-8', cacheControl: MOMENTS, body }
}

/** The bytes of a tile or of an entry bundle of the sealed tree; null where the tree has no such tile. */
export async function readTile(sql: Sql, tile: Tile): Promise<Uint8Array | null> {
  const { size } = await readSealed(sql)
  const { level, index, width } = tile
  if (width > tileWidth(level === 'entries' ? 0 : level, index, size)) return null
  if (level === 'entries')
    return formatBundle(await readLeafData(sql, index * BigInt(TILE_WIDTH), width))
  const [bytes = new Uint8Array(0)] = await storedTiles(sql)([{ level, index, width }])
  demand(bytes.length > 0, 'TILE_MALFORMED', 'a tile of the sealed tree is missing')
  return bytes
}

/** The bytes that were hashed into the tree's leaves. */
async function readLeafData(sql: Sql, from: bigint, count: number): Promise<readonly Uint8Array[]> {
  const rows = await sql.query<{ entry_id: string; version: 1 | 2; commitments: Buffer[] }>(
    `select e.entry_id, e.version, array(select s.commitment from access_log.sealed_section s where s.entry_index = e.index order by s.ordinal) as commitments
     from access_log.entry e where e.index >= $1 and e.index < $1 + $2 order by e.index`,
    [String(from), count],
  )
  demand(rows.length === count, 'ENTRY_MALFORMED', 'entries of the sealed tree are missing')
  return rows.map((row) => leafData(row.entry_id, row.commitments, row.version))
}

/** The path of entry `index` in the sealed tree as it was at `size`. */
export async function inclusionProof(
  sql: Sql,
  index: bigint,
  size: bigint,
): Promise<readonly Uint8Array[]> {
  await demandSealed(sql, size)
  return proveInclusion(index, size, storedHashes(sql, size))
}

/** That the sealed tree at `size` begins with the one at `oldSize`. */
export async function consistencyProof(
  sql: Sql,
  oldSize: bigint,
  size: bigint,
): Promise<readonly Uint8Array[]> {
  await demandSealed(sql, size)
  return proveConsistency(oldSize, size, storedHashes(sql, size))
}

async function demandSealed(sql: Sql, size: bigint): Promise<void> {
  demand(
    size <= (await readSealed(sql)).size,
    'SIZE_OUT_OF_RANGE',
    'the log is not sealed up to this size',
  )
}
