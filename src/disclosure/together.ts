import type { Condition } from '../sharing/decision.js'
import type { StandingRef } from '../sharing/fact-source.js'
import type { Tri } from '../sharing/vocabulary.js'

/** A category of one person's data, as it is handed on: person keys stay inside federation. */
const noteOf = (category: string, whose: string): string => `${category} ${whose}`

/** Notes of categories of persons, kept so that each is found without a text made for it. */
class Notes {
  private readonly by = new Map<string, Set<string>>()

  add(category: string, whose: string): void {
    const known = this.by.get(category)
    if (known) known.add(whose)
    else this.by.set(category, new Set([whose]))
  }

  has(category: string, whose: string): boolean {
    return this.by.get(category)?.has(whose) === true
  }

  /** The same of one that was handed on. */
  addNote(note: string): void {
    const at = note.indexOf(' ')
    this.add(note.slice(0, at), note.slice(at + 1))
  }

  hasNote(note: string): boolean {
    const at = note.indexOf(' ')
    return this.has(note.slice(0, at), note.slice(at + 1))
  }

  get isEmpty(): boolean {
    return this.by.size === 0
  }

  *[Symbol.iterator](): Generator<string> {
    for (const [category, persons] of this.by)
      for (const whose of persons) yield noteOf(category, whose)
  }
}

/**
 * What of whom comes in one answer, for values that are released only together with something else of the
 * same person (`WITH`): a phone beside how the person may be rung safely. It comes where some object of
 * that person, wherever it stands in the answer, was asked for it and it was not withheld; that nothing is
 * recorded is an answer as well.
 *
 * Subgraphs answer in an order that nobody promises, so what was not there yet may come after all; then
 * the request is decided again, `before` being what came the last time. INVARIANT: an answer leaves only
 * when it holds everything that its decisions took to be there.
 */
export class Together {
  private readonly told = new Notes()
  private readonly missed = new Notes()
  private readonly reliedOn = new Set<string>()
  private readonly wantedElsewhere = new Set<string>()
  private supposed: Set<string> | null = null

  constructor(private readonly before: ReadonlySet<string> = new Set()) {}

  /** Notes that this category of the person (or of the part, where nobody is identified) comes. */
  tell(category: string, whose: string): void {
    this.told.add(category, whose)
  }

  /** WITH a category, for one person; of nobody nothing comes. */
  fact({ argument }: Condition, { personKey, partId }: StandingRef): Tri {
    const whose = personKey ?? partId
    if (argument === null || whose === null) return 'FALSE'
    if (this.supposed !== null && this.missed.has(argument, whose)) {
      this.supposed.add(noteOf(argument, whose))
      return 'TRUE'
    }
    if (this.told.has(argument, whose)) return 'TRUE'
    if (this.before.size > 0 && this.before.has(noteOf(argument, whose))) {
      this.reliedOn.add(noteOf(argument, whose))
      return 'TRUE'
    }
    this.missed.add(argument, whose)
    return 'FALSE'
  }

  /** Takes up what came of a subgraph elsewhere, and what would have changed its part of the answer. */
  take(of: { readonly told: Iterable<string>; readonly wanting: Iterable<string> }): void {
    for (const note of of.told) this.told.addNote(note)
    for (const note of of.wanting) this.wantedElsewhere.add(note)
  }

  /** What would have changed what subgraphs elsewhere answered, had it been there. */
  get elsewhere(): Iterable<string> {
    return this.wantedElsewhere
  }

  /** What has come, and what is taken to come: for a subgraph elsewhere, which relies on both. */
  handOn(): readonly string[] {
    for (const note of this.before) if (!this.told.hasNote(note)) this.reliedOn.add(note)
    return [...this.told, ...this.reliedOn]
  }

  /** What has come. */
  get notes(): ReadonlySet<string> {
    return new Set(this.told)
  }

  /** Whether something was asked about that was not there and has come since. */
  get hasComeLate(): boolean {
    for (const notes of [this.missed, this.wantedElsewhere])
      for (const note of notes) if (this.told.hasNote(note)) return true
    return false
  }

  /** Whether something that was taken to come is not there. */
  get isLacking(): boolean {
    for (const note of this.reliedOn) if (!this.told.hasNote(note)) return true
    return false
  }

  get hasMissed(): boolean {
    return !this.missed.isEmpty
  }

  /** Runs `work` as if all that was missed were there; gives what of it was asked about. */
  suppose(work: () => boolean): { readonly result: boolean; readonly notes: ReadonlySet<string> } {
    const notes = new Set<string>()
    this.supposed = notes
    try {
      return { result: work(), notes }
    } finally {
      this.supposed = null
    }
  }
}
