import type { JobContext } from '../../jobs/context.js'
import type { Hub } from './hub.js'
import { matchPeople } from './match.js'
import { syncAgencies } from './sync.js'
import { checkOrders, checkSafetyPlans, checkWishes } from './tasks.js'

/** The rooms' work as the jobs ask for it. */
export function jobContext(hub: Hub): JobContext {
  return {
    sync: async (signal) => {
      await syncAgencies(hub, [], signal)
    },
    match: async (signal) => {
      await matchPeople(hub, signal)
    },
    checkWishes: (caseId, signal) => checkWishes(hub, caseId, signal),
    checkOrders: (signal) => checkOrders(hub, signal),
    checkSafetyPlans: (signal) => checkSafetyPlans(hub, signal),
  }
}
