import { job } from '../src/platform/queue.js'
import type { JobContext } from './context.js'

/** Flags what is unusual in the access log, by the rules of a file. Hourly. Safe to run twice: a flag is raised once. */
export const logWatch = job<JobContext>({
  name: 'log-watch',
  everyMinutes: 60,
  attemptsMax: 5,
  run: ({ watchLog }, _payload, { signal }) => watchLog(signal),
})
