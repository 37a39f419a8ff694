import { createPublicKey, type KeyObject } from 'node:crypto'
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose'
import type { Verifier } from '../tree/note.js'

/**
 * How a countersigner shows that it is let in, with the key that it cosigns with and no account at the
 * hub: a JWT by that key, from its name to the log's origin, good for a minute. What it signs begins
 * with `eyJ`, a cosignature's text with `cosignature/v1`: neither can be taken for the other.
 */
const LIFE_S = 60
const AGE_MAX_S = 300
const CLOCK_TOLERANCE_S = 30
const PASS_LENGTH_MAX = 2000

export function makePass(of: {
  readonly name: string
  readonly origin: string
  readonly privateKey: KeyObject
  readonly now: Date
}): Promise<string> {
  const seconds = Math.floor(of.now.getTime() / 1000)
  return new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer(of.name)
    .setAudience(of.origin)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + LIFE_S)
    .sign(of.privateKey)
}

/** The countersigner whose pass it is; null for anything else. */
export async function holderOfPass(
  pass: string,
  of: { readonly origin: string; readonly countersigners: readonly Verifier[]; readonly now: Date },
): Promise<Verifier | null> {
  const holder = of.countersigners.find((one) => one.name === issuerOf(pass))
  if (holder === undefined) return null
  const x = Buffer.from(holder.publicKey).toString('base64url')
  try {
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
    await jwtVerify(pass, key, {
      algorithms: ['EdDSA'],
      issuer: holder.name,
      audience: of.origin,
      currentDate: of.now,
      clockTolerance: CLOCK_TOLERANCE_S,
      maxTokenAge: AGE_MAX_S,
      requiredClaims: ['exp', 'iat'],
    })
    return holder
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

/** Whom it says it is from, unverified: only picks the key. */
function issuerOf(pass: string): string | null {
  if (pass.length > PASS_LENGTH_MAX) return null
  try {
    return decodeJwt(pass).iss ?? null
  } catch {
    // Not a JWT, so nobody's pass.
    return null
  }
}
