import type { Sql } from '../platform/database.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { Tri } from '../sharing/vocabulary.js'
import type { IndexedEvent, IndexedRecord, SourceId, Traits } from './adapter.js'
import { carriedFacts } from './marks.js'
import { type MarkedPlace, markedPlaces } from './place-marks.js'
import type { PublicId } from './public-id.js'

/** What the index says of one record or event: where its detail is, whose it is, what it carries. */
export interface Located {
  readonly id: string
  readonly agency: string
  readonly source: SourceId
  readonly graphType: string
  readonly recordedAt: Date | null
  readonly handling: string
  readonly tag: SubjectTag
}

/**
 * How matching answers for records: the person each is held to be, and whether people have confirmed
 * that (a record with which its person came into the hub needs no confirmation). Joined as a view.
 */
export const MEMBERSHIP_VIEW = 'matching.membership_in_force'

interface LocatedRow {
  id: string
  agency: string
  source_type: string
  source_id: string
  graph_type: string
  recorded_at: Date | null
  supplied_at: Date | null
  handling: string
  carries: Record<string, Tri>
  cleared_by: string[]
  persons: string[] | null
  linked: boolean | null
}

const recordColumns = `r.id, r.agency, r.source_type, r.source_id, r.graph_type, r.recorded_at, r.handling, r.carries, r.cleared_by,
  greatest(r.recorded_at, (select s.changed_at from records.sync_mark s where s.agency = r.agency)) as supplied_at`

/** Records by id, in no order; unknown ids are left out. One that is proposed for several people is about all of them. */
export async function locateRecords(
  sql: Sql,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Located>> {
  const rows = await sql.query<LocatedRow>(
    `select ${recordColumns}, array_agg(m.person_key order by m.person_key) as persons, bool_and(m.confirmed) as linked
     from records.record r join ${MEMBERSHIP_VIEW} m on m.record_id = r.id
     where r.id = any($1::text[]) and not r.deleted and r.replaced_by is null
     group by r.id`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, located(row, 'RECORD')]))
}

/** The records of people, by person key. */
export async function recordsOfPersons(
  sql: Sql,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly Located[]>> {
  const rows = await sql.query<LocatedRow & { key: string }>(
    `select ${recordColumns}, m.person_key as key, m.confirmed as linked,
            case when m.confirmed then array[m.person_key]
              else array(select o.person_key from ${MEMBERSHIP_VIEW} o where o.record_id = r.id order by 1) end as persons
     from ${MEMBERSHIP_VIEW} m join records.record r on r.id = m.record_id
     where m.person_key = any($1::text[]) and not r.deleted and r.replaced_by is null
     order by r.agency, r.id`,
    [keys],
  )
  const found = new Map<string, Located[]>()
  for (const row of rows) {
    const list = found.get(row.key)
    if (list) list.push(located(row, 'RECORD'))
    else found.set(row.key, [located(row, 'RECORD')])
  }
  return found
}

/** Events by id; of an event about several people all are named. */
export async function locateEvents(
  sql: Sql,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Located>> {
  const rows = await sql.query<LocatedRow>(
    `select e.id, e.agency, e.source_type, e.source_id, e.graph_type, e.recorded_at, e.handling, e.carries, e.cleared_by,
            greatest(e.recorded_at, (select s.changed_at from records.sync_mark s where s.agency = e.agency)) as supplied_at,
            array_agg(distinct m.person_key order by m.person_key) as persons, bool_and(m.confirmed) as linked
     from records.event e
     join records.event_about a on a.event_id = e.id
     join ${MEMBERSHIP_VIEW} m on m.record_id = a.record_id
     where e.id = any($1::text[]) and not e.deleted
     group by e.id`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, located(row, 'EVENT')]))
}

function located(row: LocatedRow, kind: 'RECORD' | 'EVENT'): Located {
  return {
    id: row.id,
    agency: row.agency,
    source: { type: row.source_type, id: row.source_id },
    graphType: row.graph_type,
    recordedAt: row.recorded_at,
    handling: row.handling,
    tag: subjectTag({
      kind,
      agency: row.agency,
      persons: row.persons ?? [],
      carries: row.carries,
      clearedBy: row.cleared_by,
      isLinked: row.linked === true,
      suppliedAtMs: row.supplied_at?.getTime() ?? null,
    }),
  }
}

/** Whose an indexed record or event is, with what it carries, the confirmation of its link included. */
export function subjectTag(of: {
  kind: 'RECORD' | 'EVENT'
  agency: string
  persons: readonly string[]
  carries: Readonly<Record<string, Tri>>
  clearedBy: readonly string[]
  isLinked: boolean
  suppliedAtMs: number | null
}): SubjectTag {
  return {
    kind: of.kind,
    persons: of.persons,
    marks: {
      supplier: of.agency,
      unit: false,
      itemId: null,
      carries: { ...of.carries, LINK_CONFIRMED: of.isLinked ? 'TRUE' : 'FALSE' },
      clearedBy: of.clearedBy,
      suppliedAtMs: of.suppliedAtMs,
    },
  }
}

