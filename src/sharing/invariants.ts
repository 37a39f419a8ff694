import { type Clause, compareNumbers } from './agreement.js'
import { builtInBars } from './built-in-nevers.js'
import { everyTable, type Origin, plainCell, type Table } from './cells-of.js'
import type { CompiledAgreement } from './compile.js'
import type { Cell, Condition } from './decision.js'
import { condition, conditionText, GENERAL } from './facts.js'
import { conditionsIn, evaluate } from './formula.js'
import { formFor, spares } from './profile.js'
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

/** A field of a schema, with everybody who could supply its values. */
export interface CheckedField {
  /** `Type.field`. */
  readonly coordinate: string
  readonly cell: Cell
  readonly origins: readonly Origin[]
}

/**
 * Fields that a clause reaches by their category and a never keeps back all the same, because they may locate
 * somebody: the clause gives these roles less than its words.
 */
export interface Narrowing {
  readonly clause: string
  readonly never: string
  readonly roles: readonly string[]
  /** Kept back unless everybody whom they may locate is apart from the caller. */
  readonly fields: readonly string[]
}

export interface ReachReport {
  readonly counterexamples: readonly Counterexample[]
  readonly narrowings: readonly Narrowing[]
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
 * is taken to be apart (at run time the allocation says, and the same never stands there). A never that is
 * about the clause's whole category makes a counterexample. One that is only about some fields of it (those
 * that may locate somebody) narrows the clause: the engine keeps these fields back and `proveNevers` proves
 * that it does. `fields` are those of a schema; left out: one plain field for each category.
 */
export function reachOfNevers(
  compiled: CompiledAgreement,
  fields?: readonly CheckedField[],
): ReachReport {
  const found = new Map<string, Counterexample>()
  const tooMany = new Map<string, ReachReport['tooManyFacts'][number]>()
  const done = new Set<string>()
  for (const table of everyTable(compiled)) {
    const isAcross = isAcrossRole(compiled, table.asking.role)
    for (const entry of table.entries) {
      const bars = [...builtInBars(plainCell(entry.category)), ...entry.bars].filter(
        (one) => one.kind === 'NEVER',
      )
      for (const permission of entry.permissions) {
        for (const bar of bars) {
          const key = `${permission.id}|${bar.id}|${bar.number}|${isAcross}`
          if (done.has(key) || !couldMatter(permission, bar)) continue
          done.add(key)
          compare({ permission, bar, table, entry, isAcross, found, tooMany })
        }
      }
    }
  }
  return {
    counterexamples: [...found.values()],
    narrowings: fields === undefined ? [] : narrowingsOf(compiled, fields),
    tooManyFacts: [...tooMany.values()],
    compared: done.size,
  }
}

function isAcrossRole({ agreement }: CompiledAgreement, code: string): boolean {
  const side = agreement.roles.find((one) => one.code === code)?.side
  return side === 'PERPETRATOR' || side === 'BOTH'
}

function couldMatter(permission: Permission, bar: Bar): boolean {
  if ((permission.parts & bar.parts) === 0 || spares(bar, permission)) return false
  return bar.cap !== 'GENERALISE' || permission.clause.form === 'SHARE'
}

/** The never that stands before a field for whom it locates, and not before its whole category. */
function barByPlace(cell: Cell): Bar | undefined {
  const plain = builtInBars(plainCell(cell.category))
  return builtInBars(cell).find((one) => !plain.some((other) => other.number === one.number))
}

function narrowingsOf(
  compiled: CompiledAgreement,
  fields: readonly CheckedField[],
): readonly Narrowing[] {
  const found = new Map<string, { never: string; roles: Set<string>; fields: Set<string> }>()
  for (const { asking, entries } of everyTable(compiled)) {
    if (!isAcrossRole(compiled, asking.role)) continue
    for (const { category, supplier, unit, permissions } of entries) {
      const supplied = fields.filter(
        (one) =>
          one.cell.category === category &&
          one.origins.some((from) => from.supplier.id === supplier && from.unit === unit),
      )
      for (const permission of permissions) {
        const { number } = permission.clause
        for (const { coordinate, cell } of supplied) {
          const never = barByPlace(cell)?.number
          if (never === undefined || !isKeptBack(permission, cell)) continue
          const known = found.get(number) ?? { never, roles: new Set(), fields: new Set() }
          found.set(number, known)
          known.roles.add(asking.role)
          known.fields.add(coordinate)
        }
      }
    }
  }
  return [...found]
    .map(([clause, one]) => ({
      clause,
      never: one.never,
      roles: [...one.roles],
      fields: [...one.fields],
    }))
    .sort((one, other) => compareNumbers(one.clause, other.clause))
}

/** That a clause demands APART of its subject says nothing of the others whom a field may locate. */
function isKeptBack({ clause, when }: Permission, cell: Cell): boolean {
  if (!reachesField(clause, cell)) return false
  const holdsAcross = evaluate(when, (one) => (one === APART ? 'UNKNOWN' : 'TRUE')) === 'TRUE'
  return cell.locates === 'OTHERS' || holdsAcross
}

/** Whether a clause would give a field of its category, in some form. */
function reachesField({ locates, aspects, form, as }: Clause, cell: Cell): boolean {
  if (locates !== null && !locates.includes(cell.locates)) return false
  if (aspects !== null && (cell.aspect === undefined || !aspects.includes(cell.aspect)))
    return false
  return form === 'SHARE' || formFor(as, cell.forms) !== null
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
  const facts = [...new Set([permission.when, bar.unless].flatMap(conditionsIn))].filter(
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
    // What does not hold is unknown: no never is silent for that, so what its own `when` says does not count.
    const fact = (one: Condition): Tri =>
      GENERAL.includes(one) || holding.has(one) || (one === APART && !isAcross) ? 'TRUE' : 'UNKNOWN'
    if (evaluate(permission.when, fact) !== 'TRUE') continue
    if (evaluate(bar.unless, fact) === 'TRUE') continue
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
