import type { Sql } from '../../platform/database.js'
import type { PublishedCheckpoint } from '../checkpoints/cosignatures.js'
import { shownEntries } from '../checkpoints/prove-entry.js'
import { storedHashes } from '../checkpoints/stored-tree.js'
import { chainOf, link } from '../leaf.js'
import { base64 } from '../tree/bytes.js'
import { proveInclusion } from '../tree/proof.js'
import { demand } from '../tree/refusal.js'
import type { NoReleaseClaim } from '../verifier/check-no-release.js'
import { storedMap } from './sealed-map.js'

interface SectionRow {
  readonly index: string
  readonly ordinal: number
  readonly at: Date
  readonly digest: Buffer
  readonly chain_salt: Buffer | null
  readonly commitment: Buffer
  readonly previous_index: string | null
  readonly previous_ordinal: number | null
  readonly previous_commitment: Buffer | null
}

const SECTION = `select z.entry_index::text as index, z.ordinal, e.at, s.digest, s.chain_salt, z.commitment,
    z.previous_index::text, z.previous_ordinal, p.commitment as previous_commitment
  from access_log.sealed_section z
  join access_log.entry e on e.index = z.entry_index
  join access_log.section s on s.entry_index = z.entry_index and s.ordinal = z.ordinal
  left join access_log.sealed_section p on p.entry_index = z.previous_index and p.ordinal = z.previous_ordinal`

/** The walk goes as far back as the verifier wants it to. */
const SLACK_MS = 24 * 60 * 60 * 1000

/**
 * The proof that a log holds no such release, as `checkNoRelease` of the verifier reads it: whether it
 * holds, the verifier says. It opens what the agency whose data it is may see, and nothing else; so it
 * is for that agency's IG lead. Reads the heads of all chains once.
 */
export async function proveNoRelease(
  sql: Sql,
  claim: NoReleaseClaim,
  checkpoint: PublishedCheckpoint,
): Promise<string> {
  const { size, note } = checkpoint
  demand(size > 0n, 'SIZE_OUT_OF_RANGE', 'an empty log proves nothing of any time')
  const key = chainOf({ agency: claim.agency, person: claim.person, caseId: null })
  demand(key !== null, 'PROOF_MALFORMED', 'a claim names agency and person')
  const map = (await storedMap(sql, size)).prove(key)
  const pathTo = async (index: bigint) =>
    (await proveInclusion(index, size, storedHashes(sql, size))).map(base64)
  const enough = Date.parse(claim.from) - SLACK_MS
  const steps: object[] = []
  const first = await headOf(sql, key, size)
  for (let row = first; row !== null; ) {
    steps.push(await stepOf(sql, row, claim.agency, await pathTo(BigInt(row.index))))
    row = row.at.getTime() < enough ? null : await before(sql, row)
  }
  return `${JSON.stringify({
    format: 'concordat-no-release/1',
    checkpoint: note,
    claim,
    last: { path: await pathTo(size - 1n), ...(await lastEntry(sql, size - 1n)) },
    map: {
      siblings: map.siblings.map(base64),
      other:
        map.other === null ? null : { key: base64(map.other.key), value: base64(map.other.value) },
    },
    head: first === null ? null : placeText(first),
    steps,
  })}\n`
}

async function headOf(sql: Sql, chain: Buffer, size: bigint): Promise<SectionRow | null> {
  const [row] = await sql.query<SectionRow>(
    `${SECTION} where z.chain = $1 and z.entry_index < $2
     order by z.entry_index desc, z.ordinal desc limit 1`,
    [chain, String(size)],
  )
  return row ?? null
}

async function before(
  sql: Sql,
  { previous_index, previous_ordinal }: SectionRow,
): Promise<SectionRow | null> {
  if (previous_index === null) return null
  const [row] = await sql.query<SectionRow>(
    `${SECTION} where z.entry_index = $1 and z.ordinal = $2`,
    [previous_index, previous_ordinal],
  )
  demand(row !== undefined, 'CHAIN_BROKEN', 'a section that the chain names is gone')
  return row
}

async function stepOf(
  sql: Sql,
  row: SectionRow,
  agency: string,
  path: readonly string[],
): Promise<object> {
  const index = BigInt(row.index)
  const [leaf] = await shownEntries(sql, { from: index, to: index + 1n }, agency)
  const shown = leaf?.shown ?? null
  const sections = (shown?.sections ?? []).filter(
    ({ ordinal }) => ordinal === 0 || ordinal === row.ordinal,
  )
  const isThere = sections.some(({ ordinal }) => ordinal === row.ordinal)
  const entry = shown === null ? await hiddenEntry(sql, index) : { ...shown, sections }
  return { path, entry, ...(!isThere && { erased: erasedText(row) }) }
}

function erasedText(row: SectionRow): object {
  const place =
    row.previous_index === null
      ? null
      : {
          index: row.previous_index,
          ordinal: row.previous_ordinal,
          commitment: base64(row.previous_commitment ?? Buffer.alloc(0)),
        }
  return {
    digest: base64(row.digest),
    predecessor: { salt: base64(row.chain_salt ?? Buffer.alloc(0)), place },
  }
}

function placeText({ index, ordinal, commitment }: SectionRow): object {
  return { index, ordinal, commitment: base64(commitment) }
}

/** An entry of which nothing is opened. */
async function hiddenEntry(sql: Sql, index: bigint): Promise<object> {
  const { id, at, commitments } = await lastEntry(sql, index)
  return { id, at, commitments, sections: [] }
}

/** When an entry was written, and no more of it: its head's digest and link, unopened. */
async function lastEntry(
  sql: Sql,
  index: bigint,
): Promise<{
  readonly id: string
  readonly at: string
  readonly commitments: readonly string[]
  readonly digest: string
  readonly link: string
}> {
  const [row] = await sql.query<{
    id: string
    at: Date
    digest: Buffer
    chain_salt: Buffer | null
    commitments: Buffer[]
  }>(
    `select e.entry_id as id, e.at, s.digest, s.chain_salt,
       array(select z.commitment from access_log.sealed_section z where z.entry_index = e.index order by z.ordinal) as commitments
     from access_log.entry e join access_log.section s on s.entry_index = e.index and s.ordinal = 0
     where e.index = $1`,
    [String(index)],
  )
  demand(row !== undefined, 'INDEX_OUT_OF_RANGE', 'the log has no such entry')
  return {
    id: row.id,
    at: row.at.toISOString(),
    commitments: row.commitments.map(base64),
    digest: base64(row.digest),
    link: base64(link(row.chain_salt ?? Buffer.alloc(0), null)),
  }
}
