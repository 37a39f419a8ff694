import { job } from '../src/platform/queue.js'
import type { JobContext } from './context.js'

/**
 * Proposes links across agencies for people to confirm. Hourly, and after every change of the cohort.
 * Safe to run twice: whoever has not changed is not asked about again, and a pair is proposed once.
 */
export const match = job<JobContext>({
  name: 'match',
  everyMinutes: 60,
  attemptsMax: 5,
  backoffMs: 5_000,
  timeMaxMs: 3_600_000,
  run: ({ match }, _payload, { signal }) => match(signal),
})
