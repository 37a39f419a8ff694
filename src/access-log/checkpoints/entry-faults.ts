import type { Sql } from '../../platform/database.js'
import { commitment, leafData, leafHash, personCommitment, saltsOf } from '../leaf.js'
import { HASH_BYTES } from '../tree/bytes.js'
import { TILE_WIDTH } from '../tree/tile.js'
import type { LogFindingKind } from './findings.js'

/** An entry as the database has it now, with its sections in order. */
export interface EntryRow {
  readonly index: string
  readonly entry_id: string
  readonly at_ms: number
  readonly columns: Readonly<Record<string, unknown>>
  readonly facts_epoch: string
  readonly tightens: boolean
  readonly leaf: Buffer
  readonly ordinals: number[]
  readonly agencies: (string | null)[]
  readonly persons: (string | null)[]
  readonly cases: (string | null)[]
  readonly salts: (Buffer | null)[]
  readonly contents: (string | null)[]
  readonly commitments: Buffer[]
}

export interface EntryFault {
  readonly kind: LogFindingKind
  readonly says: string
}

/** How far the process's clock, which the entry commits to, and the database's may lie apart. */
const SKEW_MS_MAX = 5 * 60_000

const ENTRIES = `select e.index::text, e.entry_id, (extract(epoch from e.at) * 1000)::float8 as at_ms, e.facts_epoch::text, e.tightens, e.leaf,
    jsonb_build_object('request', e.request, 'what', e.what, 'operation', e.operation, 'outcome', e.outcome, 'code', e.code,
      'purpose', e.purpose, 'agreement', e.agreement, 'tightens', e.tightens,
      'caller', jsonb_build_object('subject', e.caller_subject, 'agency', e.caller_agency, 'roles', to_jsonb(e.caller_roles),
        'client', e.client, 'onBehalfOf', e.on_behalf_of)) as columns,
    coalesce(s.ordinals, '{}') as ordinals, coalesce(s.agencies, '{}') as agencies, coalesce(s.persons, '{}') as persons,
    coalesce(s.cases, '{}') as cases, coalesce(s.salts, '{}') as salts, coalesce(s.contents, '{}') as contents,
    coalesce(s.commitments, '{}') as commitments
  from access_log.entry e
  left join (
    select entry_index, array_agg(ordinal order by ordinal) as ordinals, array_agg(agency order by ordinal) as agencies,
           array_agg(person order by ordinal) as persons, array_agg(case_id order by ordinal) as cases,
           array_agg(salt order by ordinal) as salts, array_agg(content order by ordinal) as contents,
           array_agg(commitment order by ordinal) as commitments
    from access_log.section where entry_index >= $1 and entry_index < $2 group by entry_index
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

/** The leaf that the entry's id and commitments make, whatever is stored as its leaf. */
export function leafOfRow(row: EntryRow): Uint8Array {
  return leafHash(leafData(row.entry_id, row.commitments))
}

/**
 * What is wrong with an entry by itself: its stored leaf, its sections against their commitments, and
 * the columns beside them, which are searched, against what they were committed to say. What was
 * erased has no content, and is no fault.
 */
export function entryFaults(row: EntryRow): readonly EntryFault[] {
  const faults: EntryFault[] = []
  if (!row.leaf.equals(leafOfRow(row)))
    faults.push({ kind: 'ENTRY_CHANGED', says: 'its stored leaf is not that of its sections' })
  if (row.ordinals.some((ordinal, at) => ordinal !== at))
    faults.push({ kind: 'SECTION_CHANGED', says: 'its sections are not numbered in order' })
  row.contents.forEach((content, at) => {
    if (content !== null) faults.push(...sectionFaults(row, at, content))
  })
  return faults
}

function sectionFaults(row: EntryRow, at: number, content: string): readonly EntryFault[] {
  const salt = row.salts[at]
  if (salt === null || salt === undefined)
    return [{ kind: 'SECTION_CHANGED', says: `section ${at} has no salt` }]
  const salts = saltsOf(salt)
  if (row.commitments[at]?.equals(commitment(salts.content, content)) !== true)
    return [{ kind: 'SECTION_CHANGED', says: `section ${at} is not what the entry committed to` }]
  const said: unknown = JSON.parse(content)
  const columns =
    at === 0
      ? row.columns
      : {
          agency: row.agencies[at],
          person: committed(salts.person, row.persons[at] ?? null),
          caseId: row.cases[at],
        }
  const faults: EntryFault[] = Object.entries(columns)
    .filter(([name, value]) => !sameJson(fieldOf(said, name), value))
    .map(([name]) => ({
      kind: 'COLUMN_CHANGED',
      says: `\`${name}\` beside section ${at} is not what it says`,
    }))
  if (at === 0) faults.push(...timeFaults(row.at_ms, fieldOf(said, 'at')))
  return faults
}

function committed(salt: Buffer, pseudonym: string | null): string | null {
  return pseudonym === null ? null : personCommitment(salt, pseudonym)
}

function timeFaults(atMs: number, said: unknown): readonly EntryFault[] {
  const saidMs = typeof said === 'string' ? Date.parse(said) : Number.NaN
  return Math.abs(atMs - saidMs) <= SKEW_MS_MAX
    ? []
    : [{ kind: 'TIME_CHANGED', says: 'its time is not the one that it committed to' }]
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
