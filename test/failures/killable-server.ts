import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/embedded-postgres.js'

/** A PostgreSQL of a test's own that flushes what it confirms, and can be killed. */
export interface KillableServer {
  readonly url: string
  /** SIGKILL to the server and all its processes; nothing is flushed, nothing said. */
  kill(): void
  /** Starts it again at the same address; it recovers by itself. */
  start(): Promise<void>
  stop(): Promise<void>
}

export async function killableServer(home: string): Promise<KillableServer> {
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ home, durable: true })
  const { url } = server
  const postmaster = (): number =>
    Number(readFileSync(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
  return {
    url,
    kill() {
      const pid = postmaster()
      for (const one of [pid, ...childrenOf(pid)]) killed(one)
    },
    async start() {
      server = await startEmbeddedPostgres({ home, durable: true })
      if (server.url !== url) throw new Error('the server came back at another address')
    },
    stop: () => server.stop(),
  }
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number)
}

function parentOf(name: string): number {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1])
  } catch {
    return 0 // it ended while we looked
  }
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself: its parent is gone.
  }
}
