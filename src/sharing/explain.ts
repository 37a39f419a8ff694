import type { CompiledAgreement, ProfileCaller } from './compile.js'
import { decide } from './decide.js'
import type { Cell, Condition, Decision, Situation, Standing } from './decision.js'
import { conditionText, GENERAL, LINKED } from './facts.js'
import { conditionsIn, evaluate, formulaText } from './formula.js'
import { profileOf } from './profile.js'
import { bitOf } from './rules.js'
import type { PartKind, Tri } from './vocabulary.js'

/** The way to one decision, for somebody who may know all of it (an IG lead). */
export interface Explanation {
  readonly decision: Decision
  readonly permissions: readonly RuleExplained[]
  readonly bars: readonly RuleExplained[]
}

export interface RuleExplained {
  readonly number: string
  readonly kind: 'PERMISSION' | 'PROHIBITION' | 'NEVER'
  readonly says: string
  /** In one of the standings: a permission holds, a bar fires. */
  readonly applies: boolean
  readonly standings: readonly {
    readonly caseId: string | null
    readonly part: PartKind | null
    /** Its part is not one that the rule is about. */
    readonly isAbout: boolean
    readonly facts: readonly { readonly condition: string; readonly value: Tri }[]
    readonly applies: boolean
  }[]
}

export interface Hypothetical {
  readonly caller: ProfileCaller
  readonly purpose: string
  readonly cell: Cell
  readonly situation: Situation
}

/** Every rule that stands before the value, with the facts it asked for in each standing. */
export function explain(
  compiled: CompiledAgreement,
  { caller, purpose, cell, situation }: Hypothetical,
): Explanation {
  const profile = profileOf(compiled, caller, purpose)
  const rules = profile.rulesOf(cell, situation.supplier, situation.unit)
  const decision = decide(profile, cell, situation)
  if (!rules) return { decision, permissions: [], bars: [] }
  const about = [...new Set([...situation.standings, ...situation.barring])]
  const fact = (standing: Standing) => (asked: Condition) => standing.fact(asked, cell)
  const asked = (conditions: readonly Condition[], standing: Standing) =>
    conditions.map((one) => ({ condition: conditionText(one), value: standing.fact(one, cell) }))
  return {
    decision,
    permissions: rules.permissions.map(({ rule, form, isLinkDemanded }) => {
      const demanded = [...GENERAL, ...(isLinkDemanded ? [LINKED] : [])]
      const standings = situation.standings.map((standing) => {
        const isAbout = (rule.parts & bitOf(standing.part)) !== 0
        const isOpen = demanded.every((one) => standing.fact(one, cell) === 'TRUE')
        return {
          caseId: standing.caseId,
          part: standing.part,
          isAbout,
          facts: isAbout ? asked([...demanded, ...conditionsIn(rule.when)], standing) : [],
          applies: isAbout && isOpen && evaluate(rule.when, fact(standing)) === 'TRUE',
        }
      })
      const says = `${rule.clause.form}${form === null ? '' : ` ${form}`} if ${formulaText(rule.when)}`
      return {
        number: rule.clause.number,
        kind: 'PERMISSION',
        says,
        standings,
        applies: standings.some((one) => one.applies),
      }
    }),
    bars: rules.bars.map((bar) => {
      const standings = [...about, ...(bar.ofLocated ? (situation.located ?? []) : [])].map(
        (standing) => {
          const isAbout = (bar.parts & bitOf(standing.part)) !== 0
          return {
            caseId: standing.caseId,
            part: standing.part,
            isAbout,
            facts: isAbout
              ? asked([...conditionsIn(bar.when), ...conditionsIn(bar.unless)], standing)
              : [],
            applies:
              isAbout &&
              evaluate(bar.unless, fact(standing)) !== 'TRUE' &&
              evaluate(bar.when, fact(standing)) !== 'FALSE',
          }
        },
      )
      const says = `${bar.cap === 'WITHHOLD' ? 'nothing' : 'at most generalised'}, if ${formulaText(bar.when)}, unless ${formulaText(bar.unless)}`
      return {
        number: bar.number,
        kind: bar.kind,
        says,
        standings,
        applies: standings.some((one) => one.applies),
      }
    }),
  }
}

/** What the caller may know of a decision: a function of what the answer already told, and of nothing else. */
export interface CallerExplanation {
  readonly decision: Decision['kind']
  readonly reason: string
  readonly clause: string | null
  readonly sentence: string
}

export function explainToCaller(
  { agreement }: CompiledAgreement,
  decision: Pick<Decision, 'kind' | 'reason' | 'clause' | 'form'>,
): CallerExplanation {
  const { kind, reason, clause } = decision
  const said = agreement.clauses.find((one) => one.number === clause)?.says
  const under = clause === null ? '' : ` under clause ${clause}${said ? ` (${said})` : ''}`
  return { decision: kind, reason, clause, sentence: sentenceOf(kind, reason, under) }
}

function sentenceOf(kind: Decision['kind'], reason: string, under: string): string {
  if (kind === 'SHARE') return `It is released${under}.`
  if (kind === 'GENERALISE') return `A shortened form of it is released${under}.`
  const because =
    reason === 'ROLE'
      ? 'No clause releases such data to your role'
      : reason === 'PURPOSE'
        ? 'No clause releases such data to you for this purpose'
        : reason === 'SUSPENDED'
          ? 'Its agency has suspended what it supplies'
          : reason === 'NOT_IN_FORCE'
            ? 'No agreement is in force'
            : 'No clause releases it to you here and now'
  return `${because}. This says nothing about whether there is any.`
}

/** The full explanation as lines for a terminal. */
export function explanationText({ decision, permissions, bars }: Explanation): string {
  const ruleLines = (one: RuleExplained): readonly string[] => [
    `${one.applies ? '*' : ' '} ${one.kind.toLowerCase()} ${one.number}: ${one.says}`,
    ...one.standings.map((standing) => {
      const facts = standing.facts
        .map((known) => `${known.condition} ${known.value.toLowerCase()}`)
        .join(', ')
      return `    as ${standing.part ?? 'a case'} in ${standing.caseId ?? 'no case'}: ${standing.isAbout ? facts || 'asks for nothing' : 'not about this part'}`
    }),
  ]
  const { kind, form, logged } = decision
  return [
    ...permissions.flatMap(ruleLines),
    ...bars.flatMap(ruleLines),
    `= ${kind}${form ? ` ${form}` : ''}, ${logged.reason} (${logged.clauses.join(', ') || 'no clause'})`,
  ].join('\n')
}
