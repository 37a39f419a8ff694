import type { Clause } from './agreement.js'
import { builtInBars } from './built-in-nevers.js'
import { everyTable, plainCell, type Table } from './cells-of.js'
import type { CompiledAgreement } from './compile.js'
import type { Cell, Condition } from './decision.js'
import { condition, conditionText, GENERAL } from './facts.js'
import { conditionsIn, evaluate } from './formula.js'
import { spares } from './profile.js'
import { type Bar, bitOf, type Entry, PARTS_AND_NONE, type Permission } from './rules.js'
import type { PartKind, Tri } from './vocabulary.js'

/** Facts that one comparison may depend on; more are refused, so that everything can be enumerated. */
export const factsMax = 12

/** A clause that could reach a never: where, with which facts, told in a sentence. */
export interface Counterexample {
  readonly clause: string
  readonly never: string
  readonly role: string
  readonly purpose: string
  readonly part: PartKind | null
  readonly category: Cell['category']
  readonly supplier: string
  /** Facts that are true; all others of the comparison are not. */
  readonly holding: readonly string[]
  readonly sentence: string
}

export interface ReachReport {
  readonly counterexamples: readonly Counterexample[]
  /** Clauses whose comparison would depend on more facts than may be enumerated. */
  readonly tooManyFacts: readonly {
    readonly clause: string
    readonly never: string
    readonly facts: number
  }[]
  /** Comparisons made, equal ones once. */
  readonly compared: number
}

const APART = condition('APART')

/**
 * Every clause against every never, over all roles, purposes, parts, suppliers and facts: could the clause
 * hold for somebody towards whom the never stands? A caller whose role is on neither or the victim's side
 * is taken to be apart (at run time the allocation says, and the same never stands there). `cells` are the
 * fields of a schema; left out: one plain field for each category.
 */
export function reachOfNevers(compiled: CompiledAgreement, cells?: readonly Cell[]): ReachReport {
  const found = new Map<string, Counterexample>()
  const tooMany = new Map<string, ReachReport['tooManyFacts'][number]>()
  const done = new Set<string>()
  for (const table of everyTable(compiled)) {
    const role = compiled.agreement.roles.find((one) => one.code === table.asking.role)
    const isAcross = role?.side === 'PERPETRATOR' || role?.side === 'BOTH'
    for (const entry of table.entries) {
      for (const cell of cellsOf(entry, cells)) {
        const bars = [...builtInBars(cell), ...entry.bars].filter((one) => one.kind === 'NEVER')
        for (const permission of entry.permissions) {
          for (const bar of bars) {
            const key = `${permission.id}|${bar.id}|${bar.number}|${isAcross}`
            if (done.has(key) || !couldMatter(permission, bar, cell)) continue
            done.add(key)
            compare({ permission, bar, table, entry, isAcross, found, tooMany })
          }
        }
      }
    }
  }
  return {
    counterexamples: [...found.values()],
    tooManyFacts: [...tooMany.values()],
    compared: done.size,
  }
}

function cellsOf(entry: Entry, cells: readonly Cell[] | undefined): readonly Cell[] {
  if (cells === undefined) return [plainCell(entry.category)]
  return cells.filter((one) => one.category === entry.category)
}

function couldMatter(permission: Permission, bar: Bar, cell: Cell): boolean {
  if ((permission.parts & bar.parts) === 0 || spares(bar, permission)) return false
  if (bar.cap === 'GENERALISE' && permission.clause.form !== 'SHARE') return false
  return permission.clause.locates === null || permission.clause.locates.includes(cell.locates)
}

interface Comparison {
  readonly permission: Permission
  readonly bar: Bar
  readonly table: Table
  readonly entry: Entry
  readonly isAcross: boolean
  readonly found: Map<string, Counterexample>
  readonly tooMany: Map<string, ReachReport['tooManyFacts'][number]>
}

function compare({ permission, bar, table, entry, isAcross, found, tooMany }: Comparison): void {
  const { number } = permission.clause
  const facts = [...new Set([permission.when, bar.when, bar.unless].flatMap(conditionsIn))].filter(
    (one) => !GENERAL.includes(one) && (isAcross || one !== APART),
  )
  if (facts.length > factsMax) {
    tooMany.set(`${number}|${bar.number}`, {
      clause: number,
      never: bar.number,
      facts: facts.length,
    })
    return
  }
  for (const holding of subsets(facts)) {
    // What does not hold is unknown: that fires a never as surely as false does, and PROTECTED_ELSEWHERE too.
    const fact = (one: Condition): Tri =>
      GENERAL.includes(one) || holding.has(one) || (one === APART && !isAcross) ? 'TRUE' : 'UNKNOWN'
    if (evaluate(permission.when, fact) !== 'TRUE') continue
    if (evaluate(bar.unless, fact) === 'TRUE' || evaluate(bar.when, fact) === 'FALSE') continue
    const key = `${number}|${bar.number}|${entry.category}`
    if (!found.has(key)) found.set(key, counterexample(permission, bar, table, entry, [...holding]))
    return
  }
}

/** All subsets, the smaller numbers of facts not necessarily first; the empty one is among them. */
function* subsets<T>(of: readonly T[]): Generator<ReadonlySet<T>> {
  for (let bits = 0; bits < 2 ** of.length; bits += 1) {
    yield new Set(of.filter((_, index) => (bits & (1 << index)) !== 0))
  }
}

function counterexample(
  permission: Permission,
  bar: Bar,
  { asking }: Table,
  entry: Entry,
  holding: readonly Condition[],
): Counterexample {
  const part =
    PARTS_AND_NONE.find((one) => (permission.parts & bar.parts & bitOf(one)) !== 0) ?? null
  const { clause } = permission
  const facts = holding.map(conditionText)
  const whose = part === null ? 'of a case' : `of a ${part}`
  const when = facts.length === 0 ? 'whatever is known' : `when ${facts.join(' and ')}`
  return {
    clause: clause.number,
    never: bar.number,
    role: asking.role,
    purpose: asking.purpose,
    part,
    category: entry.category,
    supplier: entry.supplier,
    holding: facts,
    sentence:
      `clause ${clause.number} would release ${entry.category} ${whose}, supplied by \`${entry.supplier}\`` +
      `${entry.unit ? ' in the unit' : ''}, to ${asking.role} for ${asking.purpose} ${when}: never ${bar.number} forbids it`,
  }
}

/** Clauses by number, for messages. */
export function clauseByNumber(compiled: CompiledAgreement, number: string): Clause | undefined {
  return compiled.agreement.clauses.find((one) => one.number === number)
}
