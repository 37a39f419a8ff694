import { concat, HASH_BYTES, U64_MAX, u64OfDecimal } from './bytes.js'
import { hashNode, type Node } from './merkle.js'
import type { HashReader } from './proof.js'
import { demand, Refusal } from './refusal.js'

/** C2SP tlog-tiles: 256 hashes of one level; a partial one holds the first `width` of them. */
export interface Tile {
  /** 0 holds leaf hashes, each further one the roots of full tiles of the one below; or the entries themselves. */
  readonly level: number | 'entries'
  readonly index: bigint
  readonly width: number
}

export interface HashTile extends Tile {
  readonly level: number
}

export const TILE_WIDTH = 256
const TILE_HEIGHT = 8

const LEVEL_MAX = 63

export function isEntryTile(tile: Tile): boolean {
  return tile.level === 'entries'
}

/** `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits. */
export function tilePath(tile: Tile): string {
  let digits = String(tile.index)
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = digits.match(/.{3}/g) ?? []
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${tile.level}/${path}${tile.width < TILE_WIDTH ? `.p/${tile.width}` : ''}`
}

const PATH =
  /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

export function parseTilePath(path: string): Tile {
  const [, level, groups, width] = PATH.exec(path.length > 100 ? '' : path) ?? []
  demand(
    level !== undefined && groups !== undefined,
    'PATH_INVALID',
    'it is not the path of a tile',
  )
  const digits = groups.replaceAll(/[x/]/g, '').replace(/^0+(?=.)/, '')
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: u64OfDecimal(digits),
    width: width === undefined ? TILE_WIDTH : Number(width),
  }
  const isPartial = width !== undefined
  demand(
    (tile.level === 'entries' || tile.level <= LEVEL_MAX) &&
      !(isPartial && tile.width >= TILE_WIDTH) &&
      tilePath(tile) === path,
    'PATH_INVALID',
    'it is not the path of a tile',
  )
  return tile
}

/** The width of a tile in a tree of `size`: 0 where it is not in it. */
export function tileWidth(level: number, index: bigint, size: bigint): number {
  const hashes = size >> BigInt(TILE_HEIGHT * level)
  const width = hashes - index * BigInt(TILE_WIDTH)
  return width <= 0n ? 0 : Number(width < TILE_WIDTH ? width : BigInt(TILE_WIDTH))
}

/** The hashes of a tile; refuses bytes that are not exactly `width` of them. */
export function hashesOfTile(bytes: Uint8Array, width: number): readonly Uint8Array[] {
  demand(
    bytes.length === width * HASH_BYTES,
    'TILE_MALFORMED',
    `the tile has not the ${width * HASH_BYTES} bytes of its width`,
  )
  return Array.from({ length: width }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  )
}

/** Which tile holds a node or what it is made of, and from which hash of it on. */
export function tileOfNode(
  node: Node,
  size: bigint,
): { readonly tile: HashTile; readonly start: number } {
  const level = Math.floor(node.level / TILE_HEIGHT)
  const position = node.index << BigInt(node.level % TILE_HEIGHT)
  const index = position / BigInt(TILE_WIDTH)
  return {
    tile: { level, index, width: tileWidth(level, index, size) },
    start: Number(position % BigInt(TILE_WIDTH)),
  }
}

/** Gives the bytes of tiles, in the order asked for. */
export type TileReader = (tiles: readonly HashTile[]) => Promise<readonly Uint8Array[]>

/** Reads hashes of the tree of `size` from its tiles, each tile once a call. Trusts them: the proof that is made of them is what is checked. */
export function hashReaderOf(size: bigint, readTiles: TileReader): HashReader {
  demand(size >= 0n && size <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the size is not a uint64')
  return async (nodes) => {
    const places = nodes.map((node) => ({
      ...tileOfNode(node, size),
      count: 1 << (node.level % TILE_HEIGHT),
    }))
    const wanted = new Map(places.map(({ tile }) => [tilePath(tile), tile]))
    const tiles = [...wanted.values()]
    const contents = await readTiles(tiles)
    const held = new Map<string, readonly Uint8Array[]>()
    tiles.forEach((tile, at) => {
      held.set(tilePath(tile), hashesOfTile(contents[at] ?? new Uint8Array(0), tile.width))
    })
    return places.map(({ tile, start, count }) => {
      const hashes = held.get(tilePath(tile))?.slice(start, start + count) ?? []
      if (hashes.length !== count)
        throw new Refusal('TILE_MALFORMED', 'the tile does not hold the hash')
      return perfectRoot(hashes)
    })
  }
}

/** The root over a power of two of hashes. */
export function perfectRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes
  while (level.length > 1) {
    const next: Uint8Array[] = []
    for (let at = 0; at + 1 < level.length; at += 2) {
      const [left, right] = [level[at], level[at + 1]]
      if (left !== undefined && right !== undefined) next.push(hashNode(left, right))
    }
    level = next
  }
  const [root] = level
  demand(root !== undefined, 'TILE_MALFORMED', 'a tile is empty')
  return root
}

const ENTRY_BYTES_MAX = 65_535

/** An entry bundle: each entry's data after its length, a big-endian uint16. */
export function formatBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(
    ...entries.flatMap((entry) => {
      demand(entry.length <= ENTRY_BYTES_MAX, 'ENTRY_MALFORMED', 'an entry passes 65535 bytes')
      return [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]
    }),
  )
}

/** The entries of a bundle; refuses one that holds more or fewer than `width`, or is cut off. */
export function parseBundle(bytes: Uint8Array, width: number): readonly Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const [high, low] = [bytes[at], bytes[at + 1]]
    demand(high !== undefined && low !== undefined, 'ENTRY_MALFORMED', 'the bundle is cut off')
    const end = at + 2 + high * 256 + low
    demand(end <= bytes.length, 'ENTRY_MALFORMED', 'the bundle is cut off')
    entries.push(bytes.subarray(at + 2, end))
    at = end
    demand(entries.length <= width, 'ENTRY_MALFORMED', 'the bundle holds too many entries')
  }
  demand(entries.length === width, 'ENTRY_MALFORMED', 'the bundle holds too few entries')
  return entries
}
