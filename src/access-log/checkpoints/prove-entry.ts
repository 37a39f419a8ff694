import type { Sql } from '../../platform/database.js'
import { leafData, leafHash, link, saltsOf } from '../leaf.js'
import { openedTo } from '../shown-to-lead.js'
import { base64 } from '../tree/bytes.js'
import { formatLogProof } from '../tree/log-proof.js'
import { proveInclusion } from '../tree/proof.js'
import { demand } from '../tree/refusal.js'
import type { PublishedCheckpoint } from './cosignatures.js'
import { storedHashes } from './stored-tree.js'

/** An entry as its reader's agency may see it, in the form that `parseShownEntry` of the verifier reads. */
export interface ShownEntryText {
  readonly id: string
  /** Missing in entries of version 1, as are the predecessors. */
  readonly at?: string
  readonly commitments: readonly string[]
  readonly sections: readonly {
    readonly ordinal: number
    readonly salt: string
    readonly content: string
    /** The pseudonym that the content commits to; missing where the section is of no person. */
    readonly person?: { readonly id: string; readonly salt: string }
    /** The section before it in its chain; of an entry's head, which is in none, its link. */
    readonly predecessor?: PredecessorText
    readonly link?: string
  }[]
}

interface PredecessorText {
  readonly salt: string
  readonly index?: string
  readonly ordinal?: number
  readonly commitment?: string
}

interface ShownRow {
  readonly index: string
  readonly entry_id: string
  readonly version: 1 | 2
  readonly at_ms: number
  readonly commitments: Buffer[]
  readonly ordinals: number[] | null
  readonly salts: Buffer[] | null
  readonly contents: string[] | null
  readonly persons: (string | null)[] | null
  readonly chain_salts: (Buffer | null)[] | null
  readonly previous_indexes: (string | null)[] | null
  readonly previous_ordinals: (number | null)[] | null
  readonly previous_commitments: (Buffer | null)[] | null
}

const SHOWN = `select e.index::text, e.entry_id, e.version, (extract(epoch from e.at) * 1000)::float8 as at_ms, a.*
  from access_log.entry e
  cross join lateral (
    select array_agg(z.commitment order by z.ordinal) as commitments,
           array_agg(z.ordinal order by z.ordinal) filter (where v.visible) as ordinals,
           array_agg(s.salt order by z.ordinal) filter (where v.visible) as salts,
           array_agg(s.content order by z.ordinal) filter (where v.visible) as contents,
           array_agg(s.person order by z.ordinal) filter (where v.visible) as persons,
           array_agg(s.chain_salt order by z.ordinal) filter (where v.visible) as chain_salts,
           array_agg(z.previous_index::text order by z.ordinal) filter (where v.visible) as previous_indexes,
           array_agg(z.previous_ordinal order by z.ordinal) filter (where v.visible) as previous_ordinals,
           array_agg(p.commitment order by z.ordinal) filter (where v.visible) as previous_commitments
    from access_log.sealed_section z
    left join access_log.section s on s.entry_index = z.entry_index and s.ordinal = z.ordinal
    left join access_log.sealed_section p on p.entry_index = z.previous_index and p.ordinal = z.previous_ordinal
    cross join lateral (
      select s.content is not null and s.salt is not null and ${openedTo('$3')} as visible) v
    where z.entry_index = e.index
  ) a
  where e.index >= $1 and e.index < $2 order by e.index`

/** An entry of the sealed log, with its leaf. */
export interface ShownLeaf {
  readonly index: bigint
  readonly leaf: Uint8Array
  readonly shown: ShownEntryText | null
}

/**
 * The sealed entries from `from` up to but without `to`, opened as far as the agency may see
 * (`openedTo`). What was erased is shown to nobody. Where it may see nothing of an entry, `shown` is null.
 */
export async function shownEntries(
  sql: Sql,
  range: { readonly from: bigint; readonly to: bigint },
  agency: string,
): Promise<readonly ShownLeaf[]> {
  const rows = await sql.query<ShownRow>(SHOWN, [String(range.from), String(range.to), agency])
  return rows.map((row) => ({
    index: BigInt(row.index),
    leaf: leafHash(leafData(row.entry_id, row.commitments, row.version)),
    shown: shownOf(row),
  }))
}

function shownOf(row: ShownRow): ShownEntryText | null {
  if (row.ordinals === null) return null
  return {
    id: row.entry_id,
    ...(row.version === 2 && { at: new Date(row.at_ms).toISOString() }),
    commitments: row.commitments.map(base64),
    sections: row.ordinals.map((ordinal, at) => {
      const salts = saltsOf(row.salts?.[at] ?? Buffer.alloc(0))
      const id = row.persons?.[at] ?? null
      return {
        ordinal,
        salt: base64(salts.content),
        content: row.contents?.[at] ?? '',
        ...(id !== null &&
          salts.person.length > 0 && { person: { id, salt: base64(salts.person) } }),
        ...(row.version === 2 && chainOf(row, at)),
      }
    }),
  }
}

function chainOf(
  row: ShownRow,
  at: number,
): { readonly predecessor: PredecessorText } | { readonly link: string } {
  const salt = row.chain_salts?.[at] ?? Buffer.alloc(0)
  const [index, ordinal, commitment] = [
    row.previous_indexes?.[at] ?? null,
    row.previous_ordinals?.[at] ?? null,
    row.previous_commitments?.[at] ?? null,
  ]
  const isFirst = index === null || ordinal === null || commitment === null
  const before = isFirst ? null : { index: BigInt(index), ordinal, commitment }
  if (row.ordinals?.[at] === 0) return { link: base64(link(salt, before)) }
  if (before === null) return { predecessor: { salt: base64(salt) } }
  const place = { index: String(before.index), ordinal: before.ordinal }
  return { predecessor: { salt: base64(salt), ...place, commitment: base64(before.commitment) } }
}

/** A C2SP tlog-proof of one entry under a published checkpoint; its `extra` shows what the agency may see. */
export async function proveEntry(
  sql: Sql,
  index: bigint,
  options: { readonly agency: string; readonly checkpoint: PublishedCheckpoint },
): Promise<string> {
  const { note, size } = options.checkpoint
  const path = await proveInclusion(index, size, storedHashes(sql, size))
  const [entry] = await shownEntries(sql, { from: index, to: index + 1n }, options.agency)
  demand(entry !== undefined, 'INDEX_OUT_OF_RANGE', 'the log has no such entry')
  const extra = entry.shown === null ? null : Buffer.from(JSON.stringify(entry.shown))
  return formatLogProof({ extra, index, path, checkpoint: note })
}
