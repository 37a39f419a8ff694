import type { Sql } from '../../platform/database.js'
import { type Policy, parseCheckpoint } from '../tree/checkpoint.js'
import { formatNote, parseNote, verifyNote } from '../tree/note.js'
import { Refusal } from '../tree/refusal.js'

export type Accepted =
  | { readonly kind: 'ACCEPTED'; readonly count: number }
  | { readonly kind: 'REFUSED'; readonly says: string }
  /** No such checkpoint of ours is known. */
  | { readonly kind: 'UNKNOWN' }
  /** A countersigner vouches for another head of this size: the log is forked, somewhere. */
  | { readonly kind: 'FORKED'; readonly size: bigint }

/**
 * Takes in the cosignatures of a note: a checkpoint of this log with cosignature lines, as a
 * countersigner behind a firewall posts it or a witness's answer makes it. Only known countersigners
 * count. Twice is the same as once; the newest time of each is kept.
 */
export async function acceptCosignatures(
  sql: Sql,
  input: string | Uint8Array,
  policy: Pick<Policy, 'origin' | 'countersigners'>,
): Promise<Accepted> {
  try {
    const note = parseNote(input)
    const checkpoint = parseCheckpoint(note.text)
    if (checkpoint.origin !== policy.origin)
      return { kind: 'REFUSED', says: 'the checkpoint is of another log' }
    const cosignatures = await verifyNote(note, policy.countersigners)
    const [own] = await sql.query<{ note: string }>(
      'select note from access_log.checkpoint where size = $1::numeric',
      [String(checkpoint.size)],
    )
    if (own === undefined) return { kind: 'UNKNOWN' }
    if (parseNote(own.note).text !== note.text) return { kind: 'FORKED', size: checkpoint.size }
    await sql.query(
      `insert into access_log.cosignature (size, name, key_id, seconds, line)
       select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::text[])
       on conflict (size, name, key_id) do update set seconds = excluded.seconds, line = excluded.line, at = clock_timestamp()
       where excluded.seconds > access_log.cosignature.seconds`,
      [
        String(checkpoint.size),
        cosignatures.map((one) => one.verifier.name),
        cosignatures.map((one) => one.verifier.id),
        cosignatures.map((one) => String(one.timestamp ?? 0n)),
        cosignatures.map((one) => one.line),
      ],
    )
    return { kind: 'ACCEPTED', count: cosignatures.length }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'REFUSED', says: error.message }
  }
}

/** A published checkpoint with the cosignatures that are there. */
export interface PublishedCheckpoint {
  readonly size: bigint
  readonly note: string
  readonly cosignatures: number
}

/** The newest checkpoint, cosigned or not: what countersigners fetch. Null before the first. */
export async function latestCheckpoint(sql: Sql): Promise<PublishedCheckpoint | null> {
  const [row] = await sql.query<CheckpointRow>(`${CHECKPOINTS} order by c.size desc limit 1`)
  return row === undefined ? null : published(row)
}

/** The newest checkpoint with at least `quorum` cosignatures. */
export async function finalCheckpoint(
  sql: Sql,
  quorum: number,
): Promise<PublishedCheckpoint | null> {
  const [row] = await sql.query<CheckpointRow>(
    `${CHECKPOINTS} where ${COUNT} >= $1 order by c.size desc limit 1`,
    [quorum],
  )
  return row === undefined ? null : published(row)
}

/** The earliest final checkpoint that holds the entry: it tells least of how busy others have been since. */
export async function checkpointOfEntry(
  sql: Sql,
  index: bigint,
  quorum: number,
): Promise<PublishedCheckpoint | null> {
  const [row] = await sql.query<CheckpointRow>(
    `${CHECKPOINTS} where c.size > $1 and ${COUNT} >= $2 order by c.size limit 1`,
    [String(index), quorum],
  )
  return row === undefined ? null : published(row)
}

interface CheckpointRow {
  readonly size: string
  readonly note: string
  readonly lines: string[]
}

const CHECKPOINTS = `select c.size::text, c.note,
  array(select s.line from access_log.cosignature s where s.size = c.size order by s.at, s.name) as lines
  from access_log.checkpoint c`
const COUNT = '(select count(distinct s.name) from access_log.cosignature s where s.size = c.size)'

function published(row: CheckpointRow): PublishedCheckpoint {
  const note = parseNote(row.note)
  const lines = [...note.signatures.map((signature) => signature.line), ...row.lines]
  return {
    size: BigInt(row.size),
    note: formatNote(note.text, lines),
    cosignatures: row.lines.length,
  }
}
