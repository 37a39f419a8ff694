import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { coded } from '../../src/errors.js'
import { compileAgreement } from '../../src/sharing/compile.js'
import { AGENCIES, loadAgreement } from '../../src/sharing/testing/load-agreement.js'
import { HONEST, type Parts } from './small-hub/engine.js'
import { arbitraryPair, looksAlike } from './small-hub/pairs.js'
import type { Store } from './small-hub/store.js'

const compiled = compileAgreement(await loadAgreement('unit-2026'), AGENCIES)
const pairs = arbitraryPair(compiled)

let remembered: Store | null = null

/**
 * Engines that leak on purpose, one for each way in which an answer can tell what its values do not: the
 * test of the test. Nothing in `src/` is changed; each is handed over in place of what the hub does.
 */
const LEAKS: Readonly<Record<string, Partial<Parts>>> = {
  'a filter looks at a value that the caller may not see': {
    comparable: (_context, records, field) =>
      Promise.resolve(
        records.filter((one) => field !== 'bornOn' || one.values['bornOn'] !== undefined),
      ),
  },
  'an order looks at a value that the caller may not see': {
    comparable: (context, records, field) =>
      field === 'family'
        ? Promise.resolve([...records])
        : HONEST.comparable(context, records, field),
  },
  'a count counts what is hidden': { count: (_shown, all) => all.length },
  'an error says that there is something which may not be known': {
    missing: (record) => {
      if (record) throw coded('BAD_REQUEST', { reason: 'that may not be seen' })
      return null
    },
  },
  'an error quotes a value': {
    missing: (record) => {
      if (record) throw coded('BAD_REQUEST', { reason: `no access to ${record.person}` })
      return null
    },
  },
  'the true reason is told instead of the constant one': {
    decided: (decision) => ({ ...decision, reason: decision.logged.reason }),
  },
  'suppliers are asked also about what will be withheld: the time it takes tells': {
    visible: async (context, records) => {
      for (const one of records) context.calls.push(`${one.supplier} ${one.type}`)
      return HONEST.visible(context, records)
    },
  },
  'a cursor counts what stands before it, hidden or not': {
    cursorOf: (record, all) => `after ${all.indexOf(record)}`,
  },
  'a list has a place for what is hidden': {
    visible: (_context, records) => Promise.resolve([...records]),
  },
  'the explanation for the caller gives the true reason': {
    explained: (decision) => ({ ...decision, reason: decision.logged.reason }),
  },
  'a shortened value can be got back': {
    generalise: (decision, value, field) => {
      const shortened = HONEST.generalise(decision, value, field)
      return typeof shortened === 'string'
        ? shortened + Buffer.from(String(value)).toString('base64')
        : shortened
    },
  },
  'a plan made for one caller is used for another': { rememberedBy: () => 'one for all' },
  'decisions are remembered without a fact that they rest on': {
    restsOn: (profile, cell) =>
      HONEST.restsOn(profile, cell).filter(({ fact }) => fact !== 'ALLOCATED'),
  },
  'facts are remembered past a withdrawal': {
    factsOf: (store) => {
      remembered ??= store
      return remembered
    },
  },
}

const pairsMax = process.env['SOAK'] ? 10_000 : 1_500

async function isCaught(parts: Partial<Parts>): Promise<boolean> {
  const differing = looksAlike(compiled, parts)
  const { failed } = await fc.check(
    fc.asyncProperty(pairs, async (pair) => (await differing(pair)) === null),
    { numRuns: pairsMax, seed: 3, endOnFailure: true },
  )
  return failed
}

describe('a planted leak is caught', () => {
  test.each(Object.keys(LEAKS))(
    '%s',
    async (name) => {
      const parts = LEAKS[name]
      expect(parts && (await isCaught(parts))).toBe(true)
    },
    600_000,
  )
})
