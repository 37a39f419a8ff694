import { keptRequests } from '../../access-log/kept-requests.js'
import type { Sql } from '../../platform/database.js'
import type { CompiledAgreement } from '../../sharing/compile.js'
import { type Replayed, replayDecision, VERDICTS, type Verdict } from '../../sharing/replay.js'
import type { Contract } from '../contract.js'
import { originsByType } from '../plan/origins.js'

/** One way in which past decisions would have come out otherwise, with the requests that show it. */
export interface ReplayChange {
  readonly verdict: Exclude<Verdict, 'SAME'>
  readonly coordinate: string
  readonly supplier: string
  readonly agency: string
  readonly roles: readonly string[]
  readonly purpose: string
  readonly was: string
  readonly clausesThen: readonly string[]
  readonly least: string
  readonly most: string
  readonly clausesNow: readonly string[]
  /** The caller holds a role on the perpetrator's side. */
  readonly isAcross: boolean
  /** Values. */
  readonly decisions: number
  readonly requests: number
  /** Ids of the first requests, for `agreement explain --request`. */
  readonly examples: readonly string[]
}

/** What the second agreement would have made of the requests in the log. */
export interface ReplayReport {
  readonly before: string
  readonly after: string
  readonly since: string
  readonly requests: number
  /** Requests of which at least one value would, or could, have been answered otherwise. */
  readonly changedRequests: number
  readonly decisions: Readonly<Record<Verdict, number>>
  readonly changes: readonly ReplayChange[]
  /** What could not be looked at. */
  readonly left: {
    /** Requests answered under another version than the first one given. */
    readonly otherVersion: number
    /** Sections that were erased. */
    readonly erased: number
    /** Values whose release follows from others' (that an agency holds a record at all). */
    readonly derived: number
    /** Values of fields that the contract has no longer. */
    readonly unknownField: number
  }
}

const examplesMax = 5
type Change = Omit<ReplayChange, 'decisions' | 'requests' | 'examples'>

/** Replays the log since an instant. Reads the log and the agreements alone: no agency and no person is asked. */
export async function replayLog(
  { sql, contract }: { readonly sql: Sql; readonly contract: Contract },
  of: {
    readonly before: CompiledAgreement
    readonly after: CompiledAgreement
    readonly since: Date
  },
): Promise<ReplayReport> {
  const { before, after, since } = of
  const judge = makeJudge(contract, before, after)
  const counts = new Map<Verdict, number>(VERDICTS.map((one) => [one, 0]))
  const left = { otherVersion: 0, erased: 0, derived: 0, unknownField: 0 }
  const changes = new Map<string, { change: Change; decisions: number; requests: Set<string> }>()
  const changed = new Set<string>()
  const seen = new Set<string>()
  for await (const entry of keptRequests(sql, { since, what: ['QUERY', 'MUTATION'] })) {
    if (entry.agreement !== before.version) {
      left.otherVersion += 1
      continue
    }
    seen.add(entry.request)
    const caller = before.agencies.find((one) => one.id === entry.agency)
    for (const section of entry.sections) {
      if (section.decisions === null) left.erased += 1
      for (const one of section.decisions ?? []) {
        if (!caller || entry.purpose === null || one.reason === 'WRITTEN') continue
        const asking = { caller: { agency: caller, roles: entry.roles }, purpose: entry.purpose }
        const judged = judge(asking, section.agency, one)
        if (judged === 'DERIVED') left.derived += one.count
        else if (judged === 'UNKNOWN_FIELD') left.unknownField += one.count
        else {
          const { verdict } = judged.replayed
          counts.set(verdict, (counts.get(verdict) ?? 0) + one.count)
          if (judged.change === null) continue
          changed.add(entry.request)
          const known = changes.get(judged.key) ?? {
            change: judged.change,
            decisions: 0,
            requests: new Set<string>(),
          }
          known.decisions += one.count
          known.requests.add(entry.request)
          changes.set(judged.key, known)
        }
      }
    }
  }
  return {
    before: before.version,
    after: after.version,
    since: since.toISOString(),
    requests: seen.size,
    changedRequests: changed.size,
    decisions: {
      SAME: counts.get('SAME') ?? 0,
      MORE: counts.get('MORE') ?? 0,
      LESS: counts.get('LESS') ?? 0,
      MAY_BE_MORE: counts.get('MAY_BE_MORE') ?? 0,
      MAY_BE_LESS: counts.get('MAY_BE_LESS') ?? 0,
      UNSURE: counts.get('UNSURE') ?? 0,
    },
    changes: [...changes.values()].map(({ change, decisions, requests }) => ({
      ...change,
      decisions,
      requests: requests.size,
      examples: [...requests].slice(0, examplesMax),
    })),
    left,
  }
}

