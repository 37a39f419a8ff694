import { join } from 'node:path'
import type { Sql } from '../../platform/database.js'
import { StartupError } from '../../platform/startup-error.js'
import { equal } from '../tree/bytes.js'
import { openCheckpoint, parseCheckpoint } from '../tree/checkpoint.js'
import { parseNote } from '../tree/note.js'
import { readRoot } from '../tree/proof.js'
import { Refusal } from '../tree/refusal.js'
import type { LogSigners } from './log-signers.js'
import { builderAt, readHeadSize, readLeaves, readSealed, storedHashes } from './stored-tree.js'
import { readText, writeWhole } from './whole-file.js'

/** Keeps a head outside the database before it is published. */
export type KeepCheckpoint = (note: string, size: bigint) => Promise<void>

export function keptCheckpointPath(home: string): string {
  return join(home, 'log', 'checkpoint')
}

/** Writes `<home>/log/checkpoint`: whole or not at all, on disk before it returns, never backwards. */
export function keepCheckpointIn(home: string): KeepCheckpoint {
  const path = keptCheckpointPath(home)
  return async (note, size) => {
    const kept = await readText(path)
    if (kept !== null && parseCheckpoint(parseNote(kept).text).size > size) return
    await writeWhole(path, note)
  }
}

/**
 * To be asked at start and whenever the database was out of reach: does it still hold the log whose
 * head was last kept outside of it? Throws a StartupError where it does not, for a restored backup
 * or a failover that lost commits looks like a rollback attack, and only people can tell them apart.
 */
export async function refuseRollback(sql: Sql, home: string, signers: LogSigners): Promise<void> {
  const path = keptCheckpointPath(home)
  const note = await readText(path)
  const [size, sealed] = [await readHeadSize(sql), await readSealed(sql)]
  if (size < sealed.size) throw rolledBack(size, sealed.size)
  if (note === null) return
  const kept = await openKept(note, path, signers)
  if (size < kept.size) throw rolledBack(size, kept.size)
  const root =
    kept.size <= sealed.size
      ? await readRoot(kept.size, storedHashes(sql, sealed.size))
      : await rootBeyond(sql, sealed.size, kept.size)
  if (!equal(root, kept.root))
    throw new StartupError(
      'LOG_FORKED',
      `the access log in the database is another one than that of the checkpoint in \`${path}\`: its first ${kept.size} entries differ`,
      'do not write to it; find out with `concordat log verify` which entries differ, and tell the agencies',
    )
}

async function openKept(note: string, path: string, signers: LogSigners) {
  const policy = {
    origin: signers.origin,
    logKeys: signers.verifiers,
    countersigners: [],
    quorum: 0,
  }
  try {
    return await openCheckpoint(note, policy)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new StartupError(
      'LOG_CHECKPOINT_UNREADABLE',
      `the checkpoint in \`${path}\` is not one of this log: ${error.message}`,
      "restore the file, or a countersigner's copy of the newest checkpoint in its place",
    )
  }
}

async function rootBeyond(sql: Sql, from: bigint, to: bigint): Promise<Uint8Array> {
  const builder = await builderAt(sql, from)
  while (builder.size < to) {
    const leaves = await readLeaves(sql, builder.size, Math.min(4096, Number(to - builder.size)))
    if (leaves.length === 0) throw rolledBack(builder.size, to)
    for (const leaf of leaves) builder.append(leaf)
  }
  return builder.root()
}

function rolledBack(size: bigint, kept: bigint): StartupError {
  return new StartupError(
    'LOG_ROLLED_BACK',
    `the access log in the database ends at entry ${size}, but ${kept} entries were sealed: ${kept - size} are lost`,
    'if a backup was restored or a standby took over, go back to a database that holds all that was sealed; if none does, entries are lost: run `concordat log verify`, and tell the agencies',
  )
}
