import { createHash, hash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { LogEntry } from './entry.js'

/**
 * The contentless leaf. What an entry says is cut into sections; each is committed to with a salt of
 * its own, and the leaf binds only the version, the entry id and the root over the commitments. So a
 * section can be erased (content and salt) while the others' openings and every old proof still verify.
 *
 * commitment = SHA-256(0x02 || salt (16 bytes) || canonical JSON of the content, RFC 8785)
 * person     = SHA-256(0x04 || another salt (16 bytes) || the person's pseudonym), base64
 * root       = SHA-256(0x03 || commitment 0 || commitment 1 || ...)
 * leaf       = SHA-256(0x00 || `concordat-log/1\n<entry id>\n<root, hex>\n`)   (RFC 6962 leaf hash)
 */

const saltBytes = 16

/**
 * The content of a section holds `person`, not the pseudonym: so the agency of whoever asked can be
 * shown what was decided about another agency's person, and check it, without that agency's pseudonym.
 */
export interface CommittedSection {
  readonly agency: string | null
  readonly person: string | null
  readonly caseId: string | null
  /** 16 bytes for the content, and where the section is of a person 16 more for the pseudonym. */
  readonly salt: Buffer
  readonly content: string
  readonly commitment: Buffer
}

export interface CommittedEntry {
  readonly leaf: Buffer
  /** The first is the entry's own head: who, when, why. */
  readonly sections: readonly CommittedSection[]
}

/** The bytes that the tree holds for an entry. */
export function leafData(entryId: string, commitments: readonly Buffer[]): Buffer {
  const root = createHash('sha256')
    .update(Buffer.from([3]))
    .update(Buffer.concat(commitments))
    .digest()
  return Buffer.from(`concordat-log/1\n${entryId}\n${root.toString('hex')}\n`)
}

export function leafHash(data: Buffer): Buffer {
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(data)
    .digest()
}

/** The commitment to one section's content. */
export function commitment(salt: Buffer, content: string): Buffer {
  return createHash('sha256')
    .update(Buffer.from([2]))
    .update(salt)
    .update(content)
    .digest()
}

/** The commitment to a person's pseudonym, base64. */
export function personCommitment(salt: Buffer, pseudonym: string): string {
  return hash('sha256', Buffer.concat([PERSON, salt, Buffer.from(pseudonym)]), 'base64')
}

const PERSON = Buffer.from([4])

/** The two salts of a section as they are stored. The second is empty where it is of no person. */
export function saltsOf(stored: Buffer): { readonly content: Buffer; readonly person: Buffer } {
  return { content: stored.subarray(0, saltBytes), person: stored.subarray(saltBytes) }
}

/** Cuts an entry into sections and commits to each. `at` is the process's own clock, ISO 8601 UTC. */
export function commit(entry: LogEntry, at: string): CommittedEntry {
  const salts = randomBytes(2 * saltBytes * (entry.sections.length + 1))
  const saltAt = (index: number, person: string | null) => {
    const from = 2 * saltBytes * index
    return salts.subarray(from, from + (person === null ? saltBytes : 2 * saltBytes))
  }
  const head = {
    at,
    request: entry.request,
    what: entry.what,
    operation: entry.operation,
    outcome: entry.outcome,
    code: entry.code,
    caller: entry.caller,
    purpose: entry.purpose,
    agreement: entry.agreement,
    tightens: entry.tightens,
    ...(entry.follows && { follows: entry.follows }),
  }
  const contents = [
    {
      agency: entry.caller.agency,
      person: null,
      caseId: null,
      salt: saltAt(0, null),
      content: canonical(head),
    },
    ...entry.sections.map(({ agency, person: key, alias, caseId, decisions }, at) => {
      const pseudonym = alias ?? key
      const salt = saltAt(at + 1, pseudonym)
      const person = pseudonym === null ? null : personCommitment(saltsOf(salt).person, pseudonym)
      return {
        agency,
        person: pseudonym,
        caseId,
        salt,
        content: canonical({ agency, person, caseId, decisions }),
      }
    }),
  ]
  const sections = contents.map((section) => ({
    ...section,
    commitment: commitment(saltsOf(section.salt).content, section.content),
  }))
  const data = leafData(
    entry.entryId,
    sections.map((section) => section.commitment),
  )
  return { leaf: leafHash(data), sections }
}

function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('a log section is not JSON')
  return text
}
