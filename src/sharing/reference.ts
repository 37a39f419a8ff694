import type { AgencySelector, Agreement, Clause, Selector, SourceSelector } from './agreement.js'
import type { Cell, Situation, Standing } from './decision.js'
import type { Formula } from './formula.js'
import type { AgencyRef, DecisionKind, Generalisation, PartKind, Tri } from './vocabulary.js'

/**
 * The slow, obvious evaluator: reads AGREEMENT clause by clause for one value, with no table, no profile,
 * no interning and no memory. It shares no code with `compile`, `profile` and `decide`; a property test
 * holds both against each other, and non-interference is defined by what this one says.
 */
export interface ReferenceQuestion {
  readonly agreement: Agreement
  readonly agencies: readonly AgencyRef[]
  readonly caller: { readonly agency: AgencyRef; readonly roles: readonly string[] }
  readonly purpose: string
  readonly cell: Cell
  readonly situation: Situation
}

export interface ReferenceAnswer {
  readonly kind: DecisionKind
  readonly form: Generalisation | null
  readonly clause: string | null
  /** Numbers of everything that matched. */
  readonly matched: ReadonlySet<string>
}

const NOTHING: ReferenceAnswer = { kind: 'WITHHOLD', form: null, clause: null, matched: new Set() }

export function referenceDecide(question: ReferenceQuestion): ReferenceAnswer {
  const { agreement, cell, situation, caller, purpose, agencies } = question
  const supplier = agencies.find((one) => one.id === situation.supplier)
  if (!supplier || cell.category === 'NOT_TAKEN' || cell.category === 'HOLDING') return NOTHING
  if (agreement.nevers.some((never) => never.purposes.includes(purpose))) return NOTHING
  const roles = agreement.roles
    .filter((role) => caller.roles.includes(role.code))
    .filter(
      (role) => role.agencies === null || role.agencies.some((one) => isIt(one, caller.agency)),
    )
    .filter((role) => role.purposes.includes(purpose))
    .map((role) => role.code)
  const asked: Asked = { question, supplier, roles }
  const releases = agreement.clauses.flatMap((clause) => releaseOf(clause, asked))
  if (releases.length === 0) return NOTHING
  const bars = [...builtIn(asked), ...own(asked), ...prohibitions(asked)]
  const matched = new Set([
    ...releases.map((one) => one.clause.number),
    ...bars.filter((bar) => releases.some((one) => !bar.lets(one))).map((one) => one.number),
  ])
  const left = releases.flatMap((release) => {
    const form = formLeft(release, bars, cell)
    return form === 'NOTHING' ? [] : [{ ...release, form }]
  })
  const best = OPEN.find((form) => left.some((one) => one.form === form))
  if (best === undefined) return { ...NOTHING, matched }
  const winner = left.find((one) => one.form === best)
  return {
    kind: best === 'ALL' ? 'SHARE' : 'GENERALISE',
    form: best === 'ALL' ? null : best,
    clause: winner?.clause.number ?? null,
    matched,
  }
}

type Form = Generalisation | 'ALL' | 'NOTHING'
const OPEN: readonly Exclude<Form, 'NOTHING'>[] = [
  'ALL',
  'MONTH',
  'YEAR',
  'AGE_BAND',
  'OUTWARD_CODE',
  'LOCAL_AUTHORITY',
  'KNOWN_AS',
  'INITIALS',
  'COARSE_CODE',
  'BAND',
  'PRESENCE',
]

interface Asked {
  readonly question: ReferenceQuestion
  readonly supplier: AgencyRef
  /** Those that count and hold the purpose. */
  readonly roles: readonly string[]
}
interface Release {
  readonly clause: Clause
  readonly form: Exclude<Form, 'NOTHING'>
}
interface Stop {
  readonly number: string
  lets(release: Release): boolean
  /** What it leaves at most: nothing, or these forms in this order (none named: those of the field). */
  readonly leaves: 'NOTHING' | readonly Generalisation[]
}

function formLeft(release: Release, stops: readonly Stop[], cell: Cell): Form {
  const binding = stops.filter((one) => !one.lets(release)).map((one) => one.leaves)
  if (binding.length === 0) return release.form
  let allowed = cell.forms
  for (const leaves of binding) {
    if (leaves === 'NOTHING') return 'NOTHING'
    if (leaves.length > 0) {
      const before = allowed
      allowed = leaves.filter((form) => before.includes(form))
    }
  }
  if (release.form === 'ALL') return allowed[0] ?? 'NOTHING'
  return allowed.includes(release.form) ? release.form : 'NOTHING'
}

