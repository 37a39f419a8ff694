import type { JobContext } from '../../jobs/context.js'
import type { Hub } from './hub.js'
import { syncAgencies } from './sync.js'

/** The rooms' work as the jobs ask for it. */
export function jobContext(hub: Hub): JobContext {
  return {
    sync: async (signal) => {
      await syncAgencies(hub, [], signal)
    },
  }
}
