import { StartupError } from '../platform/startup-error.js'
import type { Agreement } from '../sharing/agreement.js'
import { readAgreementFiles } from '../sharing/agreement-files.js'
import { type CompiledAgreement, compileAgreement } from '../sharing/compile.js'
import { parseAgreement } from '../sharing/parse-agreement.js'
import type { AgencyRef } from '../sharing/vocabulary.js'

/** Reads an agreement's folder and makes it ready for these agencies; names file, line and way out where it cannot. */
export async function loadAgreement(
  directory: string,
  agencies: readonly AgencyRef[],
): Promise<CompiledAgreement> {
  const parsed = parseAgreement(await readAgreementFiles(directory))
  return compileAgreement(agreementOf(directory, parsed), agencies)
}

/** What was parsed, or a StartupError with every problem and its place. */
export function agreementOf(
  directory: string,
  parsed: ReturnType<typeof parseAgreement>,
): Agreement {
  if (parsed.kind === 'agreement') return parsed.agreement
  const problems = parsed.problems
    .map((one) => `  ${one.file}:${one.line}:${one.column} ${one.problem} (${one.wayOut})`)
    .join('\n')
  throw new StartupError(
    'AGREEMENT_INVALID',
    `the agreement in ${directory} cannot be used:\n${problems}`,
    'mend the lines named and start again',
  )
}
