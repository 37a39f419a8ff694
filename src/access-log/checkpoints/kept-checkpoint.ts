import { join } from 'node:path'
import type { Sql } from '../../platform/database.js'
import { StartupError } from '../../platform/startup-error.js'
import { closingOf, nameOfLog } from '../ending/begin-anew.js'
import { parseClosing } from '../ending/closing-statement.js'
import { equal } from '../tree/bytes.js'
import { openCheckpoint, parseCheckpoint } from '../tree/checkpoint.js'
import { parseNote } from '../tree/note.js'
import { readRoot } from '../tree/proof.js'
import { Refusal } from '../tree/refusal.js'
import { ChainBuilder } from './chain-sections.js'
import type { LogSigners } from './log-signers.js'
import { readAppended, storedHeads } from './stored-sections.js'
import { builderAt, readHeadSize, readSealed, storedHashes } from './stored-tree.js'
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
    if (kept !== null && isLater(kept, note, size)) return
    await writeWhole(path, note)
  }
}

function isLater(kept: string, note: string, size: bigint): boolean {
  const [older, newer] = [kept, note].map((one) => parseCheckpoint(parseNote(one).text))
  return older !== undefined && older.origin === newer?.origin && older.size > size
}

/**
 * To be asked at start and whenever the database was out of reach: does it still hold the log whose
 * head was last kept outside of it? Throws a StartupError where it does not, for a restored backup
 * or a failover that lost commits looks like a rollback attack, and only people can tell them apart.
 */
export async function refuseRollback(sql: Sql, home: string, signers: LogSigners): Promise<void> {
  const path = keptCheckpointPath(home)
  await refuseOtherName(sql, signers.origin)
  const note = await ofThisLog(sql, await readText(path), signers)
  const sealed = await readSealed(sql) // first: the log grows, and what is sealed was appended before
  const size = await readHeadSize(sql)
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
      'do not write to it; find out with `concordat log verify` which entries differ, and tell the agencies; where a standby took over, end this log (docs/operating/restore.md)',
    )
}

async function refuseOtherName(sql: Sql, origin: string): Promise<void> {
  const name = await nameOfLog(sql)
  if (name !== null && name !== origin)
    throw new StartupError(
      'LOG_NUMBER_DIFFERS',
      `the database holds the log \`${name}\`, and this hub is set to \`${origin}\``,
      'where you have just closed the log, run `concordat log reopen`; where not, set `log.number` as the database has it, or go back to the database that holds the log that this hub is set to',
    )
}

/** What was kept of a log that has been ended since is of no more use, unless it is of a longer log than the end knows of. */
async function ofThisLog(
  sql: Sql,
  note: string | null,
  signers: LogSigners,
): Promise<string | null> {
  const origin = note?.split('\n', 1)[0] ?? ''
  if (note === null || origin === signers.origin) return note
  const closing = await closingOf(sql, origin)
  if (closing === null) return note
  const { sealed } = parseClosing(parseNote(closing).text)
  const kept = parseCheckpoint(parseNote(note).text)
  if (kept.size > sealed.size) throw rolledBack(sealed.size, kept.size)
  return null
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
  const chains = new ChainBuilder(storedHeads(sql, from))
  while (builder.size < to) {
    const countMax = Math.min(4096, Number(to - builder.size))
    const entries = await chains.seal(await readAppended(sql, builder.size, countMax))
    if (entries.length === 0) throw rolledBack(builder.size, to)
    for (const { leaf } of entries) builder.append(leaf)
  }
  return builder.root()
}

function rolledBack(size: bigint, kept: bigint): StartupError {
  return new StartupError(
    'LOG_ROLLED_BACK',
    `the access log in the database ends at entry ${size}, but ${kept} entries were sealed: ${kept - size} are lost`,
    'if a backup was restored or a standby took over, go back to a database that holds all that was sealed; if none does, end this log with `concordat log close` and begin the next with `concordat log reopen` (docs/operating/restore.md)',
  )
}
