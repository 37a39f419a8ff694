import { append } from '../../access-log/append.js'
import type { LogEntry } from '../../access-log/entry.js'
import type { Database } from '../../platform/database.js'
import { lockInForce, setSuspended } from './store.js'

/**
 * Suspends or resumes what agencies supply, at once and without touching the agreement for the others: one
 * transaction with one log entry for each agency, which raises `factsEpoch`. Gives the agencies for which
 * anything changed; suspending twice changes nothing.
 */
export function setSupply(
  database: Database,
  of: {
    readonly agencies: readonly string[]
    readonly isSuspended: boolean
    readonly by: string
    readonly entry: (what: string) => LogEntry
  },
): Promise<readonly string[]> {
  return database.transaction(async (tx) => {
    await lockInForce(tx)
    const changed: string[] = []
    for (const agency of of.agencies)
      if (await setSuspended(tx, { ...of, agency })) changed.push(agency)
    if (changed.length > 0)
      await append(tx, of.entry(of.isSuspended ? 'SUPPLY_SUSPENDED' : 'SUPPLY_RESUMED'))
    return changed
  })
}
