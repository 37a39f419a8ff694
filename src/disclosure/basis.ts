import type { Cell, Condition, Decision, Situation } from '../sharing/decision.js'
import type { LoadedFacts, StandingRef, SubjectTag, ValueMarks } from '../sharing/fact-source.js'
import { type FactBasis, type FactCode, variesBy } from '../sharing/facts.js'
import { PART_KINDS, type Tri } from '../sharing/vocabulary.js'
import type { Answered, Answers, FactStore, Figuring } from './fact-store.js'
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
  /** It is about the answer itself: what else of the person comes in it. */
  readonly isTogether: boolean
}
type Slots = Readonly<Record<FactBasis, readonly Slot[]>>

/** What distinguishes the values of one supply, beside the facts. */
interface SupplyBasis {
  /** Where the sequence of a subject of this supply begins. */
  readonly start: number
  readonly slots: Slots
}

const sequencesMax = 100_000

class BySupply<Value> {
  private readonly own = new Map<string, Value>()
  private readonly unit = new Map<string, Value>()

  get size(): number {
    return this.own.size + this.unit.size
  }

  get({ supplier, unit }: Supply): Value | undefined {
    return (unit ? this.unit : this.own).get(supplier)
  }

  set({ supplier, unit }: Supply, value: Value): void {
    const side = unit ? this.unit : this.own
    side.set(supplier, value)
  }
}

/** Likenesses met so far. Full, they are left to the requests that read from them, and begun anew. */
class Met {
  readonly sequences = new Sequences()
  /** By the number of what is known of the subject. */
  readonly likenesses: (Likeness | undefined)[] = []
  private readonly supplies = new BySupply<SupplyBasis>()

  constructor(private readonly basis: Basis) {}

  supplyOf(supply: Supply): SupplyBasis {
    const known = this.supplies.get(supply)
    if (known) return known
    const start = this.sequences.step(this.sequences.step(0, START.SUPPLY), this.supplies.size)
    const made = { start, slots: this.basis.slotsOf(supply) }
    this.supplies.set(supply, made)
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
        if (cell && !categories.has(name))
          slots[by].push({ condition, cell, isTogether: condition.fact === TOGETHER })
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

/** Finds the likenesses of one request's subjects; facts are loaded beforehand. */
export class Reading {
  private readonly supplies = new BySupply<SupplyReading>()
  private readonly heard: Heard

  constructor(
    private readonly basis: Basis,
    private readonly facts: FactStore,
    private readonly met: Met,
  ) {
    this.heard = new Heard(facts)
  }

  readonly situationsOf = (tag: SubjectTag): Situations =>
    situationsOf(tag, this.facts.figuringOf(tag), (condition, cell, standing, marks) =>
      condition.fact === TOGETHER
        ? this.heard.fact(condition, standing)
        : this.facts.fact(condition, cell, standing, marks),
    )

  likenessOf(tag: SubjectTag): Likeness {
    const { likenesses } = this.met
    const at = this.supplyOf(tag.marks).numberOf(tag, this.facts.figuringOf(tag))
    const known = likenesses[at]
    if (known) return known
    const made = new Likeness(this.basis, tag.kind === 'PERSON')
    likenesses[at] = made
    return made
  }

  private supplyOf(supply: Supply): SupplyReading {
    const known = this.supplies.get(supply)
    if (known) return known
    const { basis, met, heard } = this
    const made = new SupplyReading({
      ...met.supplyOf(supply),
      sequences: met.sequences,
      locatesOthers: basis.locatesOthers,
      heard,
    })
    this.supplies.set(supply, made)
    return made
  }
}

/**
 * What comes together in the answer grows while it is decided. INVARIANT: one reading hears one word on it,
 * for what it decides is remembered under what it was told first.
 */
class Heard {
  /** By category. */
  private readonly words = new Map<string | null, Map<Answered, Tri>>()

  constructor(private readonly facts: FactStore) {}

  fact(condition: Condition, standing: Answered): Tri {
    let words = this.words.get(condition.argument)
    if (!words) {
      words = new Map()
      this.words.set(condition.argument, words)
    }
    const known = words.get(standing)
    if (known !== undefined) return known
    const word = this.facts.together(condition, standing.ref)
    words.set(standing, word)
    return word
  }
}

/** What one supply's slots are asked of: the sources of one batch of facts, each at its slot's place. */
interface Bound {
  readonly answers: Answers | null
  readonly sources: readonly (LoadedFacts | undefined)[]
}

/** Makes numbers of what is known of the subjects of one supply, in one request. */
class SupplyReading {
  private readonly lists = new Map<readonly Answered[], number>()
  /** For the batch that was asked last; most requests have one. */
  private readonly bound: Record<FactBasis, Bound>

  constructor(
    private readonly of: SupplyBasis & {
      readonly sequences: Sequences
      readonly locatesOthers: boolean
      readonly heard: Heard
    },
  ) {
    const none = { answers: null, sources: [] }
    this.bound = { STANDING: none, SUPPLIER: none, VALUE: none, BOTH: none }
  }

  /** Equal for subjects of whom everything is the same that is asked of this supply. */
  numberOf({ kind, marks }: SubjectTag, persons: readonly Figuring[]): number {
    const { start, slots, sequences } = this.of
    let at = sequences.step(start, kind === 'PERSON' ? 1 : 0)
    const first = persons[0]?.here[0]
    at = first ? this.asked(at, 'VALUE', first, marks) : sequences.step(at, END)
    for (const one of persons) {
      at = sequences.step(at, this.numberOfFiguring(one, marks))
      if (slots.BOTH.length > 0) at = this.ofBoth(at, one, marks)
    }
    return at
  }

  /** Goes on from a sequence with what the facts are: as many as fit into one number at a time. */
  private asked(from: number, by: FactBasis, standing: Answered, marks: ValueMarks): number {
    const { sequences, heard } = this.of
    const slots = this.of.slots[by]
    const sources = this.sourcesOf(by, standing.answers)
    let at = from
    let packed = 0
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index]
      if (!slot) continue
      const { condition, cell } = slot
      const is = slot.isTogether
        ? heard.fact(condition, standing)
        : sources[index]?.fact(condition, cell, standing.ref, marks)
      packed = packed * 3 + (is === 'TRUE' ? 2 : is === 'FALSE' ? 1 : 0)
      if (index % FACTS_IN_ONE === FACTS_IN_ONE - 1) {
        at = sequences.step(at, packed)
        packed = 0
      }
    }
    return sequences.step(at, packed)
  }

