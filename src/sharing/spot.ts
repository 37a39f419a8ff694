import type { AgencySelector, Agreement, Clause, Selector, SourceSelector } from './agreement.js'
import { all, type Formula } from './formula.js'
import { bitOf, type PartSet, partSet } from './rules.js'
import type { AgencyRef, Category, PartKind } from './vocabulary.js'

/** Where one clause meets one cell of the agreement's table: who supplies what, of whom, to which role. */

export function selects(selector: AgencySelector, agency: AgencyRef): boolean {
  return selector.kind === 'KIND' ? selector.of === agency.kind : selector.id === agency.id
}

/** Where data comes from: an agency, the unit alone, or the unit by the hand of an agency's member. */
export type Origin = 'AGENCY' | 'UNIT' | 'BOTH'

/** What the agreement says the unit writes together is nobody's own; the rest is also its recorder's agency's. */
export function originOf(agreement: Agreement, category: Category, unit: boolean): Origin {
  if (!unit) return 'AGENCY'
  return agreement.ofTheUnit.includes(category) ? 'UNIT' : 'BOTH'
}

/** Whether a clause's `from` reaches data of this origin. */
export function reaches(
  from: readonly SourceSelector[],
  supplier: AgencyRef,
  origin: Origin,
): boolean {
  return from.some((one) => {
    if (one.kind === 'ANYONE') return true
    if (one.kind === 'UNIT') return origin !== 'AGENCY'
    return origin !== 'UNIT' && selects(one, supplier)
  })
}

/** One clause's data, narrowed to a single cell of the agreement's table. */
export interface Spot {
  readonly category: Category
  readonly supplier: AgencyRef
  readonly origin: Origin
  readonly part: PartKind | null
  readonly role: string
  readonly purpose: string
}

/** Supplied by the caller's own agency; what the unit writes together is nobody's own. */
export function isOwn(
  { supplier, origin }: Pick<Spot, 'supplier' | 'origin'>,
  caller: { readonly agency: AgencyRef },
): boolean {
  return origin !== 'UNIT' && supplier.id === caller.agency.id
}

/** Whether a clause is about this part for this role, `only` included. */
export function isAbout(clause: Clause, { part, role }: Pick<Spot, 'part' | 'role'>): boolean {
  return (partsOf(clause, role) & bitOf(part)) !== 0
}

export function partsOf(clause: Clause, role: string): PartSet {
  return clause.only
    .filter((one) => one.to.includes(role))
    .reduce((set, one) => set & partSet(one.of), partSet(clause.of))
}

/** A clause's conditions at one spot: those of the first `instead` that fits, or its own, and every `also`. */
export function conditionsAt(clause: Clause, spot: Spot): Formula {
  const base = clause.instead.find((one) => fits(one, spot))?.when ?? clause.when
  return all([base, ...clause.also.filter((one) => fits(one, spot)).map((one) => one.when)])
}

function fits(
  selector: Selector,
  { category, supplier, origin, part, role, purpose }: Spot,
): boolean {
  if (selector.categories !== null && !selector.categories.includes(category)) return false
  if (selector.of !== null && (part === null || !selector.of.includes(part))) return false
  if (selector.from !== null && !reaches(selector.from, supplier, origin)) return false
  if (selector.to !== null && !selector.to.includes(role)) return false
  return selector.purposes === null || selector.purposes.includes(purpose)
}