/** The people of referrals and cases at one agency: whom the index may hold. */
export async function cohortOf(sql: Sql, agency: string): Promise<readonly SourceId[]> {
  return sql.query<{ type: string; id: string }>(
    `select source_type as type, source_id as id from records.cohort where agency = $1 order by source_type, source_id`,
    [agency],
  )
}

/** Takes source records into the cohort (a referral, a part of a case, a confirmed link): no maybe any more. */
export async function addToCohort(
  tx: Sql,
  agency: string,
  sources: readonly SourceId[],
): Promise<void> {
  await tx.query(
    `insert into records.cohort (agency, source_type, source_id)
     select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing`,
    [agency, sources.map((one) => one.type), sources.map((one) => one.id)],
  )
  await tx.query(
    `update records.record set maybe_until = null
     where agency = $1 and maybe_until is not null
       and (source_type, source_id) in (select * from unnest($2::text[], $3::text[]))`,
    [agency, sources.map((one) => one.type), sources.map((one) => one.id)],
  )
}

/** Forgets a record that is nobody's any more, with the events that are about nobody else. */
export async function dropFromCohort(
  tx: Sql,
  { agency, type, id }: SourceId & { readonly agency: string },
): Promise<void> {
  const parameters = [agency, type, id]
  const where = 'agency = $1 and source_type = $2 and source_id = $3'
  await tx.query(
    `delete from records.event e using records.event_about a, records.record r
     where r.${where.replaceAll(' and ', ' and r.')} and a.record_id = r.id and e.id = a.event_id
       and not exists (select 1 from records.event_about o
                       where o.event_id = e.id and o.record_id <> r.id)`,
    parameters,
  )
  await tx.query(
    `delete from records.event_about a using records.record r
     where r.${where.replaceAll(' and ', ' and r.')} and a.record_id = r.id`,
    parameters,
  )
  await tx.query(`delete from records.record where ${where}`, parameters)
  await tx.query(`delete from records.cohort where ${where}`, parameters)
}

/**
 * Writes index rows of records; says whose marks became stricter, so that the change can be logged. With
 * `maybeUntil` they are candidates that stay until then; a record of the cohort never becomes one.
 */
export async function upsertRecords(
  tx: Sql,
  agency: string,
  records: readonly IndexedRecord[],
  publicId: PublicId,
  maybeUntil: Date | null = null,
): Promise<{ readonly tightened: boolean }> {
  if (records.length === 0) return { tightened: false }
  const rows = asLast(records).map((one) => ({
    id: publicId('record', agency, one.source),
    source_type: one.source.type,
    source_id: one.source.id,
    graph_type: one.graphType,
    version: one.version,
    recorded_at: one.recordedAt,
    handling: one.marks.handling,
    carries: carriedFacts(one.marks),
    cleared_by: one.marks.clearedBy,
    traits: traitsToKeep(one.traits),
    whereabouts: one.deleted ? [] : markedPlaces(one.traits, publicId.placeMark),
    deleted: one.deleted,
    replaced_by: one.replacedBy ? publicId('record', agency, one.replacedBy) : null,
  }))
  const before = await tx.query<Before & { id: string }>(
    'select id, carries, deleted, whereabouts from records.record where id = any($1::text[]) for update',
    [rows.map((row) => row.id)],
  )
  await tx.query(
    `insert into records.record (id, agency, source_type, source_id, graph_type, version, recorded_at, handling, carries, cleared_by, traits, whereabouts, deleted, replaced_by, maybe_until)
     select x.id, $1, x.source_type, x.source_id, x.graph_type, x.version, x.recorded_at, x.handling, x.carries,
            array(select jsonb_array_elements_text(x.cleared_by)), x.traits, x.whereabouts, x.deleted, x.replaced_by, $3::timestamptz
     from jsonb_to_recordset($2::jsonb) as x (id text, source_type text, source_id text, graph_type text, version text,
       recorded_at timestamptz, handling text, carries jsonb, cleared_by jsonb, traits jsonb, whereabouts jsonb, deleted boolean, replaced_by text)
     on conflict (id) do update set version = excluded.version, recorded_at = excluded.recorded_at, handling = excluded.handling,
       carries = excluded.carries, cleared_by = excluded.cleared_by, traits = excluded.traits, whereabouts = excluded.whereabouts, deleted = excluded.deleted,
       replaced_by = excluded.replaced_by, changed_at = clock_timestamp(),
       maybe_until = case when records.record.maybe_until is null then null else excluded.maybe_until end
     where (records.record.version, records.record.carries, records.record.deleted, records.record.replaced_by, records.record.whereabouts)
       is distinct from (excluded.version, excluded.carries, excluded.deleted, excluded.replaced_by, excluded.whereabouts)
       or records.record.maybe_until < excluded.maybe_until`,
    [agency, JSON.stringify(rows), maybeUntil],
  )
  const known = new Map(before.map((row) => [row.id, row]))
  return { tightened: rows.some((row) => isStricter(known.get(row.id), row)) }
}

