import type { Rejection } from '../../src/records/adapter.js'
import type { EventSource } from './map-event.js'
import type { LinkedSource, PersonSource } from './map-person.js'
import type { Query } from './store-tables.js'

/** Only links and ends that are there, and that could be read, make up a record or event. */
const isThere = (link: string, end: string): string => `
  not ${link}.deleted and not ${end}.deleted
  and not exists (select 1 from rejection x where x.type = 'LINK' and x.id = ${link}.id)
  and not exists (select 1 from rejection x where x.type = ${end}.type and x.id = ${end}.id)`

interface RejectionRow {
  readonly reason: string
  readonly field: string | null
  readonly outcome: 'QUARANTINE' | 'REFUSE'
  readonly raw: string | null
  readonly sha256: string
}
const rejectionOf = (item: string): string => `
  (select jsonb_build_object('reason', x.reason, 'field', x.field, 'outcome', x.outcome, 'raw', x.raw, 'sha256', x.sha256)
   from rejection x where x.type = ${item}.type and x.id = ${item}.id)`

export type StoredPerson = PersonSource & { readonly rejection: Rejection | null }
export type StoredEvent = EventSource & {
  readonly deleted: boolean
  readonly kind: string | null
  /** Everybody whom a link ever tied to it, links since ended included. */
  readonly ever: readonly { readonly reason: string; readonly person: string }[]
  readonly rejection: Rejection | null
}

interface PersonRow {
  readonly id: string
  readonly body: unknown
  readonly deleted: boolean
  readonly replaced_by: string | null
  readonly changed: number
  readonly linked: readonly LinkedSource[]
  readonly rejection: RejectionRow | null
}

/** Nominals with what is linked to them, by id: one statement, however many. */
export async function personSources(
  query: Query,
  ids: readonly string[],
): Promise<readonly StoredPerson[]> {
  const rows = await query<PersonRow>(
    `select p.id, p.body, p.deleted, p.replaced_by, p.changed, ${rejectionOf('p')} as rejection,
       coalesce((
         select jsonb_agg(jsonb_build_object('reason', l.reason, 'link', l.body, 'id', t.id, 'raw', t.body) order by l.id, t.id)
         from link l join item t on t.type = l.to_type and t.id = l.to_id
         where l.from_type = 'NOMINAL' and l.from_id = p.id and ${isThere('l', 't')}), '[]') as linked
     from item p where p.type = 'NOMINAL' and p.id = any($1::text[]) order by p.id`,
    [ids],
  )
  return rows.map((row) => ({
    id: row.id,
    raw: row.body,
    version: String(row.changed),
    deleted: row.deleted,
    replacedBy: row.replaced_by,
    linked: row.linked,
    rejection: rejected({ type: 'NOMINAL', id: row.id }, row.rejection),
  }))
}

interface EventRow {
  readonly id: string
  readonly kind: string | null
  readonly body: unknown
  readonly deleted: boolean
  readonly changed: number
  readonly people: StoredEvent['people']
  readonly ever: StoredEvent['ever']
  readonly places: readonly unknown[]
  readonly rejection: RejectionRow | null
}

/** Events with whom and where links tie them to, by id: one statement, however many. */
export async function eventSources(
  query: Query,
  ids: readonly string[],
): Promise<readonly StoredEvent[]> {
  const tied = `jsonb_build_object('reason', l.reason, 'person', coalesce(p.survivor, l.from_id))`
  const rows = await query<EventRow>(
    `select e.id, e.kind, e.body, e.deleted, e.changed, ${rejectionOf('e')} as rejection,
       coalesce((
         select jsonb_agg(${tied} order by l.id, l.from_id) from link l
         left join item p on p.type = 'NOMINAL' and p.id = l.from_id
         where l.to_type = 'EVENT' and l.to_id = e.id and l.from_type = 'NOMINAL' and not l.deleted
           and not exists (select 1 from rejection x where x.type = 'LINK' and x.id = l.id)), '[]') as people,
       coalesce((
         select jsonb_agg(${tied} order by l.id, l.from_id) from link l
         left join item p on p.type = 'NOMINAL' and p.id = l.from_id
         where l.to_type = 'EVENT' and l.to_id = e.id and l.from_type = 'NOMINAL'), '[]') as ever,
       coalesce((
         select jsonb_agg(t.body order by l.id, t.id) from link l
         join item t on t.type = l.to_type and t.id = l.to_id
         where l.from_type = 'EVENT' and l.from_id = e.id and l.to_type = 'LOCATION' and ${isThere('l', 't')}), '[]') as places
     from item e where e.type = 'EVENT' and e.id = any($1::text[]) order by e.id`,
    [ids],
  )
  return rows.map((row) => ({
    id: row.id,
    raw: row.body,
    version: String(row.changed),
    deleted: row.deleted,
    kind: row.kind,
    people: row.people,
    ever: row.ever,
    places: row.places,
    rejection: rejected({ type: 'EVENT', id: row.id }, row.rejection),
  }))
}

