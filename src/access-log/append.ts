import { setImmediate as allThatRuns } from 'node:timers/promises'
import { coded } from '../errors.js'
import type { Sql } from '../platform/database.js'
import type { LogEntry } from './entry.js'
import {
  APPEND,
  type Fence,
  type PreparedEntry,
  parametersOf,
  prepareEntry,
  type SealText,
} from './prepared-entry.js'

export type { Fence, SealText } from './prepared-entry.js'

/**
 * Appends one entry as the last statement of a change's own transaction: the change, its entry and the
 * raised epoch are one commit. Throws LOG_UNAVAILABLE (and so rolls the change back) where it cannot.
 */
export async function append(tx: Sql, entry: LogEntry, seal?: SealText): Promise<void> {
  const [index] = await appendAll(tx, [prepareEntry(entry, null, seal)])
  if (index === null) throw coded('LOG_UNAVAILABLE')
}

/** Reads `factsEpoch`; must be read before the facts that it stands for. */
export async function readFactsEpoch(sql: Sql): Promise<bigint> {
  const rows = await sql.query<{ facts_epoch: string }>('select facts_epoch from access_log.head')
  const head = rows[0]
  if (!head) throw coded('LOG_UNAVAILABLE')
  return BigInt(head.facts_epoch)
}

interface Waiting {
  readonly entry: PreparedEntry
  readonly done: (appended: boolean) => void
  readonly failed: (error: Error) => void
}

const batchSizeMax = 256
const waitingMax = 10_000
/** With so many waiting a second statement is worth its commit; fewer wait for the one under way. */
const ANOTHER_MIN = 16

/**
 * The process's own queue to the log: while one statement is on its way the next entries gather, and
 * go together. No lock is held over a round trip, and an entry costs a share of one commit.
 */
export class LogWriter {
  private readonly waiting: Waiting[] = []
  private running = 0
  /** The last entry that this process was told is in the log. */
  private last: { readonly index: bigint; readonly id: string } | null = null
  private isDoubted = false

  constructor(
    private readonly sql: Sql,
    private readonly seal: SealText,
    /** Statements under way at once; a second one gathers while the first waits for the disk. */
    private readonly parallel = 2,
    /** Told where the log no longer holds what this process wrote into it. */
    private readonly lostItsEnd: () => Promise<unknown> = async () => {},
  ) {}

  /**
   * Resolves true when the entry is durable, false when the fence refused it (facts changed or ended):
   * then nothing was written and the decision must be made again. Rejects with LOG_UNAVAILABLE.
   */
  disclose(entry: LogEntry, fence: Fence | null): Promise<boolean> {
    if (this.waiting.length >= waitingMax) return Promise.reject(coded('LOG_UNAVAILABLE'))
    return new Promise((resolve, reject) => {
      this.waiting.push({
        entry: prepareEntry(entry, fence, this.seal),
        done: resolve,
        failed: reject,
      })
      const isDue = this.running === 0 || this.waiting.length >= ANOTHER_MIN
      if (isDue && this.running < this.parallel) void this.drain()
    })
  }

  private async drain(): Promise<void> {
    this.running += 1
    try {
      for (;;) {
        await allThatRuns() // whoever was just answered and asks again goes together with the rest
        const batch = this.waiting.splice(0, batchSizeMax)
        if (batch.length === 0) return
        await this.write(batch)
      }
    } finally {
      this.running -= 1
    }
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const entries = batch.map((one) => one.entry)
    const before = this.last?.index ?? -1n
    try {
      const indexes = await appendAll(this.sql, entries).catch(() => appendAll(this.sql, entries))
      await this.demandGrown(before, entries, indexes)
      batch.forEach((one, at) => {
        one.done(indexes[at] != null)
      })
    } catch {
      // The store says no twice, or has lost what it had: whatever it wrote, no answer leaves. The cause is the database's to report.
      for (const one of batch) one.failed(coded('LOG_UNAVAILABLE'))
    }
  }

  /**
   * A log grows: what is written after an answer stands behind it. Where it does not, another server may
   * have come up behind the same connection (a pool does that), one that lacks the log's end; then nothing
   * leaves until the one is back that holds what was written. Costs nothing while the log grows.
   */
  private async demandGrown(
    before: bigint,
    entries: readonly PreparedEntry[],
    indexes: readonly (string | null)[],
  ): Promise<void> {
    const written = entries.flatMap(({ entry: { entryId: id } }, at) => {
      const index = indexes[at]
      return index == null ? [] : [{ index: BigInt(index), id }]
    })
    if (this.isDoubted || written.some(({ index }) => index <= before)) {
      this.isDoubted = !(await this.holdsLast())
      if (this.isDoubted) {
        await this.lostItsEnd()
        throw coded('LOG_UNAVAILABLE')
      }
    }
    for (const one of written)
      if (this.last === null || one.index > this.last.index) this.last = one
  }

  private async holdsLast(): Promise<boolean> {
    if (this.last === null) return true
    const rows = await this.sql.query<{ id: string }>(
      'select entry_id as id from access_log.entry where index = $1',
      [String(this.last.index)],
    )
    return rows[0]?.id === this.last.id
  }
}

/** Gives for each entry the index that it has in the log, or null where the fence refused it. */
async function appendAll(
  sql: Sql,
  batch: readonly PreparedEntry[],
): Promise<readonly (string | null)[]> {
  const [row] = await sql.query<{ indexes: (string | null)[] }>(APPEND, parametersOf(batch))
  if (row?.indexes.length !== batch.length) throw coded('LOG_UNAVAILABLE')
  return row.indexes
}
