import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { execute, parse, validate } from 'graphql'
import { type LibraryWorld, openLibrary } from './library.fixture.js'
import { randomQuery } from './random-operation.fixture.js'

const VARIABLES = { yes: true, no: false, id: 'b2', min: 2 }
const ROUNDS = process.env['SOAK'] ? 20_000 : 400

let library: LibraryWorld
beforeAll(() => {
  library = openLibrary()
})
afterAll(() => library.federation.close())

test('any operation gets the data of one schema, byte for byte, and errors where that has some', async () => {
  const { federation, merged, composition } = library
  await fc.assert(
    fc.asyncProperty(randomQuery(composition.apiSchema), async (text) => {
      const document = parse(text)
      fc.pre(validate(composition.apiSchema, document).length === 0)
      const answer = await federation.execute(document, VARIABLES, null, {})
      const expected = await execute({ schema: merged, document, variableValues: VARIABLES })
      expect(JSON.stringify(answer.data)).toBe(JSON.stringify(expected.data ?? null))
      const ours = new Set((answer.errors ?? []).map(({ path }) => path?.join('.')))
      for (const { path } of expected.errors ?? []) expect(ours).toContain(path?.join('.'))
      expect(ours.size > 0).toBe((expected.errors ?? []).length > 0)
    }),
    { numRuns: ROUNDS, maxSkipsPerRun: 20 },
  )
  expect(library.asked.length).toBeGreaterThan(2 * ROUNDS) // most operations need more than one subgraph
})
