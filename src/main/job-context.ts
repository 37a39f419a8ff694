import type { JobContext } from '../../jobs/context.js'
import type { Hub } from './hub.js'
import { watchLog } from './log-lead/watch.js'
import { matchPeople } from './match.js'
import { syncAgencies } from './sync.js'
import { checkOrders, checkSafetyPlans, checkWishes } from './tasks.js'

/** The rooms' work as the jobs ask for it. */
export function jobContext(hub: Hub): JobContext {
  /** A worker answers no requests, so each job reads what is in force now. */
  const current = async (): Promise<Hub> => {
    await hub.agreements.read()
    return hub
  }
  return {
    sync: async (signal) => {
      await syncAgencies(await current(), [], signal)
    },
    match: async (signal) => {
      await matchPeople(await current(), signal)
    },
    checkWishes: async (caseId, signal) => checkWishes(await current(), caseId, signal),
    checkOrders: async (signal) => checkOrders(await current(), signal),
    checkSafetyPlans: async (signal) => checkSafetyPlans(await current(), signal),
    watchLog: async (signal) => {
      await watchLog(await current(), signal)
    },
  }
}
