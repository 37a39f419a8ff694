import type { Decision } from '../sharing/decision.js'
import type { FieldPlan } from './disclosure-plan.js'
import type { GovernedField } from './governance.js'
import type { Verdict } from './verdict.js'

/** `extensions.disclosure` as clients read it. Only what is not plainly shared is listed. */
export interface DisclosureReport {
  readonly decisions: readonly ReportedDecision[]
  readonly stale: readonly {
    readonly coordinate: string
    readonly paths: readonly string[]
    readonly asOf: string
  }[]
  readonly unavailable: readonly { readonly agency: string; readonly reason: string }[]
  readonly obligations: readonly Obligation[]
}
/** A duty that comes with what was released; null where it holds for every release, under any clause. */
export interface Obligation {
  readonly clause: string | null
  readonly text: string
}
export interface ReportedDecision {
  readonly coordinate: string
  readonly decision: 'GENERALISE' | 'WITHHOLD'
  readonly reason: string
  readonly clause: string | null
  readonly paths: readonly string[]
  readonly morePaths: number
}

const pathsMax = 100

type Path = readonly (string | number)[]

const textOf = (path: Path, key: string): string =>
  path.length === 0 ? key : `${path.join('.')}.${key}`

interface Group {
  readonly coordinate: string
  readonly decision: Decision
  readonly paths: string[]
  more: number
}

/** Gathers what one subgraph's answer leaves out or shortens, grouped as it is reported. */
export class Reporting {
  private readonly groups = new Map<string, Group>()
  /** By position in the fields of the type that a verdict is about. */
  private readonly groupsOf = new Map<Verdict, (Group | undefined)[]>()
  private readonly stale = new Map<string, { coordinate: string; asOf: string; paths: string[] }>()
  private readonly obligations = new Map<string, { clause: string; text: string }>()
  private readonly seen = new Set<Verdict>()

  /** `askAlong`: what is told of a withheld field in place of the decision's reason; null: that reason. */
  constructor(private readonly askAlong: (field: GovernedField) => string | null = () => null) {}

  /** Takes up the obligations that travel with what was decided. */
  met(verdict: Verdict): void {
    if (verdict.obligations.length === 0 || this.seen.has(verdict)) return
    this.seen.add(verdict)
    for (const one of verdict.obligations) this.obligations.set(`${one.clause}|${one.text}`, one)
  }

  /** Notes that a value of the object at `path` was shortened or withheld; `at` is its field's position. */
  decided(verdict: Verdict, at: number, { governed, responseKey }: FieldPlan, path: Path): void {
    let groups = this.groupsOf.get(verdict)
    if (!groups) {
      groups = []
      this.groupsOf.set(verdict, groups)
    }
    let group = groups[at]
    if (!group) {
      const decision = verdict.decisions[at]
      if (!governed || !decision) return
      group = this.group(governed, decision)
      groups[at] = group
    }
    if (group.paths.length < pathsMax) group.paths.push(textOf(path, responseKey))
    else group.more += 1
  }

  staleValue(field: GovernedField, asOfMs: number, path: Path, key: string): void {
    const asOf = new Date(asOfMs).toISOString()
    const name = `${field.coordinate}|${asOf}`
    const known = this.stale.get(name)
    if (!known)
      this.stale.set(name, { coordinate: field.coordinate, asOf, paths: [textOf(path, key)] })
    else if (known.paths.length < pathsMax) known.paths.push(textOf(path, key))
  }

  private group(field: GovernedField, decision: Decision): Group {
    const name = `${field.coordinate}|${decision.kind}|${decision.reason}|${decision.clause ?? ''}`
    const known = this.groups.get(name)
    if (known) return known
    const askAlong = decision.kind === 'WITHHOLD' ? this.askAlong(field) : null
    const group = {
      coordinate: field.coordinate,
      decision: askAlong === null ? decision : { ...decision, reason: askAlong },
      paths: [],
      more: 0,
    }
    this.groups.set(name, group)
    return group
  }

  report(): Omit<DisclosureReport, 'unavailable'> {
    return {
      decisions: [...this.groups.values()].map(({ coordinate, decision, paths, more }) => ({
        coordinate,
        decision: decision.kind === 'GENERALISE' ? 'GENERALISE' : 'WITHHOLD',
        reason: decision.reason,
        clause: decision.clause,
        paths,
        morePaths: more,
      })),
      stale: [...this.stale.values()],
      obligations: [...this.obligations.values()],
    }
  }
}

