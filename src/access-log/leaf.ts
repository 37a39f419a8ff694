import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { LogEntry } from './entry.js'

/**
 * The contentless leaf. What an entry says is cut into sections; each is committed to with a salt of
 * its own, and the leaf binds only the version, the entry id and the root over the commitments. So a
 * section can be erased (content and salt) while the others' openings and every old proof still verify.
 *
 * commitment = SHA-256(0x02 || salt (16 bytes) || canonical JSON of the content, RFC 8785)
 * root       = SHA-256(0x03 || commitment 0 || commitment 1 || ...)
 * leaf       = SHA-256(0x00 || `concordat-log/1\n<entry id>\n<root, hex>\n`)   (RFC 6962 leaf hash)
 */

const saltBytes = 16

export interface CommittedSection {
  readonly agency: string | null
  readonly person: string | null
  readonly caseId: string | null
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

/** Cuts an entry into sections and commits to each. `at` is the process's own clock, ISO 8601 UTC. */
export function commit(entry: LogEntry, at: string): CommittedEntry {
  const salts = randomBytes(saltBytes * (entry.sections.length + 1))
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
  }
  const contents = [
    { agency: entry.caller.agency, person: null, caseId: null, content: canonical(head) },
    ...entry.sections.map(({ agency, person: key, alias, caseId, decisions }) => {
      const person = alias ?? key
      return {
        agency,
        person,
        caseId,
        content: canonical({ agency, person, caseId, decisions }),
      }
    }),
  ]
  const sections = contents.map((section, index) => {
    const salt = salts.subarray(index * saltBytes, (index + 1) * saltBytes)
    return { ...section, salt, commitment: commitment(salt, section.content) }
  })
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
