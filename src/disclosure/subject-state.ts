import { invariant } from '../errors.js'
import {
  type Cell,
  type Decision,
  type Situation,
  WITHHELD_BY_DEFAULT,
} from '../sharing/decision.js'
import { DECISIONS } from '../sharing/vocabulary.js'
import type { KnownSubject } from './fact-store.js'
import type { Governance, GovernedField } from './governance.js'

/** Decides one value; the compiled agreement for this caller's profile. */
export type Decide = (cell: Cell, situation: Situation) => Decision

/** Whether a never stands before one value, whatever else holds. */
export type IsNever = (cell: Cell, situation: Situation) => boolean

const EXISTS: Decision = {
  ...WITHHELD_BY_DEFAULT,
  kind: 'SHARE',
  reason: 'PERMITTED',
  logged: { reason: 'PERMITTED', clauses: [] },
}

/** What has been decided about one subject in this request: each cell once. */
export class SubjectState {
  private readonly decisions: (Decision | undefined)[] = []
  private readonly existence = new Map<string, boolean>()
  private readonly hidden = new Map<string, boolean>()
  /** How often each field of this subject was decided about, for the log. */
  readonly tally = new Map<GovernedField, number>()

  constructor(
    readonly subject: KnownSubject,
    private readonly governance: Governance,
    private readonly decideCell: Decide,
    private readonly isNever: IsNever,
  ) {}

  /** The decision for a field of type `typeName` (whose existence HOLDING follows). */
  decide(field: GovernedField, typeName: string): Decision {
    if (this.isHidden(typeName)) return WITHHELD_BY_DEFAULT
    if (field.cell.category === 'HOLDING')
      return this.exists(typeName) ? EXISTS : WITHHELD_BY_DEFAULT
    return this.ofCell(field.cellIndex)
  }

  ofCell(index: number): Decision {
    const known = this.decisions[index]
    if (known) return known
    const cell = this.governance.cells[index]
    invariant(cell, 'a cell has an index of the table')
    const groups = cell.locates === 'OTHERS' ? this.subject.locatingGroups : this.subject.groups
    const decision = mostOpen(
      groups.map((group) => strictest(group.map((one) => this.decideCell(cell, one)))),
    )
    this.decisions[index] = decision
    return decision
  }

  /**
   * Whether the caller may know of the object at all: exactly when some field of its type is released
   * and its being there tells nothing that a never hides. A person and a case hold lists whose items
   * decide for themselves.
   */
  exists(typeName: string): boolean {
    const known = this.existence.get(typeName)
    if (known !== undefined) return known
    const { kind } = this.subject.tag
    const cells = this.governance.existenceCells(typeName)
    const answer =
      !this.isHidden(typeName) &&
      (kind === 'PERSON' || cells.some((index) => this.ofCell(index).kind !== 'WITHHOLD'))
    this.existence.set(typeName, answer)
    return answer
  }

  /** Whether everything decided here is decided the same under fresh facts. */
  isSameFor(fresh: SubjectState): boolean {
    const areSame = this.decisions.every((decision, index) => {
      if (!decision) return true
      const again = fresh.ofCell(index)
      return (
        again.kind === decision.kind &&
        again.form === decision.form &&
        again.clause === decision.clause
      )
    })
    return areSame && [...this.hidden].every(([type, was]) => fresh.isHidden(type) === was)
  }

  /** An object that tells by being there what a never hides from this caller is not there for them. */
  private isHidden(typeName: string): boolean {
    const known = this.hidden.get(typeName)
    if (known !== undefined) return known
    const answer = this.governance.toldByPresence(typeName).some((index) => {
      const cell = this.governance.cells[index]
      return (
        cell !== undefined &&
        this.subject.groups.some((group) => group.some((one) => this.isNever(cell, one)))
      )
    })
    this.hidden.set(typeName, answer)
    return answer
  }

  count(field: GovernedField): void {
    this.tally.set(field, (this.tally.get(field) ?? 0) + 1)
  }
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
