import { everyTable } from './cells-of.js'
import { bases } from './check-bases.js'
import { deadClauses, shadowedClauses } from './check-clauses.js'
import { coupledNotGiven, neverHolding, unanswered } from './check-conditions.js'
import { error, type Finding } from './check-finding.js'
import { narrowed, unreached, unreachedFields } from './check-reach.js'
import type { CompiledAgreement } from './compile.js'
import { type CheckedField, factsMax, reachOfNevers } from './invariants.js'
import { proveNevers } from './prove-nevers.js'
import { CATEGORIES } from './vocabulary.js'

export type { Finding, FindingCode } from './check-finding.js'

export interface CheckReport {
  readonly agreement: string
  readonly findings: readonly Finding[]
  readonly clauses: number
  /** Different kinds of field that were looked at. */
  readonly cells: number
  readonly compared: number
  readonly decided: number
}

export interface CheckOptions {
  /** Fields of a schema, with who could supply them; left out: a plain one for each category. */
  readonly fields?: readonly CheckedField[]
  /** Facts that some room answers; left out: all of them. */
  readonly answered?: ReadonlySet<string>
  /** The day for which bases must be in force; left out: not looked at. */
  readonly on?: string
}

/** Everything that can be said of an agreement without anybody's data. */
export function checkAgreement(
  compiled: CompiledAgreement,
  options: CheckOptions = {},
): CheckReport {
  const { fields } = options
  const cells = fields && [...new Set(fields.map((one) => one.cell))]
  const reach = reachOfNevers(compiled, fields)
  const proof = proveNevers(compiled, cells)
  const findings: Finding[] = [
    ...reach.counterexamples.map((one) => error('REACHES_NEVER', one.clause, one.sentence)),
    ...reach.tooManyFacts.map((one) =>
      error(
        'TOO_MANY_FACTS',
        one.clause,
        `clause ${one.clause} against never ${one.never} depends on ${one.facts} facts, more than ${factsMax}`,
      ),
    ),
    ...proof.refused.map((one) =>
      error('TOO_MANY_FACTS', null, `${one} depends on more facts than can be enumerated`),
    ),
    ...proof.breaches.map((one) => error('BREAKS_NEVER', null, one.sentence)),
    ...reach.narrowings.map(narrowed),
    ...checkWording(compiled, options),
  ]
  return {
    agreement: compiled.version,
    findings,
    clauses: compiled.agreement.clauses.length,
    cells: cells?.length ?? CATEGORIES.length,
    compared: reach.compared,
    decided: proof.decided,
  }
}

/** What its clauses say of each other and of what there is, without the proof of the nevers. */
export function checkWording(
  compiled: CompiledAgreement,
  { fields, answered, on }: CheckOptions = {},
): readonly Finding[] {
  const tables = everyTable(compiled)
  return [
    ...deadClauses(compiled, tables),
    ...neverHolding(compiled, tables),
    ...coupledNotGiven(tables),
    ...shadowedClauses(compiled, tables),
    ...unreached(compiled, tables),
    ...(fields ? unreachedFields(compiled, tables, fields) : []),
    ...bases(compiled, on),
    ...unanswered(compiled, answered),
  ]
}

/** As lines for a terminal, worst first. */
export function checkText({
  agreement,
  findings,
  clauses,
  cells,
  compared,
  decided,
}: CheckReport): string {
  const order = { ERROR: 0, WARNING: 1, NOTE: 2 }
  const lines = [...findings]
    .sort((one, other) => order[one.severity] - order[other.severity])
    .map((one) => `${one.severity.toLowerCase()}: ${one.sentence} [${one.code}]`)
  const count = (severity: Finding['severity']): number =>
    findings.filter((one) => one.severity === severity).length
  const [errors, warnings] = [count('ERROR'), count('WARNING')]
  const verdict =
    errors === 0
      ? 'no clause reaches a never'
      : `${errors} ${errors === 1 ? 'error' : 'errors'}: it cannot be loaded`
  const besides = `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${count('NOTE')} notes`
  return [
    ...lines,
    `${agreement}: ${clauses} clauses, ${cells} kinds of field, ${compared} comparisons and ${decided} decisions enumerated; ${verdict}; ${besides}`,
  ].join('\n')
}
