import { resolve } from 'node:path'
import { type Configuration, loadConfiguration } from '../../platform/config.js'
import { errorCode } from '../../platform/error-code.js'
import { StartupError } from '../../platform/startup-error.js'
import { readAgreementFiles } from '../../sharing/agreement-files.js'
import { agenciesOfParties } from '../../sharing/cells-of.js'
import { type CompiledAgreement, compileAgreement } from '../../sharing/compile.js'
import { parseAgreement } from '../../sharing/parse-agreement.js'
import type { AgencyRef } from '../../sharing/vocabulary.js'
import type { AgreementFile } from '../../sharing/yaml-source.js'
import { agreementOf } from '../agreement-in-force.js'

/** An agreement's folder, read and made ready to be looked at. */
export interface OpenAgreement {
  readonly directory: string
  readonly files: readonly AgreementFile[]
  readonly compiled: CompiledAgreement
}

/**
 * Opens the agreement of a folder, or of the configuration where none is named. The configuration's own
 * is read for the configured agencies; any other with one agency for each of its parties, so that it can
 * be looked at before anybody has configured it.
 */
export async function openAgreement(
  directory?: string,
  given?: Configuration,
): Promise<OpenAgreement> {
  const configuration =
    given ?? (directory === undefined ? loadConfiguration() : configurationIfAny())
  const folder = resolve(directory ?? configuration?.agreement.directory ?? '.')
  const files = await filesOf(folder)
  const agreement = agreementOf(folder, parseAgreement(files))
  const isConfigured =
    configuration !== null && folder === resolve(configuration.agreement.directory)
  const agencies: readonly AgencyRef[] = isConfigured
    ? configuration.agencies.map(({ id, kind }) => ({ id, kind }))
    : agenciesOfParties(agreement)
  return { directory: folder, files, compiled: compileAgreement(agreement, agencies) }
}

async function filesOf(folder: string): Promise<readonly AgreementFile[]> {
  const files = await readAgreementFiles(folder).catch((error: unknown) => {
    const code = errorCode(error)
    if (code === null) throw error
    throw new StartupError(
      'AGREEMENT_UNREADABLE',
      `the folder \`${folder}\` cannot be read (${code})`,
      'name the folder that holds `agreement.yaml`',
    )
  })
  return files
}

/** A folder can be looked at without any configuration, and beside one that is broken. */
function configurationIfAny(): Configuration | null {
  try {
    return loadConfiguration()
  } catch (error) {
    if (error instanceof StartupError) return null
    throw error
  }
}

/** One of a list of codes, or a StartupError that names the list. */
export function oneOf<T extends string>(what: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text)
  if (found !== undefined) return found
  throw new StartupError(
    'BAD_ARGUMENT',
    `\`${text}\` is no ${what} here`,
    `use one of ${known.join(', ')}`,
  )
}
