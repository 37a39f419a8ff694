import { expect, test } from '@jest/globals'
import { heldClock } from '../platform/clock.js'
import { rateLimit } from './rate-limit.js'

test('a greedy caller is told when to come back, and costs nobody else a request', () => {
  const clock = heldClock(new Date('2026-11-24T12:00:00Z'))
  const limit = rateLimit(60, clock)
  for (let n = 0; n < 60; n += 1) limit.count('greedy')
  expect(() => limit.count('greedy')).toThrow(
    expect.objectContaining({ code: 'RATE_LIMITED', data: { retryAfterS: 1 } }),
  )
  limit.count('modest')
  clock.moveBy(1000)
  limit.count('greedy')
  expect(() => limit.count('greedy')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
})
