import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

/** What PostgreSQL tells this process through `NOTIFY`: a hint to look, never a guarantee. */
export interface Notifications {
  /** `onGap` is called after a lost connection came back, since what was told in between was not heard. Returns how to stop. */
  listen(
    channel: string,
    onMessage: (payload: string) => void,
    onGap?: () => void,
  ): Promise<() => Promise<void>>
  close(): Promise<void>
}

interface Listener {
  readonly onMessage: (payload: string) => void
  readonly onGap: () => void
}

const RECONNECT_MS = 250

/** One connection for all channels, opened when the first is asked for. */
export function notifications(url: string, onError: (error: unknown) => void): Notifications {
  const channels = new Map<string, Set<Listener>>()
  let client: Promise<pg.Client> | null = null
  let isClosed = false

  const connect = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({
      connectionString: url,
      keepAlive: true,
      application_name: 'concordat listening',
    })
    fresh.on('error', onError)
    fresh.on('end', () => {
      if (!isClosed) void reconnect()
    })
    fresh.on('notification', ({ channel, payload }) => {
      for (const listener of channels.get(channel) ?? []) listener.onMessage(payload ?? '')
    })
    await fresh.connect()
    for (const channel of channels.keys())
      await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
    return fresh
  }
  const reconnect = async (): Promise<void> => {
    while (!isClosed) {
      await wait(RECONNECT_MS, undefined, { ref: false })
      const attempt = connect()
      try {
        await attempt
        client = attempt
        for (const listeners of channels.values())
          for (const listener of listeners) listener.onGap()
        return
      } catch (error) {
        onError(error)
      }
    }
  }

  return {
    async listen(channel, onMessage, onGap = () => {}) {
      const listener = { onMessage, onGap }
      const listeners = channels.get(channel) ?? new Set()
      channels.set(channel, listeners.add(listener))
      client ??= connect()
      await (await client).query(`listen ${pg.escapeIdentifier(channel)}`)
      return async () => {
        listeners.delete(listener)
        if (listeners.size > 0 || !channels.delete(channel) || isClosed) return
        await (await client)?.query(`unlisten ${pg.escapeIdentifier(channel)}`)
      }
    },
    async close() {
      isClosed = true
      if (client !== null) await (await client).end()
    },
  }
}
