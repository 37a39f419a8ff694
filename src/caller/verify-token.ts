import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import { LRUCache } from 'lru-cache'
import { coded } from '../errors.js'
import type { AgencyRef } from '../sharing/vocabulary.js'
import type { Caller } from './caller.js'

/** An issuer of tokens: one agency's, with its public keys at a URL or given. */
export interface Issuer {
  readonly iss: string
  readonly agency: AgencyRef
  readonly keys: { readonly url: string } | { readonly jwks: JSONWebKeySet }
}

const algorithms = ['EdDSA', 'ES256', 'ES384', 'PS256', 'RS256']
const clockToleranceS = 5
const tokenLengthMax = 8192
const rolesMax = 32
const idLengthMax = 256

/** So many tokens that were verified are not verified again for so long; a key that is taken away counts no longer. */
const rememberedMax = 5000
const rememberedMs = 30_000
interface Verified {
  readonly caller: Caller
  readonly fromMs: number
  readonly untilMs: number
}

/** Verifies a token as at the door: signature, issuer, audience, times, form. Throws TOKEN_INVALID with why. */
export type VerifyToken = (token: string, now: Date) => Promise<Caller>

export function tokenVerifier(issuers: readonly Issuer[], audience: string): VerifyToken {
  const byIss = new Map(issuers.map((one) => [one.iss, { issuer: one, key: keySource(one) }]))
  const verified = new LRUCache<string, Verified>({ max: rememberedMax })
  return async (token, now) => {
    const nowMs = now.getTime()
    const before = verified.get(token)
    if (before && before.fromMs <= nowMs && nowMs < before.untilMs) return before.caller
    if (token.length > tokenLengthMax) throw coded('TOKEN_INVALID', { reason: 'it is too long' })
    const known = byIss.get(issuerOf(token))
    if (!known) throw coded('TOKEN_INVALID', { reason: 'its issuer is not known here' })
    try {
      const { payload } = await jwtVerify(token, known.key, {
        issuer: known.issuer.iss,
        audience,
        algorithms,
        clockTolerance: clockToleranceS,
        currentDate: now,
        requiredClaims: ['sub', 'exp', 'jti'],
      })
      const caller = callerFrom(payload, known.issuer.agency)
      const untilMs = Math.min(nowMs + rememberedMs, Number(payload.exp) * 1000)
      verified.set(token, { caller, fromMs: nowMs, untilMs })
      return caller
    } catch (error) {
      if (error instanceof errors.JOSEError)
        throw coded('TOKEN_INVALID', { reason: reasonOf(error) })
      throw error
    }
  }
}

function keySource(issuer: Issuer): JWTVerifyGetKey {
  return 'url' in issuer.keys
    ? createRemoteJWKSet(new URL(issuer.keys.url), { timeoutDuration: 3000 })
    : createLocalJWKSet(issuer.keys.jwks)
}

/** The unverified issuer claim: only picks the keys that the signature is then checked with. */
function issuerOf(token: string): string {
  const body = token.split('.')[1]
  if (body === undefined) throw coded('TOKEN_INVALID', { reason: 'it is not a JWT' })
  try {
    const payload: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
    const iss =
      typeof payload === 'object' && payload !== null && Object.hasOwn(payload, 'iss')
        ? Reflect.get(payload, 'iss')
        : null
    return typeof iss === 'string' ? iss : ''
  } catch {
    throw coded('TOKEN_INVALID', { reason: 'it is not a JWT' })
  }
}

function callerFrom(payload: JWTPayload, agency: AgencyRef): Caller {
  const roles: unknown = payload['roles']
  if (
    !Array.isArray(roles) ||
    roles.length > rolesMax ||
    !roles.every((one): one is string => typeof one === 'string' && one.length <= idLengthMax)
  ) {
    throw coded('TOKEN_INVALID', { reason: '`roles` is not a list of role codes' })
  }
  const act: unknown = payload['act']
  const actor = typeof act === 'object' && act !== null ? Reflect.get(act, 'sub') : null
  const client: unknown = payload['client_id']
  if (typeof payload.sub !== 'string' || payload.sub === '' || payload.sub.length > idLengthMax)
    throw coded('TOKEN_INVALID', { reason: '`sub` is missing' })
  return {
    subject: payload.sub,
    agency,
    roles,
    client: typeof client === 'string' ? client.slice(0, idLengthMax) : null,
    actor: typeof actor === 'string' ? actor.slice(0, idLengthMax) : null,
    tokenId: payload.jti ?? null,
  }
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return `its \`${error.claim}\` is not as it must be`
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not verify'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not allowed'
  if (error instanceof errors.JWKSNoMatchingKey) return 'its key is not known'
  return 'it could not be verified'
}
