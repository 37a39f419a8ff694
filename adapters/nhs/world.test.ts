import 'reflect-metadata'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type NhsServer, startNhsServer } from '../../samples/nhs/index.js'
import { makeWorld } from '../../samples/population/index.js'
import type { World } from '../../samples/world.js'
import type { Adapter } from '../../src/records/adapter.js'
import { adapterOf, changesOf, signal, wantRecord } from './testing-server.js'

/** A generated trust, mess of life included, through the whole adapter. */
let world: World
let server: NhsServer
let adapter: Adapter
let cohort: string[]

beforeAll(async () => {
  world = makeWorld({ seed: 11, police: 200, nhs: 400, charity: 50, cases: 60 })
  server = await startNhsServer({ world })
  adapter = await adapterOf(server.url)
  const inCases = new Set(world.cases.flatMap(({ parts }) => parts.map(({ personId }) => personId)))
  cohort = world.holdings
    .filter(({ agency, personId }) => agency === 'nhs' && inCases.has(personId))
    .map(({ sourceId }) => sourceId)
})
afterAll(async () => {
  await adapter.close()
  await server.close()
})

test('every record and event of the cohort is told, quarantined or refused, and nobody else’s', async () => {
  const told = await changesOf(adapter, cohort)
  const records = [
    ...told.records.map(({ source }) => source),
    ...told.rejections.map(({ source }) => source),
  ]
  const patients = new Set(records.filter(({ type }) => type === 'Patient').map(({ id }) => id))
  expect([...patients].sort()).toEqual([...cohort].sort())
  const events = new Set([...told.events, ...told.rejections].map(({ source }) => source.id))
  const expected = world.events.filter(
    ({ agency, about }) =>
      agency === 'nhs' && about.some(({ sourceId }) => cohort.includes(sourceId)),
  )
  for (const { sourceId } of expected) expect(events).toContain(sourceId)
})

test('what is rejected is what the world has labelled so', async () => {
  const { rejections } = await changesOf(adapter, cohort)
  const isImpossible = (date: string | null) =>
    date !== null &&
    Number.isNaN(Date.parse(date)) === false &&
    new Date(date).toISOString().slice(0, 10) !== date
  for (const { source, reason, outcome } of rejections) {
    const holding = world.holdings.find(({ sourceId }) => sourceId === source.id)
    const event = world.events.find(({ sourceId }) => sourceId === source.id)
    if (outcome === 'REFUSE') {
      expect(
        holding?.notTaken ??
          holding?.protectiveMarking ??
          event?.notTaken ??
          event?.protectiveMarking,
      ).toBeDefined()
    } else {
      expect([reason, isImpossible(holding?.bornOn ?? null)]).toEqual(['DATE_UNREADABLE', true])
    }
  }
})

test('the whole cohort’s names, warnings and service use come in one call', async () => {
  await changesOf(adapter, cohort)
  server.forgetCalls()
  const wanted = cohort.map((id) =>
    wantRecord(id, 'names', 'warningMarkers', 'serviceUse', 'nhsNumber'),
  )
  const details = await adapter.read(wanted, { signal: signal() })
  expect(server.calls()).toHaveLength(1)
  for (const [at, detail] of details.entries()) {
    const holding = world.holdings.find(({ sourceId }) => sourceId === cohort[at])
    if (detail.kind !== 'found') continue
    expect(detail.data).toMatchObject({ nhsNumber: holding?.nhsNumber ?? null })
    expect(detail.marks.restrictedPatient).toBe(
      { R: 'TRUE', U: 'FALSE', '': 'UNKNOWN' }[holding?.nhsFlag ?? ''],
    )
  }
  expect(details.filter(({ kind }) => kind === 'found').length).toBeGreaterThan(cohort.length / 2)
})
