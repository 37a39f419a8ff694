import type { Cell, Condition, Decision, Situation } from '../sharing/decision.js'
import type { StandingRef, SubjectTag, ValueMarks } from '../sharing/fact-source.js'
import { type FactBasis, variesBy } from '../sharing/facts.js'
import type { FactStore, Standings } from './fact-store.js'
import type { Governance } from './governance.js'
import { Likeness } from './likeness.js'

/** Decides one value; the compiled agreement for this caller's profile. */
export type Decide = (cell: Cell, situation: Situation) => Decision

/** Whether a never stands before one value, whatever else holds. */
export type IsNever = (cell: Cell, situation: Situation) => boolean

/** What the agreement makes of one caller and purpose; one object for equal tables. */
export interface RequestProfile {
  readonly key: string
  readonly decide: Decide
  readonly isNever: IsNever
  /** Every condition that `decide` and `isNever` may ask for before a value of this cell. */
  readonly restsOn: (cell: Cell) => readonly Condition[]
}

/** One fact to be known: a condition, and a cell whose category it is asked for. */
interface Slot {
  readonly condition: Condition
  readonly cell: Cell
}

const likenessesMax = 20_000

/** Likenesses met so far. Full, they are left to the requests that read from them, and begun anew. */
class Met {
  readonly likenesses = new Map<string, Likeness>()
  private readonly numbers = new Map<string, number>()

  /** A short name for a long text. */
  numberOf(text: string): number {
    const known = this.numbers.get(text)
    if (known !== undefined) return known
    this.numbers.set(text, this.numbers.size)
    return this.numbers.size - 1
  }

  get isFull(): boolean {
    return this.likenesses.size + this.numbers.size > likenessesMax
  }
}

/**
 * What decisions on a set of cells rest on, for one profile: the facts that they can ask for. Subjects
 * for whom all of these are the same are decided alike (one `Likeness`), whoever they are, in this
 * request and in every later one of the profile. INVARIANT: decisions are functions of these facts, of
 * supplier and unit and of the parts in which the subject figures; `restsOn` leaves nothing out.
 */
export class Basis {
  private readonly slots: Readonly<Record<FactBasis, readonly Slot[]>>
  /** Whether a value of these cells may locate somebody whom it is not about. */
  private readonly locatesOthers: boolean
  /** Indexes in the governance's table. */
  readonly cells: readonly number[]
  /** Whether some of it is released only together with something else of the person. */
  readonly restsOnTogether: boolean
  private met = new Met()

  constructor(
    readonly profile: RequestProfile,
    readonly governance: Governance,
    /** Whose existence is decided; what that rests on is among the cells. */
    readonly types: readonly string[],
    readonly asked: readonly number[] = [],
  ) {
    const cells = [
      ...new Set([
        ...asked,
        ...types.flatMap((name) => [
          ...governance.existenceCells(name),
          ...governance.toldByPresence(name),
        ]),
      ]),
    ]
    this.cells = cells
    const slots: Record<FactBasis, Slot[]> = { STANDING: [], SUPPLIER: [], VALUE: [], BOTH: [] }
    const seen = new Map<Condition, Set<string>>()
    for (const index of cells) {
      const cell = governance.cells[index]
      for (const condition of cell ? profile.restsOn(cell) : []) {
        const { by, byCategory } = variesBy(condition)
        const categories = seen.get(condition) ?? new Set()
        const name = byCategory && cell ? cell.category : ''
        if (cell && !categories.has(name)) slots[by].push({ condition, cell })
        seen.set(condition, categories.add(name))
      }
    }
    this.slots = slots
    this.restsOnTogether = [...seen.keys()].some(({ fact }) => fact === 'WITH')
    this.locatesOthers = cells.some((index) => governance.cells[index]?.locates === 'OTHERS')
  }

  /** Reads one request's facts by this basis. */
  reading(facts: FactStore): Reading {
    if (this.met.isFull) this.met = new Met()
    return new Reading(this, this.slots, facts, this.met, this.locatesOthers)
  }
}

/** Finds the likenesses of one request's subjects; facts are loaded beforehand. */
export class Reading {
  private readonly byRef = new Map<StandingRef, number>()
  private readonly bySupplier = new Map<string, Map<StandingRef, number>>()
  private readonly byStandings = new Map<Standings, string>()
  private readonly bySupplierStandings = new Map<string, Map<Standings, string>>()

  constructor(
    private readonly basis: Basis,
    private readonly slots: Readonly<Record<FactBasis, readonly Slot[]>>,
    private readonly facts: FactStore,
    private readonly met: Met,
    private readonly locatesOthers: boolean,
  ) {}

  likenessOf(tag: SubjectTag): Likeness {
    const { marks } = tag
    const standings = this.facts.standingsOf(tag)
    const isPerson = tag.kind === 'PERSON'
    let key = `${marks.supplier}|${marks.unit ? 'U' : ''}${isPerson ? 'P' : ''}|`
    const first = standings[0]?.here[0]
    if (first) key += this.asked(this.slots.VALUE, first, marks)
    for (const one of standings) {
      key += `/${this.standingsText(one, marks)}`
      if (this.slots.BOTH.length > 0) key += this.ofBoth(one, marks)
    }
    const known = this.met.likenesses.get(key)
    if (known) return known
    const made = new Likeness(this.basis, isPerson)
    this.met.likenesses.set(key, made)
    return made
  }

  private asked(slots: readonly Slot[], ref: StandingRef, marks: ValueMarks): string {
    let text = ''
    for (const { condition, cell } of slots) {
      const is = this.facts.fact(condition, cell, ref, marks)
      text += is === 'TRUE' ? 'T' : is === 'FALSE' ? 'F' : '?'
    }
    return text
  }

  private standingsText(standings: Standings, marks: ValueMarks): string {
    const bySupplier = this.slots.SUPPLIER.length > 0
    const texts = bySupplier ? within(this.bySupplierStandings, marks.supplier) : this.byStandings
    const known = texts.get(standings)
    if (known !== undefined) return known
    const refs = bySupplier ? within(this.bySupplier, marks.supplier) : this.byRef
    const number = (ref: StandingRef): number => {
      const before = refs.get(ref)
      if (before !== undefined) return before
      const text = `${ref.part}:${this.asked(this.slots.STANDING, ref, marks)}${this.asked(this.slots.SUPPLIER, ref, marks)}`
      const made = this.met.numberOf(text)
      refs.set(ref, made)
      return made
    }
    const here = [...new Set(standings.here.map(number))].join()
    const barring = distinct(standings.everywhere.map(number))
    const located = this.locatesOthers ? distinct(standings.connected.map(number)) : ''
    const made = String(this.met.numberOf(`${here};${barring};${located}`))
    texts.set(standings, made)
    return made
  }

  private ofBoth(standings: Standings, marks: ValueMarks): string {
    const each = (refs: readonly StandingRef[]) =>
      refs.map((ref) => this.asked(this.slots.BOTH, ref, marks)).join()
    const located = this.locatesOthers ? each(standings.connected) : ''
    return `(${each(standings.here)};${each(standings.everywhere)};${located})`
  }
}

function within<Key, Value>(maps: Map<string, Map<Key, Value>>, name: string): Map<Key, Value> {
  const known = maps.get(name)
  if (known) return known
  const made = new Map<Key, Value>()
  maps.set(name, made)
  return made
}

const distinct = (numbers: readonly number[]): string =>
  [...new Set(numbers)].sort((a, b) => a - b).join()
