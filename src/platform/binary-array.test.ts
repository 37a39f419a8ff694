import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { testDatabase } from '../../test/database.js'
import { boolArray, byteaArray, int4Array, int8Array, textArray } from './binary-array.js'
import type { Database } from './database.js'

let database: Database
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const orNull = <T>(of: fc.Arbitrary<T>) => fc.array(fc.option(of), { maxLength: 40 })
const storable = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))

test('PostgreSQL reads the same values from an array in binary form as it gives back', () =>
  fc.assert(
    fc.asyncProperty(
      orNull(storable),
      orNull(fc.uint8Array({ maxLength: 300 })),
      orNull(fc.maxSafeInteger()),
      orNull(fc.integer()),
      fc.array(fc.boolean()),
      async (texts, bytes, longs, numbers, booleans) => {
        const [row] = await database.query<Record<string, unknown[]>>(
          `select $1::text[] as texts, $2::bytea[] as bytes, ($3::bigint[])::text[] as longs,
                  $4::int[] as numbers, $5::boolean[] as booleans`,
          [
            textArray(texts),
            byteaArray(bytes),
            int8Array(longs),
            int4Array(numbers),
            boolArray(booleans),
          ],
        )
        expect(row?.['texts']).toEqual(texts)
        expect(row?.['bytes']).toEqual(bytes.map((one) => (one === null ? null : Buffer.from(one))))
        expect(row?.['longs']).toEqual(longs.map((one) => (one === null ? null : String(one))))
        expect(row?.['numbers']).toEqual(numbers)
        expect(row?.['booleans']).toEqual(booleans)
      },
    ),
    { numRuns: 50 },
  ))
