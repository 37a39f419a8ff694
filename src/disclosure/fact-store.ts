import { invariant } from '../errors.js'
import type { Cell, Condition, Situation, Standing } from '../sharing/decision.js'
import type {
  Asker,
  FactSource,
  LoadedFacts,
  StandingRef,
  SubjectTag,
  ValueMarks,
} from '../sharing/fact-source.js'
import type { Tri } from '../sharing/vocabulary.js'

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
  isWhole(kind: 'person' | 'part' | 'case', id: string): boolean
  /** All people and parts of the cases that were asked for: of whom the next fetch is likely to speak. */
  readonly everybody: readonly StandingRef[]
}

export interface FactStoreSetting {
  readonly asker: Asker
  readonly sources: readonly FactSource[]
  readonly loadStandings: LoadStandings
  readonly readFactsEpoch: () => Promise<bigint>
  readonly nowMs: () => number
  /** Facts about the operation itself, answered without a source (e.g. that a category travels along). */
  readonly ofOperation: (condition: Condition) => Tri | null
}

/** One subject with its standings and facts, ready to be decided about. */
export interface KnownSubject {
  readonly tag: SubjectTag
  /** Of a part: the person that it is held to be; null where nobody is identified, and of all else. */
  readonly personOfPart: string | null
  /** One group for each part class: within a group all persons must permit, across groups one is enough. */
  readonly groups: readonly (readonly Situation[])[]
  /** The same, naming everyone whom a value that locates others may locate. */
  readonly locatingGroups: readonly (readonly Situation[])[]
}

/**
 * The facts of one request: loaded in one batch for each answering subgraph, once for each subject and
 * once for each standing, whoever else figures by it. `factsEpoch` is read before the first fact, so a
 * later append at that epoch proves that none of them has changed.
 */
export class FactStore {
  private readonly known = new Map<string, KnownSubject>()
  /** By standing: what answers for it. */
  private readonly answers = new Map<string, Answers>()
  private readonly standings: LoadedStandings[] = []
  private readonly asks = new Map<StandingRef, AskFact>()
  private epoch: bigint | null = null
  private until: number | null = null

  constructor(private readonly setting: FactStoreSetting) {}

  get factsEpoch(): bigint | null {
    return this.epoch
  }

  /** The earliest end of a fact, in milliseconds since 1970; null where none ends by time. */
  get untilMs(): number | null {
    return this.until
  }

  get(tag: SubjectTag): KnownSubject | undefined {
    return this.known.get(subjectKey(tag))
  }

  /** Loads whatever of these is not known yet. */
  async ensure(tags: Iterable<SubjectTag>): Promise<void> {
    const missing = new Map<string, SubjectTag>()
    for (const tag of tags) {
      const key = subjectKey(tag)
      if (!this.known.has(key)) missing.set(key, tag)
    }
    if (missing.size === 0) return
    this.epoch ??= await this.setting.readFactsEpoch()
    const wanted = [...missing.values()]
    await this.loadStandings(wanted)
    const perTag = wanted.map((tag) => ({ tag, persons: this.standingsOf(tag) }))
    await this.loadFacts(perTag)
    for (const { tag, persons } of perTag)
      this.known.set(
        subjectKey(tag),
        knownSubject(tag, persons, (ref) => this.askOf(ref)),
      )
  }

  /** Asks for the standings that were not read along with earlier ones: those of a case bring its people's. */
  private async loadStandings(tags: readonly SubjectTag[]): Promise<void> {
    const unread = (kind: 'person' | 'part' | 'case', ids: readonly string[]) =>
      distinct(ids).filter((id) => !this.standings.some((one) => one.isWhole(kind, id)))
    const ask = {
      persons: unread(
        'person',
        tags.flatMap((tag) => tag.persons ?? []),
      ),
      parts: unread(
        'part',
        tags.flatMap((tag) => tag.partId ?? []),
      ),
      cases: unread(
        'case',
        tags.flatMap((tag) => tag.caseId ?? []),
      ),
    }
    if (ask.persons.length + ask.parts.length + ask.cases.length > 0)
      this.standings.push(await this.setting.loadStandings(ask))
  }

  /** For each person (or part, or case) of a subject its standings; somebody in no case stands outside all. */
  private standingsOf(tag: SubjectTag): readonly Standings[] {
    const read = (kind: 'person' | 'part' | 'case', id: string): Standings => {
      const from = this.standings.find((one) => one.isWhole(kind, id))
      invariant(from, 'standings are read before they are looked up')
      return from[kind](id)
    }
    if (tag.partId !== undefined) return [read('part', tag.partId)]
    if (tag.persons !== undefined && tag.persons.length > 0) {
      return tag.persons.map((key) => {
        const found = read('person', key)
        return found.here.length > 0
          ? found
          : { ...found, here: [{ ...IN_NO_CASE, personKey: key }] }
      })
    }
    if (tag.caseId !== undefined) return [read('case', tag.caseId)]
    return [{ here: [IN_NO_CASE], everywhere: [], connected: [] }]
  }

