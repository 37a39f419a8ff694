import type { Sql } from './sql.js'

/** The time now. Rooms are given one and never look at the machine's clock themselves. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

/** The database's clock: the only one that counts where a fact ends by time, for all processes share it. */
export async function databaseNow(sql: Sql): Promise<Date> {
  const [row] = await sql.query<{ now: Date }>('select clock_timestamp() as now')
  if (row === undefined) throw new RangeError('the database did not tell the time')
  return row.now
}

/** A clock for tests: stands where it is put, moves when told. */
export function heldClock(
  start: Date,
): Clock & { moveTo(instant: Date): void; moveBy(ms: number): void } {
  let now = start.getTime()
  return Object.assign(() => new Date(now), {
    moveTo: (instant: Date) => {
      now = instant.getTime()
    },
    moveBy: (ms: number) => {
      now += ms
    },
  })
}
