import type {
  AgencySelector,
  Agreement,
  Clause,
  Never,
  Role,
  Selector,
  SourceSelector,
} from '../agreement.js'
import type { Formula } from '../formula.js'
import type { Category, PartKind } from '../vocabulary.js'

/**
 * What an agreement says of one category as Cedar policies, for an oracle that is not ours. Cedar says for one standing which
 * permissions hold (action `permit`), what is barred whole (`whole`), capped (`full`) and in which form
 * (`form`); who asks joins the standings: a permission needs one, a bar fires in any.
 */
export function toCedar(
  agreement: Agreement,
  category: Category,
): Readonly<Record<string, string>> {
  const policies: Record<string, string> = {
    'base-whole': 'permit(principal, action == Action::"whole", resource);',
    'base-full': 'permit(principal, action == Action::"full", resource);',
    'base-form': 'permit(principal, action == Action::"form", resource);',
  }
  for (const clause of agreement.clauses.filter((one) => one.categories.includes(category))) {
    for (const code of clause.to) {
      const role = agreement.roles.find((one) => one.code === code)
      if (!role) continue
      if (clause.effect === 'PERMIT')
        policies[`${clause.number}/${code}`] = policy(
          'permit',
          'permit',
          permission(agreement, clause, role),
        )
      else
        addBar(
          policies,
          `${clause.number}/${code}`,
          clause.form === 'WITHHOLD',
          clause.as,
          prohibition(agreement, clause, role),
        )
    }
  }
  for (const never of agreement.nevers) {
    addBar(policies, `${never.number}/bar`, true, [], neverCondition(agreement, never, never.bar))
    addBar(
      policies,
      `${never.number}/full`,
      false,
      [],
      neverCondition(agreement, never, never.barInFull),
    )
    if (never.purposes.length > 0)
      policies[`${never.number}/purposes`] = policy('forbid', 'permit', [
        `${strings(never.purposes)}.contains(context.purpose)`,
      ])
  }
  addBuiltIn(policies)
  return policies
}

