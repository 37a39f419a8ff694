import { expect, test } from '@jest/globals'
import { startCharityServer } from '../../samples/charity/index.js'
import { makeWorld } from '../../samples/population/index.js'
import type { ChangePage } from '../../src/records/adapter.js'
import { isPartialDate } from '../../src/sharing/scalars.js'
import { charity } from './index.js'

test.each([1, 42])(
  'every client and entry of a generated world (seed %i) is mapped, or put aside with its reason',
  async (seed) => {
    const world = makeWorld({ seed, cases: 40, police: 0, nhs: 0, charity: 80 })
    const held = world.holdings.filter((it) => it.agency === 'charity')
    const server = await startCharityServer({ world, apiKey: 'k' })
    try {
      const adapter = await charity.create({
        agency: { id: 'harbour', kind: 'charity', name: 'Harbour' },
        transport: 'live',
        settings: { baseUrl: server.url, apiKey: 'k' },
        store: {
          query: () => Promise.resolve([]),
          transaction: (work) => work(() => Promise.resolve([])),
        },
        now: () => new Date(),
        deadlineMs: 5000,
      })
      const cohort = held.map((it) => ({ type: 'client', id: it.sourceId }))
      const pages: ChangePage[] = []
      for await (const page of adapter.changes({
        cohort,
        since: null,
        signal: new AbortController().signal,
      }))
        pages.push(page)
      const rejections = pages.flatMap((it) => it.rejections)
      const records = pages.flatMap((it) => it.records)
      const unreadable = held.filter(
        (it) =>
          it.bornOn !== null && !isPartialDate(it.bornOn) && !it.deleted && it.replacedBy === null,
      )
      const refused = held.filter(
        (it) => it.notTaken !== undefined || /SECRET/.test(it.protectiveMarking ?? ''),
      )
      const putAside = new Set([...unreadable, ...refused].map((it) => it.sourceId))
      expect(records).toHaveLength(held.length - putAside.size)
      expect(
        new Set(rejections.filter((it) => it.source.type === 'client').map((it) => it.source.id)),
      ).toEqual(putAside)
      const known = new Set(['ENGAGEMENT', 'RISK_ASSESSMENT', 'SAFETY_MEASURE'])
      const happened = world.events.filter(
        (it) =>
          it.agency === 'charity' &&
          known.has(it.what.kind) &&
          !refused.some(({ sourceId }) => sourceId === it.about[0]?.sourceId),
      )
      const taken = pages.flatMap((it) => it.events).length
      expect(
        taken +
          rejections.filter((it) => it.source.type !== 'client' && it.source.type !== 'wish')
            .length,
      ).toBe(happened.length)
      expect(taken).toBeGreaterThan(0)
      expect(pages.flatMap((it) => it.wishes).length).toBeGreaterThan(0)
    } finally {
      await server.close()
    }
  },
)
