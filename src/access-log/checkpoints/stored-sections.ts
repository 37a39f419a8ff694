import { byteaArray, int4Array, int8Array, textArray } from '../../platform/binary-array.js'
import type { Sql } from '../../platform/database.js'
import { SALT_BYTES, type SectionPlace } from '../leaf.js'
import { HASH_BYTES } from '../tree/bytes.js'
import type {
  AppendedEntry,
  AppendedSection,
  ReadChainHeads,
  SealedSection,
} from './chain-sections.js'

interface AppendedRow {
  readonly index: string
  readonly entry_id: string
  readonly version: 1 | 2
  readonly month: number
  readonly at_ms: number
  /** Agency, person and case of each section, in order. */
  readonly places: [string | null, string | null, string | null][]
  /** Of each section the digest, the salt of its chain and the chain, each of its own length. */
  readonly hashes: Buffer
}

const DIGEST_END = HASH_BYTES
const SALT_END = DIGEST_END + SALT_BYTES
const SECTION_BYTES = SALT_END + HASH_BYTES
/** Stands for no chain: no hash is that. */
const NO_CHAIN = Buffer.alloc(HASH_BYTES)

const zeros = (bytes: number): string => `decode(repeat('00', ${bytes}), 'hex')`

/**
 * What varies in number is read as one text and one run of bytes: arrays of them take longer to read
 * than to use. Nothing that is not sealed can have been erased, so its chains can be made anew.
 */
const appended = ({ areSealed }: { readonly areSealed: boolean }): string => {
  const made = 'access_log.chain_key(s.agency, s.person, s.case_id)'
  const chain = areSealed ? `z.chain, ${made}` : made
  const sealed = `left join access_log.sealed_section z
      on z.entry_index = s.entry_index and z.ordinal = s.ordinal and z.month = s.month`
  return `select e.index::text, e.entry_id, e.version, e.month, (extract(epoch from e.at) * 1000)::float8 as at_ms,
    coalesce(s.places, '[]') as places, coalesce(s.hashes, '') as hashes
  from access_log.entry e cross join lateral (
    select json_agg(json_build_array(s.agency, s.person, s.case_id) order by s.ordinal) as places,
           string_agg(s.digest || coalesce(s.chain_salt, ${zeros(SALT_BYTES)})
             || coalesce(${chain}, ${zeros(HASH_BYTES)}), '' order by s.ordinal) as hashes
    from access_log.section s ${areSealed ? sealed : ''}
    where s.entry_index = e.index and s.month = e.month) s
  where e.index >= $1 and e.index < $1 + $2 order by e.index`
}
const APPENDED = appended({ areSealed: true })
const UNSEALED = appended({ areSealed: false })

/**
 * The entries from `from` on, in order, as they were appended, whether sealed or not; throws where an
 * index is missing. The chain of a section that was erased is the one that it was sealed in.
 */
export function readAppended(
  sql: Sql,
  from: bigint,
  countMax: number,
): Promise<readonly AppendedEntry[]> {
  return readEntries(sql, APPENDED, { from, countMax })
}

/** The same of entries that are not sealed yet. */
export function readUnsealed(
  sql: Sql,
  from: bigint,
  countMax: number,
): Promise<readonly AppendedEntry[]> {
  return readEntries(sql, UNSEALED, { from, countMax })
}

async function readEntries(
  sql: Sql,
  text: string,
  { from, countMax }: { readonly from: bigint; readonly countMax: number },
): Promise<readonly AppendedEntry[]> {
  const rows = await sql.query<AppendedRow>(text, [String(from), countMax])
  rows.forEach((row, at) => {
    if (BigInt(row.index) !== from + BigInt(at)) throw new LogGap(from + BigInt(at))
  })
  return rows.map((row) => ({
    index: BigInt(row.index),
    entryId: row.entry_id,
    version: row.version,
    month: row.month,
    at: new Date(row.at_ms).toISOString(),
    sections: row.places.map((place, at) => sectionOf(place, row.hashes, at * SECTION_BYTES)),
  }))
}

