import { setTimeout as wait } from 'node:timers/promises'
import type { SigningKey } from '../../platform/keys.js'
import { formatVerifier } from '../tree/note.js'
import { signerOf } from '../tree/sign.js'
import { type PolicyText, policyOf } from '../verifier/policy.js'
import { remoteLog } from './remote-log.js'
import { type Alarm, type Countersigner, countersignOnce, type Round } from './round.js'
import { countersignerState } from './state.js'

export interface CountersignOptions {
  /** The log's prefix, e.g. `https://hub.example/log`. */
  readonly hubUrl: string
  readonly headers?: Readonly<Record<string, string>>
  /** The log's origin and keys. */
  readonly log: Pick<PolicyText, 'origin' | 'logKeys'>
  /** This party's own key and the name it signs under. */
  readonly key: Pick<SigningKey, 'privateKey'>
  readonly name: string
  readonly stateFile: string
  /** Told once for each new kind or size of trouble, and again once it had ended and came back. */
  readonly alarm: (alarm: Alarm) => void
  /** Told how each look ended. */
  readonly round?: (round: Round) => void
  readonly clock: () => Date
  readonly everyMs?: number
  /** No answer that could be vouched for, for this long: a stall. */
  readonly unreachableMs?: number
  /** No new head for this long: a stall, too; null where the unit may be quiet as long as it likes. */
  readonly quietMs?: number | null
  readonly signal: AbortSignal
  readonly fetch?: typeof fetch
}

const EVERY_MS = 2000
const UNREACHABLE_MS = 10 * 60_000
const QUIET_MS = 24 * 60 * 60_000

/** The countersigner itself, for one look or for the standard's way of being called. */
export function countersignerOf(
  options: Pick<
    CountersignOptions,
    'hubUrl' | 'headers' | 'log' | 'key' | 'name' | 'stateFile' | 'clock' | 'fetch'
  >,
): Countersigner {
  const policy = policyOf({ ...options.log, countersigners: [], quorum: 0 })
  return {
    log: remoteLog({
      url: options.hubUrl,
      ...(options.headers === undefined ? {} : { headers: options.headers }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    }),
    policy,
    signer: signerOf(options.name, 'cosignature', options.key.privateKey),
    state: countersignerState(options.stateFile, policy),
    seconds: () => BigInt(Math.floor(options.clock().getTime() / 1000)),
  }
}

/** The key that others put into their policies: a C2SP vkey. */
export function countersignerVkey(name: string, key: Pick<SigningKey, 'privateKey'>): string {
  return formatVerifier(signerOf(name, 'cosignature', key.privateKey).verifier)
}

/**
 * Runs beside an agency's own system until the signal: polls the log, so that it works from behind a
 * firewall. Goes on after an alarm, and never cosigns what contradicts what it cosigned before.
 */
export async function countersign(options: CountersignOptions): Promise<void> {
  const countersigner = countersignerOf(options)
  const watch = new StallWatch(options)
  let raised = ''
  while (!options.signal.aborted) {
    const round = await countersignOnce(countersigner)
    options.round?.(round)
    const alarm = round.kind === 'ALARM' ? round.alarm : watch.after(round)
    const mark = alarm === null ? '' : markOf(alarm)
    if (alarm !== null && mark !== raised) options.alarm(alarm)
    raised = mark
    await wait(options.everyMs ?? EVERY_MS, undefined, { signal: options.signal }).catch(
      (error: unknown) => {
        if (!options.signal.aborted) throw error
      },
    )
  }
}

function markOf(alarm: Alarm): string {
  return 'size' in alarm ? `${alarm.kind} ${alarm.lastSize} ${alarm.size}` : alarm.kind
}

/** Knows since when there was no answer, and since when none was new. */
class StallWatch {
  private answeredMs: number
  private grownMs: number

  constructor(private readonly options: CountersignOptions) {
    this.answeredMs = options.clock().getTime()
    this.grownMs = this.answeredMs
  }

  after(round: Exclude<Round, { kind: 'ALARM' }>): Alarm | null {
    const now = this.options.clock().getTime()
    if (round.kind === 'COSIGNED') {
      this.answeredMs = now
      if (round.isNew) this.grownMs = now
    }
    const silent = now - this.answeredMs
    if (round.kind === 'UNREACHABLE' && silent >= (this.options.unreachableMs ?? UNREACHABLE_MS))
      return { kind: 'STALL', forMs: silent, says: round.says }
    const { quietMs = QUIET_MS } = this.options
    const quiet = now - this.grownMs
    return quietMs !== null && quiet >= quietMs
      ? { kind: 'STALL', forMs: quiet, says: 'the log shows no new checkpoint' }
      : null
  }
}
