import type { Cell, Condition, Decision, Situation } from '../sharing/decision.js'
import type { StandingRef, SubjectTag, ValueMarks } from '../sharing/fact-source.js'
import { type FactBasis, type FactCode, variesBy } from '../sharing/facts.js'
import { PART_KINDS, type Tri } from '../sharing/vocabulary.js'
import type { Answers, FactStore, Standings } from './fact-store.js'
import type { Governance } from './governance.js'
import { Likeness } from './likeness.js'
import { Sequences } from './sequences.js'
import { type Situations, situationsOf } from './situations.js'

/** Decides one value; the compiled agreement for this caller's profile. */
export type Decide = (cell: Cell, situation: Situation) => Decision

/** Whether a never stands before one value, whatever else holds. */
export type IsNever = (cell: Cell, situation: Situation) => boolean

/** Which agency a value comes from, and whether as something of the unit's own. */
export type Supply = Pick<ValueMarks, 'supplier' | 'unit'>

/** What the agreement makes of one caller and purpose; one object for equal tables. */
export interface RequestProfile {
  readonly key: string
  readonly decide: Decide
  readonly isNever: IsNever
  /** Every condition that `decide` and `isNever` may ask for before a value of this cell, of any supply or of one. */
  readonly restsOn: (cell: Cell, of?: Supply) => readonly Condition[]
}

/** One fact to be known: a condition, and a cell whose category it is asked for. */
interface Slot {
  readonly condition: Condition
  readonly cell: Cell
}
type Slots = Readonly<Record<FactBasis, readonly Slot[]>>

/** What distinguishes the values of one supply, beside the facts. */
interface SupplyBasis {
  /** Where the sequence of a subject of this supply begins. */
  readonly start: number
  readonly slots: Slots
}

const sequencesMax = 100_000

/** Likenesses met so far. Full, they are left to the requests that read from them, and begun anew. */
class Met {
  readonly sequences = new Sequences()
  /** By the number of what is known of the subject. */
  readonly likenesses: (Likeness | undefined)[] = []
  private readonly supplies = new Map<string, SupplyBasis>()

  constructor(private readonly basis: Basis) {}

  supplyOf({ supplier, unit }: Supply): SupplyBasis {
    const name = unit ? `unit ${supplier}` : supplier
    const known = this.supplies.get(name)
    if (known) return known
    const start = this.sequences.step(this.sequences.step(0, START.SUPPLY), this.supplies.size)
    const made = { start, slots: this.basis.slotsOf({ supplier, unit }) }
    this.supplies.set(name, made)
    return made
  }

  get isFull(): boolean {
    return this.sequences.size > sequencesMax
  }
}

/** What a sequence says, by its first number: sequences of two sorts are never the same. */
const START = { SUPPLY: 0, STANDING: 1, LIST: 2, STANDINGS: 3 } as const
/** That something else of the person comes in the answer. */
const TOGETHER: FactCode = 'WITH'
/** Ends a part of a sequence; the numbers in it are not negative. */
const END = -1

/**
 * What decisions on a set of cells rest on, for one profile: the facts that they can ask for. Subjects
 * for whom all of these are the same are decided alike (one `Likeness`), whoever they are, in this
 * request and in every later one of the profile. INVARIANT: decisions are functions of these facts, of
 * supplier and unit and of the parts in which the subject figures; `restsOn` leaves nothing out.
 */
export class Basis {
  /** Whether a value of these cells may locate somebody whom it is not about. */
  readonly locatesOthers: boolean
  /** Indexes in the governance's table. */
  readonly cells: readonly number[]
  /** Whether some of it is released only together with something else of the person. */
  readonly restsOnTogether: boolean
  private met = new Met(this)

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
    this.locatesOthers = cells.some((index) => governance.cells[index]?.locates === 'OTHERS')
    this.restsOnTogether = cells.some((index) => {
      const cell = governance.cells[index]
      return cell !== undefined && profile.restsOn(cell).some(({ fact }) => fact === TOGETHER)
    })
  }

  /** The facts that decisions about values of one supply can ask for, each once. */
  slotsOf(supply: Supply): Slots {
    const slots: Record<FactBasis, Slot[]> = { STANDING: [], SUPPLIER: [], VALUE: [], BOTH: [] }
    const seen = new Map<Condition, Set<string>>()
    for (const index of this.cells) {
      const cell = this.governance.cells[index]
      for (const condition of cell ? this.profile.restsOn(cell, supply) : []) {
        const { by, byCategory } = variesBy(condition)
        const categories = seen.get(condition) ?? new Set()
        const name = byCategory && cell ? cell.category : ''
        if (cell && !categories.has(name)) slots[by].push({ condition, cell })
        seen.set(condition, categories.add(name))
      }
    }
    return slots
  }

  /** Reads one request's facts by this basis. */
  reading(facts: FactStore): Reading {
    if (this.met.isFull) this.met = new Met(this)
    return new Reading(this, facts, this.met)
  }
}

/** What is known of standings, as numbers: for one supply, or for all where it makes no difference. */
interface Numbered {
  readonly refs: Map<StandingRef, number>
  readonly lists: Map<readonly StandingRef[], number>
  readonly standings: Map<Standings, number>
}

/** Finds the likenesses of one request's subjects; facts are loaded beforehand. */
export class Reading {
  private readonly numbered = new Map<Slots, Numbered>()
  /** By category, who comes together with it. */
  private readonly together = new Map<string | null, Map<StandingRef, Tri>>()

