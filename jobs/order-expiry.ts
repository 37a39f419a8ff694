import { job } from '../src/platform/queue.js'
import type { JobContext } from './context.js'

/** Raises tasks for orders that end soon, have ended or must be notified. Every six hours. Safe to run twice. */
export const orderExpiry = job<JobContext>({
  name: 'order-expiry',
  everyMinutes: 360,
  attemptsMax: 5,
  run: ({ checkOrders }, _payload, { signal }) => checkOrders(signal),
})