/**
 * Merges subgraphs' reports into the client's: paths are rewritten to the client's own, groups that
 * say the same become one, the order is by coordinate and first path (never by which answered first).
 */
export function mergeReports(
  reports: readonly {
    readonly report: DisclosureReport
    readonly toClientPaths: (path: string) => readonly string[]
  }[],
): DisclosureReport {
  const groups = new Map<string, ReportedDecision & { paths: string[] }>()
  const stale = new Map<string, { coordinate: string; asOf: string; paths: string[] }>()
  const unavailable = new Map<string, { agency: string; reason: string }>()
  const obligations = new Map<string, Obligation>()
  for (const { report, toClientPaths } of reports) {
    for (const one of report.decisions) {
      const key = `${one.coordinate}|${one.decision}|${one.reason}|${one.clause ?? ''}`
      const paths = one.paths.flatMap(toClientPaths)
      const known = groups.get(key)
      if (known)
        groups.set(key, {
          ...known,
          paths: [...known.paths, ...paths],
          morePaths: known.morePaths + one.morePaths,
        })
      else groups.set(key, { ...one, paths: [...paths] })
    }
    for (const one of report.stale) {
      const key = `${one.coordinate}|${one.asOf}`
      const paths = one.paths.flatMap(toClientPaths)
      stale.set(key, { ...one, paths: [...(stale.get(key)?.paths ?? []), ...paths] })
    }
    for (const one of report.unavailable) unavailable.set(one.agency, one)
    for (const one of report.obligations) obligations.set(obligationKey(one), one)
  }
  return {
    decisions: [...groups.values()].map(trimmed).sort(byCoordinate),
    stale: [...stale.values()]
      .map((one) => ({ ...one, paths: distinctSorted(one.paths).slice(0, pathsMax) }))
      .sort(byCoordinate),
    unavailable: [...unavailable.values()].sort((a, b) => compare(a.agency, b.agency)),
    obligations: [...obligations.values()].sort(byClause),
  }
}

/** A report with the duties that hold for every release; without any release there is nothing to hold. */
export function withDuties<Report extends Pick<DisclosureReport, 'obligations'>>(
  report: Report,
  duties: readonly Obligation[],
): Report {
  const told = new Map([...duties, ...report.obligations].map((one) => [obligationKey(one), one]))
  return { ...report, obligations: [...told.values()].sort(byClause) }
}

const obligationKey = ({ clause, text }: Obligation): string => `${clause ?? ''}|${text}`

function trimmed(one: ReportedDecision): ReportedDecision {
  const paths = distinctSorted(one.paths)
  const listed = paths.slice(0, pathsMax)
  return { ...one, paths: listed, morePaths: one.morePaths + paths.length - listed.length }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** Most come in order already. */
const distinctSorted = (paths: readonly string[]): readonly string[] =>
  paths.every((path, at) => at === 0 || comparePaths(paths[at - 1] ?? '', path) < 0)
    ? paths
    : [...new Set(paths)].sort(comparePaths)

/** Made once: `localeCompare` with a locale makes one for each comparison. */
const byNumber = new Intl.Collator('en', { numeric: true })

/** By characters, with list positions as numbers. A collator would take most of an answer's time. */
function comparePaths(a: string, b: string): number {
  let [at, other] = [0, 0]
  while (at < a.length && other < b.length) {
    const [one, two] = [a.charCodeAt(at), b.charCodeAt(other)]
    if (isDigit(one) && isDigit(two)) {
      let [number, otherNumber] = [0, 0]
      for (; isDigit(a.charCodeAt(at)); at += 1) number = number * 10 + a.charCodeAt(at) - ZERO
      for (; isDigit(b.charCodeAt(other)); other += 1)
        otherNumber = otherNumber * 10 + b.charCodeAt(other) - ZERO
      if (number !== otherNumber) return number - otherNumber
    } else if (one !== two) return one - two
    else {
      at += 1
      other += 1
    }
  }
  return a.length - at - (b.length - other)
}

const ZERO = 48
const isDigit = (code: number): boolean => code >= ZERO && code <= ZERO + 9

function byCoordinate(
  a: { coordinate: string; paths: readonly string[] },
  b: { coordinate: string; paths: readonly string[] },
): number {
  return compare(a.coordinate, b.coordinate) || comparePaths(a.paths[0] ?? '', b.paths[0] ?? '')
}

/** What holds for every release comes first. */
function byClause(a: Obligation, b: Obligation): number {
  return byNumber.compare(a.clause ?? '', b.clause ?? '') || compare(a.text, b.text)
}
