import type { Sql } from '../../platform/database.js'
import { saltsOf } from '../leaf.js'
import { base64 } from '../tree/bytes.js'
import { formatLogProof } from '../tree/log-proof.js'
import { proveInclusion } from '../tree/proof.js'
import { demand } from '../tree/refusal.js'
import type { PublishedCheckpoint } from './cosignatures.js'
import { storedHashes } from './stored-tree.js'

/** An entry as its reader's agency may see it, in the form that `parseShownEntry` of the verifier reads. */
export interface ShownEntryText {
  readonly id: string
  readonly commitments: readonly string[]
  readonly sections: readonly {
    readonly ordinal: number
    readonly salt: string
    readonly content: string
    /** The pseudonym that the content commits to, where it is the reader's own agency's. */
    readonly person?: { readonly id: string; readonly salt: string }
  }[]
}

interface ShownRow {
  readonly index: string
  readonly entry_id: string
  readonly leaf: Buffer
  readonly commitments: Buffer[]
  readonly ordinals: number[] | null
  readonly salts: Buffer[] | null
  readonly contents: string[] | null
  /** Null each where the section is of another agency's person, or of none. */
  readonly persons: (string | null)[] | null
}

/**
 * The entries from `from` up to but without `to`. An agency is shown the sections of its own data and
 * the heads (ordinal 0) of the entries that have one, and everything of its own staff's entries; what
 * was erased is shown to nobody, nor is another agency's pseudonym of a person, whose staff ever
 * asked. Where it may see nothing of an entry, `shown` is null.
 */
export async function shownEntries(
  sql: Sql,
  range: { readonly from: bigint; readonly to: bigint },
  agency: string,
): Promise<
  readonly {
    readonly index: bigint
    readonly leaf: Uint8Array
    readonly shown: ShownEntryText | null
  }[]
> {
  const rows = await sql.query<ShownRow>(
    `select e.index::text, e.entry_id, e.leaf, a.commitments, a.ordinals, a.salts, a.contents, a.persons
     from access_log.entry e
     cross join lateral (
       select array_agg(s.commitment order by s.ordinal) as commitments,
              array_agg(s.ordinal order by s.ordinal) filter (where v.visible) as ordinals,
              array_agg(s.salt order by s.ordinal) filter (where v.visible) as salts,
              array_agg(s.content order by s.ordinal) filter (where v.visible) as contents,
              array_agg(case when s.agency = $3 then s.person end order by s.ordinal)
                filter (where v.visible) as persons
       from access_log.section s
       cross join lateral (select s.content is not null and s.salt is not null and (
           e.caller_agency = $3 or s.agency = $3 or (s.ordinal = 0 and exists (
             select 1 from access_log.section o where o.entry_index = e.index and o.ordinal > 0 and o.agency = $3)))
         as visible) v
       where s.entry_index = e.index
     ) a
     where e.index >= $1 and e.index < $2 order by e.index`,
    [String(range.from), String(range.to), agency],
  )
  return rows.map((row) => ({ index: BigInt(row.index), leaf: row.leaf, shown: shownOf(row) }))
}

function shownOf(row: ShownRow): ShownEntryText | null {
  if (row.ordinals === null) return null
  return {
    id: row.entry_id,
    commitments: row.commitments.map(base64),
    sections: row.ordinals.map((ordinal, at) => {
      const salts = saltsOf(row.salts?.[at] ?? Buffer.alloc(0))
      const id = row.persons?.[at] ?? null
      return {
        ordinal,
        salt: base64(salts.content),
        content: row.contents?.[at] ?? '',
        ...(id !== null && { person: { id, salt: base64(salts.person) } }),
      }
    }),
  }
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
