import type { Agreement, Clause } from './agreement.js'
import { clauseOfCase, readCases, runCase } from './agreement-cases.js'
import { compileAgreement } from './compile.js'
import { conditionText } from './facts.js'
import { ALWAYS, assume, conditionsIn, NOWHERE } from './formula.js'
import type { AgencyRef } from './vocabulary.js'
import type { AgreementFile } from './yaml-source.js'

/** A clause made wrong on purpose, and whether the agreement's own cases notice. */
export interface Mutant {
  readonly clause: string
  readonly what: string
  readonly isNoticed: boolean
}

export interface CaseCoverage {
  readonly clauses: number
  /** Clauses that some case is about. */
  readonly covered: number
  readonly mutants: readonly Mutant[]
}

/**
 * How well an agreement's cases hold it: every clause is taken out, its form opened or closed, each of its
 * conditions dropped, its parts and roles widened; each such change should break a case.
 */
export function caseCoverage(
  agreement: Agreement,
  agencies: readonly AgencyRef[],
  files: readonly AgreementFile[],
): CaseCoverage {
  const { cases } = readCases(files)
  const about = new Set(cases.map(clauseOfCase))
  const mutants = agreement.clauses.flatMap((clause) => {
    // Those about the clause first: they mostly notice, and the others need not be run.
    const own = cases.filter((one) => clauseOfCase(one) === clause.number)
    const others = cases.filter((one) => clauseOfCase(one) !== clause.number)
    return mutantsOf(clause, agreement).map(({ what, changed }): Mutant => {
      const clauses = agreement.clauses.flatMap((one) =>
        one !== clause ? [one] : changed === null ? [] : [changed],
      )
      const compiled = compileAgreement({ ...agreement, clauses }, agencies)
      const isNoticed = [...own, ...others].some(
        (one) => runCase(compiled, one).failures.length > 0,
      )
      return { clause: clause.number, what, isNoticed }
    })
  })
  return {
    clauses: agreement.clauses.length,
    covered: agreement.clauses.filter((one) => about.has(one.number)).length,
    mutants,
  }
}

interface Change {
  readonly what: string
  /** Null: taken out. */
  readonly changed: Clause | null
}

function mutantsOf(clause: Clause, { roles }: Agreement): readonly Change[] {
  const changes: Change[] = [{ what: 'taken out', changed: null }]
  const change = (what: string, over: Partial<Clause>): void => {
    changes.push({ what, changed: { ...clause, ...over } })
  }
  if (clause.effect === 'PROHIBIT') {
    change('its exception taken out', { unless: NOWHERE })
    change('silent always', { unless: ALWAYS })
    return changes
  }
  for (const one of conditionsIn(clause.when))
    change(`without ${conditionText(one)}`, { when: assume(clause.when, one, true) })
  clause.also.forEach((_, index) => {
    change(`without its further condition ${index + 1}`, {
      also: clause.also.filter((__, at) => at !== index),
    })
  })
  clause.instead.forEach((_, index) => {
    change(`without its other condition ${index + 1}`, {
      instead: clause.instead.filter((__, at) => at !== index),
    })
  })
  if (clause.only.length > 0) change('for all parts to all roles', { only: [] })
  if (clause.form === 'GENERALISE') change('shared whole', { form: 'SHARE', as: [] })
  if (clause.locates !== null) change('whomever it locates', { locates: null })
  if (clause.aspects !== null) change('of any aspect', { aspects: null })
  const others = roles.map((one) => one.code).filter((one) => !clause.to.includes(one))
  if (clause.to.length > 1 && others.length > 0)
    change('to its first role only', { to: clause.to.slice(0, 1) })
  return changes
}

/** As lines: what no case notices, and the figures. */
export function coverageText({ clauses, covered, mutants }: CaseCoverage): string {
  const alive = mutants.filter((one) => !one.isNoticed)
  return [
    ...alive.map((one) => `no case notices clause ${one.clause} ${one.what}`),
    `${covered} of ${clauses} clauses have cases; ${mutants.length - alive.length} of ${mutants.length} wrong clauses are noticed`,
  ].join('\n')
}
