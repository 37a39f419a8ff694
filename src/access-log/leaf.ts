import { hash, randomFillSync } from 'node:crypto'
import type { LogEntry } from './entry.js'
import { headContent, sectionContent } from './section-content.js'

/**
 * The contentless leaf. What an entry says is cut into sections. Each has a digest with a salt of its
 * own, made before the entry is appended; and a commitment, made when the entry is sealed, in the order
 * of the log: over the digest, the entry's time by the database's clock, and the section's predecessor.
 * The leaf binds only the version, the entry id and the root over the commitments. So a section can be
 * erased (content and salt) while the others' openings and every old proof still verify.
 *
 * digest     = SHA-256(0x02 || salt (16 bytes) || canonical JSON of the content, RFC 8785)
 * person     = SHA-256(0x04 || another salt (16 bytes) || the person's pseudonym), base64, in the content
 * link       = SHA-256(0x05 || a third salt (16 bytes) || predecessor)
 *              predecessor: index (8 bytes), ordinal (4 bytes), commitment; nothing where there is none
 * commitment = SHA-256(0x06 || time (24 characters, ISO 8601 UTC in milliseconds) || digest || link)
 * root       = SHA-256(0x03 || commitment 0 || commitment 1 || ...)
 * leaf       = SHA-256(0x00 || `concordat-log/2\n<entry id>\n<root, hex>\n`)   (RFC 6962 leaf hash)
 *
 * Numbers are big-endian. Entries of version 1 have the digest as their commitment.
 */

export const SALT_BYTES = 16

export type LeafVersion = 1 | 2

/**
 * The content of a section holds `person`, not the pseudonym: so the agency of whoever asked can be
 * shown what was decided about another agency's person, and check it, without that agency's pseudonym.
 * For the same reason the link hides the predecessor: that two sections are of one person is only for
 * the agency whose person it is.
 */
export interface PreparedSection {
  readonly agency: string | null
  readonly person: string | null
  readonly caseId: string | null
  /** 16 bytes for the content, and where the section is of a person 16 more for the pseudonym. */
  readonly salt: Buffer
  /** Stays when the section is erased, so that its chain can still be followed. */
  readonly chainSalt: Buffer
  /** Canonical JSON. */
  readonly content: string
  readonly digest: Buffer
}

/** Where a section stands, and its commitment. */
export interface SectionPlace {
  /** The index of its entry. */
  readonly index: bigint
  readonly ordinal: number
  readonly commitment: Buffer
}

/** By way of text: memory of its own for each hash, as `buffer` gives, costs more than the hash. */
function sha256(data: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', data, 'binary'), 'binary')
}

/** Room for what is hashed most: taking it anew each time costs as much as the hash. */
const scratch = Buffer.allocUnsafe(64 * 1024)

/** A first byte, then parts one after the other; there until the next call. */
function joined(first: number, ...parts: readonly Uint8Array[]): Buffer {
  scratch[0] = first
  let at = 1
  for (const part of parts) {
    if (at + part.length > scratch.length) return Buffer.concat([Buffer.of(first), ...parts])
    scratch.set(part, at)
    at += part.length
  }
  return scratch.subarray(0, at)
}

/** A first byte, a salt, then a text; there until the next call. */
function salted(first: number, salt: Uint8Array, text: string): Buffer {
  const start = 1 + salt.length
  const isLong = start + 3 * text.length > scratch.length
  const bytes = isLong ? Buffer.allocUnsafe(start + 3 * text.length) : scratch
  bytes[0] = first
  bytes.set(salt, 1)
  return bytes.subarray(0, start + bytes.write(text, start))
}

/** The bytes that the tree holds for an entry. */
export function leafData(
  entryId: string,
  commitments: readonly Uint8Array[],
  version: LeafVersion = 2,
): Buffer {
  const root = hash('sha256', joined(3, ...commitments), 'hex')
  return Buffer.from(`concordat-log/${version}\n${entryId}\n${root}\n`)
}

