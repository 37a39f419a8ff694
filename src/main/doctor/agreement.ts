import { join } from 'node:path'
import type { Configuration } from '../../platform/config.js'
import { checkAgreement } from '../../sharing/check.js'
import { signaturesIn } from '../party-signatures.js'
import { openAgreement } from '../verbs/agreement-folder.js'
import { type Finding, fail, ok, warn } from './finding.js'

/** Whether the agreement can be used, and which parties have put a signature beside it. */
export async function agreementFindings(configuration: Configuration): Promise<readonly Finding[]> {
  const { directory } = configuration.agreement
  const { compiled } = await openAgreement(directory, configuration)
  const errors = checkAgreement(compiled).findings.filter((one) => one.severity === 'ERROR')
  const use =
    errors.length === 0
      ? ok('agreement', `${compiled.version} can be used`)
      : fail(
          'agreement',
          `${compiled.version} has ${errors.length} errors`,
          'see `concordat agreement check`',
        )
  const signed = new Set(signaturesIn(join(directory, 'signatures')).map((one) => one.party))
  const missing = compiled.agreement.parties
    .map((one) => one.party)
    .filter((one) => !signed.has(one))
  return [
    use,
    missing.length === 0
      ? ok('signatures', 'every party has put one (`concordat agreement verify` checks them)')
      : warn(
          'signatures',
          `none of ${missing.join(', ')}`,
          'each party signs with `concordat agreement sign`',
        ),
  ]
}
