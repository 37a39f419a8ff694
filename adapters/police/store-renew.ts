import { DROP_FILE_NAMES, DROP_FILES } from './format.js'
import { MAPPER } from './lineage.js'
import { mapLine } from './map-line.js'
import { KEYS_VERSION } from './search-keys.js'
import { refreshDerived } from './store-derive.js'
import { keepLines } from './store-keep.js'
import { type Query, storeState } from './store-tables.js'

/**
 * Brings the store to what this software's mappers say, once after each change of theirs: lines in
 * quarantine are read again, and everything counts as changed, so that the index hears of it.
 */
export async function renewStore(query: Query, yearNow: number): Promise<void> {
  const state = await storeState(query, { lock: true })
  const isCurrent = state.mapper === MAPPER && state.keys_version === KEYS_VERSION
  if (isCurrent || state.sequence === null) return
  const revision = state.revision + 1
  await query('update item set own_changed = $1', [revision])
  for (const name of DROP_FILE_NAMES) {
    const { type } = DROP_FILES[name]
    const rows = await query<{ id: string; raw: string }>(
      `select id, raw from rejection where type = $1 and outcome = 'QUARANTINE' order by id`,
      [type],
    )
    const kept = rows.flatMap(({ id, raw }) => {
      const mapped = mapLine(name, id, JSON.parse(raw), yearNow)
      return mapped.kind === 'mapped' ? [{ id, line: mapped.value }] : []
    })
    if (kept.length > 0) await keepLines(query, { type, revision, isFull: false }, kept)
  }
  await query('update state set revision = $1, mapper = $2', [revision, MAPPER])
  await refreshDerived(query, { revision, yearNow, signal: new AbortController().signal })
}
