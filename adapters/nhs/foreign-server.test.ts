import 'reflect-metadata'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { exampleResources, readExamples } from '../../samples/nhs/examples.js'
import { SourceUnavailable } from '../../src/records/adapter.js'
import {
  adapterOf,
  anEvent,
  aPatient,
  changesOf,
  signal,
  wantEvent,
  wantRecord,
} from './testing-server.js'

/**
 * A server of another make: it reads single resources with ETags and nothing else. What it says to a
 * search differs from test to test, as it does in life.
 */
let server: Server
let url: string
let calls: string[]
let store: Map<string, unknown>
let saysWhatItIs: boolean
/** Somebody on the way (a proxy, a firewall) answers for one resource. */
let foreign: { path: string; status: number; type: string; body: string } | null
let onSearch: 'EMPTY' | 'NOT_FOUND' | 'EVERYBODY' | 'OUTCOME'

beforeEach(async () => {
  calls = []
  onSearch = 'NOT_FOUND'
  saysWhatItIs = false
  foreign = null
  store = new Map<string, unknown>([
    ['Patient/p1', aPatient('p1')],
    ['Patient/p2', aPatient('p2')],
    [
      'Condition/c1',
      anEvent('Condition', 'c1', 'p1', { code: { coding: [{ code: '38341003' }] } }),
    ],
  ])
  server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/R4\/?/, '')
    calls.push(`${request.method} ${path.split('?')[0]}`)
    if (path === foreign?.path) {
      response.writeHead(foreign.status, { 'content-type': foreign.type }).end(foreign.body)
      return
    }
    const answer = answerTo(path, request.headers['if-none-match'])
    response.writeHead(answer.status, {
      'content-type': 'application/fhir+json',
      ...(answer.etag && { etag: answer.etag }),
    })
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/R4`
})
afterEach(async () => {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
})

function answerTo(path: string, known: string | undefined) {
  if (path.includes('?')) return searchAnswer()
  const found = store.get(path)
  if (path === 'metadata' && saysWhatItIs)
    return { status: 200, body: { resourceType: 'CapabilityStatement' } }
  if (found === undefined)
    return {
      status: path.startsWith('Patient/gone') ? 410 : 404,
      body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] },
    }
  const { meta } = found as { readonly meta: { readonly versionId: string } }
  const etag = `W/"${meta.versionId}"`
  return known === etag ? { status: 304, etag } : { status: 200, etag, body: found }
}

function searchAnswer(): { status: number; body?: unknown; etag?: string } {
  const bundle = { resourceType: 'Bundle', type: 'searchset' }
  switch (onSearch) {
    case 'EMPTY':
      return { status: 200, body: bundle }
    case 'EVERYBODY':
      return { status: 200, body: { ...bundle, entry: [{ resource: aPatient('other') }] } }
    case 'OUTCOME': {
      const resource = { resourceType: 'OperationOutcome', issue: [{ severity: 'warning' }] }
      return {
        status: 200,
        body: { ...bundle, entry: [{ search: { mode: 'outcome' }, resource }] },
      }
    }
    case 'NOT_FOUND':
      return { status: 404 }
  }
}

describe.each(['EMPTY', 'NOT_FOUND', 'EVERYBODY', 'OUTCOME'] as const)(
  'a search answers %s',
  (how) => {
    beforeEach(() => {
      onSearch = how
    })

    test('records and events are read one by one, with the flag of the event’s patient', async () => {
      const adapter = await adapterOf(url)
      const wanted = [
        wantRecord('p2', 'names'),
        wantEvent('Condition', 'c1', 'NhsEvent', 'code'),
        wantRecord('nobody', 'names'),
      ]
      expect(await adapter.read(wanted, { signal: signal() })).toMatchObject([
        { kind: 'found', data: { names: [{ family: 'Family-p2' }] } },
        { kind: 'found', data: { code: '38341003' }, marks: { restrictedPatient: 'FALSE' } },
        { kind: 'absent' },
      ])
    })

    test('and a second time without asking for what it cannot', async () => {
      const adapter = await adapterOf(url)
      const wanted = [wantRecord('p1', 'names'), wantRecord('p2', 'names')]
      await adapter.read(wanted, { signal: signal() })
      calls = []
      await adapter.read(wanted, { signal: signal() })
      expect(calls.sort()).toEqual(['GET Patient/p1', 'GET Patient/p2'])
    })

    test('changes are found one by one by ETag; gone is 404 and 410', async () => {
      const adapter = await adapterOf(url)
      store.set('Patient/gone1', aPatient('gone1'))
      const ids = ['p1', 'p2', 'gone1']
      const first = await changesOf(adapter, ids)
      expect(first.records.map(({ source }) => source.id).sort()).toEqual(['gone1', 'p1', 'p2'])
      store.set('Patient/p2', aPatient('p2', { meta: { versionId: '2' } }))
      store.delete('Patient/gone1')
      const second = await changesOf(adapter, ids, first.mark)
      const told = second.records.map(({ source, deleted }) => `${source.id} ${deleted}`).sort()
      expect(told).toEqual(['gone1 true', 'p2 false'])
      expect((await changesOf(adapter, ids, second.mark)).records).toEqual([])
    })
  },
)

test('a superseded NHS number is replaced by the record that answers for it', async () => {
  const files = readExamples('pds').filter(({ name }) =>
    name.endsWith('cuff_superseded_searchset.json'),
  )
  store.set('Patient/9732019379', exampleResources(files)[0])
  const adapter = await adapterOf(url)
  const { records } = await changesOf(adapter, ['9732019379'])
  expect(records).toMatchObject([
    {
      source: { id: '9732019379' },
      deleted: true,
      replacedBy: { type: 'Patient', id: '9732019395' },
    },
    { source: { id: '9732019395' }, deleted: false, traits: { bornOn: ['1926-01-07'] } },
  ])
})

describe('what is no word of a FHIR server about a resource deletes nothing', () => {
  const reasonOf = async (answer: Promise<unknown>): Promise<string> => {
    try {
      await answer
    } catch (error) {
      if (error instanceof SourceUnavailable) return error.reason
      throw error
    }
    return 'ANSWERED'
  }

  test('at an address that is not the FHIR base nobody is deleted, though it says 404 in FHIR', async () => {
    store.clear()
    const adapter = await adapterOf(url.replace(/R4$/, 'elsewhere'))
    expect(await reasonOf(changesOf(adapter, ['p1', 'p2']))).toBe('BAD_ANSWER')
    expect(await reasonOf(adapter.read([wantRecord('p1', 'names')], { signal: signal() }))).toBe(
      'BAD_ANSWER',
    )
  })

  test('a server that says what it is may hold nobody', async () => {
    saysWhatItIs = true
    store.clear()
    const { records } = await changesOf(await adapterOf(url), ['p1'])
    expect(records).toMatchObject([{ source: { id: 'p1' }, deleted: true }])
  })

  test.each([
    ['a web page', 404, 'text/html', '<html>'],
    ['nothing', 404, 'application/fhir+json', ''],
    ['JSON of somebody else', 404, 'application/json', '{"error":"no route"}'],
    ['half of an OperationOutcome', 410, 'application/fhir+json', '{"resourceType":"Opera'],
    ['a refusal in FHIR', 400, 'application/fhir+json', '{"resourceType":"OperationOutcome"}'],
  ])('%s (%i) for one resource', async (_, status, type, body) => {
    const adapter = await adapterOf(url)
    const first = await changesOf(adapter, ['p1', 'p2'])
    foreign = { path: 'Patient/p2', status, type, body }
    expect(await reasonOf(changesOf(adapter, ['p1', 'p2'], first.mark))).toBe('BAD_ANSWER')
    foreign = null
    expect((await changesOf(adapter, ['p1', 'p2'], first.mark)).records).toEqual([])
  })
})
