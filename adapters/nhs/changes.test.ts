import 'reflect-metadata'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { FhirResource } from '../../samples/nhs/fhir-json.js'
import { type NhsServer, startNhsServer } from '../../samples/nhs/index.js'
import type { Adapter } from '../../src/records/adapter.js'
import { adapterOf, anEvent, aPatient, changesOf } from './testing-server.js'

let server: NhsServer
let adapter: Adapter
const consent = (more: object = {}): FhirResource => ({
  resourceType: 'Consent',
  id: 'w1',
  meta: { versionId: '1', lastUpdated: '2026-11-01T09:00:00.000Z' },
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  patient: { reference: 'Patient/p1' },
  dateTime: '2026-01-10T09:00:00Z',
  provision: { type: 'permit' },
  ...more,
})

beforeEach(async () => {
  const resources = [
    aPatient('p1'),
    aPatient('p2', { meta: { versionId: '1', security: [{ code: 'R' }] } }),
    aPatient('stranger'),
    anEvent('Condition', 'c1', 'p1'),
    anEvent('Condition', 'c2', 'p2'),
    anEvent('Condition', 'c3', 'stranger'),
    consent(),
  ]
  server = await startNhsServer({ resources })
  adapter = await adapterOf(server.url)
})
afterEach(async () => {
  await adapter.close()
  await server.close()
})

const idsOf = (rows: readonly { readonly source: { readonly id: string } }[]) =>
  rows.map(({ source }) => source.id).sort()

describe('from the beginning', () => {
  test('the cohort with its events and wishes, and nobody else', async () => {
    const { records, events, wishes, rejections } = await changesOf(adapter, ['p1', 'p2'])
    expect(idsOf(records)).toEqual(['p1', 'p2'])
    expect(idsOf(events)).toEqual(['c1', 'c2'])
    expect(wishes).toMatchObject([{ decision: 'GIVEN', about: { id: 'p1' } }])
    expect(rejections).toEqual([])
  })

  test('an event carries its patient’s restriction', async () => {
    const { events } = await changesOf(adapter, ['p1', 'p2'])
    const flags = events.map(({ source, marks }) => [source.id, marks.restrictedPatient])
    expect(Object.fromEntries(flags)).toEqual({ c1: 'FALSE', c2: 'TRUE' })
  })

  test('what does not map is quarantined, what must not enter is refused', async () => {
    await server.put(aPatient('bad', { birthDate: '1990-02-31' }))
    await server.put(anEvent('Condition', 'c9', 'p1', { meta: { security: [{ code: 'SEX' }] } }))
    const { records, rejections } = await changesOf(adapter, ['p1', 'bad'])
    expect(idsOf(records)).toEqual(['p1'])
    expect(rejections).toMatchObject([
      { source: { id: 'bad' }, outcome: 'QUARANTINE', raw: { birthDate: '1990-02-31' } },
      { source: { id: 'c9' }, outcome: 'REFUSE', raw: null },
    ])
  })

  test('a cohort of several steps is read whole, in marks that each go on from there', async () => {
    const ids = Array.from({ length: 120 }, (_, n) => `many${n}`)
    for (const id of ids) await server.put(aPatient(id))
    const { records, mark } = await changesOf(adapter, ids)
    expect(idsOf(records)).toEqual([...ids].sort())
    expect((await changesOf(adapter, ids, mark)).records).toEqual([])
  })
})