/** What comes twice on one page counts as it came last, as on two pages. */
function asLast<One extends { readonly source: SourceId }>(page: readonly One[]): readonly One[] {
  return [...new Map(page.map((one) => [`${one.source.type}|${one.source.id}`, one])).values()]
}

interface Before {
  carries: Readonly<Record<string, Tri>>
  deleted: boolean
  whereabouts?: readonly MarkedPlace[]
}

/** Another place of somebody's may have to be withheld in somebody else's record. */
function isStricter(before: Before | undefined, after: Before): boolean {
  if (!before) return (after.whereabouts?.length ?? 0) > 0
  if (after.whereabouts?.some((one) => !before.whereabouts?.some((two) => isSame(one, two))))
    return true
  if (after.deleted && !before.deleted) return true
  return Object.entries(before.carries).some(
    ([fact, value]) => value === 'TRUE' && after.carries[fact] !== 'TRUE',
  )
}

const isSame = (one: MarkedPlace, other: MarkedPlace): boolean =>
  one.line === other.line && one.postcode === other.postcode && one.to === other.to

/** Whereabouts are kept as marks only. */
function traitsToKeep({ whereabouts: _marked, ...traits }: Traits): Traits {
  return traits
}

/** Writes index rows of events and whom they are about. */
export async function upsertEvents(
  tx: Sql,
  agency: string,
  page: readonly IndexedEvent[],
  publicId: PublicId,
): Promise<{ readonly tightened: boolean }> {
  if (page.length === 0) return { tightened: false }
  const events = asLast(page)
  const rows = events.map((one) => ({
    id: publicId('event', agency, one.source),
    source_type: one.source.type,
    source_id: one.source.id,
    graph_type: one.graphType,
    version: one.version,
    recorded_at: one.recordedAt,
    at: one.at,
    kind: one.kind,
    handling: one.marks.handling,
    carries: carriedFacts(one.marks),
    cleared_by: one.marks.clearedBy,
    deleted: one.deleted,
  }))
  const ids = rows.map((row) => row.id)
  const before = await tx.query<{ id: string; carries: Record<string, Tri>; deleted: boolean }>(
    'select id, carries, deleted from records.event where id = any($1::text[]) for update',
    [ids],
  )
  await tx.query(
    `insert into records.event (id, agency, source_type, source_id, graph_type, version, recorded_at, at, kind, handling, carries, cleared_by, deleted)
     select x.id, $1, x.source_type, x.source_id, x.graph_type, x.version, x.recorded_at, x.at, x.kind, x.handling, x.carries,
            array(select jsonb_array_elements_text(x.cleared_by)), x.deleted
     from jsonb_to_recordset($2::jsonb) as x (id text, source_type text, source_id text, graph_type text, version text,
       recorded_at timestamptz, at text, kind text, handling text, carries jsonb, cleared_by jsonb, deleted boolean)
     on conflict (id) do update set graph_type = excluded.graph_type, version = excluded.version, recorded_at = excluded.recorded_at, at = excluded.at, kind = excluded.kind,
       handling = excluded.handling, carries = excluded.carries, cleared_by = excluded.cleared_by, deleted = excluded.deleted,
       changed_at = clock_timestamp()
     where (records.event.version, records.event.carries, records.event.deleted, records.event.at, records.event.graph_type)
       is distinct from (excluded.version, excluded.carries, excluded.deleted, excluded.at, excluded.graph_type)`,
    [agency, JSON.stringify(rows)],
  )
  const about = events.flatMap((one, index) =>
    one.about.map((source) => ({
      event: ids[index] ?? '',
      record: publicId('record', agency, source),
    })),
  )
  await tx.query('delete from records.event_about where event_id = any($1::text[])', [ids])
  await tx.query(
    'insert into records.event_about (event_id, record_id) select * from unnest($1::text[], $2::text[]) on conflict do nothing',
    [about.map((one) => one.event), about.map((one) => one.record)],
  )
  const known = new Map(before.map((row) => [row.id, row]))
  return { tightened: rows.some((row) => isStricter(known.get(row.id), row)) }
}

/** An agency's records of people who were born on a day, by id. */
export async function recordsBornOn(
  sql: Sql,
  agency: string,
  bornOn: string,
): Promise<ReadonlyMap<string, Traits>> {
  const rows = await sql.query<{ id: string; traits: Traits }>(
    `select id, traits from records.record
     where agency = $1 and not deleted and replaced_by is null and traits->'bornOn' ? $2`,
    [agency, bornOn],
  )
  return new Map(rows.map((row) => [row.id, row.traits]))
}

/** Traits of indexed records, for matching. */
export async function traitsOf(
  sql: Sql,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Traits>> {
  const rows = await sql.query<{ id: string; traits: Traits }>(
    'select id, traits from records.record where id = any($1::text[])',
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row.traits]))
}
