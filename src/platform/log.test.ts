import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { testDatabase } from '../../test/database.js'
import { coded } from '../errors.js'
import type { Database } from './database.js'
import { createLog, type LogFields } from './log.js'

const MARKER = 'MarkerFamily'
let database: Database
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

function capture(level: 'debug' | 'info' = 'debug') {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { log: createLog({ level, destination }), lines, text: () => lines.join('') }
}
/** What a caller who ignores the types could hand over. */
const smuggled = (fields: object): LogFields => fields

describe('what a log line may hold', () => {
  test('is an event, a time, a level and known fields of the known shape', () => {
    const { log, lines } = capture()
    log.info('sync-done', {
      agency: 'north-force',
      count: 12,
      durationMs: 34.5,
      code: 'NOT_FOUND',
      record: 'rec_0123456789abcdef',
      coordinate: 'PoliceRecord.names',
      clause: '2.8',
    })
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      event: 'sync-done',
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      agency: 'north-force',
      count: 12,
      durationMs: 34.5,
      code: 'NOT_FOUND',
      record: 'rec_0123456789abcdef',
      coordinate: 'PoliceRecord.names',
      clause: '2.8',
    })
  })

  test('is nothing else: what does not fit is dropped and counted', () => {
    const { log, lines } = capture()
    log.warn(
      'sync-done',
      smuggled({
        agency: MARKER,
        name: MARKER,
        count: 9_434_765_919,
        code: `${MARKER} moved`,
        request: 'jane',
        nested: { agency: 'x' },
      }),
    )
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'sync-done', dropped: 6 })
  })
})

test('no marker planted in any value, name, nesting, error or its data comes out, whatever the types say', async () => {
  const { log, text } = capture()
  const nestings = [
    MARKER,
    { deep: [MARKER] },
    [MARKER],
    new Map([[MARKER, MARKER]]),
    new Error(MARKER),
    Object.assign(Object.create(null), { toJSON: () => MARKER }),
    Symbol.for(MARKER),
    () => MARKER,
  ]
  const known = [
    'agency',
    'job',
    'code',
    'reason',
    'request',
    'record',
    'coordinate',
    'clause',
    'version',
    'address',
    'count',
    'status',
    'error',
    'event',
    'level',
    'time',
    'msg',
    'err',
    '__proto__',
    MARKER,
  ]
  for (const key of known)
    for (const value of nestings) log.error('planted', smuggled({ [key]: value }))
  log.error(`${MARKER} moved house`, {})
  expect(text()).not.toContain(MARKER)
})

test('an error gives its class, code and own frames; never its message, detail, data, cause or a frame it imitates', async () => {
  const { log, lines, text } = capture()
  const refused = await database.query('select $1::int', [MARKER]).catch((error: unknown) => error)
  await database.query('create table if not exists planted (family text primary key)')
  await database.query('insert into planted values ($1)', [MARKER])
  const doubled = await database
    .query('insert into planted values ($1)', [MARKER])
    .catch((error: unknown) => error)
  const imitating = new Error(`x\n    at ${MARKER} (/srv/${MARKER}.ts:1:1)\n`)
  imitating.stack = `Error: other\n    at ${MARKER} (${process.cwd()}/src/${MARKER}.ts:1:1)`
  for (const error of [
    refused,
    doubled,
    imitating,
    new Error(MARKER, { cause: new Error(MARKER) }),
    coded('TOKEN_INVALID', { reason: MARKER }),
    MARKER,
    { message: MARKER },
  ])
    log.error('failed', { error })
  log.error('failed', {
    error: Object.assign(new TypeError(MARKER), {
      code: MARKER,
      detail: MARKER,
      name: MARKER,
    }),
  })
  expect(text()).not.toContain(MARKER)
  const codes = lines.map((line) => (JSON.parse(line) as { error: { code?: string } }).error.code)
  expect(codes.slice(0, 2)).toEqual(['22P02', '23505'])
  expect(codes[4]).toBe('TOKEN_INVALID')
})

test('whatever a person is called or numbered, no line holds it', () => {
  const personal = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('Jane', 'Zoë', "O'Neill", 'van der'),
        fc.constantFrom('Smith', 'Marker'),
      )
      .map((parts) => parts.join(' ')),
    fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }),
    fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map(String),
    fc.emailAddress(),
    fc.constantFrom('M1 1AA', '07700 900123', '+447700900123', '1990-02-03', '12 High Street'),
  )
  const keys = fc.constantFrom(
    'agency',
    'job',
    'code',
    'reason',
    'request',
    'record',
    'caseId',
    'coordinate',
    'clause',
    'version',
    'address',
    'count',
    'status',
    'bytes',
    'port',
  )
  fc.assert(
    fc.property(keys, personal, (key, value) => {
      const { log, text } = capture()
      log.info('asked', smuggled({ [key]: value }))
      expect(text()).not.toContain(String(value))
    }),
  )
})

test('a level below the one chosen writes nothing', () => {
  const { log, lines } = capture('info')
  log.debug('detail')
  expect(lines).toEqual([])
})
