import { invariant } from '../errors.js'
import type { Cell, Condition } from '../sharing/decision.js'
import type {
  Asker,
  FactSource,
  LoadedFacts,
  StandingRef,
  SubjectTag,
  ValueMarks,
} from '../sharing/fact-source.js'
import type { Tri } from '../sharing/vocabulary.js'
import type { Together } from './together.js'

/** In which cases the subjects of an answer figure; the room that holds the cases answers it. */
export interface Standings<Ref = StandingRef> {
  /** The part's or case's own standing; for a person every case in which they figure. */
  readonly here: readonly Ref[]
  /** Every case in which the person figures. */
  readonly everywhere: readonly Ref[]
  /** Protected persons of all cases connected with it: whom free text may locate. */
  readonly connected: readonly Ref[]
}
export type LoadStandings = (ask: {
  readonly persons: readonly string[]
  readonly parts: readonly string[]
  readonly cases: readonly string[]
}) => Promise<LoadedStandings>
export interface LoadedStandings {
  person(key: string): Standings
  part(id: string): Standings
  case(id: string): Standings
  /** Whether all of it was read, so that it need not be asked for again. */
  isWhole(kind: SubjectOf, id: string): boolean
  /** All people and parts of the cases that were asked for: of whom the next fetch is likely to speak. */
  readonly everybody: readonly StandingRef[]
}

export interface FactStoreSetting {
  readonly asker: Asker
  readonly sources: readonly FactSource[]
  readonly loadStandings: LoadStandings
  readonly readFactsEpoch: () => Promise<bigint>
  readonly nowMs: () => number
  /** Answers WITH, which is about the answer itself and has no source. */
  readonly together: Together
  /** Facts that the request can come to ask for; without it all are read. */
  readonly asked?: ReadonlySet<string>
}

type SubjectOf = 'person' | 'part' | 'case'
/** By fact code. */
export type Answers = ReadonlyMap<string, LoadedFacts>

/** Keeps the number that somebody made of it last, so that few need a table of all. */
class Numbered {
  private by: object | null = null
  private at = 0

  /** Null where somebody else was the last. */
  numberBy(whose: object): number | null {
    return this.by === whose ? this.at : null
  }

  number(whose: object, at: number): void {
    this.by = whose
    this.at = at
  }
}

/** A standing with what answers for it; null until it is loaded. */
export class Answered extends Numbered {
  answers: Answers | null = null
  /** In which loading it was met last. */
  round = 0

  constructor(readonly ref: StandingRef) {
    super()
  }
}

const NOWHERE: readonly Answered[] = []

/** How one person, part or case figures, with what answers for each of these standings. */
export class Figuring extends Numbered implements Standings<Answered> {
  here = NOWHERE
  everywhere = NOWHERE
  connected = NOWHERE
  /** Whether that is known, and its facts are loaded. */
  isLoaded = false
  /** In which loading it was asked for last. */
  round = 0
  readonly alone: readonly [Figuring] = [this]

  constructor(
    readonly kind: SubjectOf,
    readonly id: string,
  ) {
    super()
  }
}

/**
 * The facts of one request: loaded in one batch for each answering subgraph, once for each person, part
 * and case and once for each standing, whoever else figures by it. `factsEpoch` is read before the first
 * fact, so a later append at that epoch proves that none of them has changed.
 */
export class FactStore {
  private readonly figuring = {
    person: new Map<string, Figuring>(),
    part: new Map<string, Figuring>(),
    case: new Map<string, Figuring>(),
  }
  private readonly standings: LoadedStandings[] = []
  private readonly answered = new Map<StandingRef, Answered>()
  private readonly lists = new Map<readonly StandingRef[], readonly Answered[]>()
  /** What answers by standing, once facts are loaded a second time: standings read twice are two objects. */
  private answersByKey: Map<string, Answers> | null = null
  private round = 0
  private batches = 0
  private epoch: bigint | null = null
  private epochReading: Promise<void> | null = null
  private until: number | null = null
  private loading: Promise<void> = Promise.resolve()
  private readonly kept = new Map<string, Promise<unknown>>()

  /** Who is in no case at all. */
  private readonly outside = new Figuring('case', '')

  constructor(private readonly setting: FactStoreSetting) {
    this.outside.here = [this.standing(IN_NO_CASE)]
  }

  get factsEpoch(): bigint | null {
    return this.epoch
  }

  /** The earliest end of a fact, in milliseconds since 1970; null where none ends by time. */
  get untilMs(): number | null {
    return this.until
  }

