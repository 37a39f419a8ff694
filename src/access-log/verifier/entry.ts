import {
  base64,
  bytesOfBase64,
  concat,
  equal,
  hashOfBase64,
  hex,
  textOf,
  u64OfDecimal,
  utf8,
} from '../tree/bytes.js'
import { hashLeaf } from '../tree/merkle.js'
import { sha256 } from '../tree/primitives.js'
import { demand } from '../tree/refusal.js'

/**
 * What one reader is shown of an entry: its id and time, the commitments to all its sections, and the
 * openings of those that the reader may see. The rest stays hidden, and still adds up to the leaf:
 *
 *   digest     = SHA-256(0x02 || salt (16 bytes) || content)
 *   person     = SHA-256(0x04 || another salt (16 bytes) || pseudonym), base64, in the content
 *   link       = SHA-256(0x05 || a third salt (16 bytes) || predecessor)
 *                predecessor: index of its entry (8 bytes), its ordinal (4 bytes), its commitment;
 *                nothing where the section is the first of its chain
 *   commitment = SHA-256(0x06 || time (24 characters, `2026-03-04T05:06:07.089Z`) || digest || link)
 *   root       = SHA-256(0x03 || commitment 0 || commitment 1 || ...)
 *   leaf data  = `concordat-log/2`, the entry's id, the root in hex: three lines, each with a newline
 *
 * Numbers are big-endian. In entries of version 1 the digest is the commitment: they commit to no time
 * of their own and to no predecessor.
 */
export interface ShownEntry {
  readonly id: string
  /** UTC, by the log's database; null in entries of version 1. */
  readonly at: string | null
  readonly commitments: readonly Uint8Array[]
  readonly sections: readonly Opening[]
}

export interface Opening {
  /** Which commitment it opens; 0 is the entry's own head (who, when, why). */
  readonly ordinal: number
  readonly salt: Uint8Array
  /** Canonical JSON. */
  readonly content: string
  /** The pseudonym that the content commits to; null where the reader is not shown it, or there is none. */
  readonly person: { readonly id: string; readonly salt: Uint8Array } | null
  readonly chain: ChainOpening
}

/** Which section of the same agency and person (or case) came before: shown to that agency alone. */
export type ChainOpening =
  | { readonly kind: 'SHOWN'; readonly salt: Uint8Array; readonly predecessor: Predecessor | null }
  | { readonly kind: 'HIDDEN'; readonly link: Uint8Array }
  /** In version 1. */
  | { readonly kind: 'NONE' }

export interface Predecessor {
  readonly index: bigint
  readonly ordinal: number
  readonly commitment: Uint8Array
}

const SALT_BYTES = 16
const SECTIONS_MAX = 100_000
const ENTRY_ID = /^[\x21-\x7e]{1,200}$/
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/
const LONE_HALF = /\p{Surrogate}/u

/** The bytes that the tree holds for an entry. */
export function leafDataOf(
  id: string,
  commitments: readonly Uint8Array[],
  version: 1 | 2 = 2,
): Uint8Array {
  demand(ENTRY_ID.test(id), 'ENTRY_MALFORMED', 'the id of the entry is not one word')
  const root = sha256(concat(Uint8Array.of(3), ...commitments))
  return utf8(`concordat-log/${version}\n${id}\n${hex(root)}\n`)
}

export function digestOf(salt: Uint8Array, content: string): Uint8Array {
  return sha256(concat(Uint8Array.of(2), salt, utf8(content)))
}

export function linkOf(salt: Uint8Array, predecessor: Predecessor | null): Uint8Array {
  const start = concat(Uint8Array.of(5), salt)
  if (predecessor === null) return sha256(start)
  const place = new DataView(new ArrayBuffer(12))
  place.setBigUint64(0, predecessor.index)
  place.setUint32(8, predecessor.ordinal)
  return sha256(concat(start, new Uint8Array(place.buffer), predecessor.commitment))
}

export function commitmentOf(at: string, digest: Uint8Array, link: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(6), utf8(at), digest, link))
}

/** Refuses an opening that is not that of its commitment. */
export function verifyOpening(
  opening: Opening,
  { at, commitments }: Pick<ShownEntry, 'at' | 'commitments'>,
): void {
  const commitment = commitments[opening.ordinal]
  demand(commitment !== undefined, 'OPENING_DIFFERS', 'the entry has no such section')
  demand(opening.salt.length === SALT_BYTES, 'OPENING_DIFFERS', 'a salt has 16 bytes')
  demand(
    !LONE_HALF.test(opening.content) && equal(openedTo(opening, at), commitment),
    'OPENING_DIFFERS',
    `section ${opening.ordinal} is not what the entry committed to`,
  )
  if (opening.person !== null) verifyPerson(opening.person, opening)
}

function openedTo({ salt, content, chain }: Opening, at: string | null): Uint8Array {
  const digest = digestOf(salt, content)
  if (at === null || chain.kind === 'NONE') return digest
  if (chain.kind === 'HIDDEN') return commitmentOf(at, digest, chain.link)
  demand(chain.salt.length === SALT_BYTES, 'OPENING_DIFFERS', 'a salt has 16 bytes')
  return commitmentOf(at, digest, linkOf(chain.salt, chain.predecessor))
}

function verifyPerson(
  { id, salt }: NonNullable<Opening['person']>,
  { content, ordinal }: Opening,
): void {
  const said: unknown = jsonOf(content)
  const committed = typeof said === 'object' && said !== null && 'person' in said && said.person
  demand(
    salt.length === SALT_BYTES &&
      !LONE_HALF.test(id) &&
      committed === base64(sha256(concat(Uint8Array.of(4), salt, utf8(id)))),
    'OPENING_DIFFERS',
    `the person of section ${ordinal} is not the one that it committed to`,
  )
}

