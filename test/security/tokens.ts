import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { DEVELOPMENT_KEY } from '../../src/caller/development-issuer.js'
import type { Hub } from '../../src/main/hub.js'

/** Who a token is made for; what is left out is as an honest token has it. */
export interface TokenSetting {
  readonly subject: string
  readonly agency: string
  readonly roles: unknown
  readonly iss?: string
  readonly audience?: string
  readonly key?: KeyObject
  readonly kid?: string
  readonly alg?: string
  readonly secondsLeft?: number
}

/** A token of one's own making, signed with the development issuer's key unless another is given. */
export async function tokenFor(
  hub: Pick<Hub, 'configuration' | 'keys' | 'now'>,
  of: TokenSetting,
): Promise<string> {
  const key = hub.keys.signing(DEVELOPMENT_KEY).current
  const agency = hub.configuration.agencies.find(({ id }) => id === of.agency)
  const at = Math.floor(hub.now().getTime() / 1000)
  return new SignJWT({ roles: of.roles, client_id: 'attacker' })
    .setProtectedHeader({ alg: of.alg ?? 'EdDSA', kid: of.kid ?? key.kid })
    .setIssuer(of.iss ?? agency?.issuer.iss ?? 'nobody')
    .setSubject(of.subject)
    .setAudience(of.audience ?? hub.configuration.audience)
    .setJti(randomUUID())
    .setIssuedAt(at - 10)
    .setExpirationTime(at + (of.secondsLeft ?? 3600))
    .sign(of.key ?? createPrivateKey(key.privateKey.export({ type: 'pkcs8', format: 'pem' })))
}

/** A key that nobody has told the hub of. */
export const foreignKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey
