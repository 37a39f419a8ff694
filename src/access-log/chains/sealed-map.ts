import type { Sql } from '../../platform/database.js'
import type { SealedSection } from '../checkpoints/chain-sections.js'
import { chainHeadsAt } from '../checkpoints/stored-sections.js'
import { ChainMap } from './chain-map.js'

/** The map of the first `size` entries, which are sealed, from what is stored of them. */
export async function storedMap(sql: Sql, size: bigint): Promise<ChainMap> {
  const map = new ChainMap()
  for await (const head of chainHeadsAt(sql, size)) map.set(head.chain, head)
  return map
}

/** The map that a process grew while it sealed, and up to where. */
const grown = new WeakMap<Sql, { readonly size: bigint; readonly map: ChainMap }>()

/**
 * The root of the map once `sections` are sealed beside the first `size` entries. `sealed` is called
 * when they are: the map is kept for the next time, so that only what changed is hashed again. Where
 * somebody else sealed meanwhile, it is read anew.
 */
export async function growMap(
  sql: Sql,
  size: bigint,
  sections: readonly SealedSection[],
): Promise<{ readonly root: Uint8Array; readonly sealed: (size: bigint) => void }> {
  const known = grown.get(sql)
  grown.delete(sql)
  const map = known?.size === size ? known.map : await storedMap(sql, size)
  for (const section of sections) if (section.chain !== null) map.set(section.chain, section)
  return { root: map.root(), sealed: (now) => void grown.set(sql, { size: now, map }) }
}
