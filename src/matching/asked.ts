import { createHash } from 'node:crypto'
import type { Sql } from '../platform/database.js'
import type { Traits } from '../records/adapter.js'

/** A person as matching asks for them: their records in force, and whose those are. */
export interface Cluster {
  readonly key: string
  readonly records: readonly string[]
  readonly agencies: readonly string[]
}

/** The people of the cohort in the order of their random keys, after the one named. */
export async function clustersAfter(
  sql: Sql,
  after: string,
  limit: number,
): Promise<readonly Cluster[]> {
  return sql.query<Cluster>(
    `select p.key, array_agg(m.record_id order by m.record_id) as records, array_agg(distinct m.agency) as agencies
     from (select key from matching.person where key > $1 and redirect_to is null order by key limit $2) p
     join matching.membership m on m.person_key = p.key
     group by p.key order by p.key`,
    [after, limit],
  )
}

/** The clusters of some people. */
export async function clustersOf(sql: Sql, keys: readonly string[]): Promise<readonly Cluster[]> {
  return sql.query<Cluster>(
    `select person_key as key, array_agg(record_id order by record_id) as records, array_agg(distinct agency) as agencies
     from matching.membership where person_key = any($1::text[]) group by person_key`,
    [keys],
  )
}

/** Whose each record is held to be; records that are nobody's are left out. */
export async function personsOfRecords(
  sql: Sql,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ id: string; key: string }>(
    'select record_id as id, person_key as key from matching.membership where record_id = any($1::text[])',
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row.key]))
}

/** What all records of one person say together. */
export function joined(all: readonly Traits[]): Traits {
  const distinct = <T>(of: (one: Traits) => readonly T[]): T[] => [
    ...new Map(all.flatMap(of).map((value) => [JSON.stringify(value), value])).values(),
  ]
  const sexes = distinct((one) => (one.sex === null ? [] : [one.sex]))
  return {
    names: distinct((one) => one.names),
    bornOn: distinct((one) => one.bornOn),
    postcodes: distinct((one) => one.postcodes),
    places: distinct((one) => one.places),
    phones: distinct((one) => one.phones),
    emails: distinct((one) => one.emails),
    identifiers: distinct((one) => one.identifiers),
    sex: sexes.length === 1 ? (sexes[0] ?? null) : null,
  }
}

/** The same for the same traits in any order; another one whenever the scoring is another one. */
export function digestOf(traits: Traits, scoring: string): string {
  const sorted = Object.entries(traits)
    .map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value,
    ])
    .sort()
  return createHash('sha256')
    .update(JSON.stringify([scoring, sorted]))
    .digest('hex')
}

export interface Asked {
  readonly digest: string
  readonly askedAt: Date
}

/** When an agency was last asked about these people. */
export async function askedOf(
  sql: Sql,
  agency: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Asked>> {
  const rows = await sql.query<{ key: string; digest: string; at: Date }>(
    'select person_key as key, digest, asked_at as at from matching.asked where agency = $1 and person_key = any($2::text[])',
    [agency, keys],
  )
  return new Map(rows.map((row) => [row.key, { digest: row.digest, askedAt: row.at }]))
}

/** Notes that an agency was asked about people with these traits. */
export async function noteAsked(
  tx: Sql,
  agency: string,
  people: readonly { readonly key: string; readonly digest: string }[],
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into matching.asked (person_key, agency, digest, asked_at)
     select x.key, $1, x.digest, $4 from unnest($2::text[], $3::text[]) as x (key, digest)
     on conflict (person_key, agency) do update set digest = excluded.digest, asked_at = excluded.asked_at`,
    [agency, people.map((one) => one.key), people.map((one) => one.digest), at],
  )
}

/**
 * Ends open proposals for records that are no longer offered: gone, or EXPIRED where somebody had given
 * a word already. Gives back the people they were proposed for.
 */
export async function endProposals(
  tx: Sql,
  recordIds: readonly string[],
): Promise<readonly { readonly agency: string; readonly personKey: string }[]> {
  const worded = await tx.query<{ agency: string; personKey: string }>(
    `update matching.proposal p set state = 'EXPIRED' where record_id = any($1::text[]) and state = 'OPEN'
       and exists (select from matching.decision d where d.proposal_id = p.id)
     returning agency, person_key as "personKey"`,
    [recordIds],
  )
  const others = await tx.query<{ agency: string; personKey: string }>(
    `delete from matching.proposal where record_id = any($1::text[]) and state = 'OPEN'
     returning agency, person_key as "personKey"`,
    [recordIds],
  )
  return [...worded, ...others]
}

/** Whether a record is still proposed for somebody. */
export async function isProposed(sql: Sql, recordId: string): Promise<boolean> {
  const rows = await sql.query(
    "select from matching.proposal where record_id = $1 and state = 'OPEN' limit 1",
    [recordId],
  )
  return rows.length > 0
}
