import type { Sql } from '../../platform/database.js'
import { ChainBuilder } from '../checkpoints/chain-sections.js'
import { latestCheckpoint } from '../checkpoints/cosignatures.js'
import { readAppended } from '../checkpoints/stored-sections.js'
import { readHeadSize } from '../checkpoints/stored-tree.js'
import { equal } from '../tree/bytes.js'
import { openCheckpoint, type SignedCheckpoint } from '../tree/checkpoint.js'
import { CompactRange } from '../tree/merkle.js'
import type { Verifier } from '../tree/note.js'
import { Refusal } from '../tree/refusal.js'

/** A checkpoint that somebody kept, and where it was found. */
export interface KeptNote {
  readonly where: string
  readonly note: string | Uint8Array
}

/** What of a log that was sealed the database still holds. */
export interface Survey {
  readonly held: bigint
  /** When the last entry that is held was written; null where none is. */
  readonly heldUntil: Date | null
  /** The newest head that is known to have been signed, and who kept it; null where none is known. */
  readonly sealed: { readonly head: SignedCheckpoint; readonly where: string } | null
  /** The first so many entries are shown by a kept head to be the ones that were sealed. */
  readonly same: bigint
  /** The size of the smallest kept head that the entries do not lead to: they differ before it. */
  readonly differsBefore: bigint | null
  /** Of the ids asked about, those of which there is no entry. */
  readonly lostRequests: readonly string[]
  /** Kept checkpoints that were not used, and why. */
  readonly refused: readonly { readonly where: string; readonly says: string }[]
}

const LEAVES_A_TIME = 4096

/**
 * Holds what the database has against every head that was kept, its own newest included. `requests` are
 * ids of requests or entries that clients were answered under.
 */
export async function surveyLog(
  sql: Sql,
  of: {
    readonly origin: string
    readonly verifiers: readonly Verifier[]
    readonly kept: readonly KeptNote[]
    readonly requests: readonly string[]
  },
): Promise<Survey> {
  const own = await latestCheckpoint(sql)
  const notes = own === null ? of.kept : [...of.kept, { where: 'the database', note: own.note }]
  const refused: { where: string; says: string }[] = []
  const heads: { head: SignedCheckpoint; where: string }[] = []
  for (const { where, note } of notes) {
    try {
      const head = await openCheckpoint(note, {
        origin: of.origin,
        logKeys: of.verifiers,
        countersigners: [],
        quorum: 0,
      })
      heads.push({ head, where })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ where, says: error.message })
    }
  }
  heads.sort((one, other) => compare(one.head.size, other.head.size))
  const held = await readHeadSize(sql)
  const [last] = await sql.query<{ at: Date | null }>(
    'select max(at) as at from access_log.entry where index = $1::numeric - 1',
    [String(held)],
  )
  return {
    held,
    heldUntil: last?.at ?? null,
    sealed: heads.at(-1) ?? null,
    ...(await compared(
      sql,
      held,
      heads.map((one) => one.head),
    )),
    lostRequests: await notFound(sql, of.requests),
    refused,
  }
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0
}

async function compared(
  sql: Sql,
  held: bigint,
  heads: readonly SignedCheckpoint[],
): Promise<Pick<Survey, 'same' | 'differsBefore'>> {
  const range = new CompactRange()
  const chains = new ChainBuilder(async () => new Map()) // from the first entry on, whatever was stored of them
  let same = 0n
  for (const head of heads.filter(({ size }) => size <= held)) {
    while (range.size < head.size) {
      const count = Math.min(LEAVES_A_TIME, Number(head.size - range.size))
      const entries = await chains.seal(await readAppended(sql, range.size, count))
      if (entries.length === 0) return { same, differsBefore: head.size }
      for (const { leaf } of entries) range.append(leaf)
    }
    if (!equal(range.root(), head.root)) return { same, differsBefore: head.size }
    same = head.size
  }
  return { same, differsBefore: null }
}

async function notFound(sql: Sql, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const found = await sql.query<{ id: string }>(
    `select w.id from unnest($1::text[]) as w (id)
     where exists (select 1 from access_log.entry e where e.entry_id = w.id)
        or exists (select 1 from access_log.entry e where e.request = w.id)`,
    [ids],
  )
  const known = new Set(found.map(({ id }) => id))
  return [...new Set(ids)].filter((id) => !known.has(id))
}
