import { join } from 'node:path'
import { errorCode } from '../../platform/error-code.js'
import { StartupError } from '../../platform/startup-error.js'
import type { Agreement } from '../../sharing/agreement.js'
import { readAgreementFiles } from '../../sharing/agreement-files.js'
import { parseAgreement } from '../../sharing/parse-agreement.js'
import { type AgreementSignature, agreementDigest } from '../../sharing/sign.js'
import type { AgreementFile } from '../../sharing/yaml-source.js'
import { agreementOf } from '../agreement-in-force.js'
import { signaturesIn } from '../party-signatures.js'

/** A version that could be put in force: what stands in a folder, read once so that nothing changes under it. */
export interface Candidate {
  readonly directory: string
  readonly files: readonly AgreementFile[]
  readonly signatures: readonly AgreementSignature[]
  readonly agreement: Agreement
  readonly digest: string
}

/** Reads an agreement's folder; throws a StartupError with every problem and its place where it is none. */
export async function readCandidate(directory: string): Promise<Candidate> {
  const files = await readAgreementFiles(directory).catch((error: unknown) => {
    const code = errorCode(error)
    if (code === null) throw error
    throw new StartupError(
      'AGREEMENT_UNREADABLE',
      `the folder \`${directory}\` cannot be read (${code})`,
      'name the folder that holds `agreement.yaml`',
    )
  })
  const agreement = agreementOf(directory, parseAgreement(files))
  return {
    directory,
    files,
    agreement,
    signatures: signaturesIn(join(directory, 'signatures')),
    digest: agreementDigest(agreement, files),
  }
}
