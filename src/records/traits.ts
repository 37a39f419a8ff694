import type { Sql } from '../platform/database.js'
import { MEMBERSHIP_VIEW } from './index-store.js'

/** Birth dates that confirmed records give, by person; several where agencies differ. */
export async function bornOnOfPersons(
  sql: Sql,
  persons: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await sql.query<{ key: string; born: string[] }>(
    `select m.person_key as key, array_agg(distinct b.born) as born
     from ${MEMBERSHIP_VIEW} m
     join records.record r on r.id = m.record_id
     cross join lateral jsonb_array_elements_text(r.traits->'bornOn') as b (born)
     where m.person_key = any($1::text[]) and m.confirmed and not r.deleted
     group by m.person_key`,
    [persons],
  )
  return new Map(rows.map((row) => [row.key, row.born]))
}

/**
 * Persons of whom a confirmed record has one of these names, by the name as it was asked for: the same
 * family name, and a forename, standing somewhere in it ("DC Maya Ferrand" is "Maya Ferrand").
 */
export async function personsNamed(
  sql: Sql,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await sql.query<{ name: string; persons: string[] }>(
    `select a.name, array_agg(distinct m.person_key) as persons
     from unnest($1::text[]) as a (name)
     join ${MEMBERSHIP_VIEW} m on m.confirmed
     join records.record r on r.id = m.record_id and not r.deleted
     cross join lateral jsonb_array_elements(r.traits->'names') as n (named)
     cross join lateral string_to_array(lower(a.name), ' ') as w (words)
     where lower(n.named->>'family') = any(w.words)
       and exists (select 1 from jsonb_array_elements_text(n.named->'given') as g (given) where lower(g.given) = any(w.words))
     group by a.name`,
    [names],
  )
  return new Map(rows.map((row) => [row.name, row.persons]))
}
