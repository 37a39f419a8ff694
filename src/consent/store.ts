import type { Sql } from '../platform/database.js'
import {
  isRefusal,
  type Wish,
  type WishDecision,
  type WishQuestion,
  type WishState,
  wishAmong,
} from './wish.js'

/** A wish to be kept. `sourceKey` names it for good: the same wish twice is one. */
export interface NewWish {
  readonly personKey: string | null
  readonly partId: string | null
  readonly decision: WishDecision
  readonly recipients: readonly string[]
  readonly purposes: readonly string[]
  readonly categories: readonly string[]
  /** ISO 8601 instants. */
  readonly givenAt: string
  readonly until: string | null
  readonly wording: string | null
  readonly representative: string | null
  /** The member; null for a record of an agency. */
  readonly recordedBy: string | null
  readonly agency: string
  readonly recordedAt: string
  readonly sourceKey: string | null
  /** The agency's record that it was said of; null where a member recorded it of a person or part. */
  readonly aboutSource?: string | null
}

/** Appends wishes in one statement; gives back the ids of those that were new. */
export async function recordWishes(
  tx: Sql,
  wishes: readonly NewWish[],
): Promise<readonly string[]> {
  if (wishes.length === 0) return []
  const rows = await tx.query<{ id: string }>(INSERT, [JSON.stringify(wishes)])
  return rows.map((row) => row.id)
}

const list = (name: string): string => `array(select jsonb_array_elements_text(w->'${name}'))`
const INSERT = `insert into consent.wish (person_key, part_id, decision, recipients, purposes, categories,
    given_at, until, wording, representative, recorded_by, agency, recorded_at, source_key,
    about_source)
  select w->>'personKey', (w->>'partId')::uuid, w->>'decision', ${list('recipients')}, ${list('purposes')},
    ${list('categories')}, (w->>'givenAt')::timestamptz, (w->>'until')::timestamptz, w->>'wording',
    w->>'representative', w->>'recordedBy', w->>'agency', (w->>'recordedAt')::timestamptz, w->>'sourceKey',
    w->>'aboutSource'
  from jsonb_array_elements($1::jsonb) as w
  on conflict (source_key) do nothing
  returning id`

/** A wish as an agency's own system holds it, with the person it is about. */
export interface SourceWishOf {
  readonly agency: string
  readonly source: { readonly type: string; readonly id: string }
  /** The record that it is about. */
  readonly about: { readonly type: string; readonly id: string }
  readonly personKey: string
  readonly decision: 'GIVEN' | 'REFUSED' | 'WITHDRAWN'
  readonly recipients: readonly string[]
  readonly purposes: readonly string[]
  readonly categories: readonly string[]
  readonly givenAt: string
  readonly until: string | null
}

/**
 * Wishes that a synchronisation brought. A source record that says something else than before is a
 * wish of its own; the same again changes nothing. Gives back how many were new.
 */
export async function recordSourceWishes(
  tx: Sql,
  wishes: readonly SourceWishOf[],
  recordedAt: Date,
): Promise<number> {
  const rows = wishes.map(
    (wish): NewWish => ({
      ...wish,
      partId: null,
      wording: null,
      representative: null,
      recordedBy: null,
      recordedAt: recordedAt.toISOString(),
      aboutSource: aboutKey(wish.agency, wish.about),
      sourceKey: JSON.stringify([
        wish.agency,
        wish.source.type,
        wish.source.id,
        wish.decision,
        wish.givenAt,
        wish.until,
        wish.recipients,
        wish.purposes,
        wish.categories,
      ]),
    }),
  )
  return (await recordWishes(tx, rows)).length
}

/** Whose wishes: a person, a part, or both (what a part said before somebody was identified). */
export interface WishHolder {
  readonly personKey: string | null
  readonly partId: string | null
}

interface WishRow extends Omit<Wish, 'personKey' | 'partId' | 'givenAt'> {
  readonly person_key: string | null
  readonly part_id: string | null
  readonly given_at: Date
}
interface KnownRow extends WishRow {
  readonly maybe_of: readonly string[]
}

/** The wishes of each holder, in the order asked; one statement. */
export async function wishesOf(
  sql: Sql,
  holders: readonly WishHolder[],
): Promise<readonly (readonly Wish[])[]> {
  const persons = [...new Set(holders.flatMap(({ personKey }) => personKey ?? []))]
  const parts = [...new Set(holders.flatMap(({ partId }) => partId ?? []))]
  const rows = await sql.query<KnownRow>(
    `select id, person_key, part_id, decision, recipients, purposes, categories, given_at, until,
            wording, representative, agency, maybe_of
     from consent.wish where person_key = any($1::text[]) or part_id = any($2::uuid[])
       or (maybe_of <> '{}' and maybe_of && $1::text[])`,
    [persons, parts],
  )
  const byPerson = new Map<string, Wish[]>()
  const byPart = new Map<string, Wish[]>()
  for (const row of rows) {
    const { maybe_of, ...said } = row
    const wish = wishOf(said)
    if (isRefusal(wish.decision)) for (const one of maybe_of) gather(byPerson, one, wish)
    if (wish.personKey !== null) gather(byPerson, wish.personKey, wish)
    if (wish.partId !== null) gather(byPart, wish.partId, wish)
  }
  return holders.map(({ personKey, partId }) => {
    const ofPerson = (personKey !== null && byPerson.get(personKey)) || NONE
    const ofPart = (partId !== null && byPart.get(partId)) || NONE
    if (ofPart.length === 0) return ofPerson
    return ofPerson.length === 0 ? ofPart : [...new Set([...ofPerson, ...ofPart])]
  })
}

