import { type Log, silentLog } from './log.js'
import { DATABASE, initialise, prepare } from './postgres-ground.js'
import { joined, started, stopServer, urlOf } from './postgres-server.js'

/** A PostgreSQL under the hub's own folder, shared by all processes that use the folder; the last one out stops it. */
export interface EmbeddedPostgres {
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts, or joins, the PostgreSQL under `<home>/postgres`. It lives in a session of its own, so that
 * neither a signal to the hub's group nor the hub's death stops it in the middle of our draining; one
 * that a killed hub left behind is found and used. `durable: false` is for tests only.
 */
export async function startEmbeddedPostgres(options: {
  readonly home: string
  readonly log?: Log
  readonly durable?: boolean
}): Promise<EmbeddedPostgres> {
  const ground = prepare(options.home, options.log ?? silentLog, options.durable ?? true)
  const connection = await ground.users.alone(async () => {
    await initialise(ground)
    const running = (await joined(ground)) ?? (await started(ground))
    ground.users.enter()
    return running
  })
  let stopping: Promise<void> | null = null
  const stop = () =>
    ground.users.alone(async (others) => {
      ground.users.leave()
      if (others === 0) await stopServer(ground)
    })
  return { url: urlOf(connection, DATABASE), stop: () => (stopping ??= stop()) }
}
