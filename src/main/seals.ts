import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { coded } from '../errors.js'

/**
 * Sealed text: cursors that are good for one caller, purpose and agreement only, and justifications
 * that only an IG lead's reading opens. AES-256-GCM; `about` is bound in, not stored.
 */
export interface Seals {
  seal(text: string, about: string): string
  /** Throws INPUT_INVALID for anything that was not sealed here, about this. */
  unseal(sealed: string, about: string): string
  /** The same, null where `unseal` throws. */
  tryUnseal(sealed: string, about: string): string | null
  sealText(text: string): Buffer
  openText(sealed: Buffer): string
  /** A pseudonym for one agency: other agencies get other ones. */
  pseudonym(id: string, agency: string): string
}

const ivBytes = 12
const tagBytes = 16
/** Of a caseload in daily use; each is some hundred bytes. */
const pseudonymsMax = 50_000
const sealedLengthMax = 2000

export function makeSeals(secrets: {
  readonly cursors: Buffer
  readonly texts: Buffer
  readonly pseudonyms: Buffer
}): Seals {
  // Made keys once: bytes would be made one for each use, which costs more than the use.
  const keys = {
    cursors: createSecretKey(secrets.cursors),
    texts: createSecretKey(secrets.texts),
    pseudonyms: createSecretKey(secrets.pseudonyms),
  }
  const tryUnseal = (sealed: string, about: string): string | null => {
    if (sealed.length > sealedLengthMax) return null
    try {
      return decrypt(keys.cursors, Buffer.from(sealed, 'base64url'), about)
    } catch {
      return null // whatever is wrong with it, it is none of ours
    }
  }
  const pseudonyms = new LRUCache<string, string>({ max: pseudonymsMax })
  return {
    seal: (text, about) => encrypt(keys.cursors, text, about).toString('base64url'),
    tryUnseal,
    unseal: (sealed, about) => {
      const text = tryUnseal(sealed, about)
      if (text === null) throw unusable() // the caller can only begin again
      return text
    },
    sealText: (text) => encrypt(keys.texts, text, 'text'),
    openText: (sealed) => decrypt(keys.texts, sealed, 'text'),
    pseudonym: (id, agency) => {
      const name = JSON.stringify([agency, id])
      const known = pseudonyms.get(name)
      if (known !== undefined) return known
      const made = createHmac('sha256', keys.pseudonyms)
        .update(name)
        .digest('base64url')
        .slice(0, 22)
      pseudonyms.set(name, made)
      return made
    },
  }
}

function unusable(): Error {
  return coded(
    'INPUT_INVALID',
    { reason: 'this cursor is not of this list: start again without `after`' },
    'after',
  )
}

function encrypt(key: KeyObject, text: string, about: string): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

function decrypt(key: KeyObject, sealed: Buffer, about: string): string {
  // A tag that the sender cut short would be easier to guess: none but a whole one is taken.
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(Buffer.from(about))
    .setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  return Buffer.concat([
    decipher.update(sealed.subarray(ivBytes + tagBytes)),
    decipher.final(),
  ]).toString('utf8')
}
