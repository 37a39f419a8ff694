import { job } from '../src/platform/queue.js'
import type { JobContext } from './context.js'

/** Asks every agency what has changed of the cohort. Every five minutes. Safe to run twice: a page is taken in once. */
export const sync = job<JobContext>({
  name: 'sync',
  everyMinutes: 5,
  attemptsMax: 5,
  run: ({ sync }, _payload, { signal }) => sync(signal),
})
