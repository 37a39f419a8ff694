import { expect, test } from '@jest/globals'
import { type Adapter, SourceUnavailable } from './adapter.js'
import { SourceHealth } from './source-health.js'

/** An agency of which only the look whether it can be asked matters here. */
function agency(id: string, probe: () => Promise<void>): Adapter {
  const never = () => Promise.reject(new Error('asked about somebody'))
  return {
    agency: { id, kind: 'any' },
    probe,
    changes: () => {
      throw new Error('asked about somebody')
    },
    holds: never,
    read: never,
    replay: () => {
      throw new Error('asked about somebody')
    },
    receive: never,
    close: () => Promise.resolve(),
  }
}
const of = (...adapters: Adapter[]) =>
  new SourceHealth(new Map(adapters.map((one) => [one.agency.id, one])), 50)

test('an agency that cannot be asked is named with its reason until it answers again', async () => {
  let isDown = true
  const health = of(
    agency('a', () =>
      isDown ? Promise.reject(new SourceUnavailable('a', 'REFUSED')) : Promise.resolve(),
    ),
    agency('b', () => Promise.resolve()),
  )
  await health.probe()
  expect([...health.unavailable()]).toEqual([['a', 'REFUSED']])
  isDown = false
  await health.probe()
  expect([...health.unavailable()]).toEqual([])
})

test('what a request found out counts as well, either way', () => {
  const health = of()
  health.failed('a', 'TIMEOUT')
  expect(health.unavailable().get('a')).toBe('TIMEOUT')
  health.answered('a')
  expect(health.unavailable().size).toBe(0)
})

test('a mistake of an adapter is no word about the agency, and is not swallowed', async () => {
  const health = of(agency('a', () => Promise.reject(new TypeError('ours'))))
  await expect(health.probe()).rejects.toThrow('ours')
  expect(health.unavailable().size).toBe(0)
})

test('watching goes on after a mistake and ends when it is told to', async () => {
  let looked = 0
  const mistakes: unknown[] = []
  const health = of(
    agency('a', () => {
      looked += 1
      return looked === 1 ? Promise.reject(new TypeError('ours')) : Promise.resolve()
    }),
  )
  const stop = health.watch(5, (error) => mistakes.push(error))
  while (looked < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  stop()
  const seen = looked
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect([mistakes.length, looked]).toEqual([1, seen])
})
