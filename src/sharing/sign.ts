import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { invariant } from '../errors.js'
import type { Agreement } from './agreement.js'
import type { AgreementFile } from './yaml-source.js'

/**
 * Sign-off: a version is in force only when every party has signed its bytes (Ed25519, detached). What is
 * signed is the canonical JSON (RFC 8785) of id, version and the SHA-256 of every file, so that one changed
 * byte, in a comment even, takes the version out of force.
 */

const Signature = z.strictObject({
  agreement: z.string().max(64),
  version: z.string().max(32),
  party: z.string().max(64),
  /** SHA-256 of the manifest, hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Day of signing; from the last party's on the version is in force. */
  signedOn: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  /** SHA-256 of the public key's SPKI bytes, hex. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
})
export type AgreementSignature = z.infer<typeof Signature>

/** The bytes that a party vouches for. */
export function agreementManifest(
  agreement: Pick<Agreement, 'id' | 'version'>,
  files: readonly AgreementFile[],
): string {
  const hashes = Object.fromEntries(files.map((one) => [one.name, sha256(one.text)]))
  return canonical({
    format: 'concordat-agreement-1',
    agreement: agreement.id,
    version: agreement.version,
    files: hashes,
  })
}

/** SHA-256 of those bytes, hex: what a version is known by. */
export function agreementDigest(
  agreement: Pick<Agreement, 'id' | 'version'>,
  files: readonly AgreementFile[],
): string {
  return sha256(agreementManifest(agreement, files))
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

function canonical(value: unknown): string {
  const text = canonicalize(value)
  invariant(text !== undefined, 'a manifest has a canonical form')
  return text
}

const statement = ({ signature: _, ...rest }: AgreementSignature): Buffer =>
  Buffer.from(canonical({ ...rest, signature: null }))

export function keyId(publicKey: KeyObject): string {
  return sha256(publicKey.export({ type: 'spki', format: 'der' }))
}

/** A party's signature under these files. The key must be an Ed25519 private key. */
export function signAgreement(
  agreement: Pick<Agreement, 'id' | 'version'>,
  files: readonly AgreementFile[],
  by: { readonly party: string; readonly privateKey: KeyObject; readonly signedOn: string },
): AgreementSignature {
  invariant(
    by.privateKey.asymmetricKeyType === 'ed25519',
    'agreements are signed with Ed25519 keys',
  )
  const unsigned: AgreementSignature = {
    agreement: agreement.id,
    version: agreement.version,
    party: by.party,
    digest: agreementDigest(agreement, files),
    signedOn: by.signedOn,
    key: keyId(createPublicKey(by.privateKey)),
    signature: '',
  }
  return {
    ...unsigned,
    signature: sign(null, statement(unsigned), by.privateKey).toString('base64'),
  }
}

export type PartyState =
  | 'SIGNED'
  | 'MISSING'
  | 'OTHER_VERSION'
  | 'OTHER_BYTES'
  | 'UNKNOWN_KEY'
  | 'BAD_SIGNATURE'
  | 'NOT_YET'

export interface SignOff {
  readonly inForce: boolean
  /** Why not, in words; empty where it is in force. */
  readonly because: readonly string[]
  readonly parties: readonly {
    readonly party: string
    readonly state: PartyState
    readonly signedOn: string | null
  }[]
  readonly inForceFrom: string | null
  readonly reviewDueOn: string | null
  /** The last day on which it is in force. */
  readonly expiresOn: string | null
}

/** A signature file's content, or null where it is none. */
export function parseSignature(value: unknown): AgreementSignature | null {
  const parsed = Signature.safeParse(value)
  return parsed.success ? parsed.data : null
}

/**
 * Whether these files are in force on a day. `keys` are the public keys that each party is known by
 * (several while one is being replaced); of several signatures of one party the best counts.
 */
export function verifyAgreement(ask: {
  readonly agreement: Agreement
  readonly files: readonly AgreementFile[]
  readonly signatures: readonly AgreementSignature[]
  readonly keys: ReadonlyMap<string, readonly KeyObject[]>
  /** Calendar day, `2026-03-04`. */
  readonly on: string
}): SignOff {
  const { agreement, on } = ask
  const digest = agreementDigest(agreement, ask.files)
  const parties = agreement.parties.map(({ party }) => {
    const states = ask.signatures
      .filter((one) => one.party === party)
      .map((one) => ({
        one,
        state: stateOf(one, { agreement, digest, keys: ask.keys.get(party) ?? [], on }),
      }))
    const best = states.find(({ state }) => state === 'SIGNED') ?? states[0]
    return {
      party,
      state: best?.state ?? 'MISSING',
      signedOn: best?.state === 'SIGNED' ? best.one.signedOn : null,
    }
  })
  const days = parties.flatMap((one) => (one.signedOn === null ? [] : [one.signedOn]))
  const isSigned = parties.length > 0 && days.length === parties.length
  const signedOn = isSigned ? (days.sort().at(-1) ?? null) : null
  const from =
    signedOn !== null && agreement.from !== null && agreement.from > signedOn
      ? agreement.from
      : signedOn
  const expiry = from === null ? null : monthsAfter(from, agreement.expiresAfterMonths)
  const expiresOn =
    expiry !== null && agreement.until !== null && agreement.until < expiry
      ? agreement.until
      : expiry
  const because = parties
    .filter((one) => one.state !== 'SIGNED')
    .map((one) => `the party \`${one.party}\` ${SAYS[one.state]}`)
  if (parties.length === 0) because.push('it has no parties')
  if (from !== null && on < from) because.push(`it begins on ${from}`)
  if (expiresOn !== null && on > expiresOn) because.push(`it expired on ${expiresOn}`)
  return {
    inForce: because.length === 0,
    because,
    parties,
    inForceFrom: from,
    reviewDueOn: from === null ? null : monthsAfter(from, agreement.reviewAfterMonths),
    expiresOn,
  }
}

const SAYS: Readonly<Record<PartyState, string>> = {
  SIGNED: 'has signed',
  MISSING: 'has not signed',
  OTHER_VERSION: 'signed another version',
  OTHER_BYTES: 'signed other bytes: a file has changed since',
  UNKNOWN_KEY: 'is not known by the key that signed',
  BAD_SIGNATURE: 'has a signature that does not verify',
  NOT_YET: 'signed for a later day',
}

function stateOf(
  one: AgreementSignature,
  known: {
    readonly agreement: Agreement
    readonly digest: string
    readonly keys: readonly KeyObject[]
    readonly on: string
  },
): PartyState {
  if (one.agreement !== known.agreement.id || one.version !== known.agreement.version)
    return 'OTHER_VERSION'
  if (one.digest !== known.digest) return 'OTHER_BYTES'
  const key = known.keys.find(
    (candidate) => candidate.asymmetricKeyType === 'ed25519' && keyId(candidate) === one.key,
  )
  if (!key) return 'UNKNOWN_KEY'
  if (!verify(null, statement(one), key, Buffer.from(one.signature, 'base64')))
    return 'BAD_SIGNATURE'
  return one.signedOn > known.on ? 'NOT_YET' : 'SIGNED'
}

/** The same day so many months later; the last of the month where there is no such day. */
export function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number)
  const first = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1 + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date ?? 1, last))
  return first.toISOString().slice(0, 10)
}
