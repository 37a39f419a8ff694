import { invariant } from '../errors.js'
import { type Decision, WITHHELD_BY_DEFAULT } from '../sharing/decision.js'
import { DECISIONS } from '../sharing/vocabulary.js'
import type { Basis } from './basis.js'
import type { DisclosurePlan, TypePlan } from './disclosure-plan.js'
import type { GovernedField } from './governance.js'
import type { Situations } from './situations.js'
import { Verdict } from './verdict.js'

const EXISTS: Decision = {
  ...WITHHELD_BY_DEFAULT,
  kind: 'SHARE',
  reason: 'PERMITTED',
  logged: { reason: 'PERMITTED', clauses: [] },
}

/** A subject, whose situations are made when something has to be decided for the first time. */
export interface Situated {
  readonly situations: Situations
}

/**
 * What has been decided about all subjects of whom every fact of a basis is the same: each cell once.
 * It outlives requests, so it holds no fact and nobody's name: a caller of this hands in the situations
 * of its own subject, which are those of every other.
 */
export class Likeness {
  private readonly decisions: (Decision | undefined)[] = []
  private readonly existence = new Map<string, boolean>()
  private readonly hidden = new Map<string, boolean>()
  private readonly wantedOf = new Map<string, ReadonlySet<string>>()
  private readonly verdicts: (Verdict | undefined)[] = []
  private readonly capped = new Map<TypePlan, Map<Decision, Verdict>>()

  constructor(
    private readonly basis: Basis,
    /** A person's existence in an answer rests on no field of theirs. */
    private readonly isPerson: boolean,
  ) {}

  /** The decision for a field of type `typeName` (whose existence HOLDING follows). */
  decide(field: GovernedField, typeName: string, of: Situated): Decision {
    if (this.isHidden(typeName, of)) return WITHHELD_BY_DEFAULT
    if (field.cell.category === 'HOLDING')
      return this.exists(typeName, of) ? EXISTS : WITHHELD_BY_DEFAULT
    return this.ofCell(field.cellIndex, of)
  }

  ofCell(index: number, of: Situated): Decision {
    const known = this.decisions[index]
    if (known) return known
    const cell = this.basis.governance.cells[index]
    invariant(cell, 'a cell has an index of the table')
    const { groups, locatingGroups } = of.situations
    const { decide } = this.basis.profile
    const decision = mostOpen(
      (cell.locates === 'OTHERS' ? locatingGroups : groups).map((group) =>
        strictest(group.map((one) => decide(cell, one))),
      ),
    )
    this.decisions[index] = decision
    return decision
  }

  /**
   * Whether the caller may know of the object at all: exactly when some field of its type is released
   * and its being there tells nothing that a never hides. A person and a case hold lists whose items
   * decide for themselves.
   */
  exists(typeName: string, of: Situated): boolean {
    const known = this.existence.get(typeName)
    if (known !== undefined) return known
    const cells = this.basis.governance.existenceCells(typeName)
    const answer =
      !this.isHidden(typeName, of) &&
      (this.isPerson || cells.some((index) => this.ofCell(index, of).kind !== 'WITHHOLD'))
    this.existence.set(typeName, answer)
    return answer
  }

  /** Names of the plan's fields of that type that are not withheld. */
  wanted(plan: DisclosurePlan, typeName: string, of: Situated): ReadonlySet<string> {
    const known = this.wantedOf.get(typeName)
    if (known) return known
    const fields = this.basis.governance.type(typeName)?.fields
    const made = new Set(
      [...(plan.selected.get(typeName) ?? [])].filter((name) => {
        const field = fields?.get(name)
        return field !== undefined && this.decide(field, typeName, of).kind !== 'WITHHOLD'
      }),
    )
    this.wantedOf.set(typeName, made)
    return made
  }

  /** What is decided of all fields that the plan has of one type. */
  verdict(plan: TypePlan, of: Situated): Verdict {
    const known = this.verdicts[plan.index]
    if (known) return known
    const made = new Verdict(
      plan,
      (field) => this.decide(field, plan.name, of),
      (within) => this.verdict(within, of),
    )
    this.verdicts[plan.index] = made
    return made
  }

  /** The same inside a value that is shortened as `cap` says: nothing is more open than the value. */
  verdictWithin(cap: Decision, plan: TypePlan, of: Situated): Verdict {
    const byCap = this.capped.get(plan) ?? new Map<Decision, Verdict>()
    this.capped.set(plan, byCap)
    const known = byCap.get(cap)
    if (known) return known
    const made = new Verdict(
      plan,
      (field) => within(cap, this.decide(field, plan.name, of), field),
      null,
    )
    byCap.set(cap, made)
    return made
  }

  /** Whether everything is decided the same for a subject of the other likeness. */
  isSameAs(other: Likeness, of: Situated, others: Situated): boolean {
    if (other === this) return true
    const { cells, types } = this.basis
    return (
      cells.every((index) => {
        const [one, again] = [this.ofCell(index, of), other.ofCell(index, others)]
        return one.kind === again.kind && one.form === again.form && one.clause === again.clause
      }) && types.every((name) => this.isHidden(name, of) === other.isHidden(name, others))
    )
  }

  /** Whether all that is asked for is decided the same, and the same is known to be there. */
  isAnsweredAs(other: Likeness, of: Situated, others: Situated): boolean {
    if (other === this) return true
    const { asked, types } = this.basis
    return (
      asked.every((index) => {
        const [one, again] = [this.ofCell(index, of), other.ofCell(index, others)]
        return one.kind === again.kind && one.form === again.form
      }) && types.every((name) => this.exists(name, of) === other.exists(name, others))
    )
  }

  /** An object that tells by being there what a never hides from this caller is not there for them. */
  private isHidden(typeName: string, of: Situated): boolean {
    const known = this.hidden.get(typeName)
    if (known !== undefined) return known
    const { governance, profile } = this.basis
    const told = governance.toldByPresence(typeName)
    const answer = told.some((index) => {
      const cell = governance.cells[index]
      return (
        cell !== undefined &&
        of.situations.groups.some((group) => group.some((one) => profile.isNever(cell, one)))
      )
    })
    this.hidden.set(typeName, answer)
    return answer
  }
}

/** What has the same form takes it, the rest is withheld. */
function within(cap: Decision, decision: Decision, field: GovernedField): Decision {
  if (decision.kind === 'WITHHOLD') return decision
  if (cap.form !== null && field.cell.forms.includes(cap.form)) return cap
  return { ...cap, kind: 'WITHHOLD', form: null }
}

const rank = (decision: Decision): number => DECISIONS.indexOf(decision.kind)

function strictest(decisions: readonly Decision[]): Decision {
  return decisions.reduce(
    (a, b) => (rank(b) < rank(a) ? b : a),
    decisions[0] ?? WITHHELD_BY_DEFAULT,
  )
}

function mostOpen(decisions: readonly Decision[]): Decision {
  return decisions.reduce(
    (a, b) => (rank(b) > rank(a) ? b : a),
    decisions[0] ?? WITHHELD_BY_DEFAULT,
  )
}