  private async loadFacts(
    perTag: readonly { tag: SubjectTag; persons: readonly Standings[] }[],
  ): Promise<void> {
    const { asker, sources, nowMs } = this.setting
    const refs = new Map<string, StandingRef>()
    const lists = new Set(
      perTag.flatMap(({ persons }) =>
        persons.flatMap(({ here, everywhere, connected }) => [here, everywhere, connected]),
      ),
    )
    for (const list of [...lists, this.standings.at(-1)?.everybody ?? []])
      for (const ref of list) {
        const key = standingKey(ref)
        if (!this.answers.has(key)) refs.set(key, ref)
      }
    if (refs.size === 0) return
    const question = {
      asker,
      standings: [...refs.values()],
      values: perTag.map(({ tag }) => tag.marks),
      nowMs: nowMs(),
    }
    const loaded = await Promise.all(sources.map((source) => source.load(question)))
    const answers: Answers = new Map(
      sources.flatMap(({ facts }, index) => {
        const answer = loaded[index]
        return answer ? facts.map((fact) => [fact, answer] as const) : []
      }),
    )
    for (const key of refs.keys()) this.answers.set(key, answers)
    for (const { untilMs } of loaded) {
      if (untilMs !== null && (this.until === null || untilMs < this.until)) this.until = untilMs
    }
  }

  /** How questions about one standing are answered. */
  private askOf(ref: StandingRef): AskFact {
    const known = this.asks.get(ref)
    if (known) return known
    const answers = this.answers.get(standingKey(ref))
    const { ofOperation } = this.setting
    const ask: AskFact = (condition, cell, marks) =>
      ofOperation(condition) ??
      answers?.get(condition.fact)?.fact(condition, cell, ref, marks) ??
      'UNKNOWN'
    this.asks.set(ref, ask)
    return ask
  }
}

type Answers = ReadonlyMap<string, LoadedFacts>

/** Facts are about a part in a case, or a person in none. */
function standingKey({ caseId, partId, personKey }: StandingRef): string {
  return `${caseId}|${partId}|${personKey}`
}

type AskFact = (condition: Condition, cell: Cell, marks: ValueMarks) => Tri

/** Equal for subjects that every decision treats alike. */
export function subjectKey(tag: SubjectTag): string {
  const { marks } = tag
  const carries = Object.keys(marks.carries).length === 0 ? '' : JSON.stringify(marks.carries)
  return `${tag.kind}|${tag.partId ?? ''}|${tag.caseId ?? ''}|${tag.persons?.join(',') ?? ''}|${marks.supplier}|${marks.unit ? 'U' : ''}|${marks.itemId ?? ''}|${carries}`
}

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)]
const IN_NO_CASE: StandingRef = {
  caseId: null,
  partId: null,
  part: null,
  personKey: null,
  caseIsOpen: false,
}

type PartClass = 'PERPETRATOR' | 'PROTECTED' | 'NONE'
const classOf = (ref: StandingRef): PartClass =>
  ref.part === null ? 'NONE' : ref.part === 'PERPETRATOR' ? 'PERPETRATOR' : 'PROTECTED'

/**
 * A value about several people who figure alike (two victims in one report) needs the permission of
 * each; about people who figure differently (a victim and a suspect in one crime) that of one class is
 * enough, since the clauses speak of one part at a time. Bars count for everybody in it.
 */
function knownSubject(
  tag: SubjectTag,
  persons: readonly Standings[],
  askOf: (ref: StandingRef) => AskFact,
): KnownSubject {
  const { supplier, unit } = tag.marks
  const made = new Map<StandingRef, Standing>()
  const standing = (ref: StandingRef): Standing => {
    const known = made.get(ref)
    if (known) return known
    const ask = askOf(ref)
    const { caseId, part } = ref
    const one: Standing = { caseId, part, fact: (what, cell) => ask(what, cell, tag.marks) }
    made.set(ref, one)
    return one
  }
  const everyone = new Set(persons.flatMap((one) => [...one.here, ...one.everywhere]))
  const barring = [...everyone].map(standing)
  const groups: Situation[][] = []
  for (const partClass of ['PERPETRATOR', 'PROTECTED', 'NONE'] as const) {
    const members = persons
      .map((one) => one.here.filter((ref) => classOf(ref) === partClass).map(standing))
      .filter((standings) => standings.length > 0)
    if (members.length > 0)
      groups.push(members.map((standings) => ({ supplier, unit, standings, barring })))
  }
  let locating: KnownSubject['groups'] | null = null
  return {
    tag,
    personOfPart: tag.partId === undefined ? null : (persons[0]?.here[0]?.personKey ?? null),
    groups,
    get locatingGroups() {
      if (locating) return locating
      const located = [...new Set(persons.flatMap((one) => one.connected))].map(standing)
      locating = groups.map((group) => group.map((one) => ({ ...one, located })))
      return locating
    },
  }
}
