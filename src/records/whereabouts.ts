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

/** One known place of somebody: what a text that gives it away contains. */
export interface KnownPlace {
  readonly personKey: string
  readonly text: string
}

/** Where people are known to be now, by person; what an agency says is over does not count. */
export async function knownPlaces(
  sql: Sql,
  persons: readonly string[],
): Promise<readonly KnownPlace[]> {
  const rows = await sql.query<{ key: string; traits: Traits }>(
    `select m.person_key as key, r.traits from records.record r
     join ${MEMBERSHIP_VIEW} m on m.record_id = r.id
     where m.person_key = any($1::text[]) and not r.deleted`,
    [persons],
  )
  return rows.flatMap(({ key, traits }) =>
    [
      ...traits.places
        .filter((place) => place.current !== false)
        .flatMap((place) => [place.line, place.postcode]),
      ...traits.phones,
      ...traits.emails,
    ]
      .filter((text): text is string => text !== null && !isNowhere(text))
      .map((text) => ({ personKey: key, text })),
  )
}

/** Too short to tell a place, or a pseudo postcode that names none. */
function isNowhere(text: string): boolean {
  return text.trim().length < 5 || text.startsWith('ZZ99')
}