const text = (value: string): string => JSON.stringify(value)
const strings = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`
const policy = (
  effect: 'permit' | 'forbid',
  action: string,
  conditions: readonly string[],
): string =>
  `${effect}(principal, action == Action::"${action}", resource) when { ${conditions.join(' && ') || 'true'} };`

/** Cedar has no empty set literal that it can compare, so what is empty is said to be false. */
const within = (values: readonly string[], what: string): string =>
  values.length === 0 ? 'false' : `${strings(values)}.contains(${what})`
const isOfTheUnit = ({ ofTheUnit }: Agreement): string =>
  `(resource.unit && ${within(ofTheUnit, 'resource.category')})`
const isOwn = (agreement: Agreement): string =>
  `(!${isOfTheUnit(agreement)} && resource.supplier == principal.agency)`

function isAgency(selectors: readonly AgencySelector[], id: string, kind: string): string {
  return `(${selectors.map((one) => (one.kind === 'KIND' ? `${kind} == ${text(one.of)}` : `${id} == ${text(one.id)}`)).join(' || ') || 'false'})`
}

function isFrom(agreement: Agreement, from: readonly SourceSelector[], forNever = false): string {
  const choices = from.map((one) => {
    if (one.kind === 'ANYONE') return 'true'
    if (one.kind === 'UNIT') return 'resource.unit'
    const agency = isAgency([one], 'resource.supplier', 'resource.supplierKind')
    return forNever ? agency : `(!${isOfTheUnit(agreement)} && ${agency})`
  })
  return `(${choices.join(' || ')})`
}

const isPart = (of: readonly PartKind[] | null): string =>
  of === null ? 'true' : within(of, 'resource.part')

function hasRole(role: Role): string {
  const agency =
    role.agencies === null ? 'true' : isAgency(role.agencies, 'principal.agency', 'principal.kind')
  return `(principal.roles.contains(${text(role.code)}) && ${agency})`
}

/** Known to be true. */
function isTrue(agreement: Agreement, formula: Formula): string {
  if (formula.kind === 'CONDITION') {
    const { fact, argument } = formula.condition
    if (fact === 'OWN') return isOwn(agreement)
    return `context.yes.contains(${text(argument === null ? fact : `${fact}:${argument}`)})`
  }
  const all = formula.kind === 'ALL'
  return `(${formula.of.map((one) => isTrue(agreement, one)).join(all ? ' && ' : ' || ') || String(all)})`
}

/** Known to be false. */
function isFalse(agreement: Agreement, formula: Formula): string {
  if (formula.kind === 'CONDITION') {
    const { fact, argument } = formula.condition
    if (fact === 'OWN') return `!${isOwn(agreement)}`
    return `context.no.contains(${text(argument === null ? fact : `${fact}:${argument}`)})`
  }
  const all = formula.kind === 'ALL'
  return `(${formula.of.map((one) => isFalse(agreement, one)).join(all ? ' || ' : ' && ') || String(!all)})`
}

function isAbout(agreement: Agreement, clause: Clause, role: Role): readonly string[] {
  const held = agreement.purposes
    .map((one) => one.code)
    .filter((one) => role.purposes.includes(one) && (clause.purposes?.includes(one) ?? true))
  return [
    within(clause.categories, 'resource.category'),
    within(held, 'context.purpose'),
    hasRole(role),
    isFrom(agreement, clause.from),
    isPart(clause.of),
    ...clause.only.filter((one) => one.to.includes(role.code)).map((one) => isPart(one.of)),
    clause.locates === null ? 'true' : within(clause.locates, 'resource.locates'),
  ]
}

function permission(agreement: Agreement, clause: Clause, role: Role): readonly string[] {
  const fits = (one: Selector): string => selected(agreement, one, role)
  const base = clause.instead.reduceRight(
    (rest, one) => `(if ${fits(one)} then ${isTrue(agreement, one.when)} else ${rest})`,
    isTrue(agreement, clause.when),
  )
  return [
    ...isAbout(agreement, clause, role),
    clause.aspects === null ? 'true' : within(clause.aspects, 'resource.aspect'),
    clause.form === 'SHARE'
      ? 'true'
      : clause.as.length === 0
        ? 'resource.hasForms'
        : `resource.forms.containsAny(${strings(clause.as)})`,
    'context.yes.containsAll(["MEMBER", "NOT_IN_CASE", "NOT_EXCLUDED", "OFFICIAL", "RETAINED"])',
    clause.unlinked
      ? 'true'
      : `(resource.unit || ${isOwn(agreement)} || context.yes.contains("LINK_CONFIRMED"))`,
    base,
    ...clause.also.map((one) => `(!${fits(one)} || ${isTrue(agreement, one.when)})`),
  ]
}

function selected(
  agreement: Agreement,
  { categories, of, from, to, purposes }: Selector,
  role: Role,
): string {
  return `(${[
    categories === null ? 'true' : within(categories, 'resource.category'),
    isPart(of),
    from === null ? 'true' : isFrom(agreement, from),
    String(to === null || to.includes(role.code)),
    purposes === null ? 'true' : within(purposes, 'context.purpose'),
  ].join(' && ')})`
}

function prohibition(agreement: Agreement, clause: Clause, role: Role): readonly string[] {
  const aspects =
    clause.aspects === null
      ? 'true'
      : `(resource.aspect == "" || ${within(clause.aspects, 'resource.aspect')})`
  return [
    ...isAbout(agreement, clause, role),
    aspects,
    `!${isFalse(agreement, clause.when)}`,
    `!${isTrue(agreement, clause.unless)}`,
  ]
}

function neverCondition(
  agreement: Agreement,
  never: Never,
  categories: readonly Category[],
): readonly string[] {
  const { to } = never
  const stopped =
    to.kind === 'ANYBODY'
      ? 'true'
      : to.kind === 'ROLES'
        ? `principal.roles.containsAny(${strings(to.roles)})`
        : `${to.kind === 'OUTSIDE' ? '!' : ''}${isAgency(to.agencies, 'principal.agency', 'principal.kind')}`
  return [
    within(categories, 'resource.category'),
    isFrom(agreement, never.from, true),
    isPart(never.of),
    stopped,
    `!${isTrue(agreement, never.unless)}`,
    `!${within(never.but, 'context.clause')}`,
  ]
}

/** Bars of the agreement look at those whom a value is about, not at those whom it may locate. */
function addBar(
  policies: Record<string, string>,
  id: string,
  isWhole: boolean,
  as: readonly string[],
  of: readonly string[],
): void {
  const conditions = ['!context.onlyLocated', ...of]
  policies[id] = policy('forbid', isWhole ? 'whole' : 'full', conditions)
  if (!isWhole && as.length > 0)
    policies[`${id}/form`] = policy('forbid', 'form', [
      ...conditions,
      `!${within(as, 'context.form')}`,
    ])
}

function addBuiltIn(policies: Record<string, string>): void {
  const across =
    '((resource.part != "PERPETRATOR" || !context.no.contains("PROTECTED_ELSEWHERE")) && !context.yes.contains("APART"))'
  const among = (categories: readonly Category[]): string => within(categories, 'resource.category')
  const about = '!context.onlyLocated'
  const whereabouts = `(resource.locates != "NOBODY" || ${among(['LOCATION', 'CONTACT', 'SAFE_CONTACT', 'SAFETY_PLAN', 'NARRATIVE'])})`
  policies['N1'] = policy('forbid', 'whole', [across, whereabouts])
  policies['N2'] = policy('forbid', 'whole', [
    about,
    across,
    among(['ADVOCACY_NOTES', 'SUPPORT_FACT', 'COUNSELLING', 'CONSENT_RECORD']),
  ])
  policies['N2/full'] = policy('forbid', 'full', [about, across, among(['IMPACT'])])
  policies['N8'] = policy('forbid', 'permit', [among(['NOT_TAKEN'])])
  policies['HOLDING'] = policy('forbid', 'permit', ['resource.category == "HOLDING"'])
  policies['N9'] = policy('forbid', 'whole', [
    about,
    among(['CONTACT']),
    within(['VICTIM', 'CHILD', 'SECONDARY_VICTIM'], 'resource.part'),
    '!context.yes.contains("WITH:SAFE_CONTACT")',
  ])
  policies['N11'] = policy('forbid', 'whole', [about, '!context.yes.contains("NOT_IN_CASE")'])
}
