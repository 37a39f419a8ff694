import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.js'
import { databaseNow, heldClock } from './clock.js'
import type { Database } from './database.js'

let database: Database
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

test('a held clock moves only when told', () => {
  const clock = heldClock(new Date('2026-03-04T00:00:00Z'))
  expect(clock()).toEqual(clock())
  clock.moveBy(1_500)
  expect(clock().toISOString()).toBe('2026-03-04T00:00:01.500Z')
  clock.moveTo(new Date(0))
  expect(clock()).toEqual(new Date(0))
})

test('the database tells its own time, also inside a transaction that began earlier', async () => {
  await database.transaction(async (tx) => {
    const [began] = await tx.query<{ at: Date }>('select now() as at')
    await tx.query('select pg_sleep(0.01)')
    expect((await databaseNow(tx)).getTime()).toBeGreaterThan(
      began?.at.getTime() ?? Number.POSITIVE_INFINITY,
    )
  })
})
