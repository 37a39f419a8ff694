import { type Adapter, SourceUnavailable } from './adapter.js'

/**
 * Which agencies could not be asked when they were last asked. It is kept for the agency as a whole, so
 * that an answer names it whoever the question is about: that an agency is down must not tell whether
 * it holds anything of one person.
 */
export class SourceHealth {
  private readonly reasons = new Map<string, string>()

  constructor(
    private readonly adapters: ReadonlyMap<string, Adapter>,
    private readonly deadlineMs: number,
  ) {}

  failed(agency: string, reason: string): void {
    this.reasons.set(agency, reason)
  }

  answered(agency: string): void {
    this.reasons.delete(agency)
  }

  /** Every agency that cannot be asked now, with the reason (a code of `SourceUnavailable`). */
  unavailable(): ReadonlyMap<string, string> {
    return this.reasons
  }

  /** Asks every agency whether it can be asked; none waits for another. */
  async probe(): Promise<void> {
    await Promise.all([...this.adapters.values()].map((one) => this.probeOne(one)))
  }

  /** Probes every `everyMs` until the function that it returns is called. */
  watch(everyMs: number, ourMistake: (error: unknown) => void): () => void {
    let isProbing = false
    const timer = setInterval(() => {
      if (isProbing) return
      isProbing = true
      this.probe()
        .catch(ourMistake)
        .finally(() => {
          isProbing = false
        })
    }, everyMs)
    timer.unref()
    return () => clearInterval(timer)
  }

  private async probeOne(adapter: Adapter): Promise<void> {
    const agency = adapter.agency.id
    try {
      await adapter.probe({ signal: AbortSignal.timeout(this.deadlineMs) })
      this.answered(agency)
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error
      this.failed(agency, error.reason)
    }
  }
}
