import type { Database, Sql } from '../../platform/database.js'
import { StartupError } from '../../platform/startup-error.js'
import { ChainBuilder } from '../checkpoints/chain-sections.js'
import { readAppended, storeSections } from '../checkpoints/stored-sections.js'
import {
  builderAt,
  readSealed,
  type SealedHead,
  storedTiles,
  storeTiles,
} from '../checkpoints/stored-tree.js'
import { TreeBuilder } from '../checkpoints/tree-builder.js'
import { equal } from '../tree/bytes.js'
import { parseCheckpoint } from '../tree/checkpoint.js'
import { parseNote } from '../tree/note.js'
import { Refusal } from '../tree/refusal.js'
import { hashesOfTile, perfectRoot, TILE_WIDTH } from '../tree/tile.js'

const LEAVES_A_TIME = 4096

/** Whether the stored tiles are one tree, and that of which the root was sealed. */
export async function isTreeSound(sql: Sql): Promise<boolean> {
  const { size, root } = await readSealed(sql)
  try {
    return (await doTilesHold(sql, size)) && equal((await builderAt(sql, size)).root(), root)
  } catch (error) {
    // A tile that is missing or cut off.
    if (error instanceof RangeError || error instanceof Refusal) return false
    throw error
  }
}

/** Each hash of a tile above the lowest is the root of the tile below it. */
async function doTilesHold(sql: Sql, size: bigint): Promise<boolean> {
  for (let level = 0; size >> BigInt(8 * (level + 1)) > 0n; level += 1) {
    const full = size >> BigInt(8 * (level + 1))
    for (let first = 0n; first < full; first += BigInt(TILE_WIDTH)) {
      const width = Math.min(TILE_WIDTH, Number(full - first))
      const below = Array.from({ length: width }, (_, at) => first + BigInt(at))
      const [above, ...tiles] = await storedTiles(sql)([
        { level: level + 1, index: first / BigInt(TILE_WIDTH), width },
        ...below.map((index) => ({ level, index, width: TILE_WIDTH })),
      ])
      const roots = tiles.map((tile) => perfectRoot(hashesOfTile(tile, TILE_WIDTH)))
      const hashes = hashesOfTile(above ?? new Uint8Array(0), width)
      if (!hashes.every((hash, at) => equal(hash, roots[at] ?? new Uint8Array(0)))) return false
    }
  }
  return true
}

/** The heads of a log that were shown to anybody, as far as this database and a note that was kept outside know them. */
export async function publishedHeads(
  sql: Sql,
  origin: string,
  kept: string | null,
): Promise<readonly SealedHead[]> {
  const rows = await sql.query<{ note: string }>(
    `select note from access_log.checkpoint
     union select note from access_log.closed_checkpoint where origin = $1`,
    [origin],
  )
  return [...rows.map(({ note }) => note), ...(kept === null ? [] : [kept])]
    .map((note) => parseCheckpoint(parseNote(note).text))
    .filter((head) => head.origin === origin)
}

/**
 * Makes the sealed tree again from the entries, tiles and chains alike, in one commit. `published` are
 * heads that were signed and shown: where the entries do not lead to one of them, nothing is changed, for
 * then it is not the tree that is broken but what was logged. For a database that no hub uses.
 */
export async function rebuildTree(
  database: Database,
  published: readonly SealedHead[],
): Promise<void> {
  await database.transaction(async (tx) => {
    const { size, root } = await readSealed(tx)
    const known = published.filter((one) => one.size <= size)
    const isKnown = known.some((one) => one.size === size)
    const wanted = isKnown ? known : [...known, { size, root }]
    const ends = [...new Set(wanted.map((one) => one.size))].sort(bySize)
    await tx.query('delete from access_log.tile')
    await tx.query('delete from access_log.sealed_section where entry_index >= $1', [String(size)])
    const chains = new ChainBuilder(async () => new Map())
    let builder = new TreeBuilder(0n, new Map())
    for (const end of ends) {
      while (builder.size < end) builder = await grown(tx, builder.size, end, chains)
      for (const head of wanted)
        if (head.size === end && !equal(head.root, builder.root())) throw entriesDiffer(end)
    }
    await tx.query('update access_log.sealed set root = $1', [Buffer.from(builder.root())])
  })
}

const bySize = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0)

/** The next leaves, towards `end`, stored with the sections that they are made of. */
async function grown(
  tx: Sql,
  from: bigint,
  end: bigint,
  chains: ChainBuilder,
): Promise<TreeBuilder> {
  const count = Math.min(LEAVES_A_TIME, Number(end - from))
  const entries = await chains.seal(await readAppended(tx, from, count))
  if (entries.length < count) throw entriesDiffer(end)
  const builder = await builderAt(tx, from)
  for (const { leaf } of entries) builder.append(leaf)
  await tx.query(
    'delete from access_log.sealed_section where entry_index >= $1 and entry_index < $2',
    [String(from), String(from + BigInt(count))],
  )
  await storeSections(
    tx,
    entries.flatMap((entry) => entry.sections),
  )
  await storeTiles(tx, builder.changed())
  return builder
}

function entriesDiffer(size: bigint): StartupError {
  return new StartupError(
    'LOG_ENTRIES_DIFFER',
    `the first ${size} entries in the database are not those whose head was signed`,
    'put back a database that holds what was sealed; `concordat log verify` on this one names what differs',
  )
}
