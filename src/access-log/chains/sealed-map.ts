import type { Sql } from '../../platform/database.js'
import type { ReadChainHeads } from '../checkpoints/chain-sections.js'
import { chainHeadsAt } from '../checkpoints/stored-sections.js'
import type { SectionPlace } from '../leaf.js'
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
 * The map of the first `size` entries, to be grown by those that are sealed next: the one that this
 * process kept, or where it kept none, or somebody else sealed meanwhile, read anew. It is kept no more
 * until `keepMap` says that what it grew by was sealed.
 */
export async function takeMap(sql: Sql, size: bigint): Promise<ChainMap> {
  const known = grown.get(sql)
  grown.delete(sql)
  return known?.size === size ? known.map : storedMap(sql, size)
}

/** So that the next time only what changed is hashed again, and no chain is looked up. */
export function keepMap(sql: Sql, size: bigint, map: ChainMap): void {
  grown.set(sql, { size, map })
}

/** The last section of chains, from the map. */
export function headsIn(map: ChainMap): ReadChainHeads {
  return (chains) => {
    const heads = new Map<string, SectionPlace>()
    for (const chain of chains) {
      const head = map.get(chain)
      if (head !== null) heads.set(chain.toString('hex'), head)
    }
    return Promise.resolve(heads)
  }
}
