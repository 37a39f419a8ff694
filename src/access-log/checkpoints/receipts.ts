import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import type { Sql } from '../../platform/database.js'
import type { KeyRing, Secret } from '../../platform/keys.js'
import { concerns } from '../shown-to-lead.js'
import { checkpointOfEntry } from './cosignatures.js'
import { proveEntry } from './prove-entry.js'

/** Opaque strings that stand for entries of the log: they tell no position, no count and no time. */
export interface Receipts {
  /** `id` is that of the entry, or of the request whose entries are meant. */
  issue(id: string): string
  /** Null for anything that was not issued here. */
  open(receipt: string): string | null
}

const IV_BYTES = 12
const TAG_BYTES = 16
const KID_BYTES = 8
const RECEIPT_LENGTH_MAX = 2000
/** What follows may begin with a hyphen, which a command line takes for an option's. */
const PREFIX = 'r'
const ABOUT = Buffer.from('access log receipt')

/** AES-256-GCM under a key of its own; which one is named, so that receipts outlive a rotation. */
export function receiptsOf(ring: KeyRing<Secret>): Receipts {
  const keys = new WeakMap<Secret, KeyObject>()
  const keyOf = (secret: Secret): KeyObject => {
    const known = keys.get(secret)
    if (known) return known
    const made = createSecretKey(secret.derive('access log receipt'))
    keys.set(secret, made)
    return made
  }
  return {
    issue(id) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keyOf(ring.current), iv).setAAD(ABOUT)
      const body = Buffer.concat([cipher.update(id, 'utf8'), cipher.final()])
      const kid = Buffer.from(ring.current.kid, 'hex')
      const bytes = Buffer.concat([kid, iv, cipher.getAuthTag(), body])
      return `${PREFIX}${bytes.toString('base64url')}`
    },
    open(receipt) {
      const text = receipt.length > RECEIPT_LENGTH_MAX ? '' : receipt.slice(PREFIX.length)
      const bytes = Buffer.from(text, 'base64url')
      if (`${PREFIX}${bytes.toString('base64url')}` !== receipt) return null
      const secret = ring.find(bytes.subarray(0, KID_BYTES).toString('hex'))
      if (secret === null || bytes.length <= KID_BYTES + IV_BYTES + TAG_BYTES) return null
      const [iv, tag, body] = [
        bytes.subarray(KID_BYTES, KID_BYTES + IV_BYTES),
        bytes.subarray(KID_BYTES + IV_BYTES, KID_BYTES + IV_BYTES + TAG_BYTES),
        bytes.subarray(KID_BYTES + IV_BYTES + TAG_BYTES),
      ]
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), iv)
          .setAAD(ABOUT)
          .setAuthTag(tag)
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch {
        // A forged receipt and a foreign one are the same: not ours.
        return null
      }
    },
  }
}

export type ReceiptAnswer =
  /** One C2SP tlog-proof for each entry that the receipt stands for. */
  | { readonly kind: 'PROVEN'; readonly proofs: readonly string[] }
  /** Logged, but no checkpoint with enough cosignatures holds it yet. */
  | { readonly kind: 'PENDING' }
  /** Not issued here, or not to this agency's client: the two are told apart by nobody. */
  | { readonly kind: 'UNKNOWN' }

/**
 * The proof of what a receipt stands for, for the IG lead of the agency whose client got it. What the
 * proof opens is what that agency may see of the entry (`proveEntry`).
 */
export async function proofForReceipt(
  sql: Sql,
  receipt: string,
  options: { readonly receipts: Receipts; readonly agency: string; readonly quorum: number },
): Promise<ReceiptAnswer> {
  const id = options.receipts.open(receipt)
  if (id === null) return { kind: 'UNKNOWN' }
  const entries = await sql.query<{ index: string }>(
    `select e.index::text from access_log.entry e
     where (e.entry_id = $1 or e.request = $1) and e.caller_agency = $2 order by e.index limit 100`,
    [id, options.agency],
  )
  return proven(sql, entries, options)
}

/**
 * The same by the id of an entry (as an export shows it) or of a request (as GraphQL does), for an IG
 * lead who was shown it: of their own staff's, or with a section of their own agency's data.
 */
export async function proofForEntry(
  sql: Sql,
  id: string,
  options: { readonly agency: string; readonly quorum: number },
): Promise<ReceiptAnswer> {
  const entries = await sql.query<{ index: string }>(
    `select e.index::text from access_log.entry e
     where (e.entry_id = $1 or e.request = $1) and ${concerns('$2')} order by e.index limit 100`,
    [id, options.agency],
  )
  return proven(sql, entries, options)
}

async function proven(
  sql: Sql,
  entries: readonly { readonly index: string }[],
  options: { readonly agency: string; readonly quorum: number },
): Promise<ReceiptAnswer> {
  if (entries.length === 0) return { kind: 'UNKNOWN' }
  const proofs: string[] = []
  for (const { index } of entries) {
    const checkpoint = await checkpointOfEntry(sql, BigInt(index), options.quorum)
    if (checkpoint === null) return { kind: 'PENDING' }
    proofs.push(await proveEntry(sql, BigInt(index), { agency: options.agency, checkpoint }))
  }
  return { kind: 'PROVEN', proofs }
}
