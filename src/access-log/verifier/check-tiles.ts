import { equal, HASH_BYTES, hex } from '../tree/bytes.js'
import { openCheckpoint, type Policy, type SignedCheckpoint } from '../tree/checkpoint.js'
import { CompactRange, hashLeaf } from '../tree/merkle.js'
import { demand, Refusal } from '../tree/refusal.js'
import {
  type HashTile,
  hashesOfTile,
  parseBundle,
  perfectRoot,
  TILE_WIDTH,
  type Tile,
  tilePath,
  tileWidth,
} from '../tree/tile.js'
import { type PolicyText, policyOf } from './policy.js'
import { type Place, type Verdict, verdictOf } from './verdict.js'

/** A whole log as C2SP tlog-tiles lays it out, in a folder or behind an address. Nothing it says is trusted. */
export interface TiledLog {
  /** The bytes at a path below the log's prefix; null where there is nothing. */
  readonly read: (path: string) => Promise<Uint8Array | null>
}

/** What a whole log shows. */
export interface ProvenLog {
  readonly size: bigint
  /** In hex. */
  readonly root: string
  /** Size of the newest checkpoint with the policy's cosignatures; null where the policy asks for none. */
  readonly finalSize: bigint | null
  readonly cosignedBy: readonly string[]
  /** Whether the leaves' data were there too, and are what was hashed. */
  readonly hasEntries: boolean
}

const LEVELS = 8
const TILES_AT_ONCE = 8

/**
 * Checks a whole log: every leaf and every tile above it is there, adds up to the signed root, and at
 * their sizes to the roots of `earlier` checkpoints, which the reader kept. What is wrong is named by
 * its tile. Where the policy wants cosignatures, `checkpoint/final` (or `checkpoint`) must carry them.
 */
export function checkTiles(
  log: TiledLog,
  policy: PolicyText,
  earlier: readonly (string | Uint8Array)[] = [],
): Promise<Verdict<ProvenLog>> {
  return verdictOf(async (place) => {
    const trusted = policyOf(policy)
    const heads = await openHeads(log, trusted, earlier, place)
    const tree = new GrownTree(log, heads.newest.size)
    const kept = heads.all.toSorted((one, other) => (one.size < other.size ? -1 : 1))
    for (let from = 0n; from < tree.tiles; from += BigInt(TILES_AT_ONCE))
      for (const read of await tree.readFrom(from)) {
        place.at = read.path
        for (const leaf of read.leaves()) {
          demandHeads(tree.range, kept, place)
          tree.range.append(leaf)
        }
      }
    demandHeads(tree.range, kept, place)
    demand(kept.length === 0, 'ROOT_DIFFERS', 'a checkpoint kept earlier is of a longer log')
    await tree.compareAbove(place)
    place.at = null
    const { newest, final } = heads
    return {
      size: newest.size,
      root: hex(newest.root),
      finalSize: final?.size ?? null,
      cosignedBy: (final ?? newest).cosignatures.map((one) => one.verifier.name),
      hasEntries: tree.hasEntries,
    }
  })
}

async function openHeads(
  log: TiledLog,
  policy: Policy,
  earlier: readonly (string | Uint8Array)[],
  place: Place,
) {
  place.at = 'checkpoint'
  const note = await log.read('checkpoint')
  demand(note !== null, 'CHECKPOINT_MISSING', 'there is no checkpoint')
  const newest = await openCheckpoint(note, { ...policy, quorum: 0 })
  let final: SignedCheckpoint | null = null
  if (policy.quorum > 0) {
    place.at = 'checkpoint/final'
    final = await openCheckpoint((await log.read('checkpoint/final')) ?? note, policy)
  }
  const kept: SignedCheckpoint[] = []
  for (const [at, one] of earlier.entries()) {
    place.at = `earlier checkpoint ${at + 1}`
    kept.push(await openCheckpoint(one, { ...policy, quorum: 0 }))
  }
  return { newest, final, all: [newest, ...(final === null ? [] : [final]), ...kept] }
}

