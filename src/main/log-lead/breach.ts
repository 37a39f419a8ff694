import type { LoggedDecision } from '../../access-log/logged-decision.js'
import type { LogRow } from '../../access-log/query.js'
import type { BreachBasis, BreachSearch } from '../../access-log/review/breach.js'
import { isId } from '../../cases/ids.js'
import { partRows, partRowsOfPersons } from '../../cases/store/rows.js'
import { newestWish, wishById, wishesKnownOf } from '../../consent/index.js'
import { confirmedLink } from '../../matching/past-links.js'
import { evaluate, type Formula } from '../../sharing/formula.js'
import { type FieldPermission, profileOf } from '../../sharing/profile.js'
import { isCategory } from '../../sharing/vocabulary.js'
import type { Hub } from '../hub.js'
import { aliasesOf, categoryOfFields } from './names-in-the-log.js'

type Touch = ReturnType<BreachSearch['touches']>

/** Where to look for what rested on a wrong clause, wish or link; null where there is no such thing. */
export function breachSearch(hub: Hub, basis: BreachBasis): Promise<BreachSearch | null> {
  switch (basis.kind) {
    case 'CLAUSE':
      return Promise.resolve(ofClause(hub, basis.clause))
    case 'WISH':
      return ofWish(hub, basis.id)
    case 'LINK':
      return ofLink(hub, basis.id)
  }
}

/** A clause of an earlier agreement can be meant as well, so one that is not in force is looked for too. */
function ofClause(hub: Hub, clause: string): BreachSearch {
  const prohibitions = new Set(
    hub.agreement.agreement.clauses.flatMap((one) =>
      one.effect === 'PROHIBIT' ? [one.number] : [],
    ),
  )
  return {
    about: null,
    clause,
    supplier: null,
    since: null,
    parts: [],
    touches: (_row, decision) => {
      const matched = clausesOf(decision)
      if (!matched.includes(clause)) return null
      return matched.some((one) => one !== clause && !prohibitions.has(one)) ? 'BESIDE' : 'ALONE'
    },
  }
}

const clausesOf = ({ clause, clauses }: LoggedDecision): readonly string[] => [
  ...new Set([...(clause === null ? [] : [clause]), ...(clauses ?? [])]),
]

/** Facts that are answered by what a person said. */
const OF_WISHES: ReadonlySet<string> = new Set([
  'WISH_YES',
  'NOT_REFUSED',
  'NOT_REFUSED_FOR_RECIPIENT',
])

/**
 * A release rested on a wish where that wish was the one that counted then, for that recipient, purpose
 * and kind of data, and the clauses under which it was made ask what the person said.
 */
async function ofWish(hub: Hub, id: string): Promise<BreachSearch | null> {
  const wish = await wishById(hub.database, id)
  if (wish === null) return null
  const { database } = hub
  const [byPart] = wish.partId === null ? [] : await partRows(database, [wish.partId], null)
  const personKey = wish.personKey ?? byPart?.person_key ?? null
  const parts = personKey === null ? [] : await partRowsOfPersons(database, [personKey])
  const said = await wishesKnownOf(database, { personKey, partId: wish.partId })
  const categoryOf = categoryOfFields(hub)
  const countedThen = (row: LogRow, coordinate: string): boolean => {
    const category = categoryOf.get(coordinate)
    const recipient = hub.agencies.get(row.caller_agency)
    if (category === undefined || !isCategory(category) || !recipient || row.purpose === null)
      return false
    const atMs = row.at.getTime()
    const counted = newestWish(
      said.filter((one) => one.recordedAt.getTime() <= atMs),
      { recipient, purpose: row.purpose, category, atMs },
    )
    return counted?.id === wish.id && !(wish.until !== null && wish.until.getTime() <= atMs)
  }
  return {
    about: { persons: personKey === null ? [] : await aliasesOf(hub, [personKey]), caseId: null },
    clause: null,
    supplier: null,
    since: wish.recordedAt,
    parts: parts.map((one) => ({ partId: one.id, caseId: one.case_id })),
    touches: (row, decision) =>
      countedThen(row, decision.coordinate)
        ? touchOf(permissionsOf(hub, row, decision), ({ rule }) => needOf(rule.when))
        : null,
  }
}

type Need = 'NEEDS' | 'MAY_NEED' | 'NEEDS_NOT'

/** Whether a clause holds without what the person said: never, perhaps (if other facts held), or always. */
function needOf(formula: Formula): Need {
  const asks = (one: Formula): boolean =>
    one.kind === 'CONDITION' ? OF_WISHES.has(one.condition.fact) : one.of.some(asks)
  if (!asks(formula)) return 'NEEDS_NOT'
  const without = evaluate(formula, ({ fact }) => (OF_WISHES.has(fact) ? 'FALSE' : 'TRUE'))
  return without === 'TRUE' ? 'MAY_NEED' : 'NEEDS'
}

/**
 * A release rested on a link where another agency than the supplier asked after people had confirmed it,
 * and the clauses under which it was made demand a confirmed link. Where the link joined two persons,
 * what any agency supplied of the one that they became is in doubt.
 */
async function ofLink(hub: Hub, id: string): Promise<BreachSearch | null> {
  const link = await confirmedLink(hub.database, id)
  if (link === null) return null
  const parts = await partRowsOfPersons(hub.database, [link.personKey])
  const isSure = !link.joinedPersons && link.otherRecords === 0
  return {
    about: { persons: await aliasesOf(hub, [link.personKey]), caseId: null },
    clause: null,
    supplier: link.joinedPersons ? null : link.agency,
    since: link.confirmedAt,
    parts: parts
      .filter((one) => isId(one.id))
      .map((one) => ({ partId: one.id, caseId: one.case_id })),
    touches: (row, decision) => {
      if (row.agency === row.caller_agency) return null
      if (link.endedAt !== null && row.at >= link.endedAt) return null
      const found = permissionsOf(hub, row, decision)
      const touch = touchOf(found, (one) => (one.isLinkDemanded ? 'NEEDS' : 'NEEDS_NOT'))
      return touch === 'ALONE' && !isSure ? 'BESIDE' : touch
    },
  }
}

function touchOf(
  permissions: readonly FieldPermission[],
  need: (permission: FieldPermission) => Need,
): Touch {
  const needs = permissions.map(need)
  if (needs.every((one) => one === 'NEEDS_NOT')) return null
  return needs.every((one) => one === 'NEEDS') ? 'ALONE' : 'BESIDE'
}

/** The rules under which something was released, as the agreement in force has them. */
function permissionsOf(
  hub: Hub,
  row: LogRow,
  decision: LoggedDecision,
): readonly FieldPermission[] {
  const agency = hub.agencies.get(row.caller_agency)
  const type = hub.contract.governance.type(decision.coordinate.split('.')[0] ?? '')
  const cell = type?.fields.get(decision.coordinate.split('.')[1] ?? '')?.cell
  if (!agency || !cell || row.purpose === null || row.agency === null) return []
  const profile = profileOf(hub.agreement, { agency, roles: row.caller_roles }, row.purpose)
  const matched = clausesOf(decision)
  const isOfRecord = type?.subject === 'RECORD' || type?.subject === 'EVENT'
  const rules = profile.rulesOf(cell, row.agency, !isOfRecord)
  return rules?.permissions.filter(({ rule }) => matched.includes(rule.clause.number)) ?? []
}
