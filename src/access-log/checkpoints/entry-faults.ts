import type { Sql } from '../../platform/database.js'
import {
  chainOf,
  commitment,
  digest,
  justificationHash,
  leafData,
  leafHash,
  link,
  personCommitment,
  type SectionPlace,
  saltsOf,
} from '../leaf.js'
import { HASH_BYTES } from '../tree/bytes.js'
import { TILE_WIDTH } from '../tree/tile.js'
import type { LogFindingKind } from './findings.js'

/** An entry as the database has it now, with its sections in order. */
export interface EntryRow {
  readonly index: string
  readonly entry_id: string
  readonly version: 1 | 2
  readonly at_ms: number
  readonly columns: Readonly<Record<string, unknown>>
  readonly facts_epoch: string
  readonly tightens: boolean
  /** Null where there is none, or none any more. */
  readonly justification: Buffer | null
  /** By ordinal, as all that follow; null for what was erased, or is gone. */
  readonly agencies: (string | null)[]
  readonly persons: (string | null)[]
  readonly cases: (string | null)[]
  readonly salts: (Buffer | null)[]
  readonly contents: (string | null)[]
  readonly digests: (Buffer | null)[]
  readonly chain_salts: (Buffer | null)[]
  readonly ordinals: number[]
  readonly chains: (Buffer | null)[]
  /** Whether it would be found under what it is about. */
  readonly are_found: boolean[]
  readonly previous_indexes: (string | null)[]
  readonly previous_ordinals: (number | null)[]
  readonly commitments: Buffer[]
  /** How many rows there are in `section`. */
  readonly stored: number
}

export interface EntryFault {
  readonly kind: LogFindingKind
  readonly says: string
}

const ENTRIES = `select e.index::text, e.entry_id, e.version, (extract(epoch from e.at) * 1000)::float8 as at_ms,
    e.facts_epoch::text, e.tightens, j.sealed as justification,
    jsonb_build_object('request', e.request, 'what', e.what, 'operation', e.operation, 'outcome', e.outcome, 'code', e.code,
      'purpose', e.purpose, 'agreement', e.agreement, 'tightens', e.tightens,
      'caller', jsonb_build_object('subject', e.caller_subject, 'agency', e.caller_agency, 'roles', to_jsonb(e.caller_roles),
        'client', e.client, 'onBehalfOf', e.on_behalf_of)) as columns,
    coalesce(s.agencies, '{}') as agencies, coalesce(s.persons, '{}') as persons,
    coalesce(s.cases, '{}') as cases, coalesce(s.salts, '{}') as salts, coalesce(s.contents, '{}') as contents,
    coalesce(s.digests, '{}') as digests, coalesce(s.chain_salts, '{}') as chain_salts, coalesce(s.ordinals, '{}') as ordinals, coalesce(s.chains, '{}') as chains, coalesce(s.are_found, '{}') as are_found,
    coalesce(s.previous_indexes, '{}') as previous_indexes, coalesce(s.previous_ordinals, '{}') as previous_ordinals,
    coalesce(s.commitments, '{}') as commitments,
    (select count(*) from access_log.section x where x.entry_index = e.index)::int as stored
  from access_log.entry e
  left join access_log.justification j on j.entry_index = e.index
  left join (
    select z.entry_index, array_agg(z.ordinal order by z.ordinal) as ordinals, array_agg(z.chain order by z.ordinal) as chains,
           array_agg(z.person is not distinct from s.person and z.case_id is not distinct from s.case_id order by z.ordinal) as are_found,
           array_agg(z.previous_index::text order by z.ordinal) as previous_indexes,
           array_agg(z.previous_ordinal order by z.ordinal) as previous_ordinals,
           array_agg(z.commitment order by z.ordinal) as commitments,
           array_agg(s.agency order by z.ordinal) as agencies,
           array_agg(s.person order by z.ordinal) as persons, array_agg(s.case_id order by z.ordinal) as cases,
           array_agg(s.salt order by z.ordinal) as salts, array_agg(s.content order by z.ordinal) as contents,
           array_agg(s.digest order by z.ordinal) as digests, array_agg(s.chain_salt order by z.ordinal) as chain_salts
    from access_log.sealed_section z
    left join access_log.section s on s.entry_index = z.entry_index and s.ordinal = z.ordinal
    where z.entry_index >= $1 and z.entry_index < $2 group by z.entry_index
  ) s on s.entry_index = e.index
  where e.index >= $1 and e.index < $2`