/** A refused record is handed on by id and hash alone. */
function rejected(source: Rejection['source'], row: RejectionRow | null): Rejection | null {
  if (row === null) return null
  const { reason, field, outcome } = row
  const raw: unknown = outcome === 'REFUSE' ? `sha256:${row.sha256}` : JSON.parse(row.raw ?? 'null')
  return { source, reason, field, outcome, raw }
}

/** The members of the cohort, with those who replaced them. */
export async function cohortWithSurvivors(
  query: Query,
  cohort: readonly string[],
): Promise<readonly string[]> {
  const rows = await query<{ id: string }>(
    `select c.id from unnest($1::text[]) as c (id)
     union select i.survivor from item i where i.type = 'NOMINAL' and i.id = any($1::text[]) and i.survivor is not null
     order by 1`,
    [cohort],
  )
  return rows.map((row) => row.id)
}

/** What happened to whom by which revisions of the store: after `since`, up to `upTo`. */
export interface Span {
  readonly people: readonly string[]
  readonly since: number
  readonly upTo: number
}

export async function changedPersons(query: Query, of: Span): Promise<readonly string[]> {
  const rows = await query<{ id: string }>(
    `select id from item where type = 'NOMINAL' and id = any($1::text[]) and changed > $2 and changed <= $3 order by id`,
    [of.people, of.since, of.upTo],
  )
  return rows.map((row) => row.id)
}

/** Events that are, or once were, about these people. Witnesses are not whom an event is about. */
export async function changedEvents(query: Query, of: Span): Promise<readonly string[]> {
  const rows = await query<{ id: string }>(
    `select distinct e.id from link l
     join item e on e.type = 'EVENT' and e.id = l.to_id
     left join item p on p.type = 'NOMINAL' and p.id = l.from_id
     where l.to_type = 'EVENT' and l.from_type = 'NOMINAL'
       and l.reason in ('VICTIM', 'SUSPECT', 'UNKNOWN_SUSPECT', 'SUBJECT')
       and (coalesce(p.survivor, l.from_id) = any($1::text[]) or l.from_id = any($1::text[]))
       and e.changed > $2 and e.changed <= $3
     order by e.id`,
    [of.people, of.since, of.upTo],
  )
  return rows.map((row) => row.id)
}

/**
 * Rejections that concern these people: of a nominal, or of an event that a link ties to one of them.
 * A rejected nominal or event that was never read has no row of its own.
 */
export async function concerningRejections(query: Query, of: Span): Promise<readonly Rejection[]> {
  const rows = await query<RejectionRow & { readonly type: string; readonly id: string }>(
    `select x.type, x.id, x.reason, x.field, x.outcome, x.raw, x.sha256 from rejection x
     where x.revision > $2 and x.revision <= $3 and (
       (x.type = 'NOMINAL' and x.id = any($1::text[]))
       or (x.type in ('EVENT', 'LOCATION', 'OBJECT') and exists (
         select 1 from link l where l.to_type = x.type and l.to_id = x.id and l.from_type = 'NOMINAL'
           and not l.deleted and l.from_id = any($1::text[]))))
     order by x.type, x.id`,
    [of.people, of.since, of.upTo],
  )
  return rows.flatMap((row) => rejected({ type: row.type, id: row.id }, row) ?? [])
}

/** Nominals who have keys in common with each of those asked for, most in common first. */
export async function personsByKeys(
  query: Query,
  asked: readonly { readonly n: number; readonly key: string; readonly weight: number }[],
  candidatesMax: number,
): Promise<readonly { readonly n: number; readonly person: string }[]> {
  return query<{ n: number; person: string }>(
    `select n, person from (
       select a.n, k.person, row_number() over (partition by a.n order by sum(a.weight) desc, k.person) as place
       from jsonb_to_recordset($1::jsonb) as a (n int, key text, weight int)
       join person_key k on k.key = a.key group by a.n, k.person) found
     where place <= $2 order by n, place`,
    [JSON.stringify(asked), candidatesMax],
  )
}