const isIt = (selector: AgencySelector, agency: AgencyRef): boolean =>
  selector.kind === 'KIND' ? agency.kind === selector.of : agency.id === selector.id

function isFrom(from: readonly SourceSelector[], asked: Asked): boolean {
  return from.some((one) => {
    if (one.kind === 'ANYONE') return true
    if (one.kind === 'UNIT') return asked.question.situation.unit
    return !isOfTheUnit(asked) && isIt(one, asked.supplier)
  })
}

/** What the unit writes together: no one agency's. */
function isOfTheUnit({ question: { agreement, cell, situation } }: Asked): boolean {
  return situation.unit && agreement.ofTheUnit.includes(cell.category)
}

function isOwn(asked: Asked): boolean {
  return !isOfTheUnit(asked) && asked.supplier.id === asked.question.caller.agency.id
}

function releaseOf(clause: Clause, asked: Asked): readonly Release[] {
  const {
    question: { cell, situation },
  } = asked
  if (clause.effect !== 'PERMIT' || !isAboutCell(clause, asked)) return []
  const form: Form = clause.form === 'SHARE' ? 'ALL' : generalForm(clause.as, cell)
  if (form === 'NOTHING') return []
  const own = isOwn(asked)
  for (const role of asked.roles.filter((one) => clause.to.includes(one))) {
    for (const standing of situation.standings) {
      if (!isAboutPart(clause, role, standing.part)) continue
      const ask = asker(standing, cell, own)
      const demanded = ['MEMBER', 'NOT_IN_CASE', 'NOT_EXCLUDED', 'OFFICIAL', 'RETAINED']
      if (!own && !situation.unit && !clause.unlinked) demanded.push('LINK_CONFIRMED')
      if (demanded.some((fact) => ask(fact, null) !== 'TRUE')) continue
      const base =
        clause.instead.find((one) => isSelected(one, role, standing.part, asked))?.when ??
        clause.when
      const further = clause.also
        .filter((one) => isSelected(one, role, standing.part, asked))
        .map((one) => one.when)
      if ([base, ...further].every((formula) => value(formula, ask) === 'TRUE')) {
        return [{ clause, form }]
      }
    }
  }
  return []
}

function generalForm(named: readonly Generalisation[], cell: Cell): Form {
  const fitting = named.length === 0 ? cell.forms : named.filter((one) => cell.forms.includes(one))
  return fitting[0] ?? 'NOTHING'
}

function isAboutCell(clause: Clause, asked: Asked): boolean {
  const { cell, purpose } = asked.question
  return (
    clause.categories.includes(cell.category) &&
    (clause.purposes === null || clause.purposes.includes(purpose)) &&
    isFrom(clause.from, asked) &&
    (clause.locates === null || clause.locates.includes(cell.locates)) &&
    (clause.aspects === null ||
      (cell.aspect === undefined
        ? clause.effect === 'PROHIBIT'
        : clause.aspects.includes(cell.aspect)))
  )
}

function isAboutPart(clause: Clause, role: string, part: PartKind | null): boolean {
  const allows = (of: readonly PartKind[]): boolean => part !== null && of.includes(part)
  return (
    (clause.of === null || allows(clause.of)) &&
    clause.only.every((one) => !one.to.includes(role) || allows(one.of))
  )
}

function isSelected(
  selector: Selector,
  role: string,
  part: PartKind | null,
  asked: Asked,
): boolean {
  const { cell, purpose } = asked.question
  return (
    (selector.categories?.includes(cell.category) ?? true) &&
    (selector.of === null || (part !== null && selector.of.includes(part))) &&
    (selector.from === null || isFrom(selector.from, asked)) &&
    (selector.to?.includes(role) ?? true) &&
    (selector.purposes?.includes(purpose) ?? true)
  )
}

type Ask = (fact: string, argument: string | null) => Tri
const asker =
  (standing: Standing, cell: Cell, isOwn: boolean): Ask =>
  (fact, argument) =>
    fact === 'OWN' ? (isOwn ? 'TRUE' : 'FALSE') : standing.fact({ fact, argument }, cell)

function value(formula: Formula, ask: Ask): Tri {
  if (formula.kind === 'CONDITION') return ask(formula.condition.fact, formula.condition.argument)
  const values = formula.of.map((part) => value(part, ask))
  const [strong, weak]: [Tri, Tri] = formula.kind === 'ALL' ? ['FALSE', 'TRUE'] : ['TRUE', 'FALSE']
  if (values.includes(strong)) return strong
  return values.includes('UNKNOWN') ? 'UNKNOWN' : weak
}

