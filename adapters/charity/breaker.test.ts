import { expect, test } from '@jest/globals'
import { makeBreaker } from './breaker.js'

function aBreaker() {
  const clock = { atMs: 0 }
  const breaker = makeBreaker({ failuresMax: 2, openMs: 1000, now: () => new Date(clock.atMs) })
  return { clock, breaker }
}

test('it opens after so many failures in a row, and a success between starts the count again', () => {
  const { breaker } = aBreaker()
  breaker.failed()
  breaker.succeeded()
  breaker.failed()
  expect(breaker.mayTry()).toBe(true)
  breaker.failed()
  expect(breaker.mayTry()).toBe(false)
})

test('after its time one request tries, the others wait for what becomes of it', () => {
  const { breaker, clock } = aBreaker()
  breaker.failed()
  breaker.failed()
  clock.atMs = 999
  expect(breaker.mayTry()).toBe(false)
  clock.atMs = 1000
  expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, false])
  breaker.failed()
  expect(breaker.mayTry()).toBe(false)
  clock.atMs = 2000
  expect(breaker.mayTry()).toBe(true)
  breaker.succeeded()
  expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, true])
})

test('a trial that was given up makes room for another', () => {
  const { breaker, clock } = aBreaker()
  breaker.failed()
  breaker.failed()
  clock.atMs = 1000
  expect(breaker.mayTry()).toBe(true)
  breaker.abandoned()
  expect(breaker.mayTry()).toBe(true)
})
