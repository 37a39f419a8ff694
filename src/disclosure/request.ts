import type { LogSection } from '../access-log/entry.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import { FactStore, type FactStoreSetting, type KnownSubject, subjectKey } from './fact-store.js'
import type { Governance } from './governance.js'
import type { DisclosureReport } from './report.js'
import { type Decide, type IsNever, SubjectState } from './subject-state.js'

/** What the agreement makes of one caller and purpose; equal profiles share one key. */
export interface RequestProfile {
  readonly key: string
  readonly decide: Decide
  readonly isNever: IsNever
}

/**
 * The ledger of one request at one answering process: its facts, what was decided about whom, and who
 * could not be asked. All subgraphs that run in this process share it, so there is one log entry.
 */
export class Ledger {
  facts: FactStore
  private readonly states = new Map<string, SubjectState>()
  private readonly watched: (() => Promise<boolean>)[] = []
  readonly unavailable = new Map<string, string>()

  constructor(
    private readonly setting: FactStoreSetting,
    private readonly profile: RequestProfile,
    private readonly governance: Governance,
  ) {
    this.facts = new FactStore(setting)
  }

  /** Loads facts for subjects that are new to the request; then `stateOf` answers for them. */
  async ensure(tags: Iterable<SubjectTag>): Promise<void> {
    await this.facts.ensure(tags)
  }

  /** Something else that an answer rests on: asked again, with the facts, before an entry is appended anew. */
  watch(holds: () => Promise<boolean>): void {
    this.watched.push(holds)
  }

  stateOf(tag: SubjectTag): SubjectState {
    const key = subjectKey(tag)
    const known = this.states.get(key)
    if (known) return known
    const subject = this.facts.get(tag)
    if (!subject) throw new TypeError('facts are loaded before a decision is asked for')
    const state = new SubjectState(
      subject,
      this.governance,
      this.profile.decide,
      this.profile.isNever,
    )
    this.states.set(key, state)
    return state
  }

  /** Reads the facts again and says whether every decision would still be the same. */
  async stillHolds(): Promise<boolean> {
    const fresh = new FactStore(this.setting)
    await fresh.ensure([...this.states.values()].map((state) => state.subject.tag))
    for (const state of this.states.values()) {
      const subject = fresh.get(state.subject.tag)
      if (
        !subject ||
        !state.isSameFor(
          new SubjectState(subject, this.governance, this.profile.decide, this.profile.isNever),
        )
      )
        return false
    }
    for (const holds of this.watched) if (!(await holds())) return false
    this.facts = fresh
    return true
  }

  unavailableReport(): DisclosureReport['unavailable'] {
    return [...this.unavailable].map(([agency, reason]) => ({ agency, reason }))
  }

  /** One section for each agency × person (or case): which fields, how decided, how often. */
  sections(): readonly LogSection[] {
    const sections = new Map<
      string,
      {
        agency: string
        person: string | null
        caseId: string | null
        decisions: Map<string, LogSection['decisions'][number]>
      }
    >()
    for (const state of this.states.values()) {
      if (state.tally.size === 0) continue
      for (const whose of subjectsOf(state.subject)) {
        const key = `${whose.agency}|${whose.person ?? ''}|${whose.caseId ?? ''}`
        const section = sections.get(key) ?? { ...whose, decisions: new Map() }
        sections.set(key, section)
        addTally(section.decisions, state)
      }
    }
    return [...sections.values()].map((one) => ({ ...one, decisions: [...one.decisions.values()] }))
  }

  /** Whether anything governed was released, be it that there is nothing. */
  get hasDisclosed(): boolean {
    for (const state of this.states.values()) {
      for (const field of state.tally.keys()) {
        const typeName = field.coordinate.slice(0, field.coordinate.indexOf('.'))
        if (state.decide(field, typeName).kind !== 'WITHHOLD') return true
      }
    }
    return false
  }
}

/** Of a part its person and its case: what the unit wrote about somebody is that person's data too. */
function subjectsOf({
  tag,
  personOfPart,
}: KnownSubject): readonly { agency: string; person: string | null; caseId: string | null }[] {
  const agency = tag.marks.supplier
  if (tag.persons && tag.persons.length > 0)
    return tag.persons.map((person) => ({ agency, person, caseId: null }))
  return [{ agency, person: personOfPart, caseId: tag.caseId ?? null }]
}

function addTally(into: Map<string, LogSection['decisions'][number]>, state: SubjectState): void {
  for (const [field, count] of state.tally) {
    const typeName = field.coordinate.slice(0, field.coordinate.indexOf('.'))
    const decision = state.decide(field, typeName)
    const { reason, clauses } = decision.logged
    const key = `${field.coordinate}|${decision.kind}|${reason}|${decision.clause ?? ''}`
    const known = into.get(key)
    into.set(key, {
      coordinate: field.coordinate,
      decision: decision.kind,
      reason,
      clause: decision.clause,
      clauses,
      count: (known?.count ?? 0) + count,
    })
  }
}
