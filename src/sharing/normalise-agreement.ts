import type {
  AgencySelector,
  Agreement,
  Clause,
  Never,
  Place,
  Selector,
  SourceSelector,
  WritingRight,
} from './agreement.js'
import { compareNumbers } from './agreement.js'
import type {
  AgencyText,
  ClauseText,
  ConditionsText,
  NeverText,
  PermissionText,
  SourcesText,
  WritingText,
} from './agreement-schema.js'
import type { Written, WrittenClause } from './check-words.js'
import { condition, isFactCode } from './facts.js'
import { all, any, type Formula, is, NOWHERE } from './formula.js'
import { CATEGORIES, type Category } from './vocabulary.js'

/** What ALL means: every kind of data about a person or case. */
export const ALL_CATEGORIES: readonly Category[] = CATEGORIES.filter(
  (one) => one !== 'LOG_RECORD' && one !== 'NOT_TAKEN' && one !== 'HOLDING',
)

/** The agreement as the engine holds it, from files whose words have all been checked. */
export function normalise({ head, headSource, clauses }: Written): Agreement {
  return {
    id: head.agreement,
    title: head.title,
    version: head.version,
    status: head.status,
    from: head.from ?? null,
    until: head.until ?? null,
    reviewAfterMonths: head.reviewAfterMonths,
    expiresAfterMonths: head.expiresAfterMonths,
    justification: head.justification,
    parties: head.parties.map((one) => ({
      party: one.party,
      title: one.title,
      agencies: agencyOf(one.is),
      custodianOf: one.custodianOf ?? [],
    })),
    documents: head.documents ?? {},
    purposes: head.purposes.map((one) => ({
      code: one.purpose,
      title: one.title,
      actReason: one.actReason,
      investigation: one.investigation ?? false,
    })),
    roles: head.roles.map((one) => ({
      code: one.role,
      title: one.title,
      agencies: one.agencies === 'any' ? null : one.agencies.map(agencyOf),
      side: one.side,
      member: one.member,
      purposes: one.purposes,
    })),
    offices: (head.offices ?? []).map((one) => ({ code: one.office, title: one.title })),
    bases: head.bases.map((one) => ({
      code: one.basis,
      title: one.title,
      source: one.source,
      from: one.from ?? null,
      until: one.until ?? null,
    })),
    gateways: head.gateways,
    obligations: (head.obligations ?? []).map((one) => ({
      code: one.obligation,
      text: one.text,
      always: one.always ?? false,
    })),
    ofTheUnit: head.ofTheUnit ?? [],
    writing: (head.writing ?? []).map(writingOf),
    nevers: (head.nevers ?? []).map((one, index) =>
      neverOf(one, headSource.placeOf(['nevers', index])),
    ),
    clauses: clauses.map(clauseOf).sort((one, other) => compareNumbers(one.number, other.number)),
  }
}

const agencyOf = (text: AgencyText): AgencySelector =>
  'kind' in text ? { kind: 'KIND', of: text.kind } : { kind: 'AGENCY', id: text.agency }

function sourcesOf(text: SourcesText | undefined): readonly SourceSelector[] {
  if (text === undefined) return [{ kind: 'ANYONE' }]
  const sources = Array.isArray(text) ? text : [text]
  return sources.map((one): SourceSelector => {
    if (one === 'any') return { kind: 'ANYONE' }
    return one === 'unit' ? { kind: 'UNIT' } : agencyOf(one)
  })
}

/** Conditions as written (all of the list, `any` inside) as a formula; none at all: ALWAYS. */
export function formulaOf(text: ConditionsText | undefined): Formula {
  return all((text ?? []).map(partOf))
}

