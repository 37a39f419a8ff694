import { mapPerson } from './map-person.js'
import { KEYS_VERSION, searchKeys } from './search-keys.js'
import { personSources } from './store-read.js'
import { batchSizeMax, type Query, storeState } from './store-tables.js'

interface Deriving {
  readonly revision: number
  readonly yearNow: number
  readonly signal: AbortSignal
}

/** Everything in the store that follows from the lines: survivors, changes by way of links, search keys. */
export async function refreshDerived(query: Query, of: Deriving): Promise<void> {
  await refreshSurvivors(query, of.revision)
  await spreadChanges(query, of.revision)
  const state = await storeState(query)
  const since = state.keys_version === KEYS_VERSION ? of.revision : 0
  await refreshKeys(query, { ...of, since })
  await query('update state set keys_version = $1', [KEYS_VERSION])
}

/** The last nominal in each chain of merges; a chain that runs in a circle ends where it began. */
async function refreshSurvivors(query: Query, revision: number): Promise<void> {
  await query(
    `with recursive chain (id, at) as (
       select id, replaced_by from item where type = 'NOMINAL' and replaced_by is not null
       union all
       select c.id, i.replaced_by from chain c join item i on i.type = 'NOMINAL' and i.id = c.at
       where i.replaced_by is not null
     ) cycle at set is_cycle using path,
     ends as (
       select c.id, min(c.at) as survivor from chain c
       where not exists (select 1 from item i where i.type = 'NOMINAL' and i.id = c.at and i.replaced_by is not null)
       group by c.id
     )
     update item i set survivor = e.survivor, own_changed = $1
     from (select m.id, e.survivor from item m left join ends e on e.id = m.id where m.type = 'NOMINAL') e
     where i.type = 'NOMINAL' and i.id = e.id and i.survivor is distinct from e.survivor`,
    [revision],
  )
}

/**
 * What changes a thing beside its own line: a link from or to it, and what stands at the link's other
 * end. Events do not change through the people they are about, but through who these people became.
 */
async function spreadChanges(query: Query, revision: number): Promise<void> {
  await query('update item set changed = $1 where own_changed = $1 and changed <> $1', [revision])
  await query(
    `update item i set changed = $1 from link l
     where i.changed <> $1 and i.type = l.from_type and i.id = l.from_id
       and (l.changed = $1 or exists (
         select 1 from item t where t.type = l.to_type and t.id = l.to_id and t.own_changed = $1))`,
    [revision],
  )
  await query(
    `update item i set changed = $1 from link l
     where i.changed <> $1 and i.type = 'EVENT' and l.to_type = 'EVENT' and l.to_id = i.id
       and (l.changed = $1 or exists (
         select 1 from item p where p.type = 'NOMINAL' and p.id = l.from_id and p.own_changed = $1
           and p.replaced_by is not null))`,
    [revision],
  )
}

async function refreshKeys(
  query: Query,
  of: Omit<Deriving, 'revision'> & { readonly since: number },
): Promise<void> {
  let last = ''
  for (;;) {
    of.signal.throwIfAborted()
    const rows = await query<{ id: string }>(
      `select id from item where type = 'NOMINAL' and changed >= $1 and id > $2 order by id limit $3`,
      [of.since, last, batchSizeMax],
    )
    const ids = rows.map((row) => row.id)
    const end = ids.at(-1)
    if (end === undefined) return
    last = end
    await replaceKeys(query, ids, of.yearNow)
  }
}

/** Who was deleted, merged into another or cannot be read is not found under any key. */
async function replaceKeys(query: Query, ids: readonly string[], yearNow: number): Promise<void> {
  const keys = (await personSources(query, ids)).flatMap((source) => {
    if (source.deleted || source.replacedBy !== null || source.rejection !== null) return []
    const mapped = mapPerson(source, yearNow)
    if (mapped.kind === 'rejected') return []
    return searchKeys(mapped.value.record.traits).map(({ key }) => ({ key, person: source.id }))
  })
  await query('delete from person_key where person = any($1::text[])', [ids])
  await query(
    `insert into person_key (key, person)
     select r.key, r.person from jsonb_to_recordset($1::jsonb) as r (key text, person text)
     on conflict do nothing`,
    [JSON.stringify(keys)],
  )
}
