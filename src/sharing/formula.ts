import type { Condition } from './decision.js'
import type { Tri } from './vocabulary.js'

/**
 * What a clause demands: conditions joined by all and any, without negation, so that a fact that
 * becomes known or true never takes a permission away.
 */
export type Formula =
  | { readonly kind: 'CONDITION'; readonly condition: Condition }
  | { readonly kind: 'ALL'; readonly of: readonly Formula[] }
  | { readonly kind: 'ANY'; readonly of: readonly Formula[] }

export const ALWAYS: Formula = { kind: 'ALL', of: [] }
export const NOWHERE: Formula = { kind: 'ANY', of: [] }

export const is = (condition: Condition): Formula => ({ kind: 'CONDITION', condition })

/** All of them, flattened. */
export function all(parts: readonly Formula[]): Formula {
  const flat = parts.flatMap((part) => (part.kind === 'ALL' ? part.of : [part]))
  return flat.length === 1 && flat[0] ? flat[0] : { kind: 'ALL', of: flat }
}

/** Any of them, flattened. */
export function any(parts: readonly Formula[]): Formula {
  const flat = parts.flatMap((part) => (part.kind === 'ANY' ? part.of : [part]))
  return flat.length === 1 && flat[0] ? flat[0] : { kind: 'ANY', of: flat }
}

/** Three-valued: FALSE beats UNKNOWN in ALL, TRUE beats UNKNOWN in ANY (Kleene's strong logic). */
export function evaluate(formula: Formula, fact: (condition: Condition) => Tri): Tri {
  switch (formula.kind) {
    case 'CONDITION':
      return fact(formula.condition)
    case 'ALL':
      return join(formula.of, fact, 'FALSE', 'TRUE')
    case 'ANY':
      return join(formula.of, fact, 'TRUE', 'FALSE')
  }
}

function join(
  of: readonly Formula[],
  fact: (condition: Condition) => Tri,
  decisive: Tri,
  otherwise: Tri,
): Tri {
  let result = otherwise
  for (const part of of) {
    const value = evaluate(part, fact)
    if (value === decisive) return decisive
    if (value === 'UNKNOWN') result = 'UNKNOWN'
  }
  return result
}

/** The formula with a condition's value filled in; ALWAYS or NOWHERE where that settles it. */
export function assume(formula: Formula, known: Condition, value: boolean): Formula {
  switch (formula.kind) {
    case 'CONDITION':
      return formula.condition === known ? (value ? ALWAYS : NOWHERE) : formula
    case 'ALL': {
      const of = formula.of.map((part) => assume(part, known, value))
      return of.some(isNowhere) ? NOWHERE : all(of)
    }
    case 'ANY': {
      const of = formula.of.map((part) => assume(part, known, value))
      return of.some(isAlways) ? ALWAYS : any(of)
    }
  }
}

export const isAlways = (formula: Formula): boolean =>
  formula.kind === 'ALL' && formula.of.length === 0
export const isNowhere = (formula: Formula): boolean =>
  formula.kind === 'ANY' && formula.of.length === 0

/** Every condition in it, each once. */
export function conditionsIn(formula: Formula): readonly Condition[] {
  if (formula.kind === 'CONDITION') return [formula.condition]
  return [...new Set(formula.of.flatMap(conditionsIn))]
}

/** One text for one formula, for comparing and printing. */
export function formulaText(formula: Formula): string {
  switch (formula.kind) {
    case 'CONDITION':
      return formula.condition.argument === null
        ? formula.condition.fact
        : `${formula.condition.fact}(${formula.condition.argument})`
    case 'ALL':
      return formula.of.length === 0 ? 'always' : formula.of.map(bracketed).join(' and ')
    case 'ANY':
      return formula.of.length === 0 ? 'nowhere' : formula.of.map(bracketed).join(' or ')
  }
}

function bracketed(formula: Formula): string {
  return formula.kind === 'CONDITION' ? formulaText(formula) : `(${formulaText(formula)})`
}
