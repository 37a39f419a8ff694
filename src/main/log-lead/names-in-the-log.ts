import { formerKeysOf } from '../../matching/past-links.js'
import type { Hub } from '../hub.js'

/** Every pseudonym under which these people were ever entered: of each agency, and of keys that gave way. */
export async function aliasesOf(hub: Hub, keys: readonly string[]): Promise<readonly string[]> {
  const all = [...keys, ...(await formerKeysOf(hub.database, keys))]
  return all.flatMap((key) =>
    [...hub.agencies.keys()].map((agency) => hub.seals.pseudonym(key, agency)),
  )
}

const categories = new WeakMap<Hub['contract'], ReadonlyMap<string, string>>()

/** The category of each governed field of the contract. */
export function categoryOfFields(hub: Pick<Hub, 'contract'>): ReadonlyMap<string, string> {
  const known = categories.get(hub.contract)
  if (known) return known
  const made = new Map(
    [...hub.contract.governance.allTypes()].flatMap((type) =>
      [...type.fields.values()].map((one) => [one.coordinate, one.cell.category] as const),
    ),
  )
  categories.set(hub.contract, made)
  return made
}
