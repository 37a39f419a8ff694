import type { Sql } from '../../platform/database.js'
import type { LoggedDecision } from '../logged-decision.js'
import { allLogRows, type LogRow } from '../query.js'
import { ANYTHING, type LogAbout } from '../query-filter.js'
import { releasedIn } from '../shown-to-lead.js'

/** What turned out to have been wrong. */
export type BreachBasis =
  | { readonly kind: 'CLAUSE'; readonly clause: string }
  | { readonly kind: 'WISH'; readonly id: string }
  | { readonly kind: 'LINK'; readonly id: string }

/**
 * How a release stands to what was wrong. ALONE: nothing else permitted it. BESIDE: something else
 * permitted it too, or may have. UNTOLD: another agency's data, which alone knows what else permitted it.
 */
export const BREACH_TOUCHES = ['ALONE', 'BESIDE', 'UNTOLD'] as const
export type BreachTouch = (typeof BREACH_TOUCHES)[number]

/** Where to look, and whether one release rested on what was wrong: by rules, wishes and links, which other rooms know. */
export interface BreachSearch {
  readonly about: LogAbout | null
  readonly clause: string | null
  readonly supplier: string | null
  /** Before this nothing can have rested on it; null: no such instant. */
  readonly since: Date | null
  /** Parts of the people whom it is about: whoever is to be kept from one of them may not look. */
  readonly parts: readonly { readonly partId: string; readonly caseId: string }[]
  readonly touches: (row: LogRow, decision: LoggedDecision) => Exclude<BreachTouch, 'UNTOLD'> | null
}

/** One section in which something was released that rested on what was wrong. */
export interface TouchedRow {
  readonly row: LogRow
  readonly touch: BreachTouch
  readonly decisions: readonly LoggedDecision[]
  readonly categories: readonly string[]
}

const STRENGTH: Readonly<Record<BreachTouch, number>> = { ALONE: 2, UNTOLD: 1, BESIDE: 0 }

/**
 * Every past release that rested on it, oldest first, of those that this agency's lead may see: of its
 * own data to anybody, and of anybody's data to its own staff. Reads the log, never the data.
 */
export async function* touchedRows(
  sql: Sql,
  agency: string,
  of: {
    readonly search: BreachSearch
    readonly from: string | null
    readonly to: string | null
    readonly categoryOf: ReadonlyMap<string, string>
  },
): AsyncGenerator<TouchedRow> {
  const { search } = of
  const filter = {
    ...ANYTHING,
    about: search.about,
    clause: search.clause,
    supplier: search.supplier,
    from: later(of.from, search.since?.toISOString() ?? null),
    to: of.to,
  }
  for await (const row of allLogRows(sql, agency, filter)) {
    const touched = touchedIn(row, agency, of)
    const strongest = touched.reduce<BreachTouch | null>(
      (best, { touch }) => (best === null || STRENGTH[touch] > STRENGTH[best] ? touch : best),
      null,
    )
    if (strongest === null) continue
    const decisions = touched.map((one) => one.decision)
    const categories = decisions.flatMap((one) => of.categoryOf.get(one.coordinate) ?? [])
    yield { row, touch: strongest, decisions, categories: [...new Set(categories)].sort() }
  }
}

const UNTOLD: BreachTouch = 'UNTOLD'

interface Touched {
  readonly decision: LoggedDecision
  readonly touch: BreachTouch
}

/**
 * That an agency has something at all is told by nothing but the rest of it: where all else that was
 * released rested on what was wrong, so did that.
 */
function touchedIn(
  row: LogRow,
  agency: string,
  { search, categoryOf }: Pick<Parameters<typeof touchedRows>[2], 'search' | 'categoryOf'>,
): readonly Touched[] {
  const released = releasedIn(row, agency)
  const isDerived = (one: LoggedDecision) => categoryOf.get(one.coordinate) === 'HOLDING'
  const own = row.agency === agency
  const touched = released.flatMap((decision): Touched[] => {
    const touch = isDerived(decision) ? null : search.touches(row, decision)
    return touch === null ? [] : [{ decision, touch: own ? touch : UNTOLD }]
  })
  const told = released.filter((one) => !isDerived(one))
  const areAll = told.length > 0 && touched.length === told.length
  const [first] = touched
  if (!areAll || first === undefined || !touched.every((one) => one.touch === first.touch))
    return touched
  return released.flatMap(
    (decision) =>
      touched.find((one) => one.decision === decision) ?? [{ decision, touch: first.touch }],
  )
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other
  return Date.parse(one) > Date.parse(other) ? one : other
}

