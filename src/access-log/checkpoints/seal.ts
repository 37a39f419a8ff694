import type { Database } from '../../platform/database.js'
import { headsIn, keepMap, takeMap } from '../chains/sealed-map.js'
import { equal } from '../tree/bytes.js'
import { mapLine } from '../tree/chain-map.js'
import { formatCheckpoint } from '../tree/checkpoint.js'
import { EMPTY_ROOT } from '../tree/merkle.js'
import { formatNote } from '../tree/note.js'
import { ChainBuilder } from './chain-sections.js'
import type { KeepCheckpoint } from './kept-checkpoint.js'
import type { LogSigners } from './log-signers.js'
import { readUnsealed, storeSections } from './stored-sections.js'
import { builderAt, readSealed, type SealedHead, storeTiles } from './stored-tree.js'

/** At most this many entries a checkpoint, so that a long backlog is sealed in steps. */
const ENTRIES_MAX = 4096

/** The stored tree is not the one whose head was signed: nothing more is sealed. */
export class TreeBroken extends Error {}

/**
 * Takes the entries that are not sealed yet into their chains and the tree, signs the new head, keeps it outside the
 * database and only then publishes it: a head that anybody ever saw is one that the start check knows.
 * Gives the new size, or null where there was nothing to do or another process was faster.
 */
export async function seal(
  database: Database,
  signers: LogSigners,
  keep: KeepCheckpoint,
): Promise<bigint | null> {
  const sealed = await readSealed(database)
  const builder = await builderAt(database, sealed.size)
  if (!equal(builder.root(), sealed.root))
    throw new TreeBroken('the stored tree does not lead to its sealed root')
  const waiting = await readUnsealed(database, sealed.size, ENTRIES_MAX)
  if (waiting.length === 0) return null
  const map = await takeMap(database, sealed.size)
  const entries = await new ChainBuilder(headsIn(map)).seal(waiting)
  for (const { leaf } of entries) builder.append(leaf)
  const head = { size: builder.size, root: builder.root() }
  const sections = entries.flatMap((entry) => entry.sections)
  for (const section of sections) if (section.chain !== null) map.set(section.chain, section)
  const note = await signHead(head, signers, [mapLine(map.root())])
  await keep(note, head.size)
  const isOurs = await database.transaction(async (tx) => {
    const moved = await tx.query(
      'update access_log.sealed set size = $1, root = $2 where size = $3 returning size',
      [String(head.size), Buffer.from(head.root), String(sealed.size)],
    )
    if (moved.length === 0) return false
    await storeTiles(tx, builder.changed())
    await storeSections(tx, sections)
    await tx.query(
      'insert into access_log.checkpoint (size, note) values ($1, $2) on conflict do nothing',
      [String(head.size), note],
    )
    return true
  })
  if (!isOurs) return null
  keepMap(database, head.size, map)
  return head.size
}

/** Signs the empty log's head, once, so that there always is a checkpoint to serve. */
export async function sealEmpty(database: Database, signers: LogSigners): Promise<void> {
  const note = await signHead({ size: 0n, root: EMPTY_ROOT }, signers)
  await database.query(
    `insert into access_log.checkpoint (size, note)
     select 0, $1 where not exists (select 1 from access_log.checkpoint)`,
    [note],
  )
}

export async function signHead(
  head: SealedHead,
  signers: LogSigners,
  extensions: readonly string[] = [],
): Promise<string> {
  const text = formatCheckpoint({ ...head, origin: signers.origin, extensions })
  return formatNote(text, await Promise.all(signers.signing.map((signer) => signer.sign(text, 0n))))
}
