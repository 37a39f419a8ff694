import { coded } from '../errors.js'
import type { Sql } from '../platform/database.js'
import type { LogEntry } from './entry.js'
import { prepare } from './leaf.js'

/** What makes a disclosure valid: the epoch its facts were read at, and when the first of them ends. */
export interface Fence {
  readonly factsEpoch: bigint
  /** Milliseconds since 1970 by the database's clock; null where no fact ends by time. */
  readonly untilMs: number | null
}

/** Seals a justification so that only IG leads' tools can read it. */
export type SealText = (text: string) => Buffer

/**
 * Appends one entry as the last statement of a change's own transaction: the change, its entry and the
 * raised epoch are one commit. Throws LOG_UNAVAILABLE (and so rolls the change back) where it cannot.
 */
export async function append(tx: Sql, entry: LogEntry, seal?: SealText): Promise<void> {
  const appended = await appendAll(tx, [row(entry, null, seal)])
  if (!appended.has(entry.entryId)) throw coded('LOG_UNAVAILABLE')
}

/** Reads `factsEpoch`; must be read before the facts that it stands for. */
export async function readFactsEpoch(sql: Sql): Promise<bigint> {
  const rows = await sql.query<{ facts_epoch: string }>('select facts_epoch from access_log.head')
  const head = rows[0]
  if (!head) throw coded('LOG_UNAVAILABLE')
  return BigInt(head.facts_epoch)
}

interface Waiting {
  readonly row: object
  readonly entryId: string
  readonly done: (appended: boolean) => void
  readonly failed: (error: Error) => void
}

const batchSizeMax = 256
const waitingMax = 10_000

/**
 * The process's own queue to the log: while one statement is on its way the next entries gather, and
 * go together. No lock is held over a round trip, and an entry costs a share of one commit.
 */
export class LogWriter {
  private readonly waiting: Waiting[] = []
  private running = 0

  constructor(
    private readonly sql: Sql,
    private readonly seal: SealText,
    /** Statements under way at once; a second one gathers while the first waits for the disk. */
    private readonly parallel = 2,
  ) {}

  /**
   * Resolves true when the entry is durable, false when the fence refused it (facts changed or ended):
   * then nothing was written and the decision must be made again. Rejects with LOG_UNAVAILABLE.
   */
  disclose(entry: LogEntry, fence: Fence | null): Promise<boolean> {
    if (this.waiting.length >= waitingMax) return Promise.reject(coded('LOG_UNAVAILABLE'))
    return new Promise((resolve, reject) => {
      this.waiting.push({
        row: row(entry, fence, this.seal),
        entryId: entry.entryId,
        done: resolve,
        failed: reject,
      })
      if (this.running < this.parallel) void this.drain()
    })
  }

  private async drain(): Promise<void> {
    this.running += 1
    try {
      for (;;) {
        const batch = this.waiting.splice(0, batchSizeMax)
        if (batch.length === 0) return
        await this.write(batch)
      }
    } finally {
      this.running -= 1
    }
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const rows = batch.map((one) => one.row)
    try {
      const appended = await appendAll(this.sql, rows).catch(() => appendAll(this.sql, rows))
      for (const one of batch) one.done(appended.has(one.entryId))
    } catch {
      // The store says no twice: whatever it wrote, no answer leaves. The cause is the database's to report.
      for (const one of batch) one.failed(coded('LOG_UNAVAILABLE'))
    }
  }
}

async function appendAll(sql: Sql, rows: readonly object[]): Promise<ReadonlyMap<string, bigint>> {
  const appended = await sql.query<{ appended_id: string; appended_index: string }>(
    'select appended_id, appended_index from access_log.append($1::jsonb)',
    [JSON.stringify(rows)],
  )
  return new Map(appended.map((one) => [one.appended_id, BigInt(one.appended_index)]))
}

function row(entry: LogEntry, fence: Fence | null, seal: SealText | undefined): object {
  const justification =
    entry.justification === null || seal === undefined ? null : seal(entry.justification)
  return {
    entryId: entry.entryId,
    request: entry.request,
    what: entry.what,
    operation: entry.operation,
    outcome: entry.outcome,
    code: entry.code,
    subject: entry.caller.subject,
    agency: entry.caller.agency,
    roles: entry.caller.roles,
    client: entry.caller.client,
    onBehalfOf: entry.caller.onBehalfOf,
    purpose: entry.purpose,
    agreement: entry.agreement,
    tightens: entry.tightens,
    epoch: fence === null ? null : String(fence.factsEpoch),
    until: fence?.untilMs == null ? null : new Date(fence.untilMs).toISOString(),
    justification: justification?.toString('hex') ?? null,
    sections: prepare(entry, justification).map((section) => ({
      agency: section.agency,
      person: section.person,
      caseId: section.caseId,
      salt: section.salt.toString('hex'),
      content: section.content,
      digest: section.digest.toString('hex'),
      chainSalt: section.chainSalt.toString('hex'),
    })),
  }
}
