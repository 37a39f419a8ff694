import type { Clause } from './agreement.js'
import { compareNumbers } from './agreement.js'
import { everyTable, type Table } from './cells-of.js'
import { type CompiledAgreement, selects } from './compile.js'
import type { Cell, Condition } from './decision.js'
import { conditionText, FACTS, isFactCode } from './facts.js'
import { conditionsIn, evaluate, type Formula } from './formula.js'
import { factsMax, reachOfNevers } from './invariants.js'
import { ALL_CATEGORIES } from './normalise-agreement.js'
import { proveNevers } from './prove-nevers.js'
import type { Entry, Permission } from './rules.js'

/** Something an IG lead should know of an agreement before it is signed. An ERROR keeps it from loading. */
export interface Finding {
  readonly severity: 'ERROR' | 'WARNING' | 'NOTE'
  readonly code: FindingCode
  readonly clause: string | null
  readonly sentence: string
}
export type FindingCode =
  | 'REACHES_NEVER'
  | 'BREAKS_NEVER'
  | 'TOO_MANY_FACTS'
  | 'DEAD_CLAUSE'
  | 'SHADOWED_CLAUSE'
  | 'UNREACHED_ROLE'
  | 'UNREACHED_CATEGORY'
  | 'UNSERVED_PURPOSE'
  | 'NO_RECEIVER_BASIS'
  | 'BASIS_NOT_IN_FORCE'
  | 'UNANSWERED_FACT'

export interface CheckReport {
  readonly agreement: string
  readonly findings: readonly Finding[]
  readonly clauses: number
  readonly compared: number
  readonly decided: number
}

export interface CheckOptions {
  /** Fields of a schema; left out: a plain one for each category. */
  readonly cells?: readonly Cell[]
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
  const tables = everyTable(compiled)
  const reach = reachOfNevers(compiled, options.cells)
  const proof = proveNevers(compiled, options.cells)
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
    ...deadClauses(compiled, tables),
    ...shadowedClauses(compiled, tables),
    ...unreached(compiled, tables),
    ...bases(compiled, options.on),
    ...unanswered(compiled, options.answered),
  ]
  return {
    agreement: compiled.version,
    findings,
    clauses: compiled.agreement.clauses.length,
    compared: reach.compared,
    decided: proof.decided,
  }
}

const error = (code: FindingCode, clause: string | null, sentence: string): Finding => ({
  severity: 'ERROR',
  code,
  clause,
  sentence,
})
const warning = (code: FindingCode, clause: string | null, sentence: string): Finding => ({
  severity: 'WARNING',
  code,
  clause,
  sentence,
})
const note = (code: FindingCode, clause: string | null, sentence: string): Finding => ({
  severity: 'NOTE',
  code,
  clause,
  sentence,
})

/** As lines for a terminal, worst first. */
export function checkText({
  agreement,
  findings,
  clauses,
  compared,
  decided,
}: CheckReport): string {
  const order = { ERROR: 0, WARNING: 1, NOTE: 2 }
  const lines = [...findings]
    .sort((one, other) => order[one.severity] - order[other.severity])
    .map((one) => `${one.severity.toLowerCase()}: ${one.sentence} [${one.code}]`)
  const errors = findings.filter((one) => one.severity === 'ERROR').length
  const verdict =
    errors === 0
      ? 'no clause reaches a never'
      : `${errors} ${errors === 1 ? 'error' : 'errors'}: it cannot be loaded`
  return [
    ...lines,
    `${agreement}: ${clauses} clauses, ${compared} comparisons and ${decided} decisions enumerated; ${verdict}`,
  ].join('\n')
}

function deadClauses(
  { agreement, agencies }: CompiledAgreement,
  tables: readonly Table[],
): readonly Finding[] {
  const alive = new Set<string>()
  for (const { entries } of tables) {
    for (const { permissions, bars } of entries) {
      for (const one of permissions) alive.add(one.clause.number)
      for (const one of bars) alive.add(one.number)
    }
  }
  const kinds = agencies.map((one) => one.kind).join(', ')
  return agreement.clauses
    .filter((one) => !alive.has(one.number))
    .map((one) =>
      warning(
        'DEAD_CLAUSE',
        one.number,
        one.effect === 'PERMIT'
          ? `clause ${one.number} releases nothing: none of ${one.to.join(', ')} may state one of its purposes and meet its conditions, with agencies of the kinds ${kinds}`
          : `clause ${one.number} bars nothing: no other clause would release what it forbids`,
      ),
    )
}

interface Place {
  readonly entry: Entry
  readonly permission: Permission
}

function shadowedClauses(
  { agreement }: CompiledAgreement,
  tables: readonly Table[],
): readonly Finding[] {
  const places = new Map<string, Place[]>()
  for (const { entries } of tables) {
    for (const entry of entries) {
      for (const permission of entry.permissions) {
        const known = places.get(permission.clause.number)
        if (known) known.push({ entry, permission })
        else places.set(permission.clause.number, [{ entry, permission }])
      }
    }
  }
  return agreement.clauses.flatMap((clause): Finding[] => {
    const own = places.get(clause.number) ?? []
    const by = own.map(({ entry, permission }) => shadowOf(permission, entry))
    if (own.length === 0 || by.some((one) => one === null)) return []
    const names = [...new Set(by)].join(', ')
    const still = clause.obligations.length > 0 ? ' (it still adds its obligations)' : ''
    return [
      warning(
        'SHADOWED_CLAUSE',
        clause.number,
        `clause ${clause.number} releases nothing that ${names} would not release as well${still}`,
      ),
    ]
  })
}

