import { LRUCache } from 'lru-cache'
import { coded } from '../errors.js'

/** Requests of one caller: a bucket that fills evenly and holds a minute's worth. */
export interface RateLimit {
  /** Counts one request; throws RATE_LIMITED, with when to try again, where there is none left. */
  count(caller: string): void
}

interface Bucket {
  left: number
  atMs: number
}

const callersMax = 10_000
const minuteMs = 60_000

/** Each process counts by itself: with several gateways a caller has as many times the limit. */
export function rateLimit(perMinuteMax: number, now: () => Date): RateLimit {
  const buckets = new LRUCache<string, Bucket>({ max: callersMax })
  return {
    count(caller) {
      const nowMs = now().getTime()
      const bucket = buckets.get(caller) ?? { left: perMinuteMax, atMs: nowMs }
      const refilled = (Math.max(0, nowMs - bucket.atMs) / minuteMs) * perMinuteMax
      const left = Math.min(perMinuteMax, bucket.left + refilled)
      if (left < 1)
        throw coded('RATE_LIMITED', {
          retryAfterS: Math.ceil(((1 - left) / perMinuteMax) * (minuteMs / 1000)),
        })
      buckets.set(caller, { left: left - 1, atMs: nowMs })
    },
  }
}
