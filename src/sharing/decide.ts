import type { Cell, Condition, Decision, Situation, Standing } from './decision.js'
import { WITHHELD_BY_DEFAULT } from './decision.js'
import { GENERAL, LINKED, reasonOf } from './facts.js'
import { openness } from './forms.js'
import type { Formula } from './formula.js'
import {
  type FieldPermission,
  type FieldRules,
  formFor,
  type Profile,
  spares,
  withheld,
} from './profile.js'
import { type Bar, bitOf } from './rules.js'
import type { Generalisation } from './vocabulary.js'

/**
 * Decides about one value: pure, synchronous, and the same on every road to it.
 *
 * `situation.supplier` is the id of an agency that the agreement was compiled for, else the value is
 * withheld. `standings` are the ways in which the value's subject figures; a permission needs one in
 * which the standing's part fits and everything that the clause and every clause demand is TRUE.
 * `barring` are all standings of all persons whom the value may be about; a never or a prohibition needs
 * one in which its part fits and it is not known to be silent. `standings` always bar as well, so a
 * forgotten `barring` opens nothing. Of a value that may locate others (`cell.locates`) the protected
 * persons of the connected cases stand in `barring`, or in `located`, at which only N1 looks.
 *
 * `fact` is asked for conditions that are identical objects when equal (`condition()` of `facts.ts`), and
 * never for OWN, which the profile settles. In a standing without a part (an item of a whole case) APART
 * speaks of all protected persons of that case. A fact that is not TRUE, FALSE or UNKNOWN counts as
 * UNKNOWN.
 *
 * Never beats prohibition beats permission; a bar that caps leaves at most a generalised form; the most
 * open of what is left wins. What the caller is told of a withheld value depends on the profile and the
 * field alone. HOLDING is withheld here: see `holdingOf`.
 */
export function decide(profile: Profile, cell: Cell, situation: Situation): Decision {
  const rules = profile.rulesOf(cell, situation.supplier, situation.unit)
  if (rules === null) return WITHHELD_BY_DEFAULT
  if (rules.permissions.length === 0) return rules.barren
  const matched = matchedOf(rules.permissions, cell, situation)
  if (matched === 0) return refused(rules, cell, situation)
  let fired = 0
  for (let index = 0; index < rules.bars.length; index += 1) {
    const bar = rules.bars[index]
    if (bar && fires(bar, cell, situation)) fired |= 1 << index
  }
  const key = fired * 2 ** rules.permissions.length + matched
  const known = rules.outcomes.get(key)
  if (known) return known
  const made = resolveMatched(rules, matched, fired)
  rules.outcomes.set(key, made)
  return made
}

/**
 * Whether a never stands before the value, whatever else holds. For what may be told by implication: an
 * object whose mere presence says what a never hides is hidden with it.
 */
export function isNeverReleased(profile: Profile, cell: Cell, situation: Situation): boolean {
  const rules = profile.rulesOf(cell, situation.supplier, situation.unit)
  return rules?.bars.some((bar) => bar.kind === 'NEVER' && fires(bar, cell, situation)) ?? true
}

/** Bits of the permissions that hold in one of the standings. */
function matchedOf(
  permissions: readonly FieldPermission[],
  cell: Cell,
  situation: Situation,
): number {
  let matched = 0
  for (const standing of situation.standings) {
    const bit = bitOf(standing.part)
    let isOpen: boolean | null = null
    for (let index = 0; index < permissions.length; index += 1) {
      const one = permissions[index]
      if (!one || (one.rule.parts & bit) === 0 || (matched & (1 << index)) !== 0) continue
      isOpen ??= isGenerallyOpen(standing, cell)
      if (!isOpen) break
      if (one.isLinkDemanded && standing.fact(LINKED, cell) !== 'TRUE') continue
      if (holds(one.rule.when, standing, cell)) matched |= 1 << index
    }
  }
  return matched
}

function isGenerallyOpen(standing: Standing, cell: Cell): boolean {
  for (const one of GENERAL) if (standing.fact(one, cell) !== 'TRUE') return false
  return true
}

