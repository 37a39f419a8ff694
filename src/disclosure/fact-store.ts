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
}) => Promise<{
  person(key: string): Standings
  part(id: string): Standings
  case(id: string): Standings
}>

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
  /** One group for each part class: within a group all persons must permit, across groups one is enough. */
  readonly groups: readonly (readonly Situation[])[]
  /** The same, naming everyone whom a value that locates others may locate. */
  readonly locatingGroups: readonly (readonly Situation[])[]
}

/**
 * The facts of one request: loaded in one batch for each answering subgraph, once for each subject.
 * `factsEpoch` is read before the first fact, so a later append at that epoch proves that none of them
 * has changed.
 */
export class FactStore {
  private readonly known = new Map<string, KnownSubject>()
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
    const standings = await this.setting.loadStandings({
      persons: distinct(wanted.flatMap((tag) => tag.persons ?? [])),
      parts: distinct(wanted.flatMap((tag) => (tag.partId === undefined ? [] : [tag.partId]))),
      cases: distinct(wanted.flatMap((tag) => (tag.caseId === undefined ? [] : [tag.caseId]))),
    })
    const perTag = wanted.map((tag) => ({ tag, persons: standingsOf(tag, standings) }))
    const loaded = await this.loadFacts(perTag)
    const factOf = this.answering(loaded)
    for (const { tag, persons } of perTag)
      this.known.set(subjectKey(tag), knownSubject(tag, persons, factOf))
  }

  private async loadFacts(
    perTag: readonly { tag: SubjectTag; persons: readonly Standings[] }[],
  ): Promise<readonly LoadedFacts[]> {
    const refs = new Map<string, StandingRef>()
    for (const { persons } of perTag) {
      for (const one of persons)
        for (const ref of [...one.here, ...one.everywhere, ...one.connected])
          refs.set(`${ref.caseId}|${ref.partId}|${ref.personKey}`, ref)
    }
    const question = {
      asker: this.setting.asker,
      standings: [...refs.values()],
      values: perTag.map(({ tag }) => tag.marks),
      nowMs: this.setting.nowMs(),
    }
    const loaded = await Promise.all(this.setting.sources.map((source) => source.load(question)))
    for (const { untilMs } of loaded) {
      if (untilMs !== null && (this.until === null || untilMs < this.until)) this.until = untilMs
    }
    return loaded
  }

  private answering(loaded: readonly LoadedFacts[]): AskFact {
    const byFact = new Map<string, LoadedFacts>()
    this.setting.sources.forEach((source, index) => {
      const answers = loaded[index]
      if (answers) for (const fact of source.facts) byFact.set(fact, answers)
    })
    return (condition, cell, ref, marks) =>
      this.setting.ofOperation(condition) ??
      byFact.get(condition.fact)?.fact(condition, cell, ref, marks) ??
      'UNKNOWN'
  }
}

type AskFact = (condition: Condition, cell: Cell, ref: StandingRef, marks: ValueMarks) => Tri

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

/** For each person (or part, or case) of a subject its standings; somebody in no case stands outside all. */
function standingsOf(
  tag: SubjectTag,
  loaded: Awaited<ReturnType<LoadStandings>>,
): readonly Standings[] {
  if (tag.partId !== undefined) return [loaded.part(tag.partId)]
  if (tag.persons !== undefined && tag.persons.length > 0) {
    return tag.persons.map((key) => {
      const found = loaded.person(key)
      return found.here.length > 0 ? found : { ...found, here: [{ ...IN_NO_CASE, personKey: key }] }
    })
  }
  if (tag.caseId !== undefined) return [loaded.case(tag.caseId)]
  return [{ here: [IN_NO_CASE], everywhere: [], connected: [] }]
}

type PartClass = 'PERPETRATOR' | 'PROTECTED' | 'NONE'
const classOf = (ref: StandingRef): PartClass =>
  ref.part === null ? 'NONE' : ref.part === 'PERPETRATOR' ? 'PERPETRATOR' : 'PROTECTED'

/**
 * A value about several people who figure alike (two victims in one report) needs the permission of
 * each; about people who figure differently (a victim and a suspect in one crime) that of one class is
 * enough, since the clauses speak of one part at a time. Bars count for everybody in it.
 */
function knownSubject(tag: SubjectTag, persons: readonly Standings[], ask: AskFact): KnownSubject {
  const standing = (ref: StandingRef): Standing => ({
    caseId: ref.caseId,
    part: ref.part,
    fact: (condition, cell) => ask(condition, cell, ref, tag.marks),
  })
  const everyone = persons.flatMap((one) => [...one.here, ...one.everywhere]).map(standing)
  const connected = persons.flatMap((one) => one.connected).map(standing)
  const groups: Situation[][] = []
  const locatingGroups: Situation[][] = []
  for (const partClass of ['PERPETRATOR', 'PROTECTED', 'NONE'] as const) {
    const members = persons
      .map((one) => one.here.filter((ref) => classOf(ref) === partClass).map(standing))
      .filter((standings) => standings.length > 0)
    if (members.length === 0) continue
    const situations = members.map(
      (standings): Situation => ({
        supplier: tag.marks.supplier,
        unit: tag.marks.unit,
        standings,
        barring: everyone,
      }),
    )
    groups.push(situations)
    locatingGroups.push(situations.map((one) => ({ ...one, located: connected })))
  }
  return { tag, groups, locatingGroups }
}