/** Checks every opening; gives the leaf hash that the commitments add up to. */
export function leafOfShown(entry: ShownEntry): Uint8Array {
  for (const opening of entry.sections) verifyOpening(opening, entry)
  return hashLeaf(leafDataOf(entry.id, entry.commitments, entry.at === null ? 1 : 2))
}

/**
 * Reads `{ id, at, commitments: [base64], sections: [{ ordinal, salt: base64, content, person?: { id, salt },
 * link | predecessor }] }`, and nothing else. A section has either `link` (base64) or `predecessor`:
 * `{ salt }`, with `index` (decimal digits), `ordinal` and `commitment` where there is one before it.
 * In version 1 there is neither, and no `at`.
 */
export function parseShownEntry(value: unknown): ShownEntry {
  const { id, at, commitments, sections } = fieldsOf(
    value,
    ['id', 'commitments', 'sections'],
    ['at'],
  )
  demand(
    typeof id === 'string' && Array.isArray(commitments) && Array.isArray(sections),
    'ENTRY_MALFORMED',
    'an entry has an id, commitments and sections',
  )
  demand(
    at === undefined || (typeof at === 'string' && TIME.test(at)),
    'ENTRY_MALFORMED',
    'the time of an entry is not written as `2026-03-04T05:06:07.089Z`',
  )
  demand(
    commitments.length > 0 && commitments.length <= SECTIONS_MAX,
    'ENTRY_MALFORMED',
    'an entry has from 1 to 100000 sections',
  )
  const openings = sections.map((one) => parseOpening(one, at === undefined ? 1 : 2))
  demand(
    new Set(openings.map((one) => one.ordinal)).size === openings.length,
    'ENTRY_MALFORMED',
    'a section is opened twice',
  )
  return { id, at: at ?? null, commitments: commitments.map(hashOf), sections: openings }
}

function parseOpening(value: unknown, version: 1 | 2): Opening {
  const { ordinal, salt, content, person, link, predecessor } = fieldsOf(
    value,
    ['ordinal', 'salt', 'content'],
    ['person', ...(version === 1 ? [] : ['link', 'predecessor'])],
  )
  demand(
    typeof salt === 'string' && typeof content === 'string',
    'ENTRY_MALFORMED',
    'a section has a salt and a content',
  )
  return {
    ordinal: ordinalOf(ordinal),
    salt: bytesOfBase64(salt),
    content,
    person: person === undefined ? null : parsePerson(person),
    chain: version === 1 ? { kind: 'NONE' } : parseChain(link, predecessor),
  }
}

function parsePerson(value: unknown): NonNullable<Opening['person']> {
  const { id, salt } = fieldsOf(value, ['id', 'salt'])
  demand(
    typeof id === 'string' && typeof salt === 'string',
    'ENTRY_MALFORMED',
    'a person has an id and a salt',
  )
  return { id, salt: bytesOfBase64(salt) }
}

function parseChain(link: unknown, predecessor: unknown): ChainOpening {
  demand(
    (link === undefined) !== (predecessor === undefined),
    'ENTRY_MALFORMED',
    'a section has either a link or a predecessor',
  )
  if (predecessor === undefined) return { kind: 'HIDDEN', link: hashOf(link) }
  const { salt, index, ordinal, commitment } = fieldsOf(
    predecessor,
    ['salt'],
    ['index', 'ordinal', 'commitment'],
  )
  demand(typeof salt === 'string', 'ENTRY_MALFORMED', 'a predecessor has a salt')
  const isFirst = [index, ordinal, commitment].every((one) => one === undefined)
  demand(isFirst || typeof index === 'string', 'ENTRY_MALFORMED', 'an index is decimal digits')
  return {
    kind: 'SHOWN',
    salt: bytesOfBase64(salt),
    predecessor:
      typeof index === 'string'
        ? {
            index: u64OfDecimal(index),
            ordinal: ordinalOf(ordinal),
            commitment: hashOf(commitment),
          }
        : null,
  }
}

function ordinalOf(value: unknown): number {
  demand(
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < SECTIONS_MAX,
    'ENTRY_MALFORMED',
    'the ordinal of a section is not a whole number',
  )
  return value
}

function hashOf(value: unknown): Uint8Array {
  demand(typeof value === 'string', 'ENTRY_MALFORMED', 'a commitment is not base64')
  return hashOfBase64(value)
}

/** The fields of an object that has these and no others; `optional` ones may be missing. */
export function fieldsOf(
  value: unknown,
  names: readonly string[],
  optional: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  demand(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    'ENTRY_MALFORMED',
    'it is not a JSON object',
  )
  const fields: Record<string, unknown> = { ...value }
  demand(
    names.every((name) => Object.hasOwn(fields, name)) &&
      Object.keys(fields).every((name) => names.includes(name) || optional.includes(name)),
    'ENTRY_MALFORMED',
    `the fields are not ${[...names, ...optional].join(', ')}`,
  )
  return fields
}

/** JSON text or bytes as a value; refuses what is not JSON. */
export function jsonOf(input: string | Uint8Array): unknown {
  const text = typeof input === 'string' ? input : textOf(input, 'ENTRY_MALFORMED')
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    demand(false, 'ENTRY_MALFORMED', 'it is not JSON')
  }
}
