import type { LogSection } from '../access-log/entry.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { Category } from '../sharing/vocabulary.js'
import { Basis, type Reading, type RequestProfile } from './basis.js'
import { FactStore, type FactStoreSetting } from './fact-store.js'
import type { Governance } from './governance.js'
import type { DisclosureReport } from './report.js'
import { sectionsOf } from './sections.js'
import { type Situations, situationsIn } from './situations.js'
import { SubjectState } from './subject-state.js'
import type { Together } from './together.js'

/** What one plan's decisions are about: its subjects, each once; a tag is known by its identity. */
export class View {
  readonly states = new Map<SubjectTag, SubjectState>()

  constructor(private readonly reading: Reading) {}

  /** What is decided of this subject, whose facts are loaded. */
  stateOf(tag: SubjectTag): SubjectState {
    const known = this.states.get(tag)
    if (known) return known
    const state = stateIn(this.reading, tag)
    this.states.set(tag, state)
    return state
  }
}

/**
 * The ledger of one request at one answering process: its facts, what was decided about whom, and who
 * could not be asked. All subgraphs that run in this process share it, so there is one log entry.
 */
export class Ledger {
  facts: FactStore
  private readonly views = new Map<Basis, View>()
  private readonly watched: ((facts: FactStore) => Promise<boolean>)[] = []
  readonly unavailable = new Map<string, string>()

  constructor(
    private readonly setting: FactStoreSetting,
    readonly profile: RequestProfile,
    private readonly governance: Governance,
  ) {
    this.facts = new FactStore(setting)
  }

  /** Loads facts for subjects that are new to the request; then `stateOf` answers for them. */
  async ensure(tags: readonly SubjectTag[]): Promise<void> {
    await this.facts.ensure(tags)
  }

  /**
   * Something else that an answer rests on: asked again, with the facts as they are read again, before an
   * entry is appended anew.
   */
  watch(holds: (facts: FactStore) => Promise<boolean>): void {
    this.watched.push(holds)
  }

  /** What is decided of this subject on the basis of a plan. */
  stateOf(tag: SubjectTag, basis: Basis): SubjectState {
    return this.viewOf(basis).stateOf(tag)
  }

  get together(): Together {
    return this.setting.together
  }

  /** Notes that what the subject's object holds of this category comes in the answer. */
  tell(tag: SubjectTag, category: string): void {
    const [only, ...others] = tag.persons ?? []
    const whose = others.length > 0 ? null : (only ?? this.facts.personOfPart(tag) ?? tag.partId)
    if (whose != null) this.together.tell(category, whose)
  }

  /** Notes the same of objects that are being asked for, where this category of theirs is released. */
  tellReleased(tags: readonly SubjectTag[], category: Category): void {
    const basis = basisOfCategory(this.profile, this.governance, category)
    for (const tag of tags) {
      const state = this.stateOf(tag, basis)
      if (basis.asked.some((index) => state.ofCell(index).kind !== 'WITHHOLD'))
        this.tell(tag, category)
    }
  }

  /** Whether the answer holds all that its decisions rest on, and nothing that would change them. */
  isComplete(): boolean {
    const { together } = this
    if (together.isLacking) return false
    if (!together.hasComeLate) return true
    const { notes } = together
    return this.wanting().every((note) => !notes.has(note))
  }

  /** What is missing that would change what is answered, were it there. */
  wanting(): readonly string[] {
    const { together } = this
    const found = new Set<string>(together.elsewhere)
    if (!together.hasMissed) return [...found]
    for (const [basis, { states }] of this.views) {
      if (!basis.restsOnTogether) continue
      for (const state of states.values()) {
        const { result, notes } = together.suppose(() =>
          state.isAnsweredAs(stateIn(basis.reading(this.facts), state.tag)),
        )
        if (!result) for (const note of notes) found.add(note)
      }
    }
    return [...found]
  }

  /** What is decided of this subject's fields of one type, in whatever plan they are. */
  stateAs(tag: SubjectTag, typeName: string): SubjectState {
    return this.stateOf(tag, basisOfType(this.profile, this.governance, typeName))
  }

  /** How the subject figures, with the facts that hold for it. */
  situationsOf(tag: SubjectTag): Situations {
    return situationsIn(this.facts, tag)
  }

  /** Reads the facts again and says whether every decision would still be the same. */
  async stillHolds(): Promise<boolean> {
    const fresh = new FactStore(this.setting)
    await fresh.ensure([...this.views.values()].flatMap(({ states }) => [...states.keys()]))
    for (const [basis, { states }] of this.views) {
      const reading = basis.reading(fresh)
      for (const state of states.values())
        if (!state.isSameFor(stateIn(reading, state.tag))) return false
    }
    for (const holds of this.watched) if (!(await holds(fresh))) return false
    this.facts = fresh
    return true
  }

  unavailableReport(): DisclosureReport['unavailable'] {
    return [...this.unavailable].map(([agency, reason]) => ({ agency, reason }))
  }

  /** Everybody and everything that was decided about. */
  tags(): readonly SubjectTag[] {
    return [...this.views.values()].flatMap(({ states }) => [...states.keys()])
  }

  /** One section for each agency × person (or case): which fields, how decided, how often. */
  sections(): readonly LogSection[] {
    return sectionsOf(
      [...this.views.values()].flatMap(({ states }) => [...states.values()]),
      (tag) => this.facts.personOfPart(tag),
    )
  }

  /** Whether anything governed was released, be it that there is nothing. */
  get hasDisclosed(): boolean {
    for (const { states } of this.views.values())
      for (const state of states.values()) if (state.releases) return true
    return false
  }

  /** What is decided on the basis of a plan, of whomever. */
  viewOf(basis: Basis): View {
    const known = this.views.get(basis)
    if (known) return known
    const made = new View(basis.reading(this.facts))
    this.views.set(basis, made)
    return made
  }
}

function stateIn(reading: Reading, tag: SubjectTag): SubjectState {
  return new SubjectState(tag, reading.likenessOf(tag), reading.situationsOf)
}

const ofTypes = new WeakMap<RequestProfile, Map<string, Basis>>()

/** The basis of all decisions about one type, for what is asked outside a plan. */
function basisOfType(profile: RequestProfile, governance: Governance, typeName: string): Basis {
  return basisNamed(profile, governance, typeName, () => {
    const fields = [...(governance.type(typeName)?.fields.values() ?? [])]
    const cells = fields.map((field) => field.cellIndex)
    return new Basis(profile, governance, [typeName], cells)
  })
}

/** The basis of what is decided about all that there is of one category, whatever it stands in. */
function basisOfCategory(
  profile: RequestProfile,
  governance: Governance,
  category: Category,
): Basis {
  return basisNamed(profile, governance, `all of ${category}`, () => {
    const cells = governance.cells.flatMap((cell, at) => (cell.category === category ? [at] : []))
    return new Basis(profile, governance, [], cells)
  })
}

function basisNamed(
  profile: RequestProfile,
  governance: Governance,
  name: string,
  make: () => Basis,
): Basis {
  const bases = ofTypes.get(profile) ?? new Map<string, Basis>()
  ofTypes.set(profile, bases)
  const known = bases.get(name)
  if (known && known.governance === governance) return known
  const made = make()
  bases.set(name, made)
  return made
}
