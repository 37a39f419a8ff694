import type { LogSection } from '../access-log/entry.js'
import type { Decision } from '../sharing/decision.js'
import type { FieldPlan, TypePlan } from './disclosure-plan.js'
import type { GovernedField } from './governance.js'

/** What to do with the value of one field. */
export const DO = {
  /** It passes as it is. */
  PASS: 0,
  /** It passes, and what is in it is looked at. */
  ENTER: 1,
  SHORTEN: 2,
  /** Shortened from within. */
  SHORTEN_WITHIN: 3,
  WITHHOLD: 4,
  /** Withheld as the holder's; its items may be released as what they are themselves. */
  ITEMS: 5,
} as const

export type LoggedDecision = LogSection['decisions'][number]

const loggedMax = 100
let verdicts = 0

/**
 * What is decided of all fields that a plan has of one type, for one likeness: made once, then looked up
 * field by field. It also knows what the log will say of it.
 */
export class Verdict {
  /** Tells verdicts apart. */
  readonly id = ++verdicts
  /** By position in the plan's fields; null for an open field. */
  readonly decisions: readonly (Decision | null)[]
  readonly actions: Uint8Array
  /** Every value passes as it is, and so does everything below, none of which is anybody else's. */
  readonly isPlain: boolean
  /** Positions of the fields with which something is to be done; of a plain one those to be counted below. */
  readonly toDo: readonly number[]
  /** By position: what is decided of the objects in a value, where it passes with all that is below. */
  readonly below: readonly (Verdict | null)[]
  readonly obligations: Decision['obligations']
  /** One line for each different field and decision, counted once for each time it is in the plan. */
  readonly logged: readonly LoggedDecision[]
  readonly releases: boolean
  private readonly loggedOf = new Map<number, readonly LoggedDecision[]>()

  /** @param verdictOf what is decided of objects in a value that have no subject of their own */
  constructor(
    plan: TypePlan,
    decide: (field: GovernedField) => Decision,
    verdictOf: ((within: TypePlan) => Verdict) | null,
  ) {
    const decisions = plan.fields.map(({ governed }) => (governed ? decide(governed) : null))
    this.decisions = decisions
    this.actions = Uint8Array.from(plan.fields, (field, at) => actionOf(field, decisions[at]))
    const isTimed = decisions.map((one) => one !== null && one.freshHours !== null)
    this.below = plan.fields.map((field, at) => {
      if (this.actions[at] !== DO.ENTER || isTimed[at] === true) return null
      const within = ownParts(field)
      const verdict = within === null || verdictOf === null ? null : verdictOf(within)
      return verdict?.isPlain ? verdict : null
    })
    this.toDo = [...plan.fields.keys()].filter(
      (at) => this.actions[at] !== DO.PASS || isTimed[at] === true,
    )
    this.isPlain = this.toDo.every((at) => this.below[at] !== null)
    this.obligations = decisions.flatMap((one) => one?.obligations ?? [])
    this.logged = loggedOf(plan, decisions)
    this.releases = decisions.some((one) => one !== null && one.kind !== 'WITHHOLD')
  }

  /** What the log says of so many objects: one list for each number that was met. */
  loggedFor(objects: number): readonly LoggedDecision[] {
    const known = this.loggedOf.get(objects)
    if (known) return known
    const made = this.logged.map((line) => ({ ...line, count: line.count * objects }))
    if (this.loggedOf.size < loggedMax) this.loggedOf.set(objects, made)
    return made
  }
}

/** The type of a value's objects, where all that is in them is data of whoever holds them and was asked for. */
function ownParts({ only }: FieldPlan): TypePlan | null {
  if (only === null || only.hasSubject || only.bringsTogether) return null
  if (only.towardsSubjects.length > 0) return null
  return only.fields.some((one) => one.pruned) ? null : only
}

function actionOf(field: FieldPlan, decision: Decision | null | undefined): number {
  const leadsBelow = field.children !== null
  if (!decision || decision.kind === 'SHARE') return leadsBelow ? DO.ENTER : DO.PASS
  if (decision.kind === 'GENERALISE') return leadsBelow ? DO.SHORTEN_WITHIN : DO.SHORTEN
  return field.itemCells ? DO.ITEMS : DO.WITHHOLD
}

function loggedOf(
  plan: TypePlan,
  decisions: readonly (Decision | null)[],
): readonly LoggedDecision[] {
  const lines = new Map<string, LoggedDecision>()
  for (const [at, decision] of decisions.entries()) {
    const coordinate = plan.fields[at]?.governed?.coordinate
    if (!decision || coordinate === undefined) continue
    addLine(lines, { ...lineOf(coordinate, decision), count: 1 })
  }
  return [...lines.values()]
}

/** How the log says one decision about one field. */
export function lineOf(
  coordinate: string,
  { kind, clause, logged }: Decision,
): Omit<LoggedDecision, 'count'> {
  return { coordinate, decision: kind, reason: logged.reason, clause, clauses: logged.clauses }
}

/** Adds a line; lines that say the same become one. */
export function addLine(lines: Map<string, LoggedDecision>, line: LoggedDecision): void {
  const key = `${line.coordinate}|${line.decision}|${line.reason}|${line.clause ?? ''}|${line.clauses.join()}`
  const known = lines.get(key)
  lines.set(key, known ? { ...known, count: known.count + line.count } : line)
}
