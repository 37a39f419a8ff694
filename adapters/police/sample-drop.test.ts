import 'reflect-metadata'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { writePoliceDelta, writePoliceDrop } from '../../samples/police/index.js'
import { makeWorld } from '../../samples/population/index.js'
import { plantNotTaken } from '../../samples/population/plant-not-taken.js'
import type { World } from '../../samples/world.js'
import type { Database } from '../../src/platform/database.js'
import type { Adapter, AgencyStore } from '../../src/records/adapter.js'
import { testDatabase } from '../../test/database.js'
import { anAdapter, anInbox, changesOf, contentOf, NEVER } from './testing.js'

const world = makeWorld({ seed: 7, police: 600, nhs: 10, charity: 10, cases: 30 })
const holdings = world.holdings.filter((one) => one.agency === 'police')
const readable = holdings.filter(
  (one) => !one.deleted && !one.flaws?.includes('BIRTH_DATE_IMPOSSIBLE'),
)

let database: Database
let store: AgencyStore
let adapter: Adapter
let inbox: Awaited<ReturnType<typeof anInbox>>

beforeAll(async () => {
  database = await testDatabase()
  inbox = await anInbox()
  store = await database.agencyStore('north-force')
  adapter = await anAdapter(store, inbox.path)
  await writePoliceDrop(world, { directory: inbox.path, sequence: 1 })
  expect(await adapter.receive({ signal: NEVER })).toEqual({ applied: 1, rejections: [] })
})
afterAll(async () => {
  await adapter.close()
  await database.close()
  await inbox.remove()
})

test('every nominal of the made-up force that can be read is reported to a cohort of all', async () => {
  const { records, rejections } = await changesOf(
    adapter,
    holdings.map((one) => one.sourceId),
  )
  const ids = records.filter((one) => !one.deleted).map((one) => one.source.id)
  expect(new Set(ids)).toEqual(new Set(readable.map((one) => one.sourceId)))
  expect(rejections.filter((one) => one.source.type === 'NOMINAL').length).toBe(
    holdings.filter((one) => !one.deleted).length - readable.length,
  )
})

test('a nominal merged into another names its survivor', async () => {
  const merged = readable.filter((one) => one.replacedBy !== null)
  const { records } = await changesOf(
    adapter,
    merged.map((one) => one.sourceId),
  )
  for (const one of merged)
    expect(records.find((record) => record.source.id === one.sourceId)?.replacedBy?.id).toBe(
      one.replacedBy,
    )
})

test('every kind of happening arrives as its own type', async () => {
  const { events } = await changesOf(
    adapter,
    holdings.map((one) => one.sourceId),
  )
  expect(new Set(events.filter((one) => !one.deleted).map((one) => one.graphType))).toEqual(
    new Set([
      'PoliceEvent',
      'PoliceReport',
      'PoliceIntelligence',
      'PoliceOrder',
      'PoliceOrderDraft',
    ]),
  )
})

test('who is held is found again by what the record says', async () => {
  const { records } = await changesOf(
    adapter,
    readable.map((one) => one.sourceId),
  )
  const asked = records
    .filter((one) => one.replacedBy === null && one.traits.names.length > 0)
    .slice(0, 40)
  const found = await adapter.holds(
    asked.map((one) => one.traits),
    { candidatesMax: 10, signal: NEVER },
  )
  const isFound = asked.map((one, n) =>
    found[n]?.some((candidate) => candidate.source.id === one.source.id),
  )
  expect(isFound).toEqual(asked.map(() => true))
})

describe('a delta between two looks at the world', () => {
  const moved = readable.find((one) => one.addresses.length > 0 && one.replacedBy === null)
  const gone = readable.find((one) => one !== moved && one.replacedBy === null)
  const after: World = {
    ...world,
    holdings: world.holdings.map((one) => {
      if (one === gone) return { ...one, deleted: true }
      if (one !== moved) return one
      const place = {
        lines: ['9 New Street'],
        postcode: 'CH1 9ZZ',
        from: '2026-10',
        to: null,
        kind: 'HOME' as const,
      }
      return { ...one, addresses: [...one.addresses, place] }
    }),
  }

  test('leads to the store of a full drop of the later world', async () => {
    const before = await changesOf(adapter, [moved?.sourceId ?? '', gone?.sourceId ?? ''])
    await writePoliceDelta(
      { before: world, after },
      { directory: inbox.path, sequence: 2, previous: 1 },
    )
    expect(await adapter.receive({ signal: NEVER })).toEqual({ applied: 1, rejections: [] })
    const later = await changesOf(
      adapter,
      [moved?.sourceId ?? '', gone?.sourceId ?? ''],
      before.mark,
    )
    expect(
      later.records.find((one) => one.source.id === moved?.sourceId)?.traits.postcodes,
    ).toContain('CH1 9ZZ')
    expect(later.records.find((one) => one.source.id === gone?.sourceId)?.deleted).toBe(true)
    const ahead = await contentOf(store)
    await writePoliceDrop(after, { directory: inbox.path, sequence: 3 })
    await adapter.receive({ signal: NEVER })
    const keys = (content: string) => content.split('\n--\n')[2]
    expect(keys(await contentOf(store))).toBe(keys(ahead))
    const same = await changesOf(adapter, [moved?.sourceId ?? '', gone?.sourceId ?? ''], later.mark)
    expect(same.records).toEqual([])
  })
})

test('nothing of what may not be taken in is found in the store', async () => {
  const planted = plantNotTaken(world)
  const markers = planted.markers.filter((one) => one.field.startsWith('police/'))
  const place = await anInbox()
  const own = await database.agencyStore('planted-force')
  const strict = await anAdapter(own, place.path)
  await writePoliceDrop(planted.world, { directory: place.path, sequence: 1 })
  const { rejections } = await strict.receive({ signal: NEVER })
  const refused = new Set(markers.map((one) => one.field.split('/')[1] ?? ''))
  expect(new Set(rejections.map((one) => one.source.id))).toEqual(refused)
  expect(rejections.every((one) => one.outcome === 'REFUSE')).toBe(true)
  const content = await contentOf(own)
  expect(markers.length).toBeGreaterThan(3)
  expect(markers.filter((one) => content.includes(one.marker))).toEqual([])
  await place.remove()
})
