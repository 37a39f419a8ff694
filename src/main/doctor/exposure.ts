import type { Configuration } from '../../platform/config.js'
import { isLoopback } from '../serve.js'
import { type Finding, fail, ok, warn } from './finding.js'

/** The development issuer gives anybody a token: harmless on this machine alone. */
export function exposureFindings({
  development,
  host,
  agencies,
}: Configuration): readonly Finding[] {
  const without = agencies.filter((one) => one.issuer.jwks === null).map((one) => one.id)
  if (!development.issuer)
    return without.length === 0
      ? [ok('development issuer', 'is off')]
      : [
          warn(
            'development issuer',
            `is off, and nobody can sign for ${without.join(', ')}`,
            'name the keys of each agency in `issuer.jwks`',
          ),
        ]
  if (isLoopback(host))
    return [ok('development issuer', `is on, and only this machine reaches ${host}`)]
  const wayOut = 'listen on 127.0.0.1, or turn `development.issuer` off'
  return development.allowRemote
    ? [warn('development issuer', `gives anybody who reaches ${host} a token`, wayOut)]
    : [fail('development issuer', `would give anybody who reaches ${host} a token`, wayOut)]
}
