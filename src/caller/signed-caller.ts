import { type CryptoKey, jwtVerify, type KeyObject, SignJWT } from 'jose'
import { z } from 'zod'
import { coded } from '../errors.js'
import type { Caller } from './caller.js'

/** What travels to the next hop in `Concordat-Caller`: bound to one subgraph and request, for 30 seconds. */
export interface Hop {
  readonly caller: Caller
  readonly purpose: string
  readonly justification: string | null
  readonly request: string
  /** By category what the client's whole operation asks for beside it, where that matters. */
  readonly beside: Readonly<Record<string, readonly string[]>>
  /** SHA-256 (base64url) of what goes along in the body; null for nothing. */
  readonly along: string | null
}

const lifeS = 30
const issuer = 'concordat-gateway'
type Key = CryptoKey | KeyObject | Uint8Array

export async function signHop(
  hop: Hop,
  subgraph: string,
  key: Key,
  kid: string,
  now: Date,
): Promise<string> {
  const at = Math.floor(now.getTime() / 1000)
  return new SignJWT({ hop })
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .setIssuer(issuer)
    .setAudience(`subgraph:${subgraph}`)
    .setIssuedAt(at)
    .setExpirationTime(at + lifeS)
    .sign(key)
}

const hopSchema = z.object({
  caller: z.object({
    subject: z.string(),
    agency: z.object({ id: z.string(), kind: z.string() }),
    roles: z.array(z.string()),
    client: z.string().nullable(),
    actor: z.string().nullable(),
    tokenId: z.string().nullable(),
  }),
  purpose: z.string(),
  justification: z.string().nullable(),
  request: z.string(),
  beside: z.record(z.string(), z.array(z.string())),
  along: z.string().nullable(),
})

/** Verifies the next hop's word; throws TOKEN_INVALID for anything else than our own, for us, now. */
export async function verifyHop(
  token: string,
  subgraph: string,
  key: Key,
  now: Date,
): Promise<Hop> {
  try {
    const { payload } = await jwtVerify(token, key, {
      issuer,
      audience: `subgraph:${subgraph}`,
      algorithms: ['EdDSA'],
      currentDate: now,
      clockTolerance: 2,
    })
    return hopSchema.parse(payload['hop'])
  } catch {
    // Whatever is wrong with it, it is not our gateway's word.
    throw coded('TOKEN_INVALID', { reason: 'the signed caller is not accepted here' })
  }
}
