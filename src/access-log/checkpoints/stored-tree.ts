import type { Sql } from '../../platform/database.js'
import { HASH_BYTES } from '../tree/bytes.js'
import type { HashReader } from '../tree/proof.js'
import {
  type HashTile,
  hashesOfTile,
  hashReaderOf,
  type TileReader,
  tilePath,
} from '../tree/tile.js'
import { edgeTiles, type StoredTile, TreeBuilder } from './tree-builder.js'

export interface SealedHead {
  readonly size: bigint
  readonly root: Uint8Array
}

/** Up to where the tree is built. */
export async function readSealed(sql: Sql): Promise<SealedHead> {
  const [row] = await sql.query<{ size: string; root: Buffer }>(
    'select size::text, root from access_log.sealed',
  )
  if (row === undefined) throw new RangeError('the log has no sealed head')
  return { size: BigInt(row.size), root: row.root }
}

/** How many entries the log holds. */
export async function readHeadSize(sql: Sql): Promise<bigint> {
  const [row] = await sql.query<{ size: string }>('select size::text from access_log.head')
  if (row === undefined) throw new RangeError('the log has no head')
  return BigInt(row.size)
}

/** Tiles as stored, each cut to the width asked for; one that is missing or shorter comes back empty. */
export function storedTiles(sql: Sql): TileReader {
  return async (tiles) => {
    const rows = await sql.query<{ level: number; index: string; hashes: Buffer }>(
      `select t.level, t.index::text, t.hashes from access_log.tile t
       join unnest($1::int[], $2::bigint[]) as w (level, index) on t.level = w.level and t.index = w.index`,
      [tiles.map((tile) => tile.level), tiles.map((tile) => String(tile.index))],
    )
    const held = new Map(rows.map((row) => [`${row.level}/${row.index}`, row.hashes]))
    return tiles.map(({ level, index, width }) => {
      const hashes = held.get(`${level}/${index}`) ?? Buffer.alloc(0)
      const bytes = width * HASH_BYTES
      return hashes.length < bytes ? new Uint8Array(0) : hashes.subarray(0, bytes)
    })
  }
}

/** Hashes of the sealed tree as it was at `size`. */
export function storedHashes(sql: Sql, size: bigint): HashReader {
  return hashReaderOf(size, storedTiles(sql))
}

/** The tree at `size` (at most what is sealed), ready to go on. */
export async function builderAt(sql: Sql, size: bigint): Promise<TreeBuilder> {
  const tiles = edgeTiles(size)
  const contents = tiles.length === 0 ? [] : await storedTiles(sql)(tiles)
  return new TreeBuilder(size, edgeOf(tiles, contents))
}

function edgeOf(
  tiles: readonly HashTile[],
  contents: readonly Uint8Array[],
): ReadonlyMap<number, readonly Uint8Array[]> {
  return new Map(
    tiles.map((tile, at) => {
      const bytes = contents[at]
      if (bytes === undefined) throw new RangeError(`the tile ${tilePath(tile)} was not read`)
      return [tile.level, hashesOfTile(bytes, tile.width)]
    }),
  )
}

/** Stores new and longer tiles. */
export async function storeTiles(sql: Sql, tiles: readonly StoredTile[]): Promise<void> {
  await sql.query(
    `insert into access_log.tile (level, index, hashes)
     select * from unnest($1::int[], $2::bigint[], $3::bytea[])
     on conflict (level, index) do update set hashes = excluded.hashes
     where octet_length(excluded.hashes) > octet_length(access_log.tile.hashes)`,
    [
      tiles.map((tile) => tile.level),
      tiles.map((tile) => String(tile.index)),
      tiles.map((tile) => Buffer.from(tile.hashes)),
    ],
  )
}
