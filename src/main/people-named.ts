import { score } from '../matching/score.js'
import type { Traits } from '../records/adapter.js'
import { MEMBERSHIP_VIEW, recordsBornOn } from '../records/index-store.js'
import type { Hub } from './hub.js'

/** Whom somebody on the telephone says that they are, or are afraid of. */
export interface Named {
  readonly given: string
  readonly family: string
  /** The whole birth date, `1990-02-03`. */
  readonly bornOn: string
}

/**
 * The parts that somebody of this name and birth date has in open cases, by the records of the caller's own
 * agency that people have confirmed to be theirs; what other agencies call them is not looked at.
 */
export async function partsNamed(
  { database }: Pick<Hub, 'database'>,
  agency: string,
  named: Named,
): Promise<readonly string[]> {
  const sought = traitsOf(named)
  const sameDay = await recordsBornOn(database, agency, named.bornOn)
  const records = [...sameDay].flatMap(([id, traits]) =>
    score(sought, traits).evidence.some(
      ({ trait, outcome }) => trait === 'NAME' && outcome === 'AGREES',
    )
      ? [id]
      : [],
  )
  const parts = await database.query<{ part_id: string }>(
    `select distinct p.part_id from ${MEMBERSHIP_VIEW} m
     join cases.current_part p on p.person_key = m.person_key and p.is_open
     where m.record_id = any($1::text[]) and m.confirmed order by p.part_id`,
    [records],
  )
  return parts.map(({ part_id }) => part_id)
}

const traitsOf = ({ given, family, bornOn }: Named): Traits => ({
  names: [{ family, given: given.split(/\s+/), use: 'USUAL' }],
  bornOn: [bornOn],
  postcodes: [],
  places: [],
  phones: [],
  emails: [],
  identifiers: [],
  sex: null,
})
