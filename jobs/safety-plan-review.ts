import { job } from '../src/platform/queue.js'
import type { JobContext } from './context.js'

/** Raises tasks for safety measures whose review is due. Every six hours. Safe to run twice. */
export const safetyPlanReview = job<JobContext>({
  name: 'safety-plan-review',
  everyMinutes: 360,
  attemptsMax: 5,
  run: ({ checkSafetyPlans }, _payload, { signal }) => checkSafetyPlans(signal),
})
