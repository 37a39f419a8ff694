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
export interface Standings {
  /** The part's or case's own standing; for a person every case in which they figure. */
  readonly here: readonly StandingRef[]
  /** Every case in which the person figures. */
  readonly everywhere: readonly StandingRef[]
  /** Protected persons of all cases connected with it: whom free text may locate. */
  readonly connected: readonly StandingRef[]
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

/**
 * The facts of one request: loaded in one batch for each answering subgraph, once for each person, part
 * and case and once for each standing, whoever else figures by it. `factsEpoch` is read before the first
 * fact, so a later append at that epoch proves that none of them has changed.
 */
export class FactStore {
  /** Standings whose facts are loaded. */
  private readonly settled = {
    person: new Map<string, Standings>(),
    part: new Map<string, Standings>(),
    case: new Map<string, Standings>(),
  }
  private readonly standings: LoadedStandings[] = []
  /** By standing: what answers for it. */
  private readonly answers = new Map<StandingRef, Answers>()
  /** By key as well, once facts are loaded a second time: standings read twice are two objects. */
  private answersByKey: Map<string, Answers> | null = null
  private epoch: bigint | null = null
  private epochReading: Promise<void> | null = null
  private until: number | null = null
  private loading: Promise<void> = Promise.resolve()
  private readonly kept = new Map<string, Promise<unknown>>()

  constructor(private readonly setting: FactStoreSetting) {}

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

  /** For each person (or part, or case) of a subject its standings; somebody in no case stands outside all. */
  standingsOf(tag: SubjectTag): readonly Standings[] {
    const { person, part, case: cases } = this.settled
    if (tag.partId !== undefined) return [known(part.get(tag.partId))]
    if (tag.persons !== undefined && tag.persons.length > 0)
      return tag.persons.map((key) => known(person.get(key)))
    if (tag.caseId !== undefined) return [known(cases.get(tag.caseId))]
    return OUTSIDE
  }

  /** Of a part: the person that it is held to be; null where nobody is identified, and of all else. */
  personOfPart({ partId }: SubjectTag): string | null {
    if (partId === undefined) return null
    return known(this.settled.part.get(partId)).here[0]?.personKey ?? null
  }

  /** UNKNOWN for whatever was not loaded. */
  fact(condition: Condition, cell: Cell, ref: StandingRef, marks: ValueMarks): Tri {
    return this.factIn(this.answers.get(ref), condition, cell, ref, marks)
  }

  /** What answers for a standing, for who asks much about one. */
  answersOf(ref: StandingRef): Answers | undefined {
    return this.answers.get(ref)
  }

  factIn(
    answers: Answers | undefined,
    condition: Condition,
    cell: Cell,
    ref: StandingRef,
    marks: ValueMarks,
  ): Tri {
    if (condition.fact === 'WITH') return this.setting.together.fact(condition, ref)
    return answers?.get(condition.fact)?.fact(condition, cell, ref, marks) ?? 'UNKNOWN'
  }

  /** Once, whoever is first to need it. */
  private readEpoch(): Promise<void> {
    this.epochReading ??= this.setting.readFactsEpoch().then((epoch) => {
      this.epoch = epoch
    })
    return this.epochReading
  }

  private isSettled(tag: SubjectTag): boolean {
    const { person, part, case: cases } = this.settled
    if (tag.partId !== undefined) return part.has(tag.partId)
    if (tag.persons !== undefined && tag.persons.length > 0)
      return tag.persons.every((key) => person.has(key))
    return tag.caseId === undefined || cases.has(tag.caseId)
  }

