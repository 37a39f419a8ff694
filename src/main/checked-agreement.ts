import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../platform/startup-error.js'
import { checkAgreement } from '../sharing/check.js'
import { type CompiledAgreement, compileAgreement } from '../sharing/compile.js'
import type { CheckedField } from '../sharing/invariants.js'
import type { AgencyRef } from '../sharing/vocabulary.js'
import type { AgreementFile } from '../sharing/yaml-source.js'
import { checkedFields } from './checked-fields.js'
import type { Contract } from './contract.js'
import type { Candidate } from './in-force/candidate.js'

/** Errors of a refused agreement that are told in full; `agreement check` tells all. */
const errorsToldMax = 10

/**
 * Proves that what stands in a folder reaches no never for these agencies and the fields of this contract; throws a StartupError with the
 * place and a counterexample where it could. The proof takes seconds, so that it
 * held is remembered under `<home>/agreement-checked/` by the hash of these very files, the agencies, the
 * fields and the rules' own program; a change of any of them is proven anew.
 */
export function refuseReachingNever(
  { directory, files, agreement }: Candidate,
  of: {
    readonly agencies: readonly AgencyRef[]
    readonly contract: Contract
    readonly home: string
  },
): void {
  const folder = join(of.home, 'agreement-checked')
  const fields = checkedFields(of.contract, of.agencies)
  const seal = join(folder, hashOf(files, of.agencies, fields))
  if (existsSync(seal)) return
  refuseReaching(directory, compileAgreement(agreement, of.agencies), fields)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(seal, '', { mode: 0o600 })
}

function refuseReaching(
  directory: string,
  compiled: CompiledAgreement,
  fields: readonly CheckedField[],
): void {
  const errors = checkAgreement(compiled, { fields }).findings.filter(
    (one) => one.severity === 'ERROR',
  )
  if (errors.length === 0) return
  const told = errors.slice(0, errorsToldMax).map(({ code, clause, sentence }) => {
    const place = compiled.agreement.clauses.find((one) => one.number === clause)?.place
    const at = place ? `${join(directory, place.file)}:${place.line} ` : ''
    return `  ${at}${sentence} [${code}]`
  })
  const more = errors.length - told.length
  throw new StartupError(
    'AGREEMENT_REACHES_NEVER',
    `the agreement ${compiled.version} in ${directory} could release what must never be released:\n${told.join('\n')}${more > 0 ? `\n  and ${more} more` : ''}`,
    'mend the clauses named until `concordat agreement check` finds no error, and start again',
  )
}

function hashOf(
  files: readonly AgreementFile[],
  agencies: readonly AgencyRef[],
  fields: readonly CheckedField[],
): string {
  const kinds = agencies.map(({ id, kind }) => [id, kind])
  return createHash('sha256')
    .update(
      JSON.stringify([files.map(({ name, text }) => [name, text]), kinds, fields, programHash()]),
    )
    .digest('hex')
}

/** The rules as this process runs them: what an older program has proven is no proof. */
function programHash(): string {
  const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'sharing')
  const hash = createHash('sha256')
  const names = readdirSync(folder).filter((name) => /(?<!\.test)\.[jt]s$/.test(name))
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}
