import { expect, test } from '@jest/globals'
import { silentLog } from './log.js'
import { createShutdown } from './shutdown.js'

test('what was opened last ends first, once, even where one of them fails or hangs', async () => {
  const ended: string[] = []
  const shutdown = createShutdown({ log: silentLog, eachMaxMs: 50 })
  shutdown.add('database', async () => {
    ended.push('database')
  })
  shutdown.add('queue', () => new Promise(() => {}))
  shutdown.add('broken', () => Promise.reject(new Error('no')))
  shutdown.add('door', async () => {
    ended.push('door')
  })
  expect(await Promise.all([shutdown.run(), shutdown.run()])).toEqual([false, false])
  expect(ended).toEqual(['door', 'database'])
})

test('a first signal drains and ends with 0, a second ends at once', async () => {
  let end = () => {}
  const shutdown = createShutdown({ log: silentLog })
  shutdown.add(
    'door',
    () =>
      new Promise((resolve) => {
        end = resolve
      }),
  )
  const statuses: number[] = []
  const exited = new Promise<void>((resolve) => {
    const stop = shutdown.onSignals((status) => {
      statuses.push(status)
      if (statuses.length === 2) {
        stop()
        resolve()
      }
    })
  })
  process.emit('SIGTERM', 'SIGTERM')
  process.emit('SIGINT', 'SIGINT')
  expect(statuses).toEqual([130])
  end()
  await exited
  expect(statuses).toEqual([130, 0])
})
