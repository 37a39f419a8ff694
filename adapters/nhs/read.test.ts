import 'reflect-metadata'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { FhirResource } from '../../samples/nhs/fhir-json.js'
import { type Call, type NhsServer, type Reply, startNhsServer } from '../../samples/nhs/index.js'
import { adapterOf, anEvent, aPatient, signal, wantEvent, wantRecord } from './testing-server.js'

let server: NhsServer
let intercept: ((call: Call) => Reply | null) | null
const resources: FhirResource[] = [
  aPatient('p1', { address: [{ line: ['1 High St'], postalCode: 'ch12ab' }] }),
  aPatient('p2', { meta: { versionId: '1', security: [{ code: 'R' }] } }),
  { ...anEvent('Flag', 'f1', 'p1'), status: 'active', code: { coding: [{ code: 'WEAPONS' }] } },
  anEvent('Condition', 'c1', 'p1', { code: { coding: [{ code: '38341003' }] } }),
  anEvent('Condition', 'c2', 'p2', { code: { coding: [{ code: '38341003' }] } }),
  anEvent('Encounter', 'e1', 'p1', { status: 'finished' }),
]

beforeEach(async () => {
  intercept = null
  server = await startNhsServer({
    resources,
    token: 'secret',
    intercept: (call) => intercept?.(call) ?? null,
  })
})
afterEach(() => server.close())

const ours = () => adapterOf(server.url, { token: 'secret' })
const read = async (...wanted: ReturnType<typeof wantRecord>[]) =>
  (await ours()).read(wanted, { signal: signal() })

describe('one call for a batch', () => {
  test('records alone', async () => {
    const details = await read(wantRecord('p2', 'names'), wantRecord('p1', 'names', 'addresses'))
    expect(server.calls()).toHaveLength(1)
    expect(details).toMatchObject([
      {
        kind: 'found',
        data: { names: [{ family: 'Family-p2' }] },
        marks: { restrictedPatient: 'TRUE' },
      },
      {
        kind: 'found',
        data: { addresses: [{ postcode: 'CH1 2AB' }] },
        marks: { restrictedPatient: 'FALSE' },
      },
    ])
  })

  test('records with their flags, and events of two types with their patients', async () => {
    const details = await read(
      wantEvent('Condition', 'c2', 'NhsEvent', 'code'),
      wantRecord('p1', 'warningMarkers'),
      wantEvent('Encounter', 'e1', 'NhsEvent', 'state'),
      wantEvent('Condition', 'c1', 'NhsEvent', 'code'),
    )
    expect(server.calls()).toEqual([{ method: 'POST', url: '' }])
    expect(details).toMatchObject([
      { kind: 'found', data: { code: '38341003' }, marks: { restrictedPatient: 'TRUE' } },
      { kind: 'found', data: { warningMarkers: ['WEAPONS'] } },
      { kind: 'found', data: { state: 'finished' }, marks: { restrictedPatient: 'FALSE' } },
      { kind: 'found', marks: { restrictedPatient: 'FALSE' } },
    ])
  })

  test('only the types that the fields need are asked for', async () => {
    await read(wantRecord('p1', 'names', 'phones', 'accessNeeds'))
    expect(server.calls().map(({ url }) => url.split('?')[0])).toEqual(['/Patient'])
  })

  test('nothing is asked for nothing', async () => {
    expect(await read()).toEqual([])
    expect(server.calls()).toEqual([])
  })

  test('more patients than one parameter may name still come in one call', async () => {
    const ids = Array.from({ length: 150 }, (_, n) => `many${n}`)
    for (const id of ids) await server.put(aPatient(id))
    const details = await read(...ids.map((id) => wantRecord(id, 'names')))
    expect(server.calls()).toHaveLength(1)
    expect(details.every(({ kind }) => kind === 'found')).toBe(true)
  })
})

test('pages are followed wherever `next` leads on the same origin', async () => {
  const ids = Array.from({ length: 7 }, (_, n) => `paged${n}`)
  for (const id of ids) await server.put(aPatient(id))
  const adapter = await adapterOf(server.url, { token: 'secret', pageSize: 2 })
  const details = await adapter.read(
    ids.map((id) => wantRecord(id, 'names')),
    { signal: signal() },
  )
  expect(details.map((one) => one.kind === 'found' && one.data)).toMatchObject(
    ids.map((id) => ({ names: [{ family: `Family-${id}` }] })),
  )
  expect(server.calls()).toHaveLength(4)
})

test('what is gone is absent, without a call of its own once the search has proved itself', async () => {
  const adapter = await ours()
  await adapter.read([wantRecord('p1', 'names')], { signal: signal() })
  server.forgetCalls()
  const wanted = [wantRecord('nobody', 'names'), wantRecord('p1', 'names')]
  expect(await adapter.read(wanted, { signal: signal() })).toMatchObject([
    { kind: 'absent' },
    { kind: 'found' },
  ])
  expect(server.calls()).toHaveLength(1)
})

test('a record that does not map is rejected alone', async () => {
  await server.put(aPatient('bad', { birthDate: '1990-02-31' }))
  const details = await read(wantRecord('bad', 'bornOn'), wantRecord('p1', 'bornOn'))
  expect(details).toMatchObject([
    { kind: 'rejected', rejection: { reason: 'DATE_UNREADABLE', source: { id: 'bad' } } },
    { kind: 'found', data: { bornOn: '1990-01-02' } },
  ])
})

test('a server that takes no batch is asked type by type, and is not asked for one again', async () => {
  intercept = ({ method }) => (method === 'POST' ? { status: 405 } : null)
  const adapter = await ours()
  const wanted = [wantRecord('p1', 'names', 'warningMarkers')]
  const first = await adapter.read(wanted, { signal: signal() })
  expect(first).toMatchObject([{ data: { warningMarkers: ['WEAPONS'] } }])
  server.forgetCalls()
  await adapter.read(wanted, { signal: signal() })
  expect(server.calls().map(({ method }) => method)).toEqual(['GET', 'GET'])
})
