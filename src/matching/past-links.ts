import type { Sql } from '../platform/database.js'
import { confirmationsMin } from './store.js'

// For whoever looks back at what a link opened: what was linked once, in force still or not.

/** The keys that gave way to these when persons were joined, directly or one after another. */
export async function formerKeysOf(sql: Sql, keys: readonly string[]): Promise<readonly string[]> {
  const rows = await sql.query<{ key: string }>(
    `with recursive former as (
       select key from matching.person where redirect_to = any($1::text[])
       union select p.key from matching.person p join former f on p.redirect_to = f.key)
     select key from former`,
    [keys],
  )
  return rows.map((row) => row.key)
}

/** A link across agencies as it was confirmed, in force still or taken back. */
export interface ConfirmedLink {
  /** The person under whom its record stood while it was in force. */
  readonly personKey: string
  readonly agency: string
  readonly confirmedAt: Date
  /** When it was taken back; null: it is in force. */
  readonly endedAt: Date | null
  /** True where the record already belonged to somebody, so that two persons became one. */
  readonly joinedPersons: boolean
  /** How many other records of that agency the person has. */
  readonly otherRecords: number
}

const OTHER_RECORDS = `(select count(*)::int from matching.membership o
  where o.person_key = l.person_key and o.agency = l.agency and o.record_id <> l.record_id) as "otherRecords"`
const LINK_OF_PROPOSAL = `with l as (
    select p.agency, p.record_id, coalesce(m.to_key, p.person_key) as person_key, m.proposal_id is not null as joined,
      max(d.at) filter (where d.answer = 'LINK') as confirmed_at,
      coalesce(m.undone_at, max(d.at) filter (where d.answer = 'NEVER')) as ended_at,
      count(distinct d.member) filter (where d.answer = 'LINK') as words
    from matching.proposal p
    join matching.decision d on d.proposal_id = p.id
    left join matching.merging m on m.proposal_id = p.id
    where p.id = $1
    group by p.id, m.proposal_id)
  select person_key as "personKey", agency, confirmed_at as "confirmedAt", ended_at as "endedAt",
    joined as "joinedPersons", ${OTHER_RECORDS}
  from l where words >= $2`
const LINK_OF_RECORD = `select l.person_key as "personKey", l.agency, l.at as "confirmedAt", null as "endedAt",
    l.moved_from <> '{}' as "joinedPersons", ${OTHER_RECORDS}
  from matching.membership l where l.record_id = $1 and l.how = 'CONFIRMED'`

/** By the proposal that was confirmed, or the record that it joined; null where none was. */
export async function confirmedLink(sql: Sql, id: string): Promise<ConfirmedLink | null> {
  const [proposed] = await sql.query<ConfirmedLink>(LINK_OF_PROPOSAL, [id, confirmationsMin])
  if (proposed) return proposed
  const [joined] = await sql.query<ConfirmedLink>(LINK_OF_RECORD, [id])
  return joined ?? null
}
