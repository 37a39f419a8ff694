import type { Decision } from '../sharing/decision.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { DisclosurePlan, TypePlan } from './disclosure-plan.js'
import type { GovernedField } from './governance.js'
import type { Likeness, Situated } from './likeness.js'
import type { Situations } from './situations.js'
import type { Verdict } from './verdict.js'

/** A verdict, and how many objects of a subject it was about. */
export interface Counted {
  readonly verdict: Verdict
  readonly objects: number
}
export interface Uncounted {
  readonly field: GovernedField
  readonly decision: Decision
}

/** One subject in one request: what is decided of it, and how often each of that was met. */
export class SubjectState implements Situated {
  private made: Situations | null = null
  /** What the log is told: verdicts, and how many objects each was about. Most have one. */
  private verdict1: Verdict | null = null
  private count1 = 0
  private more: Map<Verdict, number> | null = null
  private taken: Uncounted[] | null = null

  constructor(
    readonly tag: SubjectTag,
    readonly likeness: Likeness,
    private readonly situationsOf: (tag: SubjectTag) => Situations,
  ) {}

  get situations(): Situations {
    this.made ??= this.situationsOf(this.tag)
    return this.made
  }

  decide(field: GovernedField, typeName: string): Decision {
    return this.likeness.decide(field, typeName, this)
  }

  ofCell(index: number): Decision {
    return this.likeness.ofCell(index, this)
  }

  exists(typeName: string): boolean {
    return this.likeness.exists(typeName, this)
  }

  wanted(plan: DisclosurePlan, typeName: string): ReadonlySet<string> {
    return this.likeness.wanted(plan, typeName, this)
  }

  /** What is decided of one object of this subject, within a value that is shortened as `cap` says. */
  verdict(plan: TypePlan, cap: Decision | null): Verdict {
    return cap === null
      ? this.likeness.verdict(plan, this)
      : this.likeness.verdictWithin(cap, plan, this)
  }

  isSameFor(fresh: SubjectState): boolean {
    return this.likeness.isSameAs(fresh.likeness, this, fresh)
  }

  isAnsweredAs(other: SubjectState): boolean {
    return this.likeness.isAnsweredAs(other.likeness, this, other)
  }

  /** Notes that so many more objects were decided about. */
  count(verdict: Verdict, objects = 1): void {
    this.verdict1 ??= verdict
    if (this.verdict1 === verdict) {
      this.count1 += objects
      return
    }
    this.more ??= new Map()
    this.more.set(verdict, (this.more.get(verdict) ?? 0) + objects)
  }

  /** Notes a decision that a verdict counts and that was taken otherwise after all. */
  uncount(field: GovernedField, decision: Decision): void {
    this.taken ??= []
    this.taken.push({ field, decision })
  }

  /** Whether anything was decided about this subject in an answer. */
  get isCounted(): boolean {
    return this.verdict1 !== null
  }

  /** In the order in which they were met first. */
  counts(): readonly Counted[] {
    if (this.verdict1 === null) return []
    const first = { verdict: this.verdict1, objects: this.count1 }
    if (this.more === null) return [first]
    return [first, ...[...this.more].map(([verdict, objects]) => ({ verdict, objects }))]
  }

  get uncounted(): readonly Uncounted[] {
    return this.taken ?? []
  }

  /** Whether anything governed was released, be it that there is nothing. */
  get releases(): boolean {
    return this.verdict1?.releases === true || this.counts().some((one) => one.verdict.releases)
  }
}
