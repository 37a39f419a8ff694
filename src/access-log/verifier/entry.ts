import {
  base64,
  bytesOfBase64,
  concat,
  equal,
  hashOfBase64,
  hex,
  textOf,
  utf8,
} from '../tree/bytes.js'
import { hashLeaf } from '../tree/merkle.js'
import { sha256 } from '../tree/primitives.js'
import { demand } from '../tree/refusal.js'

/**
 * What one reader is shown of an entry: its id, the commitments to all its sections, and the openings
 * of those that the reader may see. The rest stays hidden, and still adds up to the leaf:
 *
 *   commitment = SHA-256(0x02 || salt (16 bytes) || content)
 *   person     = SHA-256(0x04 || another salt (16 bytes) || pseudonym), base64, in the content
 *   root       = SHA-256(0x03 || commitment 0 || commitment 1 || ...)
 *   leaf data  = `concordat-log/1`, the entry's id, the root in hex: three lines, each with a newline
 */
export interface ShownEntry {
  readonly id: string
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
}

const SALT_BYTES = 16
const SECTIONS_MAX = 100_000
const ENTRY_ID = /^[\x21-\x7e]{1,200}$/
const LONE_HALF = /\p{Surrogate}/u

/** The bytes that the tree holds for an entry. */
export function leafDataOf(id: string, commitments: readonly Uint8Array[]): Uint8Array {
  demand(ENTRY_ID.test(id), 'ENTRY_MALFORMED', 'the id of the entry is not one word')
  const root = sha256(concat(Uint8Array.of(3), ...commitments))
  return utf8(`concordat-log/1\n${id}\n${hex(root)}\n`)
}

export function commitmentOf(salt: Uint8Array, content: string): Uint8Array {
  return sha256(concat(Uint8Array.of(2), salt, utf8(content)))
}

/** Refuses an opening that is not that of its commitment. */
export function verifyOpening(opening: Opening, commitments: readonly Uint8Array[]): void {
  const commitment = commitments[opening.ordinal]
  demand(commitment !== undefined, 'OPENING_DIFFERS', 'the entry has no such section')
  demand(opening.salt.length === SALT_BYTES, 'OPENING_DIFFERS', 'a salt has 16 bytes')
  demand(
    !LONE_HALF.test(opening.content) &&
      equal(commitmentOf(opening.salt, opening.content), commitment),
    'OPENING_DIFFERS',
    `section ${opening.ordinal} is not what the entry committed to`,
  )
  if (opening.person !== null) verifyPerson(opening.person, opening)
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
  for (const opening of entry.sections) verifyOpening(opening, entry.commitments)
  return hashLeaf(leafDataOf(entry.id, entry.commitments))
}

/** Reads `{ id, commitments: [base64], sections: [{ ordinal, salt: base64, content, person?: { id, salt } }] }`, and nothing else. */
export function parseShownEntry(value: unknown): ShownEntry {
  const { id, commitments, sections } = fieldsOf(value, ['id', 'commitments', 'sections'])
  demand(
    typeof id === 'string' && Array.isArray(commitments) && Array.isArray(sections),
    'ENTRY_MALFORMED',
    'an entry has an id, commitments and sections',
  )
  demand(
    commitments.length > 0 && commitments.length <= SECTIONS_MAX,
    'ENTRY_MALFORMED',
    'an entry has from 1 to 100000 sections',
  )
  const openings = sections.map(parseOpening)
  demand(
    new Set(openings.map((one) => one.ordinal)).size === openings.length,
    'ENTRY_MALFORMED',
    'a section is opened twice',
  )
  return { id, commitments: commitments.map(hashOf), sections: openings }
}

function parseOpening(value: unknown): Opening {
  const { ordinal, salt, content, person } = fieldsOf(
    value,
    ['ordinal', 'salt', 'content'],
    ['person'],
  )
  demand(
    typeof ordinal === 'number' && Number.isSafeInteger(ordinal) && ordinal >= 0,
    'ENTRY_MALFORMED',
    'the ordinal of a section is not a whole number',
  )
  demand(
    typeof salt === 'string' && typeof content === 'string',
    'ENTRY_MALFORMED',
    'a section has a salt and a content',
  )
  return {
    ordinal,
    salt: bytesOfBase64(salt),
    content,
    person: person === undefined ? null : parsePerson(person),
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
