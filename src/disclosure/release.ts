import { invariant } from '../errors.js'
import type { Decision } from '../sharing/decision.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { DisclosurePlan, FieldPlan, Shown, TypePlan } from './disclosure-plan.js'
import type { Path, Reporting } from './report.js'
import type { SubjectState } from './subject-state.js'

/** Gives a value the form that a decision names; null where it has no such form. */
export type Generalise = (decision: Decision, value: unknown, field: FieldPlan) => unknown

export type Locates = (text: string) => boolean

export interface Releasing {
  readonly plan: DisclosurePlan
  readonly variables: Readonly<Record<string, unknown>>
  readonly stateOf: (tag: SubjectTag) => SubjectState
  readonly generalise: Generalise
  readonly reporting: Reporting
  /** Whether a text says where somebody is from whom this caller must be kept; null where nobody is. */
  readonly locates: Locates | null
  readonly nowMs: number
}

type Answer = Record<string, unknown>

/** All subjects in an answer, in one walk: what facts must be loaded for. */
export function subjectsOf(plan: DisclosurePlan, data: Answer): ReadonlySet<SubjectTag> {
  const found = new Set<SubjectTag>()
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) walk(one)
    else if (isAnswer(value)) {
      const tag = value[plan.subjectKey]
      if (isTag(tag)) found.add(tag)
      for (const key of Object.keys(value)) if (key !== plan.subjectKey) walk(value[key])
    }
  }
  walk(data)
  return found
}

/**
 * One pass over a subgraph's answer: every governed value is released, shortened or withheld, hidden
 * list items are left out, the hidden fields are taken away. A value is released only on SHARE.
 */
export function release(releasing: Releasing, data: Answer): Answer {
  return object(releasing, data, releasing.plan.root, null, null, null)
}

function object(
  releasing: Releasing,
  source: Answer,
  plan: TypePlan,
  state: SubjectState | null,
  path: Path | null,
  cap: Decision | null,
): Answer {
  const out = emptyAnswer()
  for (const field of plan.fields) {
    const at: Path = { up: path, key: field.responseKey }
    const value = field.pruned ? null : source[field.responseKey]
    if (value === undefined || (field.pruned && !isShown(field.shownWhen, releasing.variables)))
      continue
    out[field.responseKey] = field.governed
      ? governed(releasing, value, field, plan, state, at, cap)
      : below(releasing, value, field, state, at, cap)
  }
  return out
}

/** Answers are made without a prototype's traps: a response key may be `__proto__`. */
function emptyAnswer(): Answer {
  return Object.create(null) as Answer
}

function governed(
  releasing: Releasing,
  value: unknown,
  field: FieldPlan,
  plan: TypePlan,
  state: SubjectState | null,
  path: Path,
  cap: Decision | null,
): unknown {
  invariant(
    field.governed && state,
    `\`${plan.name}.${field.name}\` is governed and has no subject`,
  )
  const decision = capped(state.decide(field.governed, plan.name), cap, field)
  if (decision.kind === 'WITHHOLD' && field.itemCells && Array.isArray(value)) {
    const own = value.filter((one) => isReleasedItem(releasing, one, field))
    if (own.length > 0) return list(releasing, own, field, state, path, null)
  }
  state.count(field.governed)
  releasing.reporting.decided(field.governed, decision, path)
  if (decision.kind === 'SHARE') {
    noteStale(releasing, field, decision, state, path)
    return below(releasing, withoutPlaces(releasing, value, field), field, state, path, null)
  }
  if (decision.kind !== 'GENERALISE' || value === null) return null
  if (field.children) return below(releasing, value, field, state, path, decision)
  return withoutPlaces(releasing, releasing.generalise(decision, value, field), field)
}

/** Whether an item of a list that is withheld as its holder's is released as what it is itself. */
function isReleasedItem(releasing: Releasing, value: unknown, field: FieldPlan): boolean {
  const found = child(releasing, value, field)
  if (!found?.own) return false
  const { own, plan } = found
  return (field.itemCells?.get(plan.name) ?? []).some(
    (index) => own.ofCell(index).kind !== 'WITHHOLD',
  )
}

