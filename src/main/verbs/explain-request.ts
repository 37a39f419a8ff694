import type { KeptRequest } from '../../access-log/kept-requests.js'
import type { CompiledAgreement } from '../../sharing/compile.js'
import { explainToCaller } from '../../sharing/explain.js'
import { formulaText } from '../../sharing/formula.js'
import { profileOf } from '../../sharing/profile.js'
import type { Contract } from '../contract.js'
import { originsByType } from '../plan/origins.js'

/** A request of the log, with the rules that stood before each of its values: for who may know all of it. */
export interface RequestExplained {
  readonly request: string
  readonly at: string
  readonly what: string
  readonly outcome: string
  readonly code: string | null
  readonly caller: {
    readonly subject: string
    readonly agency: string
    readonly roles: readonly string[]
  }
  readonly purpose: string | null
  /** The version it was decided under. */
  readonly agreement: string | null
  /** The version whose rules are shown. */
  readonly rulesOf: string
  readonly decisions: readonly DecisionExplained[]
}
interface DecisionExplained {
  readonly coordinate: string
  readonly supplier: string
  readonly person: string | null
  readonly case: string | null
  readonly decision: string
  readonly reason: string
  readonly clause: string | null
  readonly count: number
  readonly rules: readonly {
    readonly number: string
    readonly kind: 'PERMISSION' | 'PROHIBITION' | 'NEVER'
    readonly says: string
    /** The log names it as one that held or bound; of the others only that they did not, or were not reached. */
    readonly isNamed: boolean
  }[]
}

interface Setting {
  readonly contract: Contract
  readonly agreement: CompiledAgreement
}

/** The chain from rules to each decision, as far as the log keeps it: the reason says which fact failed. */
export function explainRequest(setting: Setting, entry: KeptRequest): RequestExplained {
  const originsOf = originsByType(setting.contract, setting.agreement.agencies)
  return {
    request: entry.request,
    at: entry.at.toISOString(),
    what: entry.what,
    outcome: entry.outcome,
    code: entry.code,
    caller: { subject: entry.subject, agency: entry.agency, roles: entry.roles },
    purpose: entry.purpose,
    agreement: entry.agreement,
    rulesOf: setting.agreement.version,
    decisions: entry.sections.flatMap(({ agency, person, caseId, decisions }) =>
      (decisions ?? []).map((one) => ({
        coordinate: one.coordinate,
        supplier: agency,
        person,
        case: caseId,
        decision: one.decision,
        reason: one.reason,
        clause: one.clause,
        count: one.count,
        rules: rulesBefore(setting, entry, { supplier: agency, originsOf, ...one }),
      })),
    ),
  }
}

function rulesBefore(
  { contract, agreement }: Setting,
  entry: KeptRequest,
  of: {
    readonly supplier: string
    readonly coordinate: string
    readonly clauses: readonly string[]
    readonly originsOf: ReturnType<typeof originsByType>
  },
): DecisionExplained['rules'] {
  const [typeName = '', fieldName = ''] = of.coordinate.split('.')
  const cell = contract.governance.type(typeName)?.fields.get(fieldName)?.cell
  const agency = agreement.agencies.find((one) => one.id === entry.agency)
  if (!cell || !agency || entry.purpose === null) return []
  const unit = of.originsOf(typeName).some((one) => one.unit && one.supplier.id === of.supplier)
  const rules = profileOf(agreement, { agency, roles: entry.roles }, entry.purpose).rulesOf(
    cell,
    of.supplier,
    unit,
  )
  if (!rules) return []
  const isNamed = (number: string): boolean => of.clauses.includes(number)
  return [
    ...rules.permissions.map(({ rule, form }) => ({
      number: rule.clause.number,
      kind: 'PERMISSION' as const,
      says: `${rule.clause.form}${form === null ? '' : ` ${form}`} if ${formulaText(rule.when)}`,
      isNamed: isNamed(rule.clause.number),
    })),
    ...rules.bars.map(({ number, kind, cap, when, unless }) => ({
      number,
      kind,
      says: `${cap === 'WITHHOLD' ? 'nothing' : 'at most shortened'}, if ${formulaText(when)}, unless ${formulaText(unless)}`,
      isNamed: isNamed(number),
    })),
  ]
}

/** A request as its caller may have it explained: a function of what was released to them, and of nothing else. */
export interface RequestForCaller {
  readonly request: string
  readonly purpose: string | null
  readonly agreement: string | null
  readonly released: readonly {
    readonly coordinate: string
    readonly decision: string
    readonly clause: string | null
    readonly sentence: string
  }[]
  readonly rest: string
}

/**
 * What was withheld is not listed: the log has a line for it only where there was something to withhold, and
 * the answer itself said already which fields were kept back.
 */
export function explainRequestToCaller(
  { agreement }: Pick<Setting, 'agreement'>,
  entry: KeptRequest,
): RequestForCaller {
  const released = new Map<string, RequestForCaller['released'][number]>()
  for (const { coordinate, decision, reason, clause } of entry.sections.flatMap(
    (one) => one.decisions ?? [],
  )) {
    if (decision !== 'SHARE' && decision !== 'GENERALISE') continue
    const told = explainToCaller(agreement, { kind: decision, reason, clause, form: null })
    const line = { coordinate, decision, clause: told.clause, sentence: told.sentence }
    released.set(JSON.stringify(line), line)
  }
  return {
    request: entry.request,
    purpose: entry.purpose,
    agreement: entry.agreement,
    released: [...released].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one),
    rest: 'Whatever else the request asked for was not released: no clause releases it to you, for this purpose, here and now. This says nothing about whether there is any.',
  }
}

export function requestText(explained: RequestExplained): string {
  const { caller } = explained
  const other =
    explained.agreement === explained.rulesOf
      ? []
      : [`decided under ${explained.agreement}; the rules shown are those of ${explained.rulesOf}`]
  return [
    `${explained.what} ${explained.request} at ${explained.at}: ${explained.outcome}${explained.code === null ? '' : ` (${explained.code})`}`,
    `${caller.subject} of ${caller.agency} as ${caller.roles.join(', ') || 'nobody'} for ${explained.purpose ?? 'no purpose'}, under ${explained.agreement ?? 'no agreement'}`,
    ...other,
    ...explained.decisions.flatMap((one) => [
      `${one.coordinate} from ${one.supplier}, of ${one.person ?? `case ${one.case ?? 'none'}`}: ${one.decision} ${one.reason}${one.clause === null ? '' : ` (${one.clause})`}, ${one.count} ×`,
      ...one.rules.map(
        (rule) =>
          `  ${rule.isNamed ? '*' : ' '} ${rule.kind.toLowerCase()} ${rule.number}: ${rule.says}`,
      ),
    ]),
  ].join('\n')
}

export function requestForCallerText({
  request,
  purpose,
  released,
  rest,
}: RequestForCaller): string {
  return [
    `${request} for ${purpose ?? 'no purpose'}`,
    ...released.map((one) => `${one.coordinate}: ${one.sentence}`),
    rest,
  ].join('\n')
}
