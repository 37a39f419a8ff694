import { coded } from '../../errors.js'
import type { Sql } from '../../platform/database.js'
import type { Log } from '../../platform/log.js'
import { StartupError } from '../../platform/startup-error.js'
import { refuseRollback } from './kept-checkpoint.js'
import type { LogSigners } from './log-signers.js'

/**
 * Keeps a hub from answering over a database that lacks what was sealed. The start asks once; from then
 * on each new connection is looked at before it is used, for a lost connection may come back to
 * another server: a restored backup, a standby that took over.
 */
export interface RollbackGuard {
  /** Throws the StartupError that says what is missing; from then on connections are looked at. */
  arm(sql: Sql): Promise<void>
  /** For each new connection. Throws LOG_ROLLED_BACK, and nothing is answered any more. */
  look(sql: Sql): Promise<void>
  /** What is wrong; null while the database holds all that was sealed. */
  fault(): StartupError | null
  /**
   * Throws LOG_ROLLED_BACK where the last look found something missing. `ask` reaches for the database,
   * so that a hub goes on by itself once the right one is back.
   */
  demandSound(ask: () => Promise<unknown>): Promise<void>
}

export function rollbackGuard(of: {
  readonly home: string
  readonly signers: LogSigners
  readonly log: Log
}): RollbackGuard {
  let isArmed = false
  let fault: StartupError | null = null
  const look = async (sql: Sql): Promise<void> => {
    if (!isArmed) return
    try {
      await refuseRollback(sql, of.home, of.signers)
      fault = null
    } catch (error) {
      if (!(error instanceof StartupError)) throw error
      if (fault?.code !== error.code) of.log.error('access-log-rolled-back', { error })
      fault = error
      throw coded('LOG_ROLLED_BACK')
    }
  }
  return {
    async arm(sql) {
      await refuseRollback(sql, of.home, of.signers)
      isArmed = true
    },
    look,
    fault: () => fault,
    async demandSound(ask) {
      if (fault !== null) await ask().catch(() => null) // whatever it met, the fault says what the caller may know
      if (fault !== null) throw coded('LOG_ROLLED_BACK')
    },
  }
}
