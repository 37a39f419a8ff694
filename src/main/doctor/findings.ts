import { KINDS } from '../../../adapters/index.js'
import { type Configuration, loadConfiguration } from '../../platform/config.js'
import { agencyFindings } from './agencies.js'
import { agreementFindings } from './agreement.js'
import { databaseFindings, redisFindings } from './database.js'
import { exposureFindings } from './exposure.js'
import { type Finding, looked, ok } from './finding.js'
import { homeFindings, machineFindings, portFindings } from './machine.js'

export type { Finding } from './finding.js'

/** Everything that is looked at, in the order in which it would stop a hub. */
export async function findings(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Finding[]> {
  const found: Finding[] = [...(await looked('machine', () => machineFindings(environment)))]
  let configuration: Configuration | null = null
  found.push(
    ...(await looked('configuration', () => {
      configuration = loadConfiguration({ environment })
      return [ok('configuration', `\`${configuration.file}\` is valid`)]
    })),
  )
  return configuration === null ? found : [...found, ...(await configured(configuration))]
}

async function configured(configuration: Configuration): Promise<readonly Finding[]> {
  const looks: readonly Promise<readonly Finding[]>[] = [
    looked('data folder', () => homeFindings(configuration)),
    looked('port', () => portFindings(configuration)),
    looked('development issuer', () => exposureFindings(configuration)),
    looked('database', () => databaseFindings(configuration)),
    looked('redis', () => redisFindings(configuration)),
    looked('agreement', () => agreementFindings(configuration)),
    looked('agencies', () => agencyFindings(configuration, KINDS)),
  ]
  return (await Promise.all(looks)).flat()
}