/** Known to hold. There is no negation in a formula, so nothing but TRUE need be told apart. */
function holds(formula: Formula, standing: Standing, cell: Cell): boolean {
  switch (formula.kind) {
    case 'CONDITION':
      return standing.fact(formula.condition, cell) === 'TRUE'
    case 'ALL':
      for (const part of formula.of) if (!holds(part, standing, cell)) return false
      return true
    case 'ANY':
      for (const part of formula.of) if (holds(part, standing, cell)) return true
      return false
  }
}

function fires(bar: Bar, cell: Cell, { standings, barring, located }: Situation): boolean {
  for (const standing of barring) if (firesIn(bar, standing, cell)) return true
  if (standings !== barring) {
    for (const standing of standings)
      if (!barring.includes(standing) && firesIn(bar, standing, cell)) return true
  }
  if (bar.ofLocated && located) {
    for (const standing of located) if (firesIn(bar, standing, cell)) return true
  }
  return false
}

function firesIn(bar: Bar, standing: Standing, cell: Cell): boolean {
  if ((bar.parts & bitOf(standing.part)) === 0) return false
  if (holds(bar.unless, standing, cell)) return false
  return !fails(bar.when, standing, cell)
}

/** Known not to hold: what is neither true nor false keeps it from being known. */
function fails(formula: Formula, standing: Standing, cell: Cell): boolean {
  switch (formula.kind) {
    case 'CONDITION':
      return standing.fact(formula.condition, cell) === 'FALSE'
    case 'ALL':
      for (const part of formula.of) if (fails(part, standing, cell)) return true
      return false
    case 'ANY':
      for (const part of formula.of) if (!fails(part, standing, cell)) return false
      return true
  }
}

interface Left {
  readonly one: FieldPermission
  readonly form: Generalisation | null
}

/** The outcome of what matched, as bits of the field's rules: caps applied, the most open of the rest taken. */
export function resolveMatched(rules: FieldRules, matched: number, fired: number): Decision {
  const permissions = rules.permissions.filter((_, index) => (matched & (1 << index)) !== 0)
  const bars = rules.bars.filter((_, index) => (fired & (1 << index)) !== 0)
  const binding = bars.filter((bar) => permissions.some((one) => !spares(bar, one.rule)))
  const clauses = [
    ...new Set([
      ...permissions.map((one) => one.rule.clause.number),
      ...binding.map((one) => one.number),
    ]),
  ]
  const left = permissions.flatMap((one): Left[] => {
    const form = afterBars(one, bars, rules.cell)
    return form === 'BARRED' ? [] : [{ one, form }]
  })
  const first = left.reduce<Left | null>(
    (best, one) => (best === null || isMoreOpen(one.form, best.form) ? one : best),
    null,
  )
  if (first === null) {
    // Nevers stand before prohibitions.
    return withheld('NO_RULE', bars[0]?.reason ?? 'NO_RULE', clauses)
  }
  const winners = left.filter((one) => one.form === first.form).map((one) => one.one.rule)
  return released(first.form, winners, clauses)
}

/** What is left of a permission: null for SHARE, a form, or nothing. */
function afterBars(
  one: FieldPermission,
  bars: readonly Bar[],
  cell: Cell,
): Generalisation | null | 'BARRED' {
  let form = one.form
  let allowed: readonly Generalisation[] = cell.forms
  let isCapped = false
  for (const bar of bars) {
    if (spares(bar, one.rule)) continue
    if (bar.cap === 'WITHHOLD') return 'BARRED'
    isCapped = true
    if (bar.as.length > 0) allowed = bar.as.filter((as) => allowed.includes(as))
  }
  if (!isCapped) return form
  if (form === null) form = formFor([], allowed)
  return form !== null && allowed.includes(form) ? form : 'BARRED'
}

function isMoreOpen(one: Generalisation | null, other: Generalisation | null): boolean {
  if (other === null) return false
  return one === null || openness(one) > openness(other)
}

