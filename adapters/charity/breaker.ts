/**
 * A circuit breaker: after so many failures in a row the charity is left alone for a while, then one
 * request tries. Takes the clock.
 */
export interface Breaker {
  /** Whether a request may go out now; true at most once while it is half open. */
  mayTry(): boolean
  succeeded(): void
  failed(): void
  /** The attempt ended without telling anything of the charity. */
  abandoned(): void
}

export function makeBreaker(limits: {
  readonly failuresMax: number
  readonly openMs: number
  readonly now: () => Date
}): Breaker {
  let failures = 0
  let openUntilMs: number | null = null
  let isTrying = false
  return {
    mayTry() {
      if (openUntilMs === null) return true
      if (isTrying || limits.now().getTime() < openUntilMs) return false
      isTrying = true
      return true
    },
    succeeded() {
      failures = 0
      openUntilMs = null
      isTrying = false
    },
    failed() {
      failures += 1
      isTrying = false
      if (failures >= limits.failuresMax) openUntilMs = limits.now().getTime() + limits.openMs
    },
    abandoned() {
      isTrying = false
    },
  }
}
