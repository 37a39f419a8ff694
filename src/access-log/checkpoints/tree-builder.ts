import { concat } from '../tree/bytes.js'
import { foldRoots } from '../tree/merkle.js'
import { type HashTile, perfectRoot, TILE_WIDTH, tileWidth } from '../tree/tile.js'

export interface StoredTile {
  readonly level: number
  readonly index: bigint
  readonly hashes: Uint8Array
}

/** Levels of tiles in a tree of up to 2^64 - 1 leaves. */
const LEVELS = 8

/** The tiles at the right edge of a tree of that size: what must be known to go on appending. */
export function edgeTiles(size: bigint): readonly HashTile[] {
  return Array.from({ length: LEVELS }, (_, level) => {
    const index = size >> BigInt(8 * (level + 1))
    return { level, index, width: tileWidth(level, index, size) }
  }).filter((tile) => tile.width > 0)
}

/** Grows a tree leaf by leaf, and says which of its tiles became longer. Pure. */
export class TreeBuilder {
  private readonly edge: Uint8Array[][] = Array.from({ length: LEVELS }, () => [])
  private readonly full: StoredTile[] = []
  private readonly touched = new Set<number>()

  /** `edge` holds the hashes of `edgeTiles(size)`, by level. */
  constructor(
    private count: bigint,
    edge: ReadonlyMap<number, readonly Uint8Array[]>,
  ) {
    for (const { level, width } of edgeTiles(count)) {
      const hashes = edge.get(level) ?? []
      if (hashes.length !== width) throw new RangeError(`the edge of level ${level} is incomplete`)
      this.edge[level]?.push(...hashes)
    }
  }

  get size(): bigint {
    return this.count
  }

  append(leaf: Uint8Array): void {
    this.add(0, leaf)
    this.count += 1n
  }

  root(): Uint8Array {
    return foldRoots(this.edge.toReversed().flatMap(perfectRootsOf))
  }

  /** Every tile that is new or longer since the start. */
  changed(): readonly StoredTile[] {
    const partial = edgeTiles(this.count).filter(({ level }) => this.touched.has(level))
    const longer = partial.map(({ level, index }) => ({
      level,
      index,
      hashes: concat(...(this.edge[level] ?? [])),
    }))
    return [...this.full, ...longer]
  }

  private add(level: number, hash: Uint8Array): void {
    const tile = this.edge[level]
    if (tile === undefined) throw new RangeError('the tree is full')
    tile.push(hash)
    this.touched.add(level)
    if (tile.length < TILE_WIDTH) return
    const index = this.count >> BigInt(8 * (level + 1))
    this.full.push({ level, index, hashes: concat(...tile) })
    this.edge[level] = []
    this.add(level + 1, perfectRoot(tile))
  }
}

/** The roots of the largest perfect subtrees over hashes of one level, from the left. */
function perfectRootsOf(hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  const roots: Uint8Array[] = []
  let from = 0
  for (let span = TILE_WIDTH; span >= 1; span /= 2) {
    if (hashes.length - from < span) continue
    roots.push(perfectRoot(hashes.slice(from, from + span)))
    from += span
  }
  return roots
}