/** Entries and leaves as sealed, by index. */
export async function readEntries(
  sql: Sql,
  from: bigint,
  to: bigint,
): Promise<{
  entries: ReadonlyMap<bigint, EntryRow>
  sealedLeaves: ReadonlyMap<bigint, Uint8Array>
}> {
  const rows = await sql.query<EntryRow>(ENTRIES, [String(from), String(to)])
  const tiles = await sql.query<{ index: string; hashes: Buffer }>(
    'select index::text, hashes from access_log.tile where level = 0 and index >= $1 and index <= $2',
    [String(from / BigInt(TILE_WIDTH)), String((to - 1n) / BigInt(TILE_WIDTH))],
  )
  const sealedLeaves = new Map<bigint, Uint8Array>()
  for (const { index, hashes } of tiles)
    for (let at = 0; at < hashes.length / HASH_BYTES; at += 1)
      sealedLeaves.set(
        BigInt(index) * BigInt(TILE_WIDTH) + BigInt(at),
        hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
      )
  return { entries: new Map(rows.map((row) => [BigInt(row.index), row])), sealedLeaves }
}

/** The leaf that the entry's id and commitments make. */
export function leafOfRow(row: EntryRow): Uint8Array {
  return leafHash(leafData(row.entry_id, row.commitments, row.version))
}

/** The last section of each chain so far, by the chain in hex. */
export type ChainHeads = Map<string, SectionPlace>

/**
 * What is wrong with an entry by itself: its sections against their commitments and their chains, and
 * the columns beside them, which are searched, against what they were committed to say. What was
 * erased has no content, and is no fault. Moves the heads on.
 */
export function entryFaults(row: EntryRow, heads: ChainHeads): readonly EntryFault[] {
  const faults: EntryFault[] = []
  if (row.ordinals.some((ordinal, at) => ordinal !== at))
    faults.push({ kind: 'SECTION_CHANGED', says: 'its sections are not numbered in order' })
  if (row.stored > row.commitments.length)
    faults.push({ kind: 'SECTION_CHANGED', says: 'a section is there that was not sealed' })
  faults.push(...commitmentFaults(row, heads))
  row.ordinals.forEach((_, at) => {
    faults.push(...sectionFaults(row, at))
  })
  return faults
}

/** Holds each section to its place in its chain, and its commitment to digest, time and predecessor. */
function commitmentFaults(row: EntryRow, heads: ChainHeads): readonly EntryFault[] {
  const faults: EntryFault[] = []
  const differing: number[] = []
  const at = new Date(row.at_ms).toISOString()
  row.commitments.forEach((stored, ordinal) => {
    const chain = row.version === 1 ? null : (row.chains[ordinal] ?? null)
    const key = chain?.toString('hex') ?? ''
    const before = chain === null ? null : (heads.get(key) ?? null)
    const named = row.previous_indexes[ordinal] ?? null
    if (
      named !== (before?.index.toString() ?? null) ||
      (row.previous_ordinals[ordinal] ?? null) !== (before?.ordinal ?? null)
    )
      faults.push({
        kind: 'CHAIN_BROKEN',
        says: `section ${ordinal} does not name the one before it in its chain`,
      })
    const opened = row.digests[ordinal] ?? null
    const made =
      row.version === 1 || opened === null
        ? opened
        : commitment(at, opened, link(row.chain_salts[ordinal] ?? Buffer.alloc(0), before))
    if (made === null || !stored.equals(made)) differing.push(ordinal)
    const placed = row.chains[ordinal]?.toString('hex')
    if (placed !== undefined)
      heads.set(placed, { index: BigInt(row.index), ordinal, commitment: stored })
  })
  if (differing.length > 1 && differing.length === row.commitments.length)
    return [
      ...faults,
      { kind: 'TIME_CHANGED', says: 'its time is not the one that it committed to' },
    ]
  for (const ordinal of differing)
    faults.push({
      kind: 'SECTION_CHANGED',
      says: `section ${ordinal} is not what the entry committed to`,
    })
  return faults
}

