import 'reflect-metadata'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Call, type NhsServer, type Reply, startNhsServer } from '../../samples/nhs/index.js'
import { SourceUnavailable } from '../../src/records/adapter.js'
import { adapterOf, aPatient, signal, wantRecord } from './testing-server.js'

let server: NhsServer
let replies: (Reply | null)[]
const json = { 'content-type': 'application/fhir+json' }
const notFound = JSON.stringify({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'not-found' }],
})

beforeEach(async () => {
  replies = []
  const intercept = (_: Call): Reply | null => replies.shift() ?? null
  server = await startNhsServer({ resources: [aPatient('p1')], intercept })
})
afterEach(() => server.close())

const always = (reply: Reply): void => {
  replies = new Array(50).fill(reply)
}
const reasonOf = async (read: Promise<unknown>): Promise<string> => {
  try {
    await read
  } catch (error) {
    if (error instanceof SourceUnavailable) return error.reason
    throw error
  }
  return 'ANSWERED'
}
const read = async (settings: object = {}, deadlineMs = 5_000) =>
  (await adapterOf(server.url, settings, { deadlineMs })).read([wantRecord('p1', 'names')], {
    signal: signal(),
  })

describe('a busy agency is asked again within the deadline', () => {
  test.each([429, 502, 503, 504])('%i, then an answer', async (status) => {
    replies = [{ status, headers: { 'retry-after': '0' } }]
    expect(await read()).toMatchObject([{ kind: 'found' }])
    expect(server.calls()).toHaveLength(2)
  })

  test('Retry-After beyond the deadline is not waited for', async () => {
    always({ status: 429, headers: { 'retry-after': '60' } })
    expect(await reasonOf(read())).toBe('TOO_MANY_REQUESTS')
    expect(server.calls()).toHaveLength(1) // who had waited would have met the deadline: TIMEOUT
  })

  test('Retry-After within the deadline is', async () => {
    replies = [{ status: 503, headers: { 'retry-after': '1' } }]
    const startedAt = Date.now()
    expect(await read()).toMatchObject([{ kind: 'found' }])
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990)
  })

  test('and not more often than the settings say', async () => {
    always({ status: 503, headers: { 'retry-after': '0' } })
    expect(await reasonOf(read({ retriesMax: 3 }))).toBe('REFUSED')
    expect(server.calls()).toHaveLength(4)
  })
})

describe('what is no answer', () => {
  const big = Buffer.from(
    JSON.stringify({ resourceType: 'Bundle', entry: [], x: 'y'.repeat(5_000) }),
  )
  test.each<[string, Reply, string]>([
    ['an internal error', { status: 500 }, 'REFUSED'],
    [
      'a web page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      'BAD_ANSWER',
    ],
    ['half of JSON', { status: 200, headers: json, body: '{"resourceType":' }, 'BAD_ANSWER'],
    ['an empty body', { status: 200, headers: json, body: '' }, 'BAD_ANSWER'],
    [
      'invalid UTF-8',
      { status: 200, headers: json, body: Buffer.from([0x22, 0xff, 0x22]) },
      'BAD_ANSWER',
    ],
    ['JSON that is no Bundle', { status: 200, headers: json, body: '{"hello":1}' }, 'BAD_ANSWER'],
    ['a list', { status: 200, headers: json, body: '[]' }, 'BAD_ANSWER'],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'BAD_ANSWER'],
    ['a body beyond the limit', { status: 200, headers: json, body: big }, 'BAD_ANSWER'],
    ['no login', { status: 401 }, 'UNAUTHORISED'],
    ['no permission', { status: 403 }, 'UNAUTHORISED'],
  ])('%s', async (_, reply, reason) => {
    always(reply)
    expect(await reasonOf(read({ bodyBytesMax: 4_000 }))).toBe(reason)
  })

  test('a Bundle without `entry` is an answer: there is nothing', async () => {
    replies = [
      { status: 200, headers: json, body: '{"resourceType":"Bundle","type":"searchset"}' },
      { status: 404, headers: json, body: notFound },
    ]
    expect(await read()).toEqual([{ kind: 'absent' }])
  })

  test('nobody at the address', async () => {
    const adapter = await adapterOf('http://127.0.0.1:9/R4')
    expect(await reasonOf(adapter.read([wantRecord('p1', 'names')], { signal: signal() }))).toBe(
      'REFUSED',
    )
  })

  test('an answer after the deadline', async () => {
    always({ status: 200, headers: json, body: '{}', delayMs: 3_000 })
    expect(await reasonOf(read({}, 200))).toBe('TIMEOUT')
  })

  test('a caller who gives up', async () => {
    always({ status: 200, headers: json, body: '{}', delayMs: 3_000 })
    const adapter = await adapterOf(server.url)
    const wanted = [wantRecord('p1', 'names')]
    expect(await reasonOf(adapter.read(wanted, { signal: AbortSignal.timeout(100) }))).toBe(
      'TIMEOUT',
    )
  })
})

test('the token is not sent to another origin, and a `next` that leads there is no answer', async () => {
  const thief = await startNhsServer({})
  const link = [{ relation: 'next', url: `${thief.url}/Patient?page=2` }]
  const body = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', link })
  replies = [{ status: 200, headers: json, body }]
  expect(await reasonOf(read({ token: 'secret' }))).toBe('BAD_ANSWER')
  expect(thief.calls()).toEqual([])
  await thief.close()
})

test('a `next` that leads in a circle ends', async () => {
  const link = [{ relation: 'next', url: 'Patient?round=1' }]
  const body = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', link })
  always({ status: 200, headers: json, body })
  expect(await reasonOf(read())).toBe('BAD_ANSWER')
  expect(server.calls().length).toBeLessThan(5)
})

test('after five failures the agency is left alone for ten seconds, then asked again', async () => {
  let now = Date.parse('2026-11-01T09:00:00Z')
  const adapter = await adapterOf(server.url, { retriesMax: 0 }, { now: () => new Date(now) })
  const ask = () => reasonOf(adapter.read([wantRecord('p1', 'names')], { signal: signal() }))
  replies = new Array(5).fill({ status: 500 })
  for (let n = 0; n < 5; n += 1) expect(await ask()).toBe('REFUSED')
  expect(await ask()).toBe('OPEN_BREAKER')
  expect(server.calls()).toHaveLength(5)
  now += 10_000
  expect(await ask()).toBe('ANSWERED')
})
