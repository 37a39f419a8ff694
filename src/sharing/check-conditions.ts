import type { Agreement, Role } from './agreement.js'
import type { Table } from './cells-of.js'
import { implies } from './check-clauses.js'
import { type Finding, note, warning } from './check-finding.js'
import { type CompiledAgreement } from './compile.js'
import type { Condition } from './decision.js'
import { conditionText, FACTS, isFactCode } from './facts.js'
import { any, conditionsIn, evaluate, type Formula } from './formula.js'
import { bitOf, type Entry, PARTS_AND_NONE, type Permission } from './rules.js'
import { selects } from './spot.js'
import type { PartKind } from './vocabulary.js'

/** Facts that hold for members of the unit alone: others are allocated to nothing and attend nothing. */
const OF_MEMBERS: ReadonlySet<string> = new Set(['ALLOCATED', 'ATTENDED', 'OWN_SIDE'])

/** Clauses whose conditions can hold for none of the facts there are, for some role that they name. */
export function neverHolding(
  compiled: CompiledAgreement,
  tables: readonly Table[],
): readonly Finding[] {
  const { agreement } = compiled
  const found = new Map<string, { roles: Set<string>; because: Set<string> }>()
  const living = new Set<string>()
  for (const { asking, entries } of tables) {
    const role = agreement.roles.find((one) => one.code === asking.role)
    if (!role) continue
    for (const { clause, when } of entries.flatMap((one) => one.permissions)) {
      const key = `${clause.number}|${role.code}`
      const failing = conditionsIn(when).filter((one) => isImpossible(compiled, role, one))
      if (holdsWithout(when, failing)) living.add(key)
      else {
        const known = found.get(key) ?? { roles: new Set(), because: new Set() }
        known.roles.add(role.code)
        for (const one of failing) known.because.add(conditionText(one))
        found.set(key, known)
      }
    }
  }
  return [...found]
    .filter(([key]) => !living.has(key))
    .map(([key, { roles, because }]) => {
      const number = key.slice(0, key.indexOf('|'))
      return warning(
        'NEVER_HOLDS',
        number,
        `clause ${number} gives ${[...roles].join(', ')} nothing: ${[...because].join(' and ')} can never hold for that role`,
      )
    })
}

function isImpossible(
  { agreement, agencies }: CompiledAgreement,
  role: Role,
  { fact, argument }: Condition,
): boolean {
  if (OF_MEMBERS.has(fact)) return !role.member
  if (fact !== 'DECIDED_BY' && fact !== 'CLEARED_BY') return false
  const holder = agreement.roles.find((one) => one.code === argument)
  return (
    holder !== undefined &&
    holder.agencies !== null &&
    !agencies.some((agency) => holder.agencies?.some((one) => selects(one, agency)))
  )
}

/** With these false and everything else true. */
function holdsWithout(formula: Formula, failing: readonly Condition[]): boolean {
  return evaluate(formula, (one) => (failing.includes(one) ? 'FALSE' : 'TRUE')) === 'TRUE'
}

/**
 * Clauses that release something only together with another category (`WITH`), where no clause gives that
 * category of the same person from the same supplier to the same role and purpose whenever they hold: what
 * must travel together would travel alone.
 */
export function coupledNotGiven(tables: readonly Table[]): readonly Finding[] {
  const found = new Map<string, { clause: string; categories: Set<string>; rest: string }>()
  for (const { asking, entries } of tables) {
    for (const entry of entries) {
      for (const permission of entry.permissions) {
        const { number } = permission.clause
        for (const coupled of conditionsIn(permission.when)) {
          if (coupled.fact !== 'WITH') continue
          for (const part of alone(permission, entry, entries, coupled)) {
            const rest = `of ${part === null ? 'a case' : `a ${part}`} to ${asking.role} for ${asking.purpose} only together with ${coupled.argument}, which no clause gives them there: it would travel alone`
            const known = found.get(`${number}|${rest}`)
            if (known) known.categories.add(entry.category)
            else
              found.set(`${number}|${rest}`, {
                clause: number,
                categories: new Set([entry.category]),
                rest,
              })
          }
        }
      }
    }
  }
  return [...found.values()].map(({ clause, categories, rest }) =>
    warning(
      'COUPLED_NOT_GIVEN',
      clause,
      `clause ${clause} gives ${[...categories].join(', ')} ${rest}`,
    ),
  )
}

function alone(
  { parts, when, clause }: Permission,
  { supplier, unit }: Entry,
  entries: readonly Entry[],
  coupled: Condition,
): readonly (PartKind | null)[] {
  const givers = entries.filter(
    (one) => one.category === coupled.argument && one.supplier === supplier && one.unit === unit,
  )
  return PARTS_AND_NONE.filter((part) => {
    if ((parts & bitOf(part)) === 0) return false
    const giving = givers
      .flatMap((one) => one.permissions)
      .filter((one) => (one.parts & bitOf(part)) !== 0)
      .filter((one) => one.clause.form === 'SHARE' || clause.form === 'GENERALISE')
    return !implies(when, any(giving.map((one) => one.when)))
  })
}

/** Clauses that rest on facts which nothing in this hub answers. */
export function unanswered(
  { agreement }: CompiledAgreement,
  answered: ReadonlySet<string> | undefined,
): readonly Finding[] {
  if (answered === undefined) return []
  const isMissing = ({ fact }: Condition): boolean => fact !== 'OWN' && !answered.has(fact)
  return agreement.clauses.flatMap((clause): readonly Finding[] => {
    const missing = [...new Set(formulasOf(clause).flatMap(conditionsIn))].filter(isMissing)
    if (missing.length === 0) return []
    const asked = missing
      .map((one) => `${conditionText(one)} (${isFactCode(one.fact) ? FACTS[one.fact].says : '?'})`)
      .join(' and ')
    const comesTo =
      clause.effect === 'PROHIBIT'
        ? 'so it bars as if they were against the caller'
        : holdsWithout(clause.when, missing)
          ? 'so its other conditions alone can release something'
          : 'so it releases nothing here'
    return [
      note(
        'UNANSWERED_FACT',
        clause.number,
        `clause ${clause.number} asks for ${asked}, which nothing in this hub answers: it counts as unknown, ${comesTo}`,
      ),
    ]
  })
}

const formulasOf = (clause: Agreement['clauses'][number]): readonly Formula[] => [
  clause.when,
  clause.unless,
  ...[...clause.also, ...clause.instead].map((one) => one.when),
]
