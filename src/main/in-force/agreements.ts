import { CodedError, coded } from '../../errors.js'
import type { Sql } from '../../platform/database.js'
import type { Log } from '../../platform/log.js'
import { type CompiledAgreement, compileAgreement } from '../../sharing/compile.js'
import { parseAgreement } from '../../sharing/parse-agreement.js'
import { agreementDigest, type SignOff, verifyAgreement } from '../../sharing/sign.js'
import type { AgencyRef } from '../../sharing/vocabulary.js'
import type { PartyKeys } from '../party-keys.js'
import { readState, readVersion, type StoredState } from './store.js'

/** What a request is decided by, as it was in force when `factsEpoch` was read. */
export interface InForce extends Made {
  readonly factsEpoch: bigint
}

interface Made {
  /** The same object for as long as nothing of it changes. */
  readonly compiled: CompiledAgreement
  readonly digest: string
  readonly signOff: SignOff
  /** Agencies that have suspended their supply. */
  readonly suspended: ReadonlySet<string>
  /** Until when (ms, the database's clock) this stands by itself: dates in an agreement are whole days. */
  readonly untilMs: number
}

const dayMs = 86_400_000
const keptMax = 4

/**
 * The agreement in force, for one process. Every request reads what the database says of it, with the
 * epoch that its facts are read at; text and signatures are verified and compiled when that changes, and at
 * the turn of a day. A version that has expired, or whose signatures this process cannot verify, releases
 * nothing.
 */
export class Agreements {
  private readonly made = new Map<string, Promise<Made>>()
  private latest: InForce | null = null

  constructor(
    private readonly sql: Sql,
    private readonly setting: {
      readonly agencies: readonly AgencyRef[]
      readonly keys: PartyKeys
      readonly log: Log
    },
  ) {}

  /** As last read: for what is asked of no database, and for jobs, which read it when they begin. */
  get last(): InForce {
    if (this.latest === null) throw coded('AGREEMENT_NOT_IN_FORCE')
    return this.latest
  }

  async read(): Promise<InForce> {
    const state = await readState(this.sql).catch((error: unknown) => {
      if (error instanceof CodedError) throw error
      // Whatever keeps it from being read, nothing could be logged either; the cause is the database's to report.
      throw coded('LOG_UNAVAILABLE')
    })
    const made = await this.madeOf(state)
    this.latest = { ...made, factsEpoch: state.factsEpoch }
    return this.latest
  }

  private madeOf(state: StoredState): Promise<Made> {
    const key = `${state.revision} ${state.today}`
    const known = this.made.get(key)
    if (known) return known
    const making = this.make(state)
    making.catch(() => this.made.delete(key))
    this.made.set(key, making)
    for (const old of [...this.made.keys()].slice(0, -keptMax)) this.made.delete(old)
    return making
  }

  private async make({ digest, today, suspended }: StoredState): Promise<Made> {
    const { agencies, keys, log } = this.setting
    const stored = digest === null ? null : await readVersion(this.sql, digest)
    const parsed = stored === null ? null : parseAgreement(stored.files)
    if (stored === null || parsed?.kind !== 'agreement') {
      log.error('agreement-unreadable', { version: stored?.version ?? null })
      throw coded('AGREEMENT_NOT_IN_FORCE')
    }
    const { agreement } = parsed
    const { files, signatures } = stored
    const signOff = verifyAgreement({ agreement, files, signatures, keys, on: today })
    const isWhole = agreementDigest(agreement, files) === digest
    if (!isWhole || !signOff.inForce)
      log.error('agreement-not-in-force', { version: agreement.version })
    const isSuspended = new Set(suspended)
    return {
      compiled: compileAgreement(agreement, agencies, {
        on: today,
        suspended: isSuspended,
        closed: !isWhole || !signOff.inForce,
      }),
      digest: stored.digest,
      signOff,
      suspended: isSuspended,
      untilMs: Date.parse(`${today}T00:00:00Z`) + dayMs,
    }
  }
}
