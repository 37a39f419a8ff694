import { job } from '../src/platform/queue.js'
import type { JobContext } from './context.js'

/**
 * Raises tasks for wishes that end, ended, were taken back, contradict each other or are missing. Hourly
 * for all cases; for one case with the change of a wish, in that change's commit. Safe to run twice: a
 * task is raised once.
 */
export const consentCheck = job<JobContext>({
  name: 'consent-check',
  everyMinutes: 60,
  attemptsMax: 5,
  run: ({ checkWishes }, payload, { signal }) => {
    const caseId = payload['case']
    return checkWishes(typeof caseId === 'string' ? caseId : null, signal)
  },
})