/**
 * A text that names such a place is kept back whole, whoever's it is and whatever let it through: as if
 * nothing were there. Terms that were served name places to be kept away from, and are for the one who
 * must keep away.
 */
function withoutPlaces({ locates }: Releasing, value: unknown, field: FieldPlan): unknown {
  if (locates === null || field.children || field.governed?.cell.category === 'ORDER_TERMS')
    return value
  if (Array.isArray(value)) return value.filter((one) => typeof one !== 'string' || !locates(one))
  return typeof value === 'string' && locates(value) ? null : value
}

/** Inside a shortened value nothing is more open than the value: what has the same form takes it, the rest is withheld. */
function capped(decision: Decision, cap: Decision | null, field: FieldPlan): Decision {
  if (!cap || decision.kind === 'WITHHOLD') return decision
  const forms = field.governed?.cell.forms ?? []
  if (cap.form !== null && forms.includes(cap.form)) return cap
  return { ...cap, kind: 'WITHHOLD', form: null }
}

function noteStale(
  releasing: Releasing,
  field: FieldPlan,
  decision: Decision,
  state: SubjectState,
  path: Path,
): void {
  const suppliedAtMs = state.subject.tag.marks.suppliedAtMs
  if (!field.governed || decision.freshHours === null || suppliedAtMs === null) return
  if (releasing.nowMs - suppliedAtMs > decision.freshHours * 3_600_000)
    releasing.reporting.staleValue(field.governed, suppliedAtMs, path)
}

function below(
  releasing: Releasing,
  value: unknown,
  field: FieldPlan,
  state: SubjectState | null,
  path: Path,
  cap: Decision | null,
): unknown {
  if (value === null || field.children === null) return value
  if (Array.isArray(value)) return list(releasing, value, field, state, path, cap)
  const found = child(releasing, value, field)
  if (!found) return null
  if (field.guardsExistence && found.own && !found.own.exists(found.plan.name)) return null
  return object(releasing, found.source, found.plan, found.own ?? state, path, cap)
}

function list(
  releasing: Releasing,
  values: readonly unknown[],
  field: FieldPlan,
  state: SubjectState | null,
  path: Path,
  cap: Decision | null,
): unknown[] {
  const isEntities = field.name === '_entities'
  const out: unknown[] = []
  for (const value of values) {
    if (Array.isArray(value)) {
      out.push(list(releasing, value, field, state, { up: path, key: out.length }, cap))
      continue
    }
    const found = child(releasing, value, field)
    if (found?.own && !isEntities && !found.own.exists(found.plan.name)) continue
    out.push(
      found
        ? object(
            releasing,
            found.source,
            found.plan,
            found.own ?? state,
            { up: path, key: out.length },
            cap,
          )
        : null,
    )
  }
  return out
}

interface Child {
  readonly source: Answer
  readonly plan: TypePlan
  readonly own: SubjectState | null
}

function child(releasing: Releasing, value: unknown, field: FieldPlan): Child | null {
  if (!isAnswer(value)) return null
  const { plan } = releasing
  const typePlan = field.children?.get(String(value[plan.typenameKey]))
  invariant(typePlan, `an object under \`${field.name}\` names its type`)
  const tag = value[plan.subjectKey]
  if (typePlan.hasSubject) invariant(isTag(tag), `\`${typePlan.name}\` says whose data it is`)
  return {
    source: value,
    plan: typePlan,
    own: typePlan.hasSubject && isTag(tag) ? releasing.stateOf(tag) : null,
  }
}

function isShown(
  alternatives: readonly (readonly Shown[])[],
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return alternatives.some((all) =>
    all.every(
      (one) => (one.variable === null ? one.constant : variables[one.variable] === true) === one.is,
    ),
  )
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTag(value: unknown): value is SubjectTag {
  return isAnswer(value) && 'kind' in value && 'marks' in value
}
