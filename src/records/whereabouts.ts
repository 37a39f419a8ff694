import type { Sql } from '../platform/database.js'
import type { Traits } from './adapter.js'
import { MEMBERSHIP_VIEW } from './index-store.js'

/** Known places of people, as texts to look for in what is written for several sides. */
export async function whereaboutsOfPersons(
  sql: Sql,
  persons: readonly string[],
): Promise<readonly string[]> {
  const rows = await sql.query<{ traits: Traits }>(
    `select r.traits from records.record r join ${MEMBERSHIP_VIEW} m on m.record_id = r.id where m.person_key = any($1::text[])`,
    [persons],
  )
  const texts = rows.flatMap(({ traits }) => [
    ...traits.places.flatMap((place) => [place.line, place.postcode]),
    ...traits.phones,
    ...traits.emails,
  ])
  return [
    ...new Set(texts.filter((text): text is string => text !== null && text.trim().length > 3)),
  ]
}