  /**
   * Loads whatever of these is not known yet. One at a time: who comes while others are being loaded
   * waits and then asks for what is still missing, so that nothing is ever asked for twice.
   */
  async ensure(tags: readonly SubjectTag[]): Promise<void> {
    if (this.epoch !== null && tags.every((tag) => this.isSettled(tag))) return
    if (tags.length === 0) return
    const mine = this.loading.then(() => this.load(tags))
    // Whoever waits has no part in a failure; whoever asked is told of it.
    this.loading = mine.catch(() => undefined)
    await mine
  }

  /**
   * Reads something once for this reading of the facts, after the epoch. A new reading reads anew, so what
   * is kept here is never older than the epoch that an entry is appended at.
   */
  async once<T>(name: string, read: () => Promise<T>): Promise<T> {
    await this.readEpoch()
    const known = this.kept.get(name)
    // One name stands for one thing to be read.
    if (known) return known as Promise<T>
    const reading = read()
    this.kept.set(name, reading)
    return reading
  }

  /** How each person (or part, or case) of a subject figures; somebody in no case stands outside all. */
  figuringOf(tag: SubjectTag): readonly Figuring[] {
    const { person, part, case: cases } = this.figuring
    if (tag.partId !== undefined) return known(part.get(tag.partId)).alone
    if (tag.persons !== undefined && tag.persons.length > 0) {
      const [only] = tag.persons
      return only !== undefined && tag.persons.length === 1
        ? known(person.get(only)).alone
        : tag.persons.map((key) => known(person.get(key)))
    }
    if (tag.caseId !== undefined) return known(cases.get(tag.caseId)).alone
    return this.outside.alone
  }

  /** Of a part: the person that it is held to be; null where nobody is identified, and of all else. */
  personOfPart({ partId }: SubjectTag): string | null {
    if (partId === undefined) return null
    return known(this.figuring.part.get(partId)).here[0]?.ref.personKey ?? null
  }

  /** UNKNOWN for whatever was not loaded. */
  fact(condition: Condition, cell: Cell, { ref, answers }: Answered, marks: ValueMarks): Tri {
    if (condition.fact === 'WITH') return this.together(condition, ref)
    return answers?.get(condition.fact)?.fact(condition, cell, ref, marks) ?? 'UNKNOWN'
  }

  /** WITH, which is about the answer itself. */
  together(condition: Condition, ref: StandingRef): Tri {
    return this.setting.together.fact(condition, ref)
  }

  /** Once, whoever is first to need it. */
  private readEpoch(): Promise<void> {
    this.epochReading ??= this.setting.readFactsEpoch().then((epoch) => {
      this.epoch = epoch
    })
    return this.epochReading
  }

  private isSettled(tag: SubjectTag): boolean {
    const { person, part, case: cases } = this.figuring
    if (tag.partId !== undefined) return part.get(tag.partId)?.isLoaded === true
    if (tag.persons !== undefined && tag.persons.length > 0)
      return tag.persons.every((key) => person.get(key)?.isLoaded === true)
    return (tag.caseId === undefined ? this.outside : cases.get(tag.caseId))?.isLoaded === true
  }

  private async load(tags: readonly SubjectTag[]): Promise<void> {
    const missing: Figuring[] = []
    this.round += 1
    for (const tag of tags) {
      if (tag.partId !== undefined) this.ask('part', tag.partId, missing)
      else if (tag.persons !== undefined && tag.persons.length > 0)
        for (const key of tag.persons) this.ask('person', key, missing)
      else if (tag.caseId !== undefined) this.ask('case', tag.caseId, missing)
      else this.askFor(this.outside, missing)
    }
    await this.readEpoch()
    await this.readStandings(missing)
    for (const one of missing) if (one !== this.outside) this.place(one)
    await this.loadFacts(missing, tags)
    for (const one of missing) one.isLoaded = true
  }

  /** Adds to `missing` what is not loaded, once in each loading. */
  private ask(kind: SubjectOf, id: string, missing: Figuring[]): void {
    let one = this.figuring[kind].get(id)
    if (!one) {
      one = new Figuring(kind, id)
      this.figuring[kind].set(id, one)
    }
    this.askFor(one, missing)
  }

  private askFor(one: Figuring, missing: Figuring[]): void {
    if (one.isLoaded || one.round === this.round) return
    one.round = this.round
    missing.push(one)
  }

