import type { AgencySelector, Never } from './agreement.js'
import type { ProfileAsking } from './cells-of.js'
import type { CompiledAgreement } from './compile.js'
import type { Cell, Condition, Decision } from './decision.js'
import { evaluate } from './formula.js'
import type { AgencyRef, PartKind, Tri } from './vocabulary.js'

/** A never of the agreement that stands before one value for one caller, said apart from the compiled tables. */
export interface StandingNever {
  readonly never: Never
  /** What it leaves at most. */
  readonly cap: 'WITHHOLD' | 'GENERALISE'
  readonly isOwn: boolean
}

/** The agreement's own nevers before one kind of value, read from the agreement itself. */
export function standingNevers(
  { agreement }: CompiledAgreement,
  asking: ProfileAsking,
  of: { readonly cell: Cell; readonly supplier: AgencyRef; readonly unit: boolean },
): readonly StandingNever[] {
  const { category } = of.cell
  const isOfTheUnit = of.unit && agreement.ofTheUnit.includes(category)
  const isOwn = !isOfTheUnit && of.supplier.id === asking.agency.id
  return agreement.nevers.flatMap((never): StandingNever[] => {
    if (never.purposes.includes(asking.purpose)) return [{ never, cap: 'WITHHOLD', isOwn }]
    const cap = never.bar.includes(category)
      ? 'WITHHOLD'
      : never.barInFull.includes(category)
        ? 'GENERALISE'
        : null
    if (cap === null || !comesFrom(never, of) || !goesTo(never, asking)) return []
    return [{ never, cap, isOwn }]
  })
}

/** Equal for those of one agency before whom the same of the agreement's nevers stand. */
export function neversBefore({ agreement }: CompiledAgreement, asking: ProfileAsking): string {
  const numbers = agreement.nevers.flatMap((never) => {
    if (never.purposes.includes(asking.purpose)) return [`${never.number}!`]
    return goesTo(never, asking) ? [never.number] : []
  })
  return `${asking.agency.id}|${numbers.join()}`
}

/** The number of a never that this release breaks for one of those it is about; null for none. */
export function brokenOwn(
  nevers: readonly StandingNever[],
  { kind, clause }: Decision,
  about: readonly {
    readonly part: PartKind | null
    readonly facts: ReadonlyMap<Condition, Tri>
  }[],
): string | null {
  const found = nevers.find(({ never, cap, isOwn }) => {
    if (cap === 'GENERALISE' && kind !== 'SHARE') return false
    if (clause !== null && never.but.includes(clause)) return false
    return about.some(({ part, facts }) => {
      if (never.of !== null && (part === null || !never.of.includes(part))) return false
      const fact = (asked: Condition): Tri =>
        asked.fact === 'OWN' ? (isOwn ? 'TRUE' : 'FALSE') : (facts.get(asked) ?? 'UNKNOWN')
      return evaluate(never.unless, fact) !== 'TRUE'
    })
  })
  return found?.never.number ?? null
}

const isIt = (one: AgencySelector, agency: AgencyRef): boolean =>
  one.kind === 'KIND' ? one.of === agency.kind : one.id === agency.id

/** A never reaches what a member of the agency wrote in the unit as well. */
function comesFrom(
  { from }: Never,
  { supplier, unit }: { readonly supplier: AgencyRef; readonly unit: boolean },
): boolean {
  return from.some((one) =>
    one.kind === 'ANYONE' ? true : one.kind === 'UNIT' ? unit : isIt(one, supplier),
  )
}

function goesTo({ to }: Never, { agency, roles }: ProfileAsking): boolean {
  switch (to.kind) {
    case 'ANYBODY':
      return true
    case 'AGENCIES':
      return to.agencies.some((one) => isIt(one, agency))
    case 'OUTSIDE':
      return !to.agencies.some((one) => isIt(one, agency))
    case 'ROLES':
      return to.roles.some((role) => roles.includes(role))
  }
}
