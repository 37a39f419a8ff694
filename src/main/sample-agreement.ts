import { join } from 'node:path'
import { loadConfiguration } from '../platform/config.js'
import { packageRoot } from '../platform/paths.js'
import { readAgreementFiles } from '../sharing/agreement-files.js'
import { agenciesOfParties } from '../sharing/cells-of.js'
import { type CompiledAgreement, compileAgreement } from '../sharing/compile.js'
import { parseAgreement } from '../sharing/parse-agreement.js'
import { agreementOf } from './agreement-in-force.js'

/** The agreement that the repository's own configuration names, for one agency of each party: what pages are made of. */
export async function sampleAgreement(): Promise<CompiledAgreement> {
  const { directory } = loadConfiguration({
    file: join(packageRoot(), 'concordat.yaml'),
    environment: {},
  }).agreement
  const agreement = agreementOf(directory, parseAgreement(await readAgreementFiles(directory)))
  return compileAgreement(agreement, agenciesOfParties(agreement))
}
