import type { Job } from '../src/platform/queue.js'
import { consentCheck } from './consent-check.js'
import type { JobContext } from './context.js'
import { logWatch } from './log-watch.js'
import { match } from './match.js'
import { orderExpiry } from './order-expiry.js'
import { safetyPlanReview } from './safety-plan-review.js'
import { sync } from './sync.js'

/** The jobs of the hub: one line a job. */
export const JOBS: readonly Job<JobContext>[] = [
  sync,
  match,
  consentCheck,
  orderExpiry,
  safetyPlanReview,
  logWatch,
]
