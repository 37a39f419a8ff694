import { append } from '../../access-log/append.js'
import type { WatchRule } from '../../access-log/watch/rules.js'
import { keepFlags, looksFrom } from '../../access-log/watch/store.js'
import {
  type Look,
  type Relation,
  unusual,
  type WatchKnowledge,
} from '../../access-log/watch/unusual.js'
import type { Sql } from '../../platform/database.js'
import { personsNamed } from '../../records/traits.js'
import type { Hub } from '../hub.js'
import { hubEntry } from '../sync.js'

/**
 * Looks through the newest part of the access log and flags what is unusual for the IG leads of those
 * who did it. That it was looked through is an entry of its own.
 */
export async function watchLog(hub: Hub, signal: AbortSignal): Promise<number> {
  const now = hub.now()
  const from = new Date(now.getTime() - hoursBack(hub.watchRules) * 3_600_000)
  const personOf = await personsByPseudonym(hub)
  const looks = (await looksFrom(hub.database, from)).map((look) => ({
    ...look,
    persons: [...new Set(look.persons.flatMap((alias) => personOf.get(alias) ?? alias))],
  }))
  signal.throwIfAborted()
  const flags = unusual(looks, hub.watchRules, await knowledgeOf(hub.database))
  return hub.database.transaction(async (tx) => {
    const changed = await keepFlags(tx, flags, now)
    const [operator = ''] = hub.agencies.keys()
    const entry = { what: 'LOG_WATCHED', operation: 'CONSULTATION', agency: operator } as const
    await append(tx, hubEntry(hub, { ...entry, tightens: false }))
    return changed
  })
}

/** The longest stretch of any rule twice, and two days at least: so that no stretch is cut by the hour of the job. */
function hoursBack(rules: readonly WatchRule[]): number {
  return Math.max(48, ...rules.map((one) => ('withinHours' in one ? 2 * one.withinHours : 0)))
}

/** Whom each pseudonym of the log stands for now: those who became one person count as one. */
async function personsByPseudonym(hub: Hub): Promise<ReadonlyMap<string, string>> {
  const rows = await hub.database.query<{ key: string; to: string }>(
    `with recursive stands (key, now) as (
       select key, key from matching.person where redirect_to is null
       union all select p.key, s.now from matching.person p join stands s on p.redirect_to = s.key)
     select key, now as "to" from stands`,
  )
  const agencies = [...hub.agencies.keys()]
  return new Map(
    rows.flatMap(({ key, to }) =>
      agencies.map((agency) => [hub.seals.pseudonym(key, agency), to] as const),
    ),
  )
}

interface AllocationRow {
  readonly subject: string
  readonly agency: string
  readonly person: string
  readonly from: Date
  readonly to: Date | null
}

async function knowledgeOf(sql: Sql): Promise<WatchKnowledge> {
  const allocations = await sql.query<AllocationRow>(
    `select a.subject, a.member_agency as agency, p.person_key as person, a.from_at as "from", a.to_at as "to"
     from cases.allocation a join cases.current_part p on p.case_id = a.case_id where p.person_key is not null`,
  )
  const allocated = new Map<string, AllocationRow[]>()
  for (const one of allocations) {
    const key = JSON.stringify([one.agency, one.subject, one.person])
    allocated.set(key, [...(allocated.get(key) ?? []), one])
  }
  const relations = await relationsIn(sql)
  const keyOf = (look: Look, person: string) => JSON.stringify([look.agency, look.caller, person])
  return {
    isAllocated: (look, person) =>
      allocated
        .get(keyOf(look, person))
        ?.some(({ from, to }) => from <= look.at && (to === null || look.at < to)) ?? false,
    relationOf: (look, person) => relations.get(keyOf(look, person)) ?? null,
  }
}

/** How callers are close to people: as declared, or because the person has a name of their agency's staff. */
async function relationsIn(sql: Sql): Promise<ReadonlyMap<string, Relation>> {
  const found = new Map<string, Relation>()
  const members = await sql.query<{ subject: string; agency: string; name: string | null }>(
    'select subject, member_agency as agency, name from cases.member where superseded_at is null',
  )
  const named = await personsNamed(
    sql,
    members.flatMap((one) => one.name ?? []),
  )
  for (const one of members)
    for (const colleague of members.filter((other) => other.agency === one.agency))
      for (const person of named.get(colleague.name ?? '') ?? [])
        found.set(JSON.stringify([one.agency, one.subject, person]), 'SAME_NAME')
  const declared = await sql.query<{
    subject: string
    agency: string
    kind: Relation
    person: string
  }>(
    `select c.subject, c.member_agency as agency, c.kind, coalesce(c.person_key, p.person_key) as person
     from cases.member_conflict c left join cases.current_part p on p.case_id = c.case_id
     where c.superseded_at is null and coalesce(c.person_key, p.person_key) is not null`,
  )
  for (const { subject, agency, kind, person } of declared)
    found.set(JSON.stringify([agency, subject, person]), kind)
  return found
}
