import { invariant } from '../errors.js'
import type { Decision } from '../sharing/decision.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { DisclosurePlan, FieldPlan, TypePlan } from './disclosure-plan.js'
import type { Reporting } from './report.js'
import type { SubjectState } from './subject-state.js'
import { DO, type Verdict } from './verdict.js'

/** Gives a value the form that a decision names; null where it has no such form. */
export type Generalise = (decision: Decision, value: unknown, field: FieldPlan) => unknown

export type Locates = (text: string) => boolean

export interface Releasing {
  readonly plan: DisclosurePlan
  readonly stateOf: (tag: SubjectTag) => SubjectState
  readonly generalise: Generalise
  readonly reporting: Reporting
  /** Whether a text says where somebody is from whom this caller must be kept; null where nobody is. */
  readonly locates: Locates | null
  readonly nowMs: number
  /** Told what comes of a category that something else may only travel together with. */
  readonly tell: (tag: SubjectTag, category: string) => void
}

type Answer = Record<string, unknown>

/** All subjects in an answer, in one walk: what facts must be loaded for. One may be named often. */
export function subjectsOf(plan: DisclosurePlan, data: Answer): readonly SubjectTag[] {
  const found: SubjectTag[] = []
  const { typenameKey, subjectKey } = plan
  const walk = (value: unknown, field: FieldPlan): void => {
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at += 1) walk(value[at], field)
      return
    }
    if (!isAnswer(value)) return
    const type = field.only ?? field.children?.get(String(value[typenameKey]))
    if (!type) return
    const tag = value[subjectKey]
    if (type.hasSubject && isTag(tag)) found.push(tag)
    for (const each of type.towardsSubjects) walk(value[each.responseKey], each)
  }
  for (const field of plan.root.towardsSubjects) walk(data[field.responseKey], field)
  return found
}

/**
 * One pass over a subgraph's answer, which is changed in place and belongs to nobody else: a governed
 * value stays, is shortened or becomes null; hidden list items are left out; the hidden fields are
 * taken away. A value is released only on SHARE.
 */
export function release(releasing: Releasing, data: Answer): Answer {
  new Release(releasing).object(data, releasing.plan.root, null, null)
  return data
}

class Release {
  /** Where in the answer we are. */
  private readonly path: (string | number)[] = []

  constructor(private readonly to: Releasing) {}

  object(source: Answer, plan: TypePlan, state: SubjectState | null, cap: Decision | null): void {
    if (state === null) {
      for (const field of plan.fields) {
        invariant(!field.governed, `\`${plan.name}.${field.name}\` is governed and has no subject`)
        this.enter(source, field, null, cap)
      }
      return
    }
    const verdict = state.verdict(plan, cap)
    state.count(verdict)
    const { reporting, locates } = this.to
    reporting.met(verdict)
    const { fields } = plan
    if (locates !== null || plan.bringsTogether) {
      for (let at = 0; at < fields.length; at += 1) {
        const field = fields[at]
        if (field) this.field(source, field, verdict, at, state, cap)
      }
      return
    }
    for (const at of verdict.toDo) {
      const field = fields[at]
      const below = verdict.below[at]
      if (field && below) this.count(source[field.responseKey], field, below, state)
      else if (field) this.field(source, field, verdict, at, state, cap)
    }
  }

