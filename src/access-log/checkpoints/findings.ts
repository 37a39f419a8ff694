/** What can be wrong with a log. Codes are promises. */
export type LogFindingKind =
  | 'CHECKPOINT_REFUSED'
  | 'FORKED'
  | 'TRUNCATED'
  | 'UNSEALED'
  | 'ENTRY_MISSING'
  | 'ENTRY_CHANGED'
  | 'ENTRY_BEYOND_HEAD'
  | 'SECTION_CHANGED'
  | 'COLUMN_CHANGED'
  | 'TIME_CHANGED'
  | 'CHAIN_BROKEN'
  | 'JUSTIFICATION_CHANGED'
  | 'EPOCH_CHANGED'
  | 'TILE_CHANGED'
  | 'HEADS_CHANGED'
  | 'REWRITTEN'

export interface LogFinding {
  readonly kind: LogFindingKind
  /** The entries it is about, both included; null where it is about none. */
  readonly from: bigint | null
  readonly to: bigint | null
  readonly says: string
}

const FINDINGS_MAX = 1000

/** Gathers findings: neighbours of one kind become one, and there are never more than a thousand. */
export class Findings {
  private readonly found: LogFinding[] = []

  add(kind: LogFindingKind, from: bigint | null, to: bigint | null, says: string): void {
    const at = this.found.findLastIndex((one) => one.kind === kind && one.says === says)
    const last = this.found[at]
    if (last !== undefined && last.to !== null && from === last.to + 1n) {
      this.found[at] = { ...last, to }
      return
    }
    if (this.found.length < FINDINGS_MAX) this.found.push({ kind, from, to, says })
  }

  all(): readonly LogFinding[] {
    return this.found.toSorted((one, other) => {
      const [left, right] = [one.from ?? -1n, other.from ?? -1n]
      return left < right ? -1 : left > right ? 1 : 0
    })
  }
}