function released(
  form: Generalisation | null,
  winners: readonly FieldPermission['rule'][],
  clauses: readonly string[],
): Decision {
  const limits = winners.flatMap(({ clause }) =>
    clause.freshHours === null ? [] : [clause.freshHours],
  )
  const obligations = winners.flatMap((one) => one.obligations)
  // One clause that limits no codes makes all of them free: the most open wins here too.
  const limited = winners.every(({ clause }) => clause.codes.length > 0)
  const reason = form === null ? 'PERMITTED' : `GENERALISED_${form}`
  return {
    kind: form === null ? 'SHARE' : 'GENERALISE',
    form,
    reason,
    clause: winners[0]?.clause.number ?? null,
    logged: { reason, clauses },
    obligations: obligations.filter(
      (one, index) =>
        obligations.findIndex((other) => other.clause === one.clause && other.text === one.text) ===
        index,
    ),
    freshHours: limits.length > 0 ? Math.min(...limits) : null,
    ...(form === 'COARSE_CODE' &&
      limited && { codes: [...new Set(winners.flatMap(({ clause }) => clause.codes))] }),
  }
}

/** Nothing matched: withheld, with the reason why for the log. */
function refused(rules: FieldRules, cell: Cell, situation: Situation): Decision {
  const reason = whyNot(rules.permissions, cell, situation)
  const made = rules.withheld.get(reason) ?? withheld(rules.barren.reason, reason, [])
  rules.withheld.set(reason, made)
  return made
}

/** Of the lowest clause whose part fits: what failed first. */
function whyNot(
  permissions: readonly FieldPermission[],
  cell: Cell,
  { standings }: Situation,
): string {
  for (const one of permissions) {
    for (const standing of standings) {
      if ((one.rule.parts & bitOf(standing.part)) === 0) continue
      const failed = failedIn(one, standing, cell)
      if (failed) return standing.why?.(failed, cell) ?? reasonOf(failed)
    }
  }
  return 'NO_RULE'
}

function failedIn(one: FieldPermission, standing: Standing, cell: Cell): Condition | null {
  for (const condition of GENERAL) if (standing.fact(condition, cell) !== 'TRUE') return condition
  if (one.isLinkDemanded && standing.fact(LINKED, cell) !== 'TRUE') return LINKED
  return firstFailed(one.rule.when, standing, cell)
}

function firstFailed(formula: Formula, standing: Standing, cell: Cell): Condition | null {
  if (formula.kind === 'CONDITION')
    return standing.fact(formula.condition, cell) === 'TRUE' ? null : formula.condition
  if (formula.kind === 'ANY' && holds(formula, standing, cell)) return null
  for (const part of formula.of) {
    const failed = firstFailed(part, standing, cell)
    if (failed) return failed
  }
  return null
}

const HELD: Decision = {
  kind: 'SHARE',
  form: null,
  reason: 'PERMITTED',
  clause: null,
  logged: { reason: 'PERMITTED', clauses: [] },
  obligations: [],
  freshHours: null,
}
const NOT_HELD: Decision = withheld('NO_RULE', 'NO_RULE', [])

/**
 * HOLDING, which no clause names: that an agency has this record at all is shared exactly when some other
 * field of its type is, `cells` being all of them, whether or not they hold anything. A clause that
 * releases presence (PRESENCE) of a field that has no such form releases this.
 */
export function holdingOf(
  profile: Profile,
  cells: readonly Cell[],
  situation: Situation,
): Decision {
  for (const cell of cells) {
    if (cell.category === 'HOLDING') continue
    const rules = profile.rulesOf(cell, situation.supplier, situation.unit)
    if (!rules) continue
    if (decide(profile, cell, situation).kind !== 'WITHHOLD') return HELD
    const shown = matchedOf(rules.presence, cell, situation)
    if (shown !== 0 && isPresenceLeft(rules, shown, situation)) return HELD
  }
  return NOT_HELD
}

function isPresenceLeft(rules: FieldRules, shown: number, situation: Situation): boolean {
  const bars = rules.bars.filter(
    (bar) => bar.cap === 'WITHHOLD' && fires(bar, rules.cell, situation),
  )
  return rules.presence.some(
    (one, index) => (shown & (1 << index)) !== 0 && bars.every((bar) => spares(bar, one.rule)),
  )
}