  /** Of a value that passes with all that is in it: the log is told how many objects that is. */
  private count(value: unknown, field: FieldPlan, verdict: Verdict, state: SubjectState): void {
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at += 1) this.count(value[at], field, verdict, state)
      return
    }
    if (!isAnswer(value)) return
    state.count(verdict)
    this.to.reporting.met(verdict)
    for (const at of verdict.toDo) {
      const within = field.only?.fields[at]
      const below = verdict.below[at]
      if (within && below) this.count(value[within.responseKey], within, below, state)
    }
  }

  private field(
    source: Answer,
    field: FieldPlan,
    verdict: Verdict,
    at: number,
    state: SubjectState,
    cap: Decision | null,
  ): void {
    const decision = verdict.decisions[at] ?? null
    const key = field.responseKey
    if (field.together !== null && decision !== null && decision.kind !== 'WITHHOLD')
      this.to.tell(state.tag, field.together)
    switch (verdict.actions[at]) {
      case DO.PASS:
      case DO.ENTER:
        if (decision !== null) {
          this.noteStale(field, decision, state)
          if (this.to.locates !== null && field.children === null)
            source[key] = this.withoutPlaces(source[key], field)
        }
        this.enter(source, field, state, decision === null ? cap : null)
        return
      case DO.SHORTEN:
        this.to.reporting.decided(verdict, at, field, this.path)
        if (decision !== null && source[key] !== null)
          source[key] = this.withoutPlaces(this.to.generalise(decision, source[key], field), field)
        return
      case DO.SHORTEN_WITHIN:
        this.to.reporting.decided(verdict, at, field, this.path)
        this.enter(source, field, state, decision)
        return
      case DO.ITEMS:
        if (decision !== null && this.keepsOwnItems(source, field, state)) {
          if (field.governed) state.uncount(field.governed, decision)
          if (field.together !== null) this.to.tell(state.tag, field.together)
          return
        }
        this.to.reporting.decided(verdict, at, field, this.path)
        source[key] = null
        return
      default:
        this.to.reporting.decided(verdict, at, field, this.path)
        source[key] = null
    }
  }

  /** What is below a value that stays; a single object that may not be known becomes null. */
  private enter(
    source: Answer,
    field: FieldPlan,
    state: SubjectState | null,
    cap: Decision | null,
  ): void {
    const key = field.responseKey
    const value = source[key]
    if (field.children === null || value === null || value === undefined) return
    this.path.push(key)
    if (Array.isArray(value)) this.list(value, field, state, cap)
    else source[key] = this.single(value, field, state, cap)
    this.path.pop()
  }

  private single(
    value: unknown,
    field: FieldPlan,
    state: SubjectState | null,
    cap: Decision | null,
  ): unknown {
    if (!isAnswer(value)) return null
    const plan = this.typeOf(value, field)
    const own = this.take(value, plan)
    if (field.guardsExistence && own && !own.exists(plan.name)) return null
    this.object(value, plan, own ?? state, cap)
    return value
  }

  /** Leaves out, in place, what the caller may not know of; entities keep their places. */
  private list(
    values: unknown[],
    field: FieldPlan,
    state: SubjectState | null,
    cap: Decision | null,
  ): void {
    const isEntities = field.name === '_entities'
    let kept = 0
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at]
      this.path.push(kept)
      if (Array.isArray(value)) {
        this.list(value, field, state, cap)
        values[kept++] = value
      } else if (!isAnswer(value)) values[kept++] = null
      else {
        const plan = this.typeOf(value, field)
        const own = this.take(value, plan)
        if (own === null || isEntities || own.exists(plan.name)) {
          this.object(value, plan, own ?? state, cap)
          values[kept++] = value
        }
      }
      this.path.pop()
    }
    if (kept < values.length) values.length = kept
  }

  private typeOf(value: Answer, field: FieldPlan): TypePlan {
    const plan = field.only ?? field.children?.get(String(value[this.to.plan.typenameKey]))
    invariant(plan, `an object under \`${field.name}\` names its type`)
    return plan
  }

  /** Takes the hidden fields away; gives whose the object is, where it says so. */
  private take(value: Answer, plan: TypePlan): SubjectState | null {
    const { typenameKey, subjectKey } = this.to.plan
    if (value[typenameKey] !== undefined) value[typenameKey] = undefined
    const tag = value[subjectKey]
    if (tag !== undefined) value[subjectKey] = undefined
    if (!plan.hasSubject) return null
    invariant(isTag(tag), `\`${plan.name}\` says whose data it is`)
    return this.to.stateOf(tag)
  }

  /** Of a list that is withheld as its holder's, what is released as what it is itself. */
  private keepsOwnItems(source: Answer, field: FieldPlan, state: SubjectState): boolean {
    const values = source[field.responseKey]
    if (!Array.isArray(values)) return false
    const own = values.filter((value) => this.isReleasedItem(value, field))
    if (own.length === 0) return false
    source[field.responseKey] = own
    this.enter(source, field, state, null)
    return true
  }

  private isReleasedItem(value: unknown, field: FieldPlan): boolean {
    if (!isAnswer(value)) return false
    const plan = this.typeOf(value, field)
    const tag = value[this.to.plan.subjectKey]
    if (!plan.hasSubject || !isTag(tag)) return false
    const own = this.to.stateOf(tag)
    return (field.itemCells?.get(plan.name) ?? []).some(
      (index) => own.ofCell(index).kind !== 'WITHHOLD',
    )
  }

  /**
   * A text that names such a place is kept back whole, whoever's it is and whatever let it through: as if
   * nothing were there. Terms that were served name places to be kept away from, and are for the one who
   * must keep away.
   */
  private withoutPlaces(value: unknown, field: FieldPlan): unknown {
    const { locates } = this.to
    if (locates === null || field.children || field.governed?.cell.category === 'ORDER_TERMS')
      return value
    if (Array.isArray(value)) return value.filter((one) => typeof one !== 'string' || !locates(one))
    return typeof value === 'string' && locates(value) ? null : value
  }

  private noteStale(field: FieldPlan, decision: Decision, state: SubjectState): void {
    const { suppliedAtMs } = state.tag.marks
    if (!field.governed || decision.freshHours === null || suppliedAtMs === null) return
    if (this.to.nowMs - suppliedAtMs > decision.freshHours * 3_600_000)
      this.to.reporting.staleValue(field.governed, suppliedAtMs, this.path, field.responseKey)
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTag(value: unknown): value is SubjectTag {
  return isAnswer(value) && 'kind' in value && 'marks' in value
}
