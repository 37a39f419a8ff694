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

/** By way of hex: memory of its own for each hash, as `buffer` gives, costs more than the hash. */
function sha256(data: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', data, 'hex'), 'hex')
}

/** The bytes that the tree holds for an entry. */
export function leafData(
  entryId: string,
  commitments: readonly Uint8Array[],
  version: LeafVersion = 2,
): Buffer {
  const root = hash('sha256', Buffer.concat([Buffer.of(3), ...commitments]), 'hex')
  return Buffer.from(`concordat-log/${version}\n${entryId}\n${root}\n`)
}

export function leafHash(data: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(0), data]))
}

/** Room for what is hashed most: taking it anew each time costs as much as the hash. */
const scratch = Buffer.allocUnsafe(64 * 1024)

/** The salted digest of one section's content. */
export function digest(salt: Uint8Array, content: string): Buffer {
  const start = 1 + salt.length
  const isLong = start + 3 * content.length > scratch.length
  const bytes = isLong ? Buffer.allocUnsafe(start + 3 * content.length) : scratch
  bytes[0] = 2
  bytes.set(salt, 1)
  const end = start + bytes.write(content, start)
  return sha256(bytes.subarray(0, end))
}

/** The commitment to a person's pseudonym, base64. */
export function personCommitment(salt: Uint8Array, pseudonym: string): string {
  return hash('sha256', Buffer.concat([Buffer.of(4), salt, Buffer.from(pseudonym)]), 'base64')
}

/** The two salts of a section as they are stored. The second is empty where it is of no person. */
export function saltsOf(stored: Buffer): { readonly content: Buffer; readonly person: Buffer } {
  return { content: stored.subarray(0, SALT_BYTES), person: stored.subarray(SALT_BYTES) }
}

/** The commitment to which section of its chain came before. */
export function link(chainSalt: Uint8Array, predecessor: SectionPlace | null): Buffer {
  const parts = [Buffer.of(5), chainSalt]
  if (predecessor !== null) {
    const place = Buffer.allocUnsafe(12)
    place.writeBigUInt64BE(predecessor.index, 0)
    place.writeUInt32BE(predecessor.ordinal, 8)
    parts.push(place, predecessor.commitment)
  }
  return sha256(Buffer.concat(parts))
}

/** The commitment to one section: when, what it says, and its place in its chain. */
export function commitment(at: string, ofContent: Uint8Array, ofChain: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(6), Buffer.from(at), ofContent, ofChain]))
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
