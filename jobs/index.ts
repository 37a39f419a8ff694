import type { Job } from '../src/platform/queue.js'
import type { JobContext } from './context.js'
import { sync } from './sync.js'

/** The jobs of the hub: one line a job. */
export const JOBS: readonly Job<JobContext>[] = [sync]