  private async load(tags: readonly SubjectTag[]): Promise<void> {
    const missing = { person: new Set<string>(), part: new Set<string>(), case: new Set<string>() }
    let isOutside = false
    for (const tag of tags) {
      if (tag.partId !== undefined) missing.part.add(tag.partId)
      else if (tag.persons !== undefined && tag.persons.length > 0)
        for (const key of tag.persons) missing.person.add(key)
      else if (tag.caseId !== undefined) missing.case.add(tag.caseId)
      else isOutside = true
    }
    for (const kind of ['person', 'part', 'case'] as const)
      for (const id of missing[kind]) if (this.settled[kind].has(id)) missing[kind].delete(id)
    await this.readEpoch()
    await this.readStandings(missing)
    const found = {
      person: this.allRead('person', missing.person),
      part: this.allRead('part', missing.part),
      case: this.allRead('case', missing.case),
    }
    const outside = isOutside ? OUTSIDE : []
    await this.loadFacts([...outside, ...found.person, ...found.part, ...found.case], tags)
    for (const kind of ['person', 'part', 'case'] as const) {
      let at = 0
      for (const id of missing[kind]) {
        const standings = found[kind][at]
        if (standings) this.settled[kind].set(id, standings)
        at += 1
      }
    }
  }

  private allRead(kind: SubjectOf, ids: ReadonlySet<string>): readonly Standings[] {
    const found: Standings[] = []
    for (const id of ids) found.push(this.standingsRead(kind, id))
    return found
  }

  /** Asks for the standings that were not read along with earlier ones: those of a case bring its people's. */
  private async readStandings(
    missing: Readonly<Record<SubjectOf, ReadonlySet<string>>>,
  ): Promise<void> {
    const unread = (kind: SubjectOf) =>
      [...missing[kind]].filter((id) => !this.standings.some((one) => one.isWhole(kind, id)))
    const ask = { persons: unread('person'), parts: unread('part'), cases: unread('case') }
    if (ask.persons.length + ask.parts.length + ask.cases.length > 0)
      this.standings.push(await this.setting.loadStandings(ask))
  }

  private standingsRead(kind: SubjectOf, id: string): Standings {
    const from = this.standings.find((one) => one.isWhole(kind, id))
    invariant(from, 'standings are read before they are looked up')
    const found = from[kind](id)
    return kind === 'person' && found.here.length === 0
      ? { ...found, here: [{ ...IN_NO_CASE, personKey: id }] }
      : found
  }

  /** Standings of whom nothing is known yet, each once. */
  private unanswered(found: readonly Standings[]): readonly StandingRef[] {
    const lists = new Set<readonly StandingRef[]>()
    for (const { here, everywhere, connected } of found) {
      lists.add(here)
      if (everywhere !== here) lists.add(everywhere)
      if (connected !== here) lists.add(connected)
    }
    lists.add(this.standings.at(-1)?.everybody ?? [])
    const seen = new Set<StandingRef>()
    for (const list of lists) for (const ref of list) if (!this.answers.has(ref)) seen.add(ref)
    if (this.answers.size === 0) return [...seen]
    this.answersByKey ??= new Map(
      [...this.answers].map(([ref, answers]) => [standingKey(ref), answers]),
    )
    const unanswered: StandingRef[] = []
    for (const ref of seen) {
      const known = this.answersByKey.get(standingKey(ref))
      if (known) this.answers.set(ref, known)
      else unanswered.push(ref)
    }
    return unanswered
  }

  private async loadFacts(found: readonly Standings[], tags: readonly SubjectTag[]): Promise<void> {
    const { asker, sources, nowMs } = this.setting
    const unanswered = this.unanswered(found)
    if (unanswered.length === 0) return
    const question = {
      asker,
      standings: unanswered,
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
    for (const ref of unanswered) {
      this.answers.set(ref, answers)
      this.answersByKey?.set(standingKey(ref), answers)
    }
    for (const { untilMs } of loaded) {
      if (untilMs !== null && (this.until === null || untilMs < this.until)) this.until = untilMs
    }
  }
}

function known(standings: Standings | undefined): Standings {
  invariant(standings, 'facts are loaded before a decision is asked for')
  return standings
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
const OUTSIDE: readonly Standings[] = [{ here: [IN_NO_CASE], everywhere: [], connected: [] }]
