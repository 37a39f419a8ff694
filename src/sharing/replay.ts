import { implies } from './check-clauses.js'
import type { CompiledAgreement, ProfileCaller } from './compile.js'
import { resolveMatched } from './decide.js'
import type { Cell } from './decision.js'
import { openness } from './forms.js'
import { formulaText, isAlways, isNowhere } from './formula.js'
import { type FieldPermission, type FieldRules, profileOf } from './profile.js'
import { type Bar, EVERY_PART } from './rules.js'
import { type DecisionKind, GENERALISATIONS, type Generalisation, type Tri } from './vocabulary.js'

/** One decision as the access log keeps it: what was released, under what, and not the facts. */
export interface KeptDecision {
  readonly decision: DecisionKind
  readonly reason: string
  /** Every clause and never that matched. */
  readonly clauses: readonly string[]
}

export interface ReplayQuestion {
  readonly before: CompiledAgreement
  readonly after: CompiledAgreement
  readonly caller: ProfileCaller
  readonly purpose: string
  readonly cell: Cell
  readonly supplier: string
  readonly unit: boolean
  readonly kept: KeptDecision
}

/**
 * SAME, MORE, LESS are sure. A MAY_ depends on facts that the log does not keep: it would be so under some
 * of them, and the same under the others; UNSURE could be more or less.
 */
export const VERDICTS = ['SAME', 'MORE', 'LESS', 'MAY_BE_MORE', 'MAY_BE_LESS', 'UNSURE'] as const
export type Verdict = (typeof VERDICTS)[number]

export interface Replayed {
  readonly verdict: Verdict
  /** The least and the most that the new agreement would have released; equal where that is sure. */
  readonly least: string
  readonly most: string
  /** Numbers of the clauses under which the most would be released. */
  readonly clauses: readonly string[]
}

/**
 * What the new agreement would have made of a decision of the past. The log names every clause that held, so
 * a rule that both agreements have is as true as it was then; of a rule that is new or changed only what the
 * old ones imply is known: what asks for less than something that held holds, what asks for more than
 * something that failed fails, and everything else is left open, both ways.
 */
export function replayDecision(question: ReplayQuestion): Replayed {
  const { before, after, caller, purpose, cell, supplier, unit, kept } = question
  const old = profileOf(before, caller, purpose).rulesOf(cell, supplier, unit)
  const now = profileOf(after, caller, purpose).rulesOf(cell, supplier, unit)
  const was = keptText(kept)
  if (textOf(old) === textOf(now) || isKeptByValue(old, kept))
    return { verdict: 'SAME', least: was, most: was, clauses: kept.clauses }
  if (!now || now.permissions.length === 0) return told(kept, NOTHING, NOTHING, [])
  const held = now.permissions.map((one) => heldThen(one, old, kept))
  const fired = now.bars.map((one) => firedThen(one, old, kept))
  const bits = (values: readonly Tri[], counted: readonly Tri[]): number =>
    values.reduce((set, value, index) => (counted.includes(value) ? set | (1 << index) : set), 0)
  const outcome = (matched: number, barred: number): Outcome => {
    if (matched === 0) return NOTHING
    const { kind, form, clause } = resolveMatched(now, matched, barred)
    return { kind, form, clause }
  }
  const least = outcome(bits(held, ['TRUE']), bits(fired, ['TRUE', 'UNKNOWN']))
  const most = outcome(bits(held, ['TRUE', 'UNKNOWN']), bits(fired, ['TRUE']))
  return told(kept, least, most, most.clause === null ? [] : [most.clause])
}

interface Outcome {
  readonly kind: DecisionKind
  readonly form: Generalisation | null
  readonly clause: string | null
}
const NOTHING: Outcome = { kind: 'WITHHOLD', form: null, clause: null }

const outcomeText = ({ kind, form }: Pick<Outcome, 'kind' | 'form'>): string =>
  form === null ? kind : `${kind} ${form}`