  /** Asks for the standings that were not read along with earlier ones: those of a case bring its people's. */
  private async readStandings(missing: readonly Figuring[]): Promise<void> {
    const ask: Record<SubjectOf, string[]> = { person: [], part: [], case: [] }
    for (const one of missing)
      if (one !== this.outside && !this.readIn(one)) ask[one.kind].push(one.id)
    const { person: persons, part: parts, case: cases } = ask
    if (persons.length + parts.length + cases.length > 0)
      this.standings.push(await this.setting.loadStandings({ persons, parts, cases }))
  }

  /** The reading in which all of its standings were read. */
  private readIn({ kind, id }: Figuring): LoadedStandings | undefined {
    for (const read of this.standings) if (read.isWhole(kind, id)) return read
    return undefined
  }

  /** Says of one how it figures. */
  private place(one: Figuring): void {
    const { kind, id } = one
    const read = this.readIn(one)
    invariant(read, 'standings are read before they are looked up')
    const { here, everywhere, connected } = read[kind](id)
    const isInNone = kind === 'person' && here.length === 0
    one.here = this.list(isInNone ? [{ ...IN_NO_CASE, personKey: id }] : here)
    one.everywhere = everywhere === here && !isInNone ? one.here : this.list(everywhere)
    one.connected = connected === here && !isInNone ? one.here : this.list(connected)
  }

  /** One list for each that many have in common. */
  private list(refs: readonly StandingRef[]): readonly Answered[] {
    const [only] = refs
    if (only === undefined) return NOWHERE
    if (refs.length === 1) return [this.standing(only)]
    const known = this.lists.get(refs)
    if (known) return known
    const made = refs.map((ref) => this.standing(ref))
    this.lists.set(refs, made)
    return made
  }

  private standing(ref: StandingRef): Answered {
    const known = this.answered.get(ref)
    if (known) return known
    const made = new Answered(ref)
    this.answered.set(ref, made)
    return made
  }

  /** Standings of whom nothing is known yet, each once. */
  private unanswered(found: readonly Figuring[]): readonly Answered[] {
    const unanswered: Answered[] = []
    const lists = new Set<readonly Answered[]>()
    const see = (list: readonly Answered[]): void => {
      if (list.length > 1) {
        if (lists.has(list)) return
        lists.add(list)
      }
      for (const one of list) {
        if (one.answers !== null || one.round === this.round) continue
        one.round = this.round
        unanswered.push(one)
      }
    }
    for (const { here, everywhere, connected } of found) {
      see(here)
      if (everywhere !== here) see(everywhere)
      if (connected !== here) see(connected)
    }
    see(this.list(this.standings.at(-1)?.everybody ?? []))
    return this.batches === 0 ? unanswered : unanswered.filter((one) => !this.isReadAgain(one))
  }

  /** Takes what answers for the same standing as it was read before. */
  private isReadAgain(one: Answered): boolean {
    this.answersByKey ??= new Map(
      [...this.answered.values()].flatMap(({ ref, answers }) =>
        answers === null ? [] : [[standingKey(ref), answers] as const],
      ),
    )
    one.answers = this.answersByKey.get(standingKey(one.ref)) ?? null
    return one.answers !== null
  }

  private async loadFacts(found: readonly Figuring[], tags: readonly SubjectTag[]): Promise<void> {
    const { asker, sources, nowMs } = this.setting
    const unanswered = this.unanswered(found)
    if (unanswered.length === 0) return
    const question = {
      asker,
      standings: unanswered.map(({ ref }) => ref),
      values: tags.map((tag) => tag.marks),
      nowMs: nowMs(),
      ...(this.setting.asked && { asked: this.setting.asked }),
      once: <T>(name: string, read: () => Promise<T>) => this.once(name, read),
    }
    const loaded = await Promise.all(sources.map((source) => source.load(question)))
    const answers: Answers = new Map(
      sources.flatMap(({ facts }, index) => {
        const answer = loaded[index]
        return answer ? facts.map((fact) => [fact, answer] as const) : []
      }),
    )
    this.batches += 1
    for (const one of unanswered) {
      one.answers = answers
      this.answersByKey?.set(standingKey(one.ref), answers)
    }
    for (const { untilMs } of loaded) {
      if (untilMs !== null && (this.until === null || untilMs < this.until)) this.until = untilMs
    }
  }
}

function known(figuring: Figuring | undefined): Figuring {
  invariant(figuring?.isLoaded, 'facts are loaded before a decision is asked for')
  return figuring
}

/** Facts are about a part in a case, or a person in none. */
function standingKey({ caseId, partId, personKey }: StandingRef): string {
  return `${caseId}|${partId}|${personKey}`
}

const IN_NO_CASE: StandingRef = {
  caseId: null,
  partId: null,
  part: null,
  personKey: null,
  caseIsOpen: false,
}