const NONE: readonly Wish[] = []

function gather<Key, Value>(into: Map<Key, Value[]>, key: Key, value: Value): void {
  const there = into.get(key)
  if (there) there.push(value)
  else into.set(key, [value])
}

function wishOf({ person_key, part_id, given_at, ...row }: WishRow): Wish {
  return { ...row, personKey: person_key, partId: part_id, givenAt: given_at }
}

/** What a person's wishes come to for one recipient, purpose and category at an instant. */
export async function wishInForce(
  sql: Sql,
  holder: WishHolder,
  question: WishQuestion,
): Promise<WishState> {
  const [wishes] = await wishesOf(sql, [holder])
  return wishAmong(wishes ?? [], question)
}

/** When persons merge, their wishes go with the key that survives. */
export async function movePersonsWishes(
  tx: Sql,
  moves: readonly { readonly from: string; readonly to: string }[],
): Promise<void> {
  await tx.query(
    `update consent.wish w set person_key = m."to", moved_from = moved_from || m."from"
     from jsonb_to_recordset($1::jsonb) as m("from" text, "to" text) where w.person_key = m."from"`,
    [JSON.stringify(moves)],
  )
}

/**
 * When two persons turn out to be two after all, the wishes that had come from the one go back to it;
 * `about` names a record that left the person, with what its agency's system holds of its wishes.
 */
export async function splitPersonsWishes(
  tx: Sql,
  of: {
    readonly from: string
    readonly to: string
    readonly about: { readonly agency: string; readonly type: string; readonly id: string } | null
  },
): Promise<void> {
  const about = of.about && aboutKey(of.about.agency, of.about)
  await tx.query(
    `update consent.wish set person_key = $2, moved_from = array_remove(moved_from, $2::text)
     where person_key = $1 and ($2 = any(moved_from) or about_source = $3)`,
    [of.from, of.to, about],
  )
}

/**
 * Wishes that were said since two people were held to be one: what was said of a part goes with the part,
 * what is of a part or record that nobody has sorted yet is nobody's. A refusal among these binds both.
 */
export async function unsortWishes(
  tx: Sql,
  of: {
    readonly from: string
    readonly to: string
    /** Parts that went back to the one who is somebody again. */
    readonly partsBack: readonly string[]
    readonly parts: readonly string[]
    readonly records: readonly SourceRecord[]
  },
): Promise<void> {
  await tx.query(
    'update consent.wish set person_key = $2 where person_key = $1 and part_id = any($3::uuid[])',
    [of.from, of.to, of.partsBack],
  )
  await tx.query(
    `update consent.wish set maybe_of = array[$1, $2]::text[],
       person_key = case when part_id is null then gen_random_uuid()::text end
     where person_key = $1 and (part_id = any($3::uuid[]) or about_source = any($4::text[]))`,
    [of.from, of.to, of.parts, of.records.map((one) => aboutKey(one.agency, one))],
  )
}

/** Somebody has said whose a record or part is, and with it whose wishes these are. */
export async function sortWishes(
  tx: Sql,
  of: { readonly person: string; readonly part?: string; readonly record?: SourceRecord },
): Promise<void> {
  await tx.query(
    `update consent.wish set person_key = $1, maybe_of = '{}'
     where maybe_of <> '{}' and (part_id = $2::uuid or about_source = $3)`,
    [of.person, of.part ?? null, of.record ? aboutKey(of.record.agency, of.record) : null],
  )
}

interface SourceRecord {
  readonly agency: string
  readonly type: string
  readonly id: string
}

const aboutKey = (agency: string, { type, id }: { readonly type: string; readonly id: string }) =>
  JSON.stringify([agency, type, id])

/** A wish with the instant from which the hub knew of it. */
export interface KnownWish extends Wish {
  readonly recordedAt: Date
}

const KNOWN = `select id, person_key as "personKey", part_id as "partId", decision, recipients, purposes, categories,
    given_at as "givenAt", until, wording, representative, agency, recorded_at as "recordedAt"
  from consent.wish`

/** Null where there is no such wish. */
export async function wishById(sql: Sql, id: string): Promise<KnownWish | null> {
  const [row] = await sql.query<KnownWish>(`${KNOWN} where id::text = $1`, [id])
  return row ?? null
}

/** Everything that was ever said by this person or part. */
export async function wishesKnownOf(sql: Sql, of: WishHolder): Promise<readonly KnownWish[]> {
  return sql.query<KnownWish>(
    `${KNOWN} where person_key = $1 or part_id = $2::uuid order by given_at, id`,
    [of.personKey, of.partId],
  )
}
