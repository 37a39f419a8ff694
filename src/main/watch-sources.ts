import type { Shutdown } from '../platform/shutdown.js'
import { noteMistake } from './answer.js'
import type { Hub } from './hub.js'

/** Asks the agencies again and again whether they can be asked, until the process ends. */
export function watchSources(hub: Hub, shutdown: Shutdown): void {
  const stop = hub.health.watch(hub.configuration.limits.sourceProbeEveryMs, (error) =>
    noteMistake(hub, error),
  )
  shutdown.add('source-health', () => Promise.resolve(stop()))
}