/** The clause under which everything that this one releases here is released anyway. */
function shadowOf(permission: Permission, { permissions }: Entry): string | null {
  const shadow = permissions.find((one) => {
    if (one.clause.number === permission.clause.number || !isAsOpen(one.clause, permission.clause))
      return false
    if ((permission.parts & ~one.parts) !== 0 || !implies(permission.when, one.when)) return false
    // Two clauses that say the same do not both vanish: the earlier stands.
    const isSame =
      implies(one.when, permission.when) &&
      one.parts === permission.parts &&
      isAsOpen(permission.clause, one.clause)
    return !isSame || compareNumbers(one.clause.number, permission.clause.number) < 0
  })
  return shadow?.clause.number ?? null
}

function isAsOpen(one: Clause, than: Clause): boolean {
  const isForm =
    one.form === 'SHARE' || (than.form === 'GENERALISE' && one.as.join() === than.as.join())
  const isFree = one.codes.length === 0 || than.codes.join() === one.codes.join()
  return (
    isForm &&
    isFree &&
    isAsWide(one.locates, than.locates) &&
    isAsWide(one.aspects, than.aspects) &&
    (one.unlinked || !than.unlinked)
  )
}

/** Null stands for no limit. */
function isAsWide(one: readonly string[] | null, than: readonly string[] | null): boolean {
  return one === null || (than?.every((word) => one.includes(word)) ?? false)
}

/** Whether the second holds wherever the first does; false too where that is too much to enumerate. */
export function implies(one: Formula, other: Formula): boolean {
  const facts = [...new Set([...conditionsIn(one), ...conditionsIn(other)])]
  if (facts.length > factsMax) return false
  for (let bits = 0; bits < 2 ** facts.length; bits += 1) {
    const fact = (asked: Condition) =>
      (bits & (1 << facts.indexOf(asked))) !== 0 ? 'TRUE' : 'FALSE'
    if (evaluate(one, fact) === 'TRUE' && evaluate(other, fact) !== 'TRUE') return false
  }
  return true
}

function unreached({ agreement }: CompiledAgreement, tables: readonly Table[]): readonly Finding[] {
  const roles = new Set<string>()
  const purposes = new Set<string>()
  const categories = new Set<string>()
  for (const { asking, entries } of tables) {
    for (const { category, permissions } of entries) {
      if (permissions.length === 0) continue
      roles.add(asking.role)
      purposes.add(asking.purpose)
      categories.add(category)
    }
  }
  return [
    ...agreement.roles
      .filter((one) => !roles.has(one.code))
      .map((one) =>
        warning('UNREACHED_ROLE', null, `no clause releases anything to the role ${one.code}`),
      ),
    ...agreement.purposes
      .filter((one) => !purposes.has(one.code))
      .map((one) =>
        note(
          'UNSERVED_PURPOSE',
          null,
          `no clause serves the purpose ${one.code}, so it has no lawful basis here and nothing is released for it`,
        ),
      ),
    ...ALL_CATEGORIES.filter((one) => !categories.has(one)).map((one) =>
      note('UNREACHED_CATEGORY', null, `no clause releases ${one}`),
    ),
  ]
}

function bases(
  { agreement, agencies }: CompiledAgreement,
  on: string | undefined,
): readonly Finding[] {
  const rolesOf = (kind: string): readonly string[] =>
    agreement.roles
      .filter(
        (role) =>
          role.agencies === null ||
          agencies.some(
            (one) => one.kind === kind && role.agencies?.some((selector) => selects(selector, one)),
          ),
      )
      .map((role) => role.code)
  return agreement.clauses.flatMap((clause) => {
    const found: Finding[] = []
    const kinds = clause.from.flatMap((one) => (one.kind === 'KIND' ? [one.of] : []))
    const isCrossing = clause.to.some((role) => kinds.some((kind) => !rolesOf(kind).includes(role)))
    if (isCrossing && clause.effect === 'PERMIT' && clause.basis.receiver.length === 0) {
      found.push(
        warning(
          'NO_RECEIVER_BASIS',
          clause.number,
          `clause ${clause.number} crosses from one agency to another and names no basis of the receiver`,
        ),
      )
    }
    for (const code of [...clause.basis.giver, ...clause.basis.receiver]) {
      const basis = agreement.bases.find((one) => one.code === code)
      if (
        on !== undefined &&
        basis &&
        ((basis.from !== null && on < basis.from) || (basis.until !== null && on > basis.until))
      ) {
        found.push(
          warning(
            'BASIS_NOT_IN_FORCE',
            clause.number,
            `clause ${clause.number} rests on ${code}, which is not in force on ${on}`,
          ),
        )
      }
    }
    return found
  })
}

function unanswered(
  { agreement }: CompiledAgreement,
  answered: ReadonlySet<string> | undefined,
): readonly Finding[] {
  if (answered === undefined) return []
  return agreement.clauses.flatMap((clause) =>
    [clause.when, clause.unless, ...[...clause.also, ...clause.instead].map((one) => one.when)]
      .flatMap(conditionsIn)
      .filter((one) => one.fact !== 'OWN' && !answered.has(one.fact))
      .map((one) =>
        warning(
          'UNANSWERED_FACT',
          clause.number,
          `clause ${clause.number} asks whether ${isFactCode(one.fact) ? FACTS[one.fact].says : conditionText(one)}, which nothing here answers: it counts as unknown`,
        ),
      ),
  )
}
