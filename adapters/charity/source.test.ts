import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type CharityServer, startCharityServer } from '../../samples/charity/index.js'
import { aClient } from '../../samples/charity/made-up.js'
import { type Adapter, SourceUnavailable, type Wanted } from '../../src/records/adapter.js'
import { charity } from './index.js'
import { waitMsOf } from './source.js'

const apiKey = 'sample-key'
const never = new AbortController().signal
let server: CharityServer
let clock: Date

beforeEach(async () => {
  clock = new Date('2026-11-01T12:00:00Z')
  server = await startCharityServer({ apiKey, clients: [aClient('A-1')], now: () => clock })
})
afterEach(() => server.close())

const adapterOf = (settings: Record<string, unknown> = {}, deadlineMs = 2000): Promise<Adapter> =>
  charity.create({
    agency: { id: 'harbour', kind: 'charity', name: 'Harbour' },
    transport: 'live',
    settings: { baseUrl: server.url, apiKey, ...settings },
    store: {
      query: () => Promise.resolve([]),
      transaction: (work) => work(() => Promise.resolve([])),
    },
    now: () => clock,
    deadlineMs,
  })

const wanted: Wanted = {
  source: { type: 'client', id: 'A-1' },
  graphType: 'CharityRecord',
  fields: new Set(['names']),
}
const reasonOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof SourceUnavailable ? error.reason : `threw ${error}`),
  )

describe('a charity that cannot be asked', () => {
  const ask = async (settings: Record<string, unknown> = {}, deadlineMs = 2000) =>
    (await adapterOf(settings, deadlineMs)).read([wanted], {
      signal: never,
    })

  test('a wrong key is UNAUTHORISED and not tried again', async () => {
    expect(await reasonOf(ask({ apiKey: 'wrong' }))).toBe('UNAUTHORISED')
    expect(server.calls()).toHaveLength(1)
  })

  test('429 with Retry-After is waited out within the deadline', async () => {
    server.fail(429, { retryAfter: '0', times: 2 })
    expect(await ask()).toMatchObject([{ kind: 'found' }])
    expect(server.calls()).toHaveLength(3)
  })

  test('429 that asks to wait past the deadline fails at once', async () => {
    server.fail(429, { retryAfter: '60' })
    expect(await reasonOf(ask())).toBe('TOO_MANY_REQUESTS')
    expect(server.calls()).toHaveLength(1)
  })

  test('503 is tried as often as the settings say, then REFUSED', async () => {
    server.fail(503, { retryAfter: '0' })
    expect(await reasonOf(ask({ attemptsMax: 4 }))).toBe('REFUSED')
    expect(server.calls()).toHaveLength(4)
  })

  test('no answer within the deadline is a TIMEOUT', async () => {
    server.hold(5000)
    expect(await reasonOf(ask({}, 80))).toBe('TIMEOUT')
  })

  test('a caller who gives up gets a TIMEOUT', async () => {
    const adapter = await adapterOf()
    const gone = AbortSignal.abort()
    expect(await reasonOf(adapter.read([wanted], { signal: gone }))).toBe('TIMEOUT')
  })

  test('nobody listening is REFUSED', async () => {
    expect(await reasonOf(ask({ baseUrl: 'http://127.0.0.1:9', attemptsMax: 1 }))).toBe('REFUSED')
  })

  test.each`
    what                   | body
    ${'text'}              | ${'<html>sorry</html>'}
    ${'half a page'}       | ${'{"asOf":"2026-11-01T12:00:00Z","items":[{"caseNumber"'}
    ${'another shape'}     | ${'{"items":"A-1"}'}
    ${'null'}              | ${'null'}
    ${'invalid UTF-8'}     | ${Buffer.from([0x22, 0xc3, 0x28, 0x22])}
    ${'endless brackets'}  | ${'['.repeat(200_000)}
    ${'more than is read'} | ${`"${'x'.repeat(400_000)}"`}
  `('$what instead of a page is a BAD_ANSWER', async ({ body }) => {
    server.say(body ?? null)
    expect(await reasonOf(ask({ bodyBytesMax: 300_000 }))).toBe('BAD_ANSWER')
  })

  test('a cursor that turns in circles is a BAD_ANSWER', async () => {
    server.say(JSON.stringify({ asOf: '2026-11-01T12:00:00Z', items: [], next: 'again' }))
    expect(await reasonOf(ask())).toBe('BAD_ANSWER')
  })

  test('after so many failures it is left alone for a while, and then it recovers by itself', async () => {
    const adapter = await adapterOf({
      breakerFailuresMax: 2,
      attemptsMax: 1,
      breakerOpenMs: 10_000,
    })
    const read = () => adapter.read([wanted], { signal: never })
    server.fail(500)
    expect([await reasonOf(read()), await reasonOf(read()), await reasonOf(read())]).toEqual([
      'REFUSED',
      'REFUSED',
      'OPEN_BREAKER',
    ])
    expect(server.calls()).toHaveLength(2)
    server.fail(null)
    clock = new Date(clock.getTime() + 10_001)
    expect(await read()).toMatchObject([{ kind: 'found' }])
  })

  test('keys called __proto__ and constructor change nothing', async () => {
    const hostile = JSON.stringify(aClient('A-1')).replace(
      '{',
      '{"__proto__":{"isDeleted":true},"constructor":{"x":1},',
    )
    server.say(`{"asOf":"2026-11-01T12:00:00Z","items":[${hostile}],"next":null}`)
    expect(await ask()).toMatchObject([{ kind: 'found' }])
    expect(Object.prototype).not.toHaveProperty('isDeleted')
  })
})

test.each`
  retryAfter                         | waitMs
  ${null}                            | ${100}
  ${'2'}                             | ${2000}
  ${'Sun, 01 Nov 2026 12:00:03 GMT'} | ${3000}
  ${'Sun, 01 Nov 2026 11:00:00 GMT'} | ${0}
  ${'soon'}                          | ${100}
`('Retry-After $retryAfter is $waitMs ms', ({ retryAfter, waitMs }) => {
  expect(
    waitMsOf(
      retryAfter === null ? null : String(retryAfter),
      100,
      new Date('2026-11-01T12:00:00Z'),
    ),
  ).toBe(waitMs)
})
