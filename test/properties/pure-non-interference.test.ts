import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compileAgreement } from '../../src/sharing/compile.js'
import { AGENCIES, loadAgreement } from '../../src/sharing/testing/load-agreement.js'
import { makeEngine } from './small-hub/engine.js'
import { arbitraryPair, looksAlike } from './small-hub/pairs.js'

const compiled = compileAgreement(await loadAgreement('unit-2026'), AGENCIES)
const pairs = process.env['SOAK'] ? 10_000 : 200
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

/**
 * Stores drawn at random that differ only in what the slow reference evaluator says that the caller may
 * not see, and operations drawn at random: equal data, decisions, reasons, order, counts, cursors, errors,
 * explanations, and the same asks to suppliers. `SEED=n` asks the same again; a failure prints its own.
 */
test('stores with equal views give equal bytes, and ask the suppliers the same', async () => {
  const differing = looksAlike(compiled)
  const from = performance.now()
  await fc.assert(
    fc.asyncProperty(arbitraryPair(compiled), async (pair) => {
      expect(await differing(pair)).toBeNull()
    }),
    { numRuns: pairs, seed },
  )
  if (process.env['SOAK'])
    process.stdout.write(
      `${pairs} pairs in ${((performance.now() - from) / 1000).toFixed(0)} s, seed ${seed}\n`,
    )
}, 3_600_000)

test('and the pairs are worth something: most answers release, shorten and withhold', async () => {
  const engine = makeEngine(compiled)
  const found = { released: 0, withheld: 0, shortened: 0 }
  const drawn = fc.sample(arbitraryPair(compiled), { numRuns: 200, seed: 1 })
  for (const { one, question } of drawn) {
    const bytes = await engine(one, question)
    if (/Okafor|Obi|condition|cell|afraid|HIGH|dog/.test(bytes)) found.released += 1
    if (bytes.includes('"WITHHOLD"')) found.withheld += 1
    if (bytes.includes('"GENERALISE"')) found.shortened += 1
  }
  expect(found.released).toBeGreaterThan(25)
  expect(found.withheld).toBeGreaterThan(70)
  expect(found.shortened).toBeGreaterThan(0)
})