/** One agency to which it went. */
export interface BreachRecipient {
  readonly agency: string
  readonly callers: readonly string[]
  readonly roles: readonly string[]
  readonly purposes: readonly string[]
  readonly suppliers: readonly string[]
  readonly categories: readonly string[]
  readonly requests: number
  readonly values: number
  readonly firstAt: Date
  readonly lastAt: Date
}

/** What all of it comes to. */
export interface BreachSummary {
  readonly requests: number
  readonly values: number
  /** People, as far as the sections tell them apart; a section about a case as a whole counts as none. */
  readonly persons: number
  readonly categories: readonly string[]
  readonly fields: readonly string[]
  readonly agreements: readonly string[]
  readonly recipients: readonly BreachRecipient[]
}

class Tally {
  readonly sets = {
    callers: new Set<string>(),
    roles: new Set<string>(),
    purposes: new Set<string>(),
    suppliers: new Set<string>(),
    categories: new Set<string>(),
    requests: new Set<string>(),
  }
  values = 0
  firstAt: Date | null = null
  lastAt: Date | null = null

  add({ row, decisions, categories }: TouchedRow): void {
    const { sets } = this
    sets.callers.add(row.caller_subject)
    for (const one of row.caller_roles) sets.roles.add(one)
    if (row.purpose !== null) sets.purposes.add(row.purpose)
    if (row.agency !== null) sets.suppliers.add(row.agency)
    for (const one of categories) sets.categories.add(one)
    sets.requests.add(row.request)
    this.values += decisions.reduce((sum, one) => sum + one.count, 0)
    if (this.firstAt === null || row.at < this.firstAt) this.firstAt = row.at
    if (this.lastAt === null || row.at > this.lastAt) this.lastAt = row.at
  }
}

/** Adds touched rows up, whatever their number. */
export class BreachTotals {
  private readonly byAgency = new Map<string, Tally>()
  private readonly persons = new Set<string>()
  private readonly fields = new Set<string>()
  private readonly agreements = new Set<string>()

  add(touched: TouchedRow): void {
    const { row, decisions } = touched
    const tally = this.byAgency.get(row.caller_agency) ?? new Tally()
    this.byAgency.set(row.caller_agency, tally)
    tally.add(touched)
    if (row.person !== null) this.persons.add(row.person)
    if (row.agreement !== null) this.agreements.add(row.agreement)
    for (const one of decisions) this.fields.add(one.coordinate)
  }

  get summary(): BreachSummary {
    const all = [...this.byAgency.values()]
    const requests = new Set(all.flatMap((one) => [...one.sets.requests]))
    const categories = new Set(all.flatMap((one) => [...one.sets.categories]))
    return {
      requests: requests.size,
      values: all.reduce((sum, one) => sum + one.values, 0),
      persons: this.persons.size,
      categories: [...categories].sort(),
      fields: [...this.fields].sort(),
      agreements: [...this.agreements].sort(),
      recipients: [...this.byAgency]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .flatMap(([agency, tally]) => recipientOf(agency, tally) ?? []),
    }
  }
}

function recipientOf(agency: string, tally: Tally): BreachRecipient | null {
  const { firstAt, lastAt, sets, values } = tally
  if (firstAt === null || lastAt === null) return null
  return {
    agency,
    callers: [...sets.callers].sort(),
    roles: [...sets.roles].sort(),
    purposes: [...sets.purposes].sort(),
    suppliers: [...sets.suppliers].sort(),
    categories: [...sets.categories].sort(),
    requests: sets.requests.size,
    values,
    firstAt,
    lastAt,
  }
}
