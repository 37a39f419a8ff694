import type { Sql } from '../platform/database.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { Tri } from '../sharing/vocabulary.js'
import type { EventKind } from './graph.js'
import { MEMBERSHIP_VIEW, subjectTag } from './index-store.js'

/** A place in a timeline: newest first, ties by id. */
export interface Position {
  readonly at: string
  readonly id: string
}
export interface ChronologyAsk {
  readonly first: number
  readonly after: Position | null
  readonly kinds: readonly EventKind[] | null
  readonly from: string | null
  readonly to: string | null
}
export interface ChronologyRow {
  readonly id: string
  readonly graphType: string
  readonly at: string | null
  readonly kind: string
  readonly agency: string
  readonly subject: SubjectTag
}

/** Whether an object of this type may be known of, for each subject. */
export type Exist = (tags: readonly SubjectTag[], typeName: string) => Promise<readonly boolean[]>

interface ClassRow {
  case_id: string
  class: string
  graph_type: string
  agency: string
  carries: Record<string, Tri>
  cleared_by: string[]
  persons: string[]
  linked: boolean
}

/**
 * Of each event its decision class: everything its existence depends on (type, supplier, marks, whose
 * it is, whether the link is confirmed). A caller's visible classes are decided first; the query then
 * filters by them before it orders and limits, so what is hidden costs and tells nothing.
 */
const CLASSED = `
  classed as (
    select p.case_id, e.id, e.graph_type, e.agency, e.at, e.kind, e.carries, e.cleared_by,
           array_agg(distinct m.person_key order by m.person_key) as persons, bool_and(m.confirmed) as linked
    from asked p
    join ${MEMBERSHIP_VIEW} mine on mine.person_key = p.person_key
    join records.event_about mine_about on mine_about.record_id = mine.record_id
    join records.event e on e.id = mine_about.event_id and not e.deleted
    join records.event_about a on a.event_id = e.id
    join ${MEMBERSHIP_VIEW} m on m.record_id = a.record_id
    group by p.case_id, e.id
  ), keyed as (
    select *, md5(graph_type || '|' || agency || '|' || carries::text || '|' || cleared_by::text || '|' || persons::text || '|' || linked::text) as class
    from classed
  )`

export interface PersonOfCase {
  readonly caseId: string
  readonly personKey: string
}

/** One page of agency events for each case asked, in two statements whatever the number of cases. */
export async function agencyEvents(
  sql: Sql,
  people: readonly PersonOfCase[],
  ask: ChronologyAsk,
  exist: Exist,
): Promise<ReadonlyMap<string, readonly ChronologyRow[]>> {
  const parameters = [people.map((one) => one.caseId), people.map((one) => one.personKey)]
  const asked =
    'with asked as (select distinct * from unnest($1::text[], $2::text[]) as x (case_id, person_key)),'
  const classes = await sql.query<ClassRow>(
    `${asked} ${CLASSED}
     select distinct on (case_id, class) case_id, class, graph_type, agency, carries, cleared_by, persons, linked from keyed`,
    parameters,
  )
  const tags = new Map<string, { graphType: string; tag: SubjectTag }>()
  for (const row of classes)
    tags.set(row.class, { graphType: row.graph_type, tag: tagOf(row, null) })
  const visible = await visibleClasses(tags, exist)
  const rows = await sql.query<ClassRow & { id: string; at: string | null; kind: string }>(
    `${asked} ${CLASSED}
     select ranked.* from (
       select *, row_number() over (partition by case_id order by coalesce(at, '') desc, id) as place
       from keyed
       where class = any($3::text[])
         and ($4::text[] is null or kind = any($4))
         and ($5::text is null or at >= $5)
         and ($6::text is null or left(at, length($6)) <= $6)
         and ($7::text is null or (coalesce(at, '') < $7 or (coalesce(at, '') = $7 and id > $8)))
     ) ranked where place <= $9 order by case_id, place`,
    [
      ...parameters,
      visible,
      ask.kinds,
      ask.from,
      ask.to,
      ask.after?.at ?? null,
      ask.after?.id ?? null,
      ask.first + 1,
    ],
  )
  const pages = new Map<string, ChronologyRow[]>()
  for (const row of rows) {
    const event: ChronologyRow = {
      id: row.id,
      graphType: row.graph_type,
      at: row.at,
      kind: row.kind,
      agency: row.agency,
      subject: tagOf(row, null),
    }
    const page = pages.get(row.case_id)
    if (page) page.push(event)
    else pages.set(row.case_id, [event])
  }
  return pages
}

function tagOf(row: Omit<ClassRow, 'case_id' | 'class'>, suppliedAtMs: number | null): SubjectTag {
  return subjectTag({
    kind: 'EVENT',
    agency: row.agency,
    persons: row.persons,
    carries: row.carries,
    clearedBy: row.cleared_by,
    isLinked: row.linked,
    suppliedAtMs,
  })
}

async function visibleClasses(
  classes: ReadonlyMap<string, { graphType: string; tag: SubjectTag }>,
  exist: Exist,
): Promise<readonly string[]> {
  const byType = new Map<string, { keys: string[]; tags: SubjectTag[] }>()
  for (const [key, { graphType, tag }] of classes) {
    const group = byType.get(graphType) ?? { keys: [], tags: [] }
    group.keys.push(key)
    group.tags.push(tag)
    byType.set(graphType, group)
  }
  const visible: string[] = []
  for (const [graphType, { keys, tags }] of byType) {
    const answers = await exist(tags, graphType)
    keys.forEach((key, index) => {
      if (answers[index] === true) visible.push(key)
    })
  }
  return visible
}