export function leafHash(data: Uint8Array): Buffer {
  return sha256(joined(0, data))
}

/** The salted digest of one section's content. */
export function digest(salt: Uint8Array, content: string): Buffer {
  return sha256(salted(2, salt, content))
}

/** The commitment to a person's pseudonym, base64. */
export function personCommitment(salt: Uint8Array, pseudonym: string): string {
  return hash('sha256', salted(4, salt, pseudonym), 'base64')
}

/** The two salts of a section as they are stored. The second is empty where it is of no person. */
export function saltsOf(stored: Buffer): { readonly content: Buffer; readonly person: Buffer } {
  return { content: stored.subarray(0, SALT_BYTES), person: stored.subarray(SALT_BYTES) }
}

const place = Buffer.alloc(12)

/** The commitment to which section of its chain came before. */
export function link(chainSalt: Uint8Array, predecessor: SectionPlace | null): Buffer {
  if (predecessor === null) return sha256(joined(5, chainSalt))
  place.writeBigUInt64BE(predecessor.index, 0)
  place.writeUInt32BE(predecessor.ordinal, 8)
  return sha256(joined(5, chainSalt, place, predecessor.commitment))
}

/** The commitment to one section: when, what it says, and its place in its chain. */
export function commitment(at: string, ofContent: Uint8Array, ofChain: Uint8Array): Buffer {
  return sha256(joined(6, Buffer.from(at), ofContent, ofChain))
}

/**
 * Which chain a section belongs to: that of its agency and person, or else its case. A hash, so that it
 * can stay where the section is erased and is of one length; the person's pseudonym in it is an HMAC of
 * the hub's. Null for a section that is about neither.
 */
export function chainOf(section: {
  readonly agency: string | null
  readonly person: string | null
  readonly caseId: string | null
}): Buffer | null {
  const { agency, person, caseId } = section
  if (agency === null || (person === null && caseId === null)) return null
  const whose = person === null ? `case\n${caseId}` : `person\n${person}`
  return sha256(Buffer.from(`concordat-chain/1\n${agency}\n${whose}\n`))
}

/** What stands for a justification in the entry's head: SHA-256 of the sealed text, which lies apart. */
export function justificationHash(sealed: Uint8Array): string {
  return hash('sha256', sealed, 'hex')
}

/** Cuts an entry into sections with a digest each; the first is the entry's own head: who, how, why. */
export function prepare(
  entry: LogEntry,
  sealedJustification: Buffer | null,
): readonly PreparedSection[] {
  const random = randomFillSync(Buffer.allocUnsafe(3 * SALT_BYTES * (entry.sections.length + 1)))
  const saltsAt = (place: number, person: string | null) => {
    const from = 3 * SALT_BYTES * place
    const chainFrom = from + 2 * SALT_BYTES
    return {
      salt: random.subarray(from, person === null ? from + SALT_BYTES : chainFrom),
      chainSalt: random.subarray(chainFrom, chainFrom + SALT_BYTES),
    }
  }
  const prepared = (
    place: Pick<PreparedSection, 'agency' | 'person' | 'caseId'>,
    salts: ReturnType<typeof saltsAt>,
    content: string,
  ): PreparedSection => {
    const own = digest(salts.salt.subarray(0, SALT_BYTES), content)
    return { ...place, ...salts, content, digest: own }
  }
  const justification = sealedJustification === null ? null : justificationHash(sealedJustification)
  const head = { agency: entry.caller.agency, person: null, caseId: null }
  return [
    prepared(head, saltsAt(0, null), headContent(entry, justification)),
    ...entry.sections.map((section, at) => {
      const pseudonym = section.alias ?? section.person
      const salts = saltsAt(at + 1, pseudonym)
      const { person: salt } = saltsOf(salts.salt)
      const person = pseudonym === null ? null : personCommitment(salt, pseudonym)
      const place = { agency: section.agency, person: pseudonym, caseId: section.caseId }
      return prepared(place, salts, sectionContent(section, person))
    }),
  ]
}