const SHORTENED = 'GENERALISED_'
const formKept = ({ decision, reason }: KeptDecision): Generalisation | null =>
  decision === 'GENERALISE'
    ? (GENERALISATIONS.find((one) => reason === `${SHORTENED}${one}`) ?? null)
    : null
const keptText = (kept: KeptDecision): string =>
  outcomeText({ kind: kept.decision, form: formKept(kept) })

function told(
  kept: KeptDecision,
  least: Outcome,
  most: Outcome,
  clauses: readonly string[],
): Replayed {
  const was = rank(kept.decision, formKept(kept))
  const [low, high] = [rank(least.kind, least.form), rank(most.kind, most.form)]
  return {
    verdict: verdictOf(was, low, high),
    least: outcomeText(least),
    most: outcomeText(most),
    clauses,
  }
}

function verdictOf(was: number, low: number, high: number): Verdict {
  if (low === was && high === was) return 'SAME'
  if (low > was) return 'MORE'
  if (high < was) return 'LESS'
  if (low === was) return 'MAY_BE_MORE'
  return high === was ? 'MAY_BE_LESS' : 'UNSURE'
}

const wholeRank = 1_000
function rank(kind: DecisionKind, form: Generalisation | null): number {
  if (kind === 'WITHHOLD') return 0
  if (kind === 'SHARE') return wholeRank
  return form === null ? 1 : 1 + openness(form)
}

/** A clause held, no bar of the agreement did, and still nothing left: a place was recognised in the value. */
function isKeptByValue(old: FieldRules | null, { decision, clauses }: KeptDecision): boolean {
  return (
    decision === 'WITHHOLD' &&
    clauses.length > 0 &&
    !(old?.bars.some((one) => clauses.includes(one.number)) ?? false)
  )
}

function heldThen(one: FieldPermission, old: FieldRules | null, { clauses }: KeptDecision): Tri {
  const known = old?.permissions ?? []
  const isListed = (other: FieldPermission) => clauses.includes(other.rule.clause.number)
  const same = known.filter((other) => conditionsText(other) === conditionsText(one))
  if (same.some(isListed)) return 'TRUE'
  if (same.length > 0) return 'FALSE'
  if (known.some((other) => isListed(other) && covers(one, other))) return 'TRUE'
  return known.some((other) => !isListed(other) && covers(other, one)) ? 'FALSE' : 'UNKNOWN'
}

const conditionsText = ({ rule, isLinkDemanded }: FieldPermission): string =>
  `${rule.parts}|${formulaText(rule.when)}|${isLinkDemanded}`

/** The first holds wherever the second does. */
function covers(one: FieldPermission, other: FieldPermission): boolean {
  return (
    (other.rule.parts & ~one.rule.parts) === 0 &&
    (other.isLinkDemanded || !one.isLinkDemanded) &&
    implies(other.rule.when, one.rule.when)
  )
}

/** The log names the bars that bound something; where no clause held it names none. */
function firedThen(bar: Bar, old: FieldRules | null, { clauses }: KeptDecision): Tri {
  if (isAlways(bar.when) && isNowhere(bar.unless) && bar.parts === EVERY_PART) return 'TRUE'
  if (clauses.length === 0) return 'UNKNOWN'
  const same = old?.bars.filter((one) => barText(one) === barText(bar)) ?? []
  if (same.length === 0) return 'UNKNOWN'
  return same.some((one) => clauses.includes(one.number)) ? 'TRUE' : 'FALSE'
}

function barText({ kind, parts, when, unless, cap, as, but }: Bar): string {
  return [kind, parts, formulaText(when), formulaText(unless), cap, as.join(), but.join()].join('|')
}

function textOf(rules: FieldRules | null): string {
  if (rules === null) return ''
  const permissions = rules.permissions.map(
    (one) =>
      `${one.rule.clause.form}|${one.form}|${one.rule.clause.codes.join()}|${conditionsText(one)}`,
  )
  return [...permissions, '/', ...rules.bars.map(barText)].sort().join(';')
}