/** Everybody a value is about, and (for whereabouts) whom it may locate. */
function everybody(
  { standings, barring, located }: Situation,
  withLocated: boolean,
): readonly Standing[] {
  return [...standings, ...barring, ...(withLocated ? (located ?? []) : [])]
}

const whole = (number: string): Stop => ({ number, lets: () => false, leaves: 'NOTHING' })
const inFull = (number: string, as: readonly Generalisation[] = []): Stop => ({
  number,
  lets: () => false,
  leaves: as,
})

function builtIn({ question: { cell, situation } }: Asked): readonly Stop[] {
  const ask = (standing: Standing, fact: string, argument: string | null = null): Tri =>
    standing.fact({ fact, argument }, cell)
  const isGuarded = (standing: Standing): boolean =>
    (standing.part !== 'PERPETRATOR' || ask(standing, 'PROTECTED_ELSEWHERE') !== 'FALSE') &&
    ask(standing, 'APART') !== 'TRUE'
  const stops: Stop[] = []
  const about = everybody(situation, false)
  const isWhereabouts =
    cell.locates !== 'NOBODY' ||
    /^(LOCATION|CONTACT|SAFE_CONTACT|SAFETY_PLAN|NARRATIVE)$/.test(cell.category)
  if (isWhereabouts && everybody(situation, true).some(isGuarded)) stops.push(whole('N1'))
  if (
    /^(ADVOCACY_NOTES|SUPPORT_FACT|COUNSELLING|CONSENT_RECORD)$/.test(cell.category) &&
    about.some(isGuarded)
  )
    stops.push(whole('N2'))
  if (cell.category === 'IMPACT' && about.some(isGuarded)) stops.push(inFull('N2'))
  const needsSafeContact = (part: PartKind | null): boolean =>
    part === 'VICTIM' || part === 'CHILD' || part === 'SECONDARY_VICTIM'
  if (
    cell.category === 'CONTACT' &&
    about.some((one) => needsSafeContact(one.part) && ask(one, 'WITH', 'SAFE_CONTACT') !== 'TRUE')
  ) {
    stops.push(whole('N9'))
  }
  if (about.some((one) => ask(one, 'NOT_IN_CASE') !== 'TRUE')) stops.push(whole('N11'))
  return stops
}

function own(asked: Asked): readonly Stop[] {
  const {
    question: { agreement, cell, situation, caller },
    supplier,
  } = asked
  const ownData = isOwn(asked)
  return agreement.nevers.flatMap((never): Stop[] => {
    if (
      ![...never.bar, ...never.barInFull].includes(cell.category) ||
      !never.from.some(
        (one) =>
          one.kind === 'ANYONE' || (one.kind === 'UNIT' ? situation.unit : isIt(one, supplier)),
      )
    )
      return []
    const { to } = never
    if (to.kind === 'ROLES' && !to.roles.some((role) => caller.roles.includes(role))) return []
    if (to.kind === 'AGENCIES' && !to.agencies.some((one) => isIt(one, caller.agency))) return []
    if (to.kind === 'OUTSIDE' && to.agencies.some((one) => isIt(one, caller.agency))) return []
    const firing = everybody(situation, false).some(
      (one) =>
        (never.of === null || (one.part !== null && never.of.includes(one.part))) &&
        value(never.unless, asker(one, cell, ownData)) !== 'TRUE',
    )
    if (!firing) return []
    const stop = never.bar.includes(cell.category) ? whole(never.number) : inFull(never.number)
    return [{ ...stop, lets: (release) => never.but.includes(release.clause.number) }]
  })
}

function prohibitions(asked: Asked): readonly Stop[] {
  const {
    question: { agreement, cell, situation },
    roles,
  } = asked
  const ownData = isOwn(asked)
  return agreement.clauses.flatMap((clause): Stop[] => {
    if (clause.effect !== 'PROHIBIT' || !isAboutCell(clause, asked)) return []
    const firing = everybody(situation, false).some((standing) => {
      const ask = asker(standing, cell, ownData)
      return (
        clause.to.some(
          (role) => roles.includes(role) && isAboutPart(clause, role, standing.part),
        ) &&
        value(clause.when, ask) !== 'FALSE' &&
        value(clause.unless, ask) !== 'TRUE'
      )
    })
    if (!firing) return []
    const stop =
      clause.form === 'WITHHOLD' ? whole(clause.number) : inFull(clause.number, clause.as)
    return [stop]
  })
}
