import type { Database } from '../../src/platform/database.js'

/** What a synchronisation, a matching and a change leave in the hub, in an order of its own. */
const TABLES: readonly (readonly [string, readonly string[]])[] = [
  ['records.cohort', []],
  ['records.record', ['changed_at', 'maybe_until']],
  ['records.event', ['changed_at']],
  ['records.event_about', []],
  ['records.quarantine', ['id', 'seen_at']],
  ['records.unmapped_code', []],
  ['records.waiting_wish', []],
  ['consent.wish', ['id', 'recorded_at']],
  ['matching.membership', ['at']],
  ['matching.proposal', ['id', 'made_at']],
  ['matching.asked', ['asked_at']],
]

/**
 * The store by content: keys that are drawn at random give way to what they stand for, and the times of
 * writing are left out. Equal dumps are equal stores.
 */
export async function dumpOf(database: Database): Promise<Readonly<Record<string, unknown>>> {
  const names = await standFor(database)
  const dump: Record<string, unknown> = {}
  for (const [table, without] of TABLES) {
    const rows = await database.query<{ row: string }>(
      `select (to_jsonb(t) - $1::text[])::text as row from ${table} t`,
      [without],
    )
    dump[table] = rows.map(({ row }) => withNames(row, names)).sort()
  }
  const marks = await database.query<{ agency: string }>(
    'select agency from records.sync_mark order by agency',
  )
  return { ...dump, marks: marks.map(({ agency }) => agency) }
}

/** A person is their records by REFERRED links, a part its place in its case. */
async function standFor(database: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query<{ id: string; name: string }>(
    `select p.key as id, 'person of ' || coalesce(string_agg(m.record_id, ' ' order by m.record_id), '') as name
     from matching.person p left join matching.membership m on m.person_key = p.key group by p.key
     union all
     select c.part_id::text, concat_ws(' ', 'part', f.reference, c.kind, (
       select min(m.record_id) from matching.membership m where m.person_key = c.person_key))
     from cases.current_part c join cases.case_file f on f.id = c.case_id`,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

function withNames(row: string, names: ReadonlyMap<string, string>): string {
  return row.replace(/"([^"]{8,64})"/g, (whole, id: string) => {
    const name = names.get(id)
    return name === undefined ? whole : JSON.stringify(name)
  })
}

/** What must hold of a log whatever was killed: numbered from 0 without a gap, no entry twice, the head its size. */
export async function logFaults(database: Database): Promise<readonly string[]> {
  const [log] = await database.query<{ entries: string; ids: string; last: string; size: string }>(
    `select count(*) as entries, count(distinct entry_id) as ids, coalesce(max(index), -1) as last,
            (select size from access_log.head) as size from access_log.entry`,
  )
  const faults: string[] = []
  if (log?.entries !== log?.size) faults.push(`${log?.entries} entries, the head says ${log?.size}`)
  if (Number(log?.last) !== Number(log?.size) - 1) faults.push(`the last is ${log?.last}`)
  if (log?.ids !== log?.entries) faults.push('an entry is there twice')
  return faults
}
