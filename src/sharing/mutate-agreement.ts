import type { Agreement, Clause } from './agreement.js'
import { clauseOfCase, readCases, runCase } from './agreement-cases.js'
import { everyTable } from './cells-of.js'
import { type CompiledAgreement, compileAgreement } from './compile.js'
import { conditionText } from './facts.js'
import { ALWAYS, assume, conditionsIn, formulaText, NOWHERE } from './formula.js'
import type { AgencyRef } from './vocabulary.js'
import type { AgreementFile } from './yaml-source.js'

/** A clause made wrong on purpose, and whether the agreement's own cases notice. */
export interface Mutant {
  readonly clause: string
  readonly what: string
  readonly isNoticed: boolean
  /** For these agencies the wrong clause says the same: no case could notice it. */
  readonly isSame: boolean
}

export interface CaseCoverage {
  readonly clauses: number
  /** Clauses that some case is about. */
  readonly covered: number
  /** Numbers of those that none is about. */
  readonly uncovered: readonly string[]
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
  const meaning = meaningOf(compileAgreement(agreement, agencies))
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
      const isSame = !isNoticed && meaningOf(compiled) === meaning
      return { clause: clause.number, what, isNoticed, isSame }
    })
  })
  return { ...clauseCoverage(agreement, files), mutants }
}

/** Which clauses some case is about. */
export function clauseCoverage(
  agreement: Agreement,
  files: readonly AgreementFile[],
): Omit<CaseCoverage, 'mutants'> {
  const about = new Set(readCases(files).cases.map(clauseOfCase))
  const uncovered = agreement.clauses
    .map((one) => one.number)
    .filter((number) => !about.has(number))
  const clauses = agreement.clauses.length
  return { clauses, covered: clauses - uncovered.length, uncovered }
}

/** One text for all that an agreement decides: equal for two that nobody could tell apart. */
function meaningOf(compiled: CompiledAgreement): string {
  return JSON.stringify(
    everyTable(compiled).map(({ entries }) =>
      entries.map(({ permissions, bars, barren }) => [
        barren,
        permissions.map(({ clause, parts, when, obligations }) => [
          clause.number,
          [clause.form, clause.as, clause.codes, clause.locates, clause.aspects],
          [clause.freshHours, clause.unlinked, parts, formulaText(when), obligations],
        ]),
        bars.map(({ id: _, when, unless, ...bar }) => [
          bar,
          formulaText(when),
          formulaText(unless),
        ]),
      ]),
    ),
  )
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

/** Wrong clauses that no case notices, though one could. */
export const unnoticed = ({ mutants }: CaseCoverage): readonly Mutant[] =>
  mutants.filter((one) => !one.isNoticed && !one.isSame)

/** As lines: what no case notices, and the figures. */
export function coverageText(coverage: CaseCoverage): string {
  const { clauses, covered, uncovered, mutants } = coverage
  const alive = unnoticed(coverage)
  const same = mutants.filter((one) => one.isSame).length
  return [
    ...uncovered.map((number) => `no case is about clause ${number}`),
    ...alive.map((one) => `no case notices clause ${one.clause} ${one.what}`),
    `${covered} of ${clauses} clauses have cases; ${mutants.length - same - alive.length} of ${mutants.length - same} wrong clauses are noticed${same > 0 ? `, ${same} more would change nothing for these agencies` : ''}`,
  ].join('\n')
}