function partOf(text: unknown): Formula {
  if (typeof text === 'string' && isFactCode(text)) return is(condition(text))
  if (Array.isArray(text)) return all(text.map(partOf))
  const entry = typeof text === 'object' && text !== null ? Object.entries(text)[0] : undefined
  if (!entry) return NOWHERE
  const [fact, argument] = entry
  if (fact === 'any' && Array.isArray(argument)) return any(argument.map(partOf))
  return isFactCode(fact) ? is(condition(fact, String(argument))) : NOWHERE
}

function clauseOf({ text, source, path }: WrittenClause): Clause {
  const permission = 'permit' in text ? text : null
  const unless = 'prohibit' in text ? text.unless : undefined
  return {
    number: text.clause,
    effect: permission ? 'PERMIT' : 'PROHIBIT',
    categories: categoriesOf(text),
    of: text.of === 'ANY' ? null : text.of,
    from: sourcesOf(text.from),
    to: text.to,
    purposes: text.for === 'ANY_HELD' ? null : text.for,
    when: formulaOf(text.when),
    unless: unless === undefined ? NOWHERE : formulaOf(unless),
    also: (permission?.also ?? []).map(narrowed),
    instead: (permission?.instead ?? []).map(narrowed),
    only: text.only ?? [],
    form: text.form,
    as: text.as ?? [],
    codes: permission?.codes ?? [],
    locates: text.locates ?? null,
    aspects: text.aspects ?? null,
    freshHours: permission?.freshHours ?? null,
    unlinked: permission?.unlinked ?? false,
    obligations: (permission?.obligations ?? []).map((one) =>
      typeof one === 'string' ? { code: one, to: null } : { code: one.obligation, to: one.to },
    ),
    basis: {
      giver: list(text.basis.giver),
      receiver: list(text.basis.receiver),
      gateway: list(text.basis.gateway),
    },
    reason: 'prohibit' in text ? (text.reason ?? 'NO_RULE') : 'NO_RULE',
    says: text.says ?? null,
    effective: { from: text.holdsFrom ?? null, until: text.holdsUntil ?? null },
    place: source.placeOf(path),
  }
}

function categoriesOf(text: ClauseText): readonly Category[] {
  const named = 'permit' in text ? text.permit : text.prohibit
  if (named !== 'ALL') return named
  const except: readonly Category[] = text.except ?? []
  return ALL_CATEGORIES.filter((one) => !except.includes(one))
}

type NarrowedText = NonNullable<PermissionText['also']>[number]
function narrowed(text: NarrowedText): Selector & { readonly when: Formula } {
  return {
    categories: text.categories ?? null,
    of: text.of ?? null,
    from: text.from === undefined ? null : sourcesOf(text.from),
    to: text.to ?? null,
    purposes: text.for ?? null,
    when: formulaOf(text.when),
  }
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

function neverOf(text: NeverText, place: Place): Never {
  return {
    number: text.never,
    says: text.says,
    bar: text.bar === 'ALL' ? CATEGORIES : (text.bar ?? []),
    barInFull: text.barInFull ?? [],
    of: text.of ?? null,
    from: sourcesOf(text.from),
    to: stopped(text.to),
    purposes: text.purposes ?? [],
    unless: text.unless === undefined ? NOWHERE : formulaOf(text.unless),
    but: text.but ?? [],
    reason: text.reason ?? 'NO_RULE',
    place,
  }
}

function stopped(to: NeverText['to']): Never['to'] {
  if (!to) return { kind: 'ANYBODY' }
  if ('roles' in to) return { kind: 'ROLES', roles: to.roles }
  if ('agencies' in to) return { kind: 'AGENCIES', agencies: to.agencies.map(agencyOf) }
  return { kind: 'OUTSIDE', agencies: to.outside.map(agencyOf) }
}

function writingOf(text: WritingText): WritingRight {
  return {
    number: text.right,
    acts: text.acts,
    categories: text.categories ?? [],
    aspects: text.aspects ?? null,
    of: text.of ?? null,
    by: text.by === 'MEMBERS' ? null : text.by,
    together: text.together ?? [],
    says: text.says,
  }
}
