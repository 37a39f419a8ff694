import type { CompiledAgreement, ProfileCaller } from './compile.js'
import type { Cell } from './decision.js'
import type { Entry } from './rules.js'
import { type AgencyRef, GENERALISATIONS } from './vocabulary.js'

/** Who could ask at all: each role of each agency that may give it, for each purpose it may state. */
export interface Asking extends ProfileCaller {
  readonly role: string
  readonly purpose: string
}

/** A caller with a purpose, whatever their roles. */
export interface ProfileAsking extends ProfileCaller {
  readonly purpose: string
}

/** From whom a value comes: an agency, or what its member wrote in the unit. */
export interface Origin {
  readonly supplier: AgencyRef
  readonly unit: boolean
}

/** One caller and purpose with its whole table. */
export interface Table {
  readonly asking: Asking
  readonly entries: readonly Entry[]
}

/** The tables of everybody who has one role; what several roles see is the union, less what a never stops. */
export function everyTable(compiled: CompiledAgreement): readonly Table[] {
  const { agreement, agencies } = compiled
  return agreement.roles.flatMap((role) =>
    agenciesOf(agencies, role.agencies).flatMap((agency) =>
      role.purposes.map((purpose) => {
        const asking: Asking = { agency, roles: [role.code], role: role.code, purpose }
        return { asking, entries: compiled.entriesFor(asking, purpose) }
      }),
    ),
  )
}

function agenciesOf(
  agencies: readonly AgencyRef[],
  selectors: CompiledAgreement['agreement']['roles'][number]['agencies'],
): readonly AgencyRef[] {
  if (selectors === null) return agencies
  return agencies.filter((agency) =>
    selectors.some((one) => (one.kind === 'KIND' ? one.of === agency.kind : one.id === agency.id)),
  )
}

/**
 * Everybody who could ask, with one role or with two: each pair of roles that one agency may give, for each
 * purpose that either holds. Two are enough: a never looks at each role by itself.
 */
export function everyAsking({ agreement, agencies }: CompiledAgreement): readonly ProfileAsking[] {
  return agencies.flatMap((agency) => {
    const roles = agreement.roles.filter((role) => agenciesOf([agency], role.agencies).length > 0)
    return roles.flatMap((one, index) =>
      [[one], ...roles.slice(index + 1).map((other) => [one, other])].flatMap((held) =>
        [...new Set(held.flatMap((role) => role.purposes))].map((purpose) => ({
          agency,
          roles: held.map((role) => role.code),
          purpose,
        })),
      ),
    )
  })
}

/**
 * One agency for each party, for looking at an agreement without a configuration: a kind's stands for all
 * of that kind.
 */
export function agenciesOfParties({
  parties,
}: CompiledAgreement['agreement']): readonly AgencyRef[] {
  return parties.map(({ agencies }) =>
    agencies.kind === 'KIND'
      ? { id: agencies.of, kind: agencies.of }
      : { id: agencies.id, kind: agencies.id },
  )
}

/** A field of a category that allows every form and locates nobody: what an agreement says of its own. */
export function plainCell(category: Cell['category'], locates: Cell['locates'] = 'NOBODY'): Cell {
  return { category, locates, forms: GENERALISATIONS }
}
