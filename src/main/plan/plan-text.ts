import type { Way } from './field-outlook.js'
import type { OperationPlan } from './plan-operation.js'

/** A plan as lines for a terminal: each field with what is sure of it, and what the rest depends on. */
export function planText(plan: OperationPlan): string {
  const width = Math.max(0, ...plan.fields.map((one) => one.coordinate.length))
  const lines = plan.fields.flatMap(({ coordinate, decision, ways }) => [
    `${coordinate.padEnd(width)}  ${decision}`,
    ...ways.filter((one) => one.rules.length > 0).map((one) => `    ${wayText(one)}`),
  ])
  const { SHARE, GENERALISE, WITHHOLD, BY_FACTS } = plan.totals
  return [
    `${plan.agreement}: ${plan.roles.join(', ')} of ${plan.agency} for ${plan.purpose}`,
    `every release demands ${plan.demanded.join(', ')}`,
    '',
    ...lines,
    '',
    `${SHARE} shared, ${GENERALISE} shortened, ${WITHHOLD} withheld, ${BY_FACTS} by the facts of each person`,
  ].join('\n')
}

function wayText({ from, of, rules, barredBy }: Way): string {
  const under = rules
    .map((one) => `${one.clause} ${one.decision}${one.form ? ` ${one.form}` : ''} if ${one.when}`)
    .join('; ')
  const but = barredBy.length === 0 ? '' : `; unless barred by ${barredBy.join(', ')}`
  return `of ${of.join(', ')} from ${from.join(', ')}: ${under}${but}`
}
