import { setTimeout as wait } from 'node:timers/promises'
import type { Sql } from '../../platform/database.js'
import { ChainMap } from '../chains/chain-map.js'
import { equal } from '../tree/bytes.js'
import { mapLine } from '../tree/chain-map.js'
import { openCheckpoint, type Policy, type SignedCheckpoint } from '../tree/checkpoint.js'
import { CompactRange } from '../tree/merkle.js'
import { Refusal } from '../tree/refusal.js'
import {
  type ChainHeads,
  type EntryRow,
  entryFaults,
  leafOfRow,
  readEntries,
} from './entry-faults.js'
import { Findings, type LogFinding } from './findings.js'
import { readHeadSize, readSealed } from './stored-tree.js'

export interface LogReport {
  readonly size: bigint
  readonly isWhole: boolean
  /** In order of the log; neighbours with the same fault are one finding. */
  readonly findings: readonly LogFinding[]
}

const ENTRIES_A_TIME = 2048
/** How long a head that was kept before its sealing was committed is waited for. */
const sealingMs = 5_000
const lookMs = 50

/**
 * Holds the database to a checkpoint and to further ones that the reader kept (each signed by the
 * log; a countersigner's or a receipt's copies are worth most): every entry is there, once, in order,
 * says what it committed to, and all add up to the signed roots. Trusts nothing in the database; says
 * where it differs. Where the tree was rewritten with the hub's own key, the copies from outside show
 * it, and between which two of them.
 *
 * A head is kept outside the database before its sealing is committed. So a kept one may be ahead of the
 * stored tree for a moment, or until the next start of a hub that was killed then: that is waited for,
 * and told as UNSEALED, which is neither whole nor rewritten.
 */
export async function verifyLog(
  sql: Sql,
  checkpoint: string | Uint8Array,
  options: {
    readonly policy: Policy
    readonly kept?: readonly (string | Uint8Array)[]
    /** Milliseconds that the sealing of a kept head is waited for. */
    readonly sealingMaxMs?: number
  },
): Promise<LogReport> {
  const findings = new Findings()
  const opened = await openHeads([checkpoint, ...(options.kept ?? [])], options.policy, findings)
  const heads = await reachedHeads(sql, opened, {
    maxMs: options.sealingMaxMs ?? sealingMs,
    findings,
  })
  const size = heads.at(-1)?.size ?? 0n
  for (const [at, head] of heads.entries()) {
    const before = heads[at - 1]
    if (before?.size === head.size && !equal(before.root, head.root))
      findings.add('FORKED', null, null, `the log signed two roots for size ${head.size}`)
  }
  const headSize = await readHeadSize(sql)
  if (headSize < size)
    findings.add('TRUNCATED', headSize, size - 1n, 'entries that were sealed are gone')
  const trees = new ComparedTrees(heads, findings)
  let epoch = { recorded: 0n, raised: 0n }
  const chains: ChainHeads = new Map()
  let isAllChained = true
  for (let from = 0n; from < size; from += BigInt(ENTRIES_A_TIME)) {
    const to = min(from + BigInt(ENTRIES_A_TIME), size)
    const { entries, sealedLeaves } = await readEntries(sql, from, to)
    for (let index = from; index < to; index += 1n) {
      const row = entries.get(index) ?? null
      if (row?.version === 1) isAllChained = false
      if (row !== null) epoch = checkEntry(row, { chains, epoch }, findings)
      else if (index < headSize) findings.add('ENTRY_MISSING', index, index, 'the entry is gone')
      trees.next(row === null ? null : leafOfRow(row), sealedLeaves.get(index) ?? null)
    }
  }
  trees.end()
  await findBeyondHead(sql, findings)
  if (isAllChained && findings.all().length === 0) compareMaps(heads, size, chains, findings)
  return { size, isWhole: findings.all().length === 0, findings: findings.all() }
}

/**
 * The heads that the stored tree can be held to. Left out is a kept one that neither it nor the given
 * checkpoint reaches though the entries are there; where they are not, that is for the comparison to say.
 */
async function reachedHeads(
  sql: Sql,
  { heads, given }: OpenedHeads,
  of: { readonly maxMs: number; readonly findings: Findings },
): Promise<readonly SignedCheckpoint[]> {
  const size = heads.at(-1)?.size ?? 0n
  const until = performance.now() + of.maxMs
  for (;;) {
    const { size: sealed } = await readSealed(sql)
    const reached = sealed > given ? sealed : given
    if (reached >= size || (await readHeadSize(sql)) < size) return heads
    if (performance.now() >= until) {
      const says = 'signed for, and not in the stored tree yet: the hub seals them when it runs'
      of.findings.add('UNSEALED', reached, size - 1n, says)
      return heads.filter((head) => head.size <= reached)
    }
    await wait(lookMs)
  }
}

/** Where all else is whole: the map of heads that was signed is that of the chains. */
function compareMaps(
  heads: readonly SignedCheckpoint[],
  size: bigint,
  chains: ChainHeads,
  findings: Findings,
): void {
  const signed = heads.filter((head) => head.size === size && head.extensions.length > 0)
  if (signed.length === 0) return
  const map = new ChainMap()
  for (const [chain, head] of chains) map.set(Buffer.from(chain, 'hex'), head)
  const root = map.root()
  for (const head of signed)
    if (!head.extensions.includes(mapLine(root)))
      findings.add('HEADS_CHANGED', null, null, 'the map of heads that was signed is another one')
}