/** Takes those of this size off the list; refuses one with another root. */
function demandHeads(range: CompactRange, heads: SignedCheckpoint[], place: Place): void {
  while (heads[0]?.size === range.size) {
    const [next] = heads.splice(0, 1)
    if (next === undefined || equal(next.root, range.root())) continue
    place.at = range.size === 0n ? null : `up to entry ${range.size - 1n}`
    throw new Refusal(
      'ROOT_DIFFERS',
      `the first ${range.size} leaves do not add up to the root of a signed checkpoint`,
    )
  }
}

/** The tree as its leaves make it; the tiles above are compared with it. */
class GrownTree {
  readonly range = new CompactRange()
  readonly tiles: bigint
  hasEntries = true
  /** By level, from 1: the hashes that tiles hold there. */
  private readonly above: Uint8Array[][] = Array.from({ length: LEVELS }, () => [])

  private readonly log: TiledLog
  private readonly size: bigint

  constructor(log: TiledLog, size: bigint) {
    this.log = log
    this.size = size
    this.tiles = (size + BigInt(TILE_WIDTH) - 1n) / BigInt(TILE_WIDTH)
  }

  async readFrom(index: bigint) {
    const indices = Array.from({ length: TILES_AT_ONCE }, (_, at) => index + BigInt(at))
    const read = await Promise.all(
      indices.filter((at) => at < this.tiles).map((at) => this.read(at)),
    )
    for (const { hashes } of read)
      if (hashes.length === TILE_WIDTH) this.above[1]?.push(perfectRoot(hashes))
    return read
  }

  /** A tile of leaves with its entries, where the log has them. */
  private async read(index: bigint) {
    const tile: HashTile = { level: 0, index, width: tileWidth(0, index, this.size) }
    const path = tilePath(tile)
    const hashes = hashesOfTile(await this.bytes(tile), tile.width)
    const entries = await this.entries({ ...tile, level: 'entries' })
    if (entries === null) this.hasEntries = false
    const from = index * BigInt(TILE_WIDTH)
    return {
      path,
      hashes,
      *leaves() {
        for (const [at, hash] of hashes.entries()) {
          const data = entries?.[at]
          demand(
            data === undefined || equal(hashLeaf(data), hash),
            'LEAF_DIFFERS',
            `entry ${from + BigInt(at)} is not what its leaf says`,
          )
          yield hash
        }
      },
    }
  }

  /** A partial tile may be gone once the full one is there. */
  private async bytes(tile: HashTile): Promise<Uint8Array> {
    const partial = await this.log.read(tilePath(tile))
    if (partial !== null) return partial
    const full = await this.log.read(tilePath({ ...tile, width: TILE_WIDTH }))
    if (full === null) throw new Refusal('TILE_MISSING', `there is no ${tilePath(tile)}`)
    hashesOfTile(full, TILE_WIDTH)
    return full.subarray(0, tile.width * HASH_BYTES)
  }

  /** Null where the log does not serve what was hashed. */
  private async entries(tile: Tile): Promise<readonly Uint8Array[] | null> {
    const partial = await this.log.read(tilePath(tile))
    if (partial !== null) return parseBundle(partial, tile.width)
    const full = await this.log.read(tilePath({ ...tile, width: TILE_WIDTH }))
    return full === null ? null : parseBundle(full, TILE_WIDTH).slice(0, tile.width)
  }

  async compareAbove(place: Place): Promise<void> {
    for (let level = 1; level < LEVELS; level += 1) {
      const hashes = this.above[level] ?? []
      for (let at = 0; at < hashes.length; at += TILE_WIDTH) {
        const own = hashes.slice(at, at + TILE_WIDTH)
        const tile: HashTile = { level, index: BigInt(at / TILE_WIDTH), width: own.length }
        place.at = tilePath(tile)
        const stored = hashesOfTile(await this.bytes(tile), tile.width)
        demand(
          stored.every((hash, of) => equal(hash, own[of] ?? new Uint8Array(0))),
          'TILE_DIFFERS',
          `${tilePath(tile)} is not what the leaves below it make`,
        )
        if (own.length === TILE_WIDTH) this.above[level + 1]?.push(perfectRoot(own))
      }
    }
  }
}
