import { randomUUID } from 'node:crypto'
import { type CryptoKey, type KeyObject, SignJWT } from 'jose'

/** The name of the key ring that the development issuer signs with. */
export const DEVELOPMENT_KEY = 'development-issuer'

/** Who a development token stands for. */
export interface Persona {
  readonly persona: string
  readonly subject: string
  readonly agency: string
  readonly roles: readonly string[]
}

/**
 * Issues tokens for made-up people. Exists only where the configuration says so, and never on a
 * listener that others can reach.
 */
export async function developmentToken(
  persona: Persona,
  setting: {
    readonly iss: string
    readonly audience: string
    readonly key: CryptoKey | KeyObject
    readonly kid: string
    readonly hours: number
    readonly now: Date
  },
): Promise<string> {
  const at = Math.floor(setting.now.getTime() / 1000)
  return new SignJWT({ roles: [...persona.roles], client_id: 'development' })
    .setProtectedHeader({ alg: 'EdDSA', kid: setting.kid })
    .setIssuer(setting.iss)
    .setSubject(persona.subject)
    .setAudience(setting.audience)
    .setJti(randomUUID())
    .setIssuedAt(at)
    .setExpirationTime(at + setting.hours * 3600)
    .sign(setting.key)
}
