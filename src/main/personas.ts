import { STAFF } from '../../samples/population/index.js'
import { DEVELOPMENT_KEY, developmentToken } from '../caller/development-issuer.js'
import { StartupError } from '../platform/startup-error.js'
import { purposesOf } from '../sharing/profile.js'
import type { Hub } from './hub.js'

/** A persona of the sample with a token to paste and a purpose that its role may state. */
export interface PersonaToken {
  readonly persona: string
  readonly name: string
  readonly agency: string
  readonly roles: readonly string[]
  readonly purpose: string
  readonly purposes: readonly string[]
  readonly token: string
}

const tokenHours = 12

/** The personas whose kind of agency is configured here; the first agency of a kind is theirs. */
export async function personaTokens(
  hub: Pick<Hub, 'configuration' | 'keys' | 'agreement' | 'now'>,
  only?: string,
): Promise<readonly PersonaToken[]> {
  const { configuration } = hub
  if (!configuration.development.issuer) {
    throw new StartupError(
      'NO_DEVELOPMENT_ISSUER',
      'this configuration has no development issuer, so there are no personas',
      'use a token of your own agency, or set `development.issuer: true` where nobody else can reach the hub',
    )
  }
  const key = hub.keys.signing(DEVELOPMENT_KEY).current
  const wanted = STAFF.filter((one) => only === undefined || one.persona === only)
  const found: PersonaToken[] = []
  for (const one of wanted) {
    const agency = configuration.agencies.find((agency) => agency.kind === one.agency)
    if (!agency) continue
    const purposes = purposesOf(hub.agreement, {
      agency: { id: agency.id, kind: agency.kind },
      roles: one.roles,
    })
    const token = await developmentToken(
      { persona: one.persona, subject: one.subject, agency: agency.id, roles: one.roles },
      {
        iss: agency.issuer.iss,
        audience: configuration.audience,
        key: key.privateKey,
        kid: key.kid,
        hours: tokenHours,
        now: hub.now(),
      },
    )
    found.push({
      persona: one.persona,
      name: one.name,
      agency: agency.id,
      roles: one.roles,
      purpose: purposes[0] ?? '',
      purposes,
      token,
    })
  }
  return found
}
