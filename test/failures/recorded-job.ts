import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '../../src/platform/database.js'
import { job } from '../../src/platform/queue.js'

/** A job that writes down which process ran it, and takes a moment over it. */
export const recorded = job<Database>({
  name: 'recorded',
  concurrency: 8,
  backoffMs: 10,
  run: async (database, payload) => {
    await wait(3)
    await database.query('insert into public.ran (item, worker) values ($1, $2)', [
      payload['item'],
      process.pid,
    ])
  },
})
