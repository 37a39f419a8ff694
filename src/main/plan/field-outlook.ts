import type { Origin } from '../../sharing/cells-of.js'
import type { Cell, Condition } from '../../sharing/decision.js'
import { conditionText, GENERAL, LINKED } from '../../sharing/facts.js'
import {
  assume,
  conditionsIn,
  type Formula,
  formulaText,
  isAlways,
  isNowhere,
} from '../../sharing/formula.js'
import {
  type FieldPermission,
  type FieldRules,
  type Profile,
  spares,
} from '../../sharing/profile.js'
import { type Bar, bitOf } from '../../sharing/rules.js'
import {
  DECISIONS,
  type DecisionKind,
  type Generalisation,
  type PartKind,
} from '../../sharing/vocabulary.js'

/** What is sure before any fact is known; BY_FACTS where nothing is. */
export type Outcome = DecisionKind | 'BY_FACTS'

/** One rule that could release the value. */
export interface RuleOutlook {
  readonly clause: string
  readonly decision: 'SHARE' | 'GENERALISE'
  readonly form: Generalisation | null
  /** Beside what every clause demands. */
  readonly when: string
}

/** What the agreement makes of one field's value from some suppliers, for some parts. */
export interface Way {
  /** Agency ids; with `in the unit` for what their members write there. */
  readonly from: readonly string[]
  /** Whose data: parts, or `CASE` for what belongs to a case as a whole. */
  readonly of: readonly string[]
  readonly decision: Outcome
  /** The most that any facts could release. */
  readonly atBest: DecisionKind
  readonly rules: readonly RuleOutlook[]
  /** Prohibitions and nevers that may stop or cap it; those of other parts count too where a person is one elsewhere. */
  readonly barredBy: readonly string[]
  /** Why, where nothing can be released; the same code as an answer would carry. */
  readonly reason: string | null
}

/** What every rule demands of caller and value, so that it is said once. */
export const DEMANDED: readonly string[] = GENERAL.map(conditionText)

/**
 * The ways of one field, equal ones told once. Asks no fact of anybody. What travels only together with
 * something that is nowhere `asked` for is withheld from everybody.
 */
export function waysOf(
  { profile, asked }: { readonly profile: Profile; readonly asked: ReadonlySet<string> },
  cell: Cell,
  origins: readonly Origin[],
  parts: readonly (PartKind | null)[],
): readonly Way[] {
  const ways = new Map<string, { way: Way; from: Map<string, Set<string>> }>()
  for (const { supplier, unit } of origins) {
    const rules = profile.rulesOf(cell, supplier.id, unit)
    const from = unit ? `${supplier.id} in the unit` : supplier.id
    for (const part of parts) {
      const made = outlookOf(rules, part, asked)
      const key = JSON.stringify(made)
      const known = ways.get(key) ?? { way: { ...made, from: [], of: [] }, from: new Map() }
      ways.set(key, known)
      known.from.set(from, (known.from.get(from) ?? new Set()).add(part ?? 'CASE'))
    }
  }
  return [...ways.values()].flatMap(({ way, from }) => {
    const byParts = new Map<string, { from: string[]; of: readonly string[] }>()
    for (const [name, of] of from) {
      const key = [...of].join()
      const known = byParts.get(key) ?? { from: [], of: [...of] }
      known.from.push(name)
      byParts.set(key, known)
    }
    return [...byParts.values()].map((one) => ({ ...way, ...one }))
  })
}

/** What is sure of all ways together. */
export function outcomeOf(ways: readonly Pick<Way, 'decision'>[]): Outcome {
  const [first, ...others] = new Set(ways.map((one) => one.decision))
  if (first === undefined) return 'WITHHOLD'
  return others.length === 0 ? first : 'BY_FACTS'
}

function outlookOf(
  rules: FieldRules | null,
  part: PartKind | null,
  asked: ReadonlySet<string>,
): Omit<Way, 'from' | 'of'> {
  const bit = bitOf(part)
  const fitting = rules?.hopeful.filter(({ rule }) => (rule.parts & bit) !== 0) ?? []
  const reaching = fitting.filter(({ rule }) => !isNowhere(withoutUnasked(rule.when, asked)))
  const all =
    rules?.bars
      .map((one) => ({ ...one, unless: withoutUnasked(one.unless, asked) }))
      .filter(mayFire) ?? []
  const bars = all.filter((one) => (one.parts & bit) !== 0)
  const released = reaching.flatMap((one) => {
    const cap = capOf(bars.filter((bar) => mustFire(bar) && !spares(bar, one.rule)))
    if (cap === 'WITHHOLD') return []
    const decision = cap === 'GENERALISE' || one.form !== null ? 'GENERALISE' : 'SHARE'
    return [{ permission: one, decision } as const]
  })
  const atBest = mostOpen(released.map((one) => one.decision))
  const sure = mostOpen(
    released.filter(({ permission }) => isSure(permission, all)).map((one) => one.decision),
  )
  return {
    decision: sure === atBest ? sure : 'BY_FACTS',
    atBest,
    rules: released.map(({ permission, decision }) => ({
      clause: permission.rule.clause.number,
      decision,
      form: permission.form,
      when: whenOf(permission),
    })),
    barredBy: released.length === 0 ? [] : [...new Set(bars.map((one) => one.number))],
    reason:
      atBest === 'WITHHOLD'
        ? (askAlongOf(fitting, asked) ?? rules?.barren.reason ?? 'NO_RULE')
        : null,
  }
}

const isUnasked = ({ fact, argument }: Condition, asked: ReadonlySet<string>): boolean =>
  fact === 'WITH' && argument !== null && !asked.has(argument)

function withoutUnasked(formula: Formula, asked: ReadonlySet<string>): Formula {
  return conditionsIn(formula)
    .filter((one) => isUnasked(one, asked))
    .reduce((left, one) => assume(left, one, false), formula)
}

/** As an answer says it: what to ask along. */
function askAlongOf(
  permissions: readonly FieldPermission[],
  asked: ReadonlySet<string>,
): string | null {
  const missing = permissions
    .flatMap(({ rule }) => conditionsIn(rule.when))
    .find((one) => isUnasked(one, asked))
  return missing === undefined ? null : `ASK_WITH_${missing.argument}`
}

const mayFire = (bar: Bar): boolean => !isAlways(bar.unless) && !isNowhere(bar.when)
const mustFire = (bar: Bar): boolean => isNowhere(bar.unless) && isAlways(bar.when)

function capOf(bars: readonly Bar[]): 'WITHHOLD' | 'GENERALISE' | null {
  if (bars.some((one) => one.cap === 'WITHHOLD')) return 'WITHHOLD'
  return bars.length > 0 ? 'GENERALISE' : null
}

/** Holds whatever the facts are, beside those that every clause demands. */
function isSure({ rule, isLinkDemanded }: FieldPermission, bars: readonly Bar[]): boolean {
  return !isLinkDemanded && isAlways(rule.when) && bars.every((bar) => spares(bar, rule))
}

function whenOf({ rule, isLinkDemanded }: FieldPermission): string {
  if (!isLinkDemanded || conditionsIn(rule.when).includes(LINKED)) return formulaText(rule.when)
  const own = isAlways(rule.when) ? [] : [formulaText(rule.when)]
  return [...own, conditionText(LINKED)].join(' and ')
}

function mostOpen(kinds: readonly DecisionKind[]): DecisionKind {
  return kinds.reduce((a, b) => (DECISIONS.indexOf(b) > DECISIONS.indexOf(a) ? b : a), 'WITHHOLD')
}