describe('since a mark', () => {
  let mark: string | null
  const later = (resource: FhirResource, version = '2'): FhirResource => ({
    ...resource,
    meta: {
      ...(resource['meta'] as object),
      versionId: version,
      lastUpdated: new Date().toISOString(),
    },
  })
  const since = async (ids: readonly string[] = ['p1', 'p2']) => changesOf(adapter, ids, mark)
  beforeEach(async () => {
    mark = (await changesOf(adapter, ['p1', 'p2'])).mark
    server.forgetCalls()
  })

  test('nothing has changed: nothing is told', async () => {
    expect(await since()).toMatchObject({ records: [], events: [], wishes: [], rejections: [] })
  })

  test('a changed patient and a changed event are told, by `_lastUpdated` with an overlap', async () => {
    await server.put(later(aPatient('p1')))
    await server.put(later(anEvent('Condition', 'c1', 'p1')))
    const { records, events } = await since()
    expect([idsOf(records), idsOf(events)]).toEqual([['p1'], ['c1']])
    expect(events).toMatchObject([{ version: '2' }])
  })

  test('a change dated before the mark is told too', async () => {
    const dated = { meta: { versionId: '2', lastUpdated: '2020-01-01T00:00:00.000Z' } }
    await server.put(anEvent('Condition', 'c1', 'p1', dated))
    expect(await since()).toMatchObject({ events: [{ source: { id: 'c1' }, version: '2' }] })
  })

  test('somebody new to the cohort comes with everything, however old', async () => {
    const { records, events } = await since(['p1', 'p2', 'stranger'])
    expect([idsOf(records), idsOf(events)]).toEqual([['stranger'], ['c3']])
  })

  test('deleted records and events are told once', async () => {
    await server.remove('Patient', 'p2')
    await server.remove('Condition', 'c1')
    const gone = await since()
    expect(gone).toMatchObject({
      records: [{ source: { id: 'p2' }, deleted: true }],
      events: [{ source: { id: 'c1' }, deleted: true, about: [{ id: 'p1' }] }],
    })
    expect(await changesOf(adapter, ['p1', 'p2'], gone.mark)).toMatchObject({
      records: [],
      events: [],
    })
  })

  test('a deleted consent permits nothing any more', async () => {
    await server.remove('Consent', 'w1')
    expect(await since()).toMatchObject({
      wishes: [{ decision: 'WITHDRAWN', about: { id: 'p1' } }],
    })
  })

  test('a withdrawn consent is told', async () => {
    await server.put(later(consent({ status: 'inactive' })))
    expect(await since()).toMatchObject({ wishes: [{ decision: 'WITHDRAWN' }] })
  })

  test('a consent that does not map is told again until it does', async () => {
    await server.put(
      later(consent({ provision: { type: 'permit', period: { end: '2026-02-31' } } })),
    )
    const broken = await since()
    expect(broken).toMatchObject({
      wishes: [],
      rejections: [{ source: { id: 'w1' }, outcome: 'QUARANTINE' }],
    })
    expect(await changesOf(adapter, ['p1', 'p2'], broken.mark)).toMatchObject({
      rejections: [{ source: { id: 'w1' } }],
    })
  })

  test('a patient who becomes restricted takes her events along', async () => {
    await server.put(aPatient('p1', { meta: { versionId: '2', security: [{ code: 'R' }] } }))
    expect(await since()).toMatchObject({
      records: [{ marks: { restrictedPatient: 'TRUE' } }],
      events: [{ source: { id: 'c1' }, marks: { restrictedPatient: 'TRUE' } }],
    })
  })

  test('a merge is told as such', async () => {
    const link = [{ type: 'replaced-by', other: { reference: 'Patient/p2' } }]
    await server.put(later(aPatient('p1', { link })))
    expect(await since()).toMatchObject({
      records: [{ source: { id: 'p1' }, replacedBy: { id: 'p2' } }],
    })
  })

  test('a mark that is damaged or another’s counts as none', async () => {
    for (const foreign of ['x', '', 'eyJ2IjoxfQ', mark?.slice(0, 20) ?? '']) {
      const { records } = await changesOf(adapter, ['p1', 'p2'], foreign)
      expect(idsOf(records)).toEqual(['p1', 'p2'])
    }
  })
})

describe('replay, after a mapper was mended', () => {
  test('a patient and an event map again from what was kept', () => {
    expect(adapter.replay({ type: 'Patient', id: 'p1' }, aPatient('p1'))).toMatchObject({
      kind: 'mapped',
      value: { record: { source: { id: 'p1' } } },
    })
    const source = { type: 'Condition', id: 'c1' }
    expect(adapter.replay(source, anEvent('Condition', 'c1', 'p1'))).toMatchObject({
      value: { event: { source, marks: { restrictedPatient: 'UNKNOWN' } } },
    })
  })

  test('what still does not map is rejected again', () => {
    expect(adapter.replay({ type: 'Patient', id: 'p1' }, 'junk')).toMatchObject({
      rejection: { source: { id: 'p1' }, reason: 'NOT_FHIR' },
    })
  })
})
