import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '../../platform/database.js'
import type { Log } from '../../platform/log.js'
import { type KeepCheckpoint } from './kept-checkpoint.js'
import type { LogSigners } from './log-signers.js'
import { seal, sealEmpty } from './seal.js'
import { readHeadSize, readSealed } from './stored-tree.js'

export interface Sealer {
  /** Seals what is there and ends. */
  stop(): Promise<void>
}

interface Pace {
  /** How often the head is looked at. */
  readonly lookMs: number
  /** A checkpoint is due after this long with anything to seal, or at once with `entriesMin` waiting. */
  readonly checkpointMs: number
  readonly entriesMin: number
  /** How long to wait before trying for the lock, or after a failure. */
  readonly retryMs: number
}

const PACE: Pace = { lookMs: 100, checkpointMs: 1000, entriesMin: 256, retryMs: 2000 }
/** Held by whoever seals the log. */
export const SEALING_LOCK = 'concordat access log sealing'

/**
 * Seals the log as long as it runs: a checkpoint each second, or each 256 entries, while there is
 * work. Every process may start one; whoever holds the lock works, and if the lock's connection is
 * lost meanwhile, `seal` itself lets only one of two through. Failures are told and tried again:
 * answers never wait for a checkpoint.
 */
export function startSealer(options: {
  readonly database: Database
  readonly signers: LogSigners
  readonly keep: KeepCheckpoint
  readonly log: Log
  readonly pace?: Partial<Pace>
}): Sealer {
  const { database, log } = options
  const pace = { ...PACE, ...options.pace }
  const stopping = new AbortController()
  const { signal } = stopping

  const sealAll = async () => {
    while ((await seal(database, options.signers, options.keep)) !== null) {}
  }
  const work = async () => {
    await sealEmpty(database, options.signers)
    let sealedAt = performance.now()
    while (!signal.aborted) {
      const waiting = (await readHeadSize(database)) - (await readSealed(database)).size
      const isDue = performance.now() - sealedAt >= pace.checkpointMs
      if (waiting >= pace.entriesMin || (waiting > 0n && isDue)) {
        await seal(database, options.signers, options.keep)
        sealedAt = performance.now()
      } else await pause(pace.lookMs, signal)
    }
    await sealAll()
  }
  const run = async () => {
    while (!signal.aborted) {
      try {
        const tried = await database.tryLock(SEALING_LOCK, work)
        if (tried.held) continue
      } catch (error) {
        log.error('access-log-not-sealed', { error })
      }
      await pause(pace.retryMs, signal)
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** Waits, or less where the signal comes first. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