function sectionOf(
  [agency, person, caseId]: AppendedRow['places'][number],
  hashes: Buffer,
  from: number,
): AppendedSection {
  const chain = hashes.subarray(from + SALT_END, from + SECTION_BYTES)
  return {
    agency,
    person,
    caseId,
    chain: chain.equals(NO_CHAIN) ? null : chain,
    digest: hashes.subarray(from, from + DIGEST_END),
    chainSalt: hashes.subarray(from + DIGEST_END, from + SALT_END),
  }
}

/** The log has a hole, which appending never makes: nothing more is sealed. */
export class LogGap extends Error {
  constructor(readonly index: bigint) {
    super(`entry ${index} of the log is missing`)
  }
}

interface PlaceRow {
  readonly chain: Buffer
  readonly index: string
  readonly ordinal: number
  readonly commitment: Buffer
}

/** The last section of chains in the first `size` entries, which are sealed. */
export function storedHeads(sql: Sql, size: bigint): ReadChainHeads {
  return async (chains) => {
    const rows = await sql.query<PlaceRow>(
      `select w.chain, h.entry_index::text as index, h.ordinal, h.commitment
       from unnest($1::bytea[]) as w (chain) cross join lateral (
         select entry_index, ordinal, commitment from access_log.sealed_section s
         where s.chain = w.chain and entry_index < $2 order by entry_index desc, ordinal desc limit 1) h`,
      [chains, String(size)],
    )
    return new Map(rows.map((row) => [row.chain.toString('hex'), placeOf(row)]))
  }
}

function placeOf({ index, ordinal, commitment }: PlaceRow): SectionPlace {
  return { index: BigInt(index), ordinal, commitment }
}

/** Stores what sealing found of sections. */
export async function storeSections(sql: Sql, sections: readonly SealedSection[]): Promise<void> {
  await sql.query(
    `insert into access_log.sealed_section
       (entry_index, ordinal, agency, person, case_id, chain, previous_index, previous_ordinal, commitment, month)
     select * from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::bytea[],
       $7::bigint[], $8::int[], $9::bytea[], $10::int[])`,
    [
      int8Array(sections.map((one) => one.index)),
      int4Array(sections.map((one) => one.ordinal)),
      textArray(sections.map((one) => one.agency)),
      textArray(sections.map((one) => one.person)),
      textArray(sections.map((one) => one.caseId)),
      byteaArray(sections.map((one) => one.chain)),
      int8Array(sections.map((one) => one.predecessor?.index ?? null)),
      int4Array(sections.map((one) => one.predecessor?.ordinal ?? null)),
      byteaArray(sections.map((one) => one.commitment)),
      int4Array(sections.map((one) => one.month)),
    ],
  )
}

export interface ChainHead extends SectionPlace {
  readonly chain: Buffer
}

const HEADS_A_TIME = 10_000

/**
 * The last section of every chain in the first `size` entries, in the order of the chains' keys: what
 * stands in a checkpoint's map of heads. Read in steps, so it may be long.
 */
export async function* chainHeadsAt(sql: Sql, size: bigint): AsyncIterable<ChainHead> {
  for (let after: Buffer | null = Buffer.alloc(0); after !== null; ) {
    const rows: PlaceRow[] = await sql.query<PlaceRow>(
      `select distinct on (chain) chain, entry_index::text as index, ordinal, commitment
       from access_log.sealed_section where chain > $1 and entry_index < $2
       order by chain, entry_index desc, ordinal desc limit $3`,
      [after, String(size), HEADS_A_TIME],
    )
    for (const row of rows) yield { chain: row.chain, ...placeOf(row) }
    after = rows.length < HEADS_A_TIME ? null : (rows.at(-1)?.chain ?? null)
  }
}

/** The heads at `to` of the chains that grew in the entries from `from` up to but without `to`: what changes from one map to the next. */
export async function chainHeadsBetween(
  sql: Sql,
  from: bigint,
  to: bigint,
): Promise<readonly ChainHead[]> {
  const rows = await sql.query<PlaceRow>(
    `select distinct on (chain) chain, entry_index::text as index, ordinal, commitment
     from access_log.sealed_section where chain is not null and entry_index >= $1 and entry_index < $2
     order by chain, entry_index desc, ordinal desc`,
    [String(from), String(to)],
  )
  return rows.map((row) => ({ chain: row.chain, ...placeOf(row) }))
}
