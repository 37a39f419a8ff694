import { setTimeout as wait } from 'node:timers/promises'
import { type Fence, LogWriter } from '../../src/access-log/append.js'
import type { LogEntry } from '../../src/access-log/entry.js'
import { makeAnswering } from '../../src/main/answer.js'
import type { Hub } from '../../src/main/hub.js'
import { makeHubDoor } from '../../src/main/serve.js'
import { listen } from '../../src/platform/http-listen.js'

/** Counts how often the fence held an answer back. */
export class CountingWriter extends LogWriter {
  refused = 0
  override async disclose(entry: LogEntry, fence: Fence | null): Promise<boolean> {
    const appended = await super.disclose(entry, fence)
    if (!appended) this.refused += 1
    return appended
  }
}

/** The mutant: appends whatever has changed since its facts were read, and takes its time over it. */
export class UnfencedWriter extends LogWriter {
  override async disclose(entry: LogEntry, _fence: Fence | null): Promise<boolean> {
    await wait(10)
    return super.disclose(entry, null)
  }
}

export interface Gateway {
  readonly url: string
  close(): Promise<void>
}

/** A gateway of its own over an opened hub, with another writer to the log. */
export async function gatewayOver(hub: Hub, logWriter: LogWriter): Promise<Gateway> {
  const own: Hub = { ...hub, logWriter }
  const answering = makeAnswering(own)
  const app = await makeHubDoor(own, answering)
  await app.ready()
  const listening = await listen(app.server, { host: '127.0.0.1', port: 0 })
  return {
    url: listening.url,
    close: async () => {
      await listening.close()
      await app.close()
      await answering.close()
    },
  }
}
