import type { Decision } from '../sharing/decision.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { DisclosurePlan, TypePlan } from './disclosure-plan.js'
import type { GovernedField } from './governance.js'
import type { Likeness, SituationsOf } from './likeness.js'
import type { Situations } from './situations.js'
import type { Verdict } from './verdict.js'

/** One subject in one request: what is decided of it, and how often each of that was met. */
export class SubjectState {
  private made: Situations | null = null
  private readonly of: SituationsOf
  /** What the log is told: verdicts, and how many objects each was about. */
  readonly verdicts: Verdict[] = []
  readonly counts: number[] = []
  /** Decisions that a verdict counts and that were taken otherwise after all. */
  readonly uncounted: { readonly field: GovernedField; readonly decision: Decision }[] = []

  constructor(
    readonly tag: SubjectTag,
    readonly likeness: Likeness,
    situations: SituationsOf,
  ) {
    this.of = () => {
      this.made ??= situations()
      return this.made
    }
  }

  get situations(): Situations {
    return this.of()
  }

  decide(field: GovernedField, typeName: string): Decision {
    return this.likeness.decide(field, typeName, this.of)
  }

  ofCell(index: number): Decision {
    return this.likeness.ofCell(index, this.of)
  }

  exists(typeName: string): boolean {
    return this.likeness.exists(typeName, this.of)
  }

  wanted(plan: DisclosurePlan, typeName: string): ReadonlySet<string> {
    return this.likeness.wanted(plan, typeName, this.of)
  }

  /** What is decided of one object of this subject, within a value that is shortened as `cap` says. */
  verdict(plan: TypePlan, cap: Decision | null): Verdict {
    return cap === null
      ? this.likeness.verdict(plan, this.of)
      : this.likeness.verdictWithin(cap, plan, this.of)
  }

  isSameFor(fresh: SubjectState): boolean {
    return this.likeness.isSameAs(fresh.likeness, this.of, fresh.of)
  }

  isAnsweredAs(other: SubjectState): boolean {
    return this.likeness.isAnsweredAs(other.likeness, this.of, other.of)
  }

  /** Notes one more object that was decided about. */
  count(verdict: Verdict): void {
    const { verdicts, counts } = this
    for (let at = 0; at < verdicts.length; at += 1)
      if (verdicts[at] === verdict) {
        counts[at] = (counts[at] ?? 0) + 1
        return
      }
    verdicts.push(verdict)
    counts.push(1)
  }
}
