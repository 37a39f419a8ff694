import { JOBS } from '../../jobs/index.js'
import { type JobQueue, openQueue } from '../platform/queue.js'
import type { Hub } from './hub.js'
import { jobContext } from './job-context.js'

/** Opens the queue of a hub's jobs; close it before the hub's database. */
export function openJobQueue(hub: Hub): Promise<JobQueue> {
  const { redisUrl, queue } = hub.configuration
  return openQueue({
    database: hub.database,
    redisUrl,
    jobs: JOBS,
    context: () => jobContext(hub),
    log: hub.log,
    keepDoneMax: queue.keepDoneMax,
    pollMs: queue.pollMs,
  })
}
