import { StartupError } from '../../platform/startup-error.js'
import { type CompiledAgreement, type ProfileCaller } from '../../sharing/compile.js'
import { selects } from '../../sharing/spot.js'
import { oneOf } from './agreement-folder.js'

/** A caller of one role, as an IG lead names them at the command line. */
export interface NamedAsker {
  readonly caller: ProfileCaller
  readonly purpose: string
}

/** One asker: the agency named, or the first that may give the role. */
export function askerOf(
  compiled: CompiledAgreement,
  options: { readonly role: string; readonly purpose: string; readonly agency?: string },
): NamedAsker {
  const purpose = oneOf('purpose', options.purpose, purposesIn(compiled))
  const mayGive = agenciesGiving(compiled, options.role)
  const named = options.agency ?? mayGive[0]?.id ?? ''
  const agency =
    mayGive.find((one) => one.id === named) ?? mayGive.find((one) => one.kind === named)
  if (agency) return { caller: { agency, roles: [options.role] }, purpose }
  throw new StartupError(
    'BAD_ARGUMENT',
    `no agency \`${named}\` may give the role \`${options.role}\``,
    `use one of ${mayGive.map((one) => one.id).join(', ') || 'the agencies of its parties'}`,
  )
}

/** All askers of a role: every agency that may give it, each purpose that it holds (or the one named). */
export function askersOf(
  compiled: CompiledAgreement,
  asked: { readonly role: string; readonly purpose?: string },
): readonly NamedAsker[] {
  const agencies = agenciesGiving(compiled, asked.role)
  const held = compiled.agreement.roles.find((one) => one.code === asked.role)?.purposes ?? []
  const purposes =
    asked.purpose === undefined ? held : [oneOf('purpose', asked.purpose, purposesIn(compiled))]
  return agencies.flatMap((agency) =>
    purposes.map((purpose) => ({ caller: { agency, roles: [asked.role] }, purpose })),
  )
}

const purposesIn = ({ agreement }: CompiledAgreement): readonly string[] =>
  agreement.purposes.map((one) => one.code)

function agenciesGiving({ agreement, agencies }: CompiledAgreement, text: string) {
  const code = oneOf(
    'role',
    text,
    agreement.roles.map((one) => one.code),
  )
  const selectors = agreement.roles.find((one) => one.code === code)?.agencies ?? null
  return agencies.filter(
    (agency) => selectors === null || selectors.some((one) => selects(one, agency)),
  )
}
