import { byteaArray, int4Array, int8Array, textArray } from '../../platform/binary-array.js'
import type { Sql } from '../../platform/database.js'
import type { SectionPlace } from '../leaf.js'
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
  readonly agencies: (string | null)[]
  readonly persons: (string | null)[]
  readonly cases: (string | null)[]
  readonly chains: (Buffer | null)[]
  readonly digests: Buffer[]
  readonly chain_salts: Buffer[]
}

/**
 * The entries from `from` on, in order, as they were appended, whether sealed or not; throws where an
 * index is missing. The chain of a section that was erased is the one that it was sealed in.
 */
export async function readAppended(
  sql: Sql,
  from: bigint,
  countMax: number,
): Promise<readonly AppendedEntry[]> {
  const rows = await sql.query<AppendedRow>(
    `select e.index::text, e.entry_id, e.version, e.month, (extract(epoch from e.at) * 1000)::float8 as at_ms,
       coalesce(s.agencies, '{}') as agencies, coalesce(s.chains, '{}') as chains,
       coalesce(s.persons, '{}') as persons, coalesce(s.cases, '{}') as cases, coalesce(s.digests, '{}') as digests,
       coalesce(s.chain_salts, '{}') as chain_salts
     from access_log.entry e cross join lateral (
       select array_agg(s.agency order by s.ordinal) as agencies, array_agg(s.digest order by s.ordinal) as digests,
              array_agg(s.person order by s.ordinal) as persons, array_agg(s.case_id order by s.ordinal) as cases,
              array_agg(s.chain_salt order by s.ordinal) as chain_salts,
              array_agg(coalesce(z.chain, access_log.chain_key(s.agency, s.person, s.case_id)) order by s.ordinal) as chains
       from access_log.section s
       left join access_log.sealed_section z on z.entry_index = s.entry_index and z.ordinal = s.ordinal
       where s.entry_index = e.index) s
     where e.index >= $1 and e.index < $1 + $2 order by e.index`,
    [String(from), countMax],
  )
  rows.forEach((row, at) => {
    if (BigInt(row.index) !== from + BigInt(at)) throw new LogGap(from + BigInt(at))
  })
  return rows.map((row) => ({
    index: BigInt(row.index),
    entryId: row.entry_id,
    version: row.version,
    month: row.month,
    at: new Date(row.at_ms).toISOString(),
    sections: row.digests.map(
      (digest, at): AppendedSection => ({
        agency: row.agencies[at] ?? null,
        person: row.persons[at] ?? null,
        caseId: row.cases[at] ?? null,
        chain: row.chains[at] ?? null,
        digest,
        chainSalt: row.chain_salts[at] ?? Buffer.alloc(0),
      }),
    ),
  }))
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