  private sourcesOf(by: FactBasis, answers: Answers | null): Bound['sources'] {
    const known = this.bound[by]
    if (known.answers === answers) return known.sources
    const sources = this.of.slots[by].map(({ condition }) => answers?.get(condition.fact))
    this.bound[by] = { answers, sources }
    return sources
  }

  /** Equal for those of whom the same is known. */
  private numberOfFiguring(figuring: Figuring, marks: ValueMarks): number {
    const known = figuring.numberBy(this)
    if (known !== null) return known
    const { sequences, locatesOthers } = this.of
    const { here, everywhere, connected } = figuring
    let at = sequences.step(0, START.STANDINGS)
    const [one] = here
    if (one !== undefined && here.length === 1) at = sequences.step(at, this.numberOne(one, marks))
    else
      for (const each of new Set(here.map((standing) => this.numberOne(standing, marks))))
        at = sequences.step(at, each)
    at = sequences.step(at, END)
    at = sequences.step(at, this.numberOfList(everywhere, marks))
    if (locatesOthers) at = sequences.step(at, this.numberOfList(connected, marks))
    figuring.number(this, at)
    return at
  }

  /** In what order somebody figures in cases makes no difference, nor how often alike. */
  private numberOfList(standings: readonly Answered[], marks: ValueMarks): number {
    const { sequences } = this.of
    const empty = sequences.step(0, START.LIST)
    const [one] = standings
    if (one !== undefined && standings.length === 1)
      return sequences.step(empty, this.numberOne(one, marks))
    const known = this.lists.get(standings)
    if (known !== undefined) return known
    let at = empty
    const numbers = new Set(standings.map((standing) => this.numberOne(standing, marks)))
    for (const each of [...numbers].sort((a, b) => a - b)) at = sequences.step(at, each)
    this.lists.set(standings, at)
    return at
  }

  private numberOne(standing: Answered, marks: ValueMarks): number {
    const known = standing.numberBy(this)
    if (known !== null) return known
    const { sequences } = this.of
    const start = sequences.step(sequences.step(0, START.STANDING), partNumber(standing.ref))
    const made = this.asked(
      this.asked(start, 'STANDING', standing, marks),
      'SUPPLIER',
      standing,
      marks,
    )
    standing.number(this, made)
    return made
  }

  private ofBoth(from: number, figuring: Figuring, marks: ValueMarks): number {
    const { sequences, locatesOthers } = this.of
    const { here, everywhere, connected } = figuring
    let at = from
    for (const list of locatesOthers ? [here, everywhere, connected] : [here, everywhere]) {
      for (const standing of list) at = this.asked(at, 'BOTH', standing, marks)
      at = sequences.step(at, END)
    }
    return at
  }
}

/** Of three values each, below 2^31: whole numbers that stay small. */
const FACTS_IN_ONE = 19

const partNumber = ({ part }: StandingRef): number =>
  part === null ? 0 : 1 + PART_KINDS.indexOf(part)