  constructor(
    private readonly basis: Basis,
    private readonly facts: FactStore,
    private readonly met: Met,
  ) {}

  readonly situationsOf = (tag: SubjectTag): Situations =>
    situationsOf(tag, this.facts.standingsOf(tag), (condition, cell, ref, marks) =>
      this.fact(this.facts.answersOf(ref), { condition, cell }, ref, marks),
    )

  /**
   * What comes together in the answer grows while it is decided. INVARIANT: one reading hears one word on
   * it, for what it decides is remembered under what it was told first.
   */
  private fact(
    answers: Answers | undefined,
    { condition, cell }: Slot,
    ref: StandingRef,
    marks: ValueMarks,
  ): Tri {
    if (condition.fact !== TOGETHER) return this.facts.factIn(answers, condition, cell, ref, marks)
    const heard = this.together.get(condition.argument) ?? new Map<StandingRef, Tri>()
    const known = heard.get(ref)
    if (known !== undefined) return known
    const is = this.facts.factIn(answers, condition, cell, ref, marks)
    this.together.set(condition.argument, heard.set(ref, is))
    return is
  }

  likenessOf(tag: SubjectTag): Likeness {
    const { met } = this
    const { sequences, likenesses } = met
    const { marks } = tag
    const { start, slots } = met.supplyOf(marks)
    const standings = this.facts.standingsOf(tag)
    const isPerson = tag.kind === 'PERSON'
    let at = sequences.step(start, isPerson ? 1 : 0)
    const first = standings[0]?.here[0]
    at = first ? this.asked(at, slots.VALUE, first, marks) : sequences.step(at, END)
    for (const one of standings) {
      at = sequences.step(at, this.numberOf(one, slots, marks))
      if (slots.BOTH.length > 0) at = this.ofBoth(at, one, slots.BOTH, marks)
    }
    const known = likenesses[at]
    if (known) return known
    const made = new Likeness(this.basis, isPerson)
    likenesses[at] = made
    return made
  }

  /** Goes on from a sequence with what the facts are: as many as fit into one number at a time. */
  private asked(from: number, slots: readonly Slot[], ref: StandingRef, marks: ValueMarks): number {
    const { sequences } = this.met
    const answers = this.facts.answersOf(ref)
    let at = from
    let packed = 0
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index]
      if (!slot) continue
      const is = this.fact(answers, slot, ref, marks)
      packed = packed * 3 + (is === 'TRUE' ? 2 : is === 'FALSE' ? 1 : 0)
      if (index % FACTS_IN_ONE === FACTS_IN_ONE - 1) {
        at = sequences.step(at, packed)
        packed = 0
      }
    }
    return sequences.step(at, packed)
  }

  private numberedFor(slots: Slots): Numbered {
    const known = this.numbered.get(slots)
    if (known) return known
    const made = { refs: new Map(), lists: new Map(), standings: new Map() }
    this.numbered.set(slots, made)
    return made
  }

  /** Equal for standings of whom the same is known. */
  private numberOf(standings: Standings, slots: Slots, marks: ValueMarks): number {
    const { refs, lists, standings: numbers } = this.numberedFor(slots)
    const known = numbers.get(standings)
    if (known !== undefined) return known
    const { sequences } = this.met
    const number = (ref: StandingRef): number => {
      const before = refs.get(ref)
      if (before !== undefined) return before
      const start = sequences.step(sequences.step(0, START.STANDING), partNumber(ref))
      const made = this.asked(
        this.asked(start, slots.STANDING, ref, marks),
        slots.SUPPLIER,
        ref,
        marks,
      )
      refs.set(ref, made)
      return made
    }
    let at = sequences.step(0, START.STANDINGS)
    const [one] = standings.here
    if (one !== undefined && standings.here.length === 1) at = sequences.step(at, number(one))
    else for (const each of new Set(standings.here.map(number))) at = sequences.step(at, each)
    at = sequences.step(at, END)
    at = sequences.step(at, this.numberOfList(standings.everywhere, lists, number))
    if (this.basis.locatesOthers)
      at = sequences.step(at, this.numberOfList(standings.connected, lists, number))
    numbers.set(standings, at)
    return at
  }

  /** In what order somebody figures in cases makes no difference, nor how often alike. */
  private numberOfList(
    refs: readonly StandingRef[],
    lists: Map<readonly StandingRef[], number>,
    number: (ref: StandingRef) => number,
  ): number {
    const known = lists.get(refs)
    if (known !== undefined) return known
    const { sequences } = this.met
    let at = sequences.step(0, START.LIST)
    const [one] = refs
    if (one !== undefined && refs.length === 1) return sequences.step(at, number(one))
    for (const each of [...new Set(refs.map(number))].sort((a, b) => a - b))
      at = sequences.step(at, each)
    lists.set(refs, at)
    return at
  }

  private ofBoth(
    from: number,
    standings: Standings,
    slots: readonly Slot[],
    marks: ValueMarks,
  ): number {
    const { here, everywhere, connected } = standings
    let at = from
    for (const refs of this.basis.locatesOthers
      ? [here, everywhere, connected]
      : [here, everywhere]) {
      for (const ref of refs) at = this.asked(at, slots, ref, marks)
      at = this.met.sequences.step(at, END)
    }
    return at
  }
}

/** Of three values each, below 2^31: whole numbers that stay small. */
const FACTS_IN_ONE = 19

const partNumber = ({ part }: StandingRef): number =>
  part === null ? 0 : 1 + PART_KINDS.indexOf(part)