interface OpenedHeads {
  /** By size. */
  readonly heads: readonly SignedCheckpoint[]
  /** Size of the first that was given; 0 where it does not hold. */
  readonly given: bigint
}

/** The checkpoints that hold. Only the first must satisfy the policy's quorum. */
async function openHeads(
  notes: readonly (string | Uint8Array)[],
  policy: Policy,
  findings: Findings,
): Promise<OpenedHeads> {
  const heads: SignedCheckpoint[] = []
  let given = 0n
  for (const [at, note] of notes.entries()) {
    try {
      const head = await openCheckpoint(note, at === 0 ? policy : { ...policy, quorum: 0 })
      if (at === 0) given = head.size
      heads.push(head)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      findings.add('CHECKPOINT_REFUSED', null, null, `checkpoint ${at + 1}: ${error.message}`)
    }
  }
  heads.sort((one, other) => (one.size < other.size ? -1 : one.size > other.size ? 1 : 0))
  return { heads, given }
}

interface Epoch {
  readonly recorded: bigint
  readonly raised: bigint
}

/** The entry itself, and its place in the order of the facts: epochs never fall, and rise only by entries that tighten. */
function checkEntry(
  row: EntryRow,
  { chains, epoch }: { readonly chains: ChainHeads; readonly epoch: Epoch },
  findings: Findings,
): Epoch {
  const index = BigInt(row.index)
  for (const fault of entryFaults(row, chains)) findings.add(fault.kind, index, index, fault.says)
  const recorded = BigInt(row.facts_epoch)
  const fits = recorded >= epoch.recorded && recorded <= epoch.raised
  if (!fits)
    findings.add('EPOCH_CHANGED', index, index, 'its epoch does not fit the entries before it')
  return {
    recorded: fits ? recorded : epoch.recorded,
    raised: epoch.raised + (row.tightens ? 1n : 0n),
  }
}

/** Grows one tree of what the entries commit to and one of the leaves as sealed, and holds both to the signed heads. */
class ComparedTrees {
  private readonly ofEntries = new CompactRange()
  private readonly ofTiles = new CompactRange()
  private readonly differing: bigint[] = []
  private isComplete = true
  private heads: readonly SignedCheckpoint[]
  private soundSize = 0n
  private isRewritten = false
  private tilesHold = true
  private entriesHold = true

  constructor(
    heads: readonly SignedCheckpoint[],
    private readonly findings: Findings,
  ) {
    this.heads = heads
    this.compare()
  }

  /** Null where there is none. A leaf that is missing on one side is taken from the other, so that one fault is found once. */
  next(entry: Uint8Array | null, sealed: Uint8Array | null): void {
    const index = this.ofTiles.size
    const either = entry ?? sealed
    if (either === null) this.isComplete = false
    if (entry !== null && sealed !== null && !equal(entry, sealed)) this.differing.push(index)
    if (entry !== null && sealed === null)
      this.findings.add('TILE_CHANGED', index, index, 'the stored tree lacks the leaf')
    if (!this.isComplete || either === null) return
    this.ofEntries.append(either)
    this.ofTiles.append(sealed ?? either)
    this.compare()
  }

  /** What differs is the entry's fault where the tree leads to the signed root, the tree's where the entries do. */
  end(): void {
    for (const index of this.differing) {
      if (this.tilesHold || !this.entriesHold)
        this.findings.add('ENTRY_CHANGED', index, index, 'the entry is another than was sealed')
      else this.findings.add('TILE_CHANGED', index, index, 'the stored tree has another leaf')
    }
  }

  private compare(): void {
    const size = this.ofTiles.size
    const due = this.heads.filter((head) => head.size === size)
    if (due.length === 0) return
    this.heads = this.heads.slice(due.length)
    if (this.isRewritten) return
    const holding = due.map((head) => this.holds(head))
    if (holding.every((holds) => holds)) {
      this.soundSize = size
      return
    }
    this.isRewritten = true
    this.findings.add(
      'REWRITTEN',
      this.soundSize,
      size === 0n ? 0n : size - 1n,
      'entries and tree are others than were signed',
    )
  }

  private holds(head: SignedCheckpoint): boolean {
    const tilesHold = equal(this.ofTiles.root(), head.root)
    const entriesHold = equal(this.ofEntries.root(), head.root)
    this.tilesHold &&= tilesHold
    this.entriesHold &&= entriesHold
    return tilesHold || entriesHold
  }
}

/** One statement, for the log may grow meanwhile. */
async function findBeyondHead(sql: Sql, findings: Findings): Promise<void> {
  const [row] = await sql.query<{ first: string | null; last: string | null }>(
    `select min(index)::text as first, max(index)::text as last from access_log.entry
     where index >= (select size from access_log.head) or index < 0`,
  )
  if (row?.first == null || row.last === null) return
  const says = 'entries stand where the log was not appended to'
  findings.add('ENTRY_BEYOND_HEAD', BigInt(row.first), BigInt(row.last), says)
}

function min(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