type Judged =
  | { readonly key: string; readonly replayed: Replayed; readonly change: Change | null }
  | 'DERIVED'
  | 'UNKNOWN_FIELD'
type Asking = Pick<Parameters<typeof replayDecision>[0], 'caller' | 'purpose'>
interface Kept {
  readonly coordinate: string
  readonly decision: string
  readonly reason: string
  readonly clauses: readonly string[]
}

/** Equal decisions are judged once. */
function makeJudge(contract: Contract, before: CompiledAgreement, after: CompiledAgreement) {
  const originsOf = originsByType(contract, before.agencies)
  const known = new Map<string, Judged>()
  return (asking: Asking, supplier: string, kept: Kept): Judged => {
    const { caller, purpose } = asking
    const { coordinate, decision, reason, clauses } = kept
    const asked = [caller.agency.id, caller.roles, purpose, supplier]
    const key = JSON.stringify([...asked, coordinate, decision, reason, clauses])
    const found = known.get(key)
    if (found !== undefined) return found
    const [typeName = '', fieldName = ''] = coordinate.split('.')
    const field = contract.governance.type(typeName)?.fields.get(fieldName)
    const made: Judged = !field
      ? 'UNKNOWN_FIELD'
      : field.cell.category === 'HOLDING'
        ? 'DERIVED'
        : judged(key, {
            ...asking,
            before,
            after,
            cell: field.cell,
            supplier,
            unit: originsOf(typeName).some((one) => one.unit && one.supplier.id === supplier),
            kept: { decision: decisionOf(decision), reason, clauses },
            coordinate,
          })
    known.set(key, made)
    return made
  }
}

function judged(
  key: string,
  question: Parameters<typeof replayDecision>[0] & { readonly coordinate: string },
): Judged {
  const replayed = replayDecision(question)
  const { verdict, least, most, clauses } = replayed
  if (verdict === 'SAME') return { key, replayed, change: null }
  const { caller, kept, before } = question
  const isAcross = before.agreement.roles.some(
    (one) => caller.roles.includes(one.code) && (one.side === 'PERPETRATOR' || one.side === 'BOTH'),
  )
  return {
    key,
    replayed,
    change: {
      verdict,
      coordinate: question.coordinate,
      supplier: question.supplier,
      agency: caller.agency.id,
      roles: caller.roles,
      purpose: question.purpose,
      was: kept.decision === 'GENERALISE' ? kept.reason : kept.decision,
      clausesThen: kept.clauses,
      least,
      most,
      clausesNow: clauses,
      isAcross,
    },
  }
}

function decisionOf(text: string): 'SHARE' | 'GENERALISE' | 'WITHHOLD' {
  return text === 'SHARE' || text === 'GENERALISE' ? text : 'WITHHOLD'
}

const SAYS: Readonly<Record<ReplayChange['verdict'], string>> = {
  MORE: '+ more',
  LESS: '- less',
  MAY_BE_MORE: '+? more, if facts that the log does not keep hold',
  MAY_BE_LESS: '-? less, unless facts that the log does not keep hold',
  UNSURE: '~? more or less, by facts that the log does not keep',
}

/** As lines for a terminal. */
export function replayText(report: ReplayReport): string {
  const { decisions, left } = report
  const across = report.changes.filter(
    (one) => one.isAcross && (one.verdict === 'MORE' || one.verdict === 'MAY_BE_MORE'),
  )
  const lines = report.changes.map((one) => {
    const now = one.least === one.most ? one.most : `${one.least} to ${one.most}`
    const by = (clauses: readonly string[]): string => clauses.join(', ') || 'no clause'
    return `${SAYS[one.verdict]}: ${one.coordinate} from ${one.supplier} to ${one.roles.join(', ')} of ${one.agency} for ${one.purpose}: ${one.was} (${by(one.clausesThen)}) -> ${now} (${by(one.clausesNow)}); ${one.decisions} values in ${one.requests} requests, ${one.examples.join(', ')}`
  })
  return [
    ...lines,
    `log since ${report.since}: ${report.requests} requests; ${report.changedRequests} would or could have been answered otherwise`,
    `values: ${decisions.SAME} the same, ${decisions.MORE} more, ${decisions.LESS} less, ${decisions.MAY_BE_MORE} perhaps more, ${decisions.MAY_BE_LESS} perhaps less, ${decisions.UNSURE} unsure`,
    `${across.reduce((sum, one) => sum + one.decisions, 0)} values would or could newly reach a role on the perpetrator's side`,
    `not looked at: ${left.otherVersion} requests under another version, ${left.erased} erased sections, ${left.derived} derived values (that a record is there), ${left.unknownField} values of fields that are gone`,
  ].join('\n')
}