function sectionFaults(row: EntryRow, at: number): readonly EntryFault[] {
  const [salt, content, said] = [
    row.salts[at] ?? null,
    row.contents[at] ?? null,
    row.digests[at] ?? null,
  ]
  if (content === null || said === null) return []
  if (salt === null) return [{ kind: 'SECTION_CHANGED', says: `section ${at} has no salt` }]
  if (!said.equals(digest(saltsOf(salt).content, content)))
    return [{ kind: 'SECTION_CHANGED', says: `section ${at} is not what the entry committed to` }]
  const values: unknown = JSON.parse(content)
  return at === 0 ? headFaults(row, values) : placeFaults(row, at, values)
}

function headFaults(row: EntryRow, said: unknown): readonly EntryFault[] {
  const faults = columnFaults(row.columns, said, 0)
  const hash = fieldOf(said, 'justification') ?? null
  const isOther = row.justification !== null && hash !== justificationHash(row.justification)
  if (row.version === 1 || !isOther) return faults
  return [
    ...faults,
    {
      kind: 'JUSTIFICATION_CHANGED',
      says: 'its justification is not the one that it committed to',
    },
  ]
}

function placeFaults(row: EntryRow, at: number, said: unknown): readonly EntryFault[] {
  const place = {
    agency: row.agencies[at] ?? null,
    person: row.persons[at] ?? null,
    caseId: row.cases[at] ?? null,
  }
  const faults = columnFaults({ ...place, person: saidPerson(row, at) }, said, at)
  const [stored, chain] = [row.chains[at] ?? null, chainOf(place)]
  const isOwn = stored === null ? chain === null : chain !== null && stored.equals(chain)
  if (faults.length > 0 || (isOwn && row.are_found[at] === true)) return faults
  return [
    {
      kind: 'COLUMN_CHANGED',
      says: `section ${at} is not found, or not chained, under its person or case`,
    },
  ]
}

/** What the content says of the person; the oldest sections have the pseudonym itself, and no salt for it. */
function saidPerson(row: EntryRow, at: number): string | null {
  const [pseudonym, salt] = [row.persons[at] ?? null, row.salts[at] ?? Buffer.alloc(0)]
  const { person } = saltsOf(salt)
  return pseudonym === null || person.length === 0 ? pseudonym : personCommitment(person, pseudonym)
}

function columnFaults(columns: object, said: unknown, at: number): readonly EntryFault[] {
  return Object.entries(columns)
    .filter(([name, value]) => !sameJson(fieldOf(said, name), value))
    .map(([name]) => ({
      kind: 'COLUMN_CHANGED',
      says: `\`${name}\` beside section ${at} is not what it says`,
    }))
}

function fieldOf(value: unknown, name: string): unknown {
  const fields: Record<string, unknown> =
    typeof value === 'object' && value !== null ? { ...value } : {}
  return fields[name]
}

/** Equal as JSON, whatever the order of the fields. */
function sameJson(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other
  const [left, right] = [Object.entries(one), Object.entries(other)]
  return (
    left.length === right.length &&
    left.every(([name, value]) => sameJson(value, fieldOf(other, name)))
  )
}
