import 'reflect-metadata'
import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Database } from '../../src/platform/database.js'
import type { Adapter, AgencyStore } from '../../src/records/adapter.js'
import { testDatabase } from '../../test/database.js'
import {
  anAdapter,
  anInbox,
  aPerson,
  changesOf,
  contentOf,
  handMadeDrop,
  lines,
  NEVER,
  OFFICIAL,
  receiptOf,
  rewrite,
  wanting,
} from './testing.js'

let database: Database
let store: AgencyStore
let adapter: Adapter
let inbox: Awaited<ReturnType<typeof anInbox>>
let forces = 0

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  forces += 1
  inbox = await anInbox()
  store = await database.agencyStore(`strict-${forces}`)
  adapter = await anAdapter(store, inbox.path)
})
afterEach(() => inbox.remove())

const receive = () => adapter.receive({ signal: NEVER })
const nameOf = async (id: string) => {
  const wanted = [wanting('NOMINAL', id, 'PoliceRecord', ['names'])]
  const [detail] = await adapter.read(wanted, { signal: NEVER })
  return detail?.kind === 'found' ? detail.data['names'] : detail?.kind
}

const ONE = JSON.stringify(aPerson('N1'))

describe('what is refused is never stored', () => {
  const SECRETS = {
    'above OFFICIAL': {
      reason: 'CLASSIFICATION',
      line: aPerson('R1', { classification: 'SECRET', note: 'MARKER' }),
    },
    'without a classification': { reason: 'CLASSIFICATION', line: { id: 'R1', note: 'MARKER' } },
    restricted: {
      reason: 'NOT_TAKEN',
      line: aPerson('R1', { restrictions: ['GENDER_RECOGNITION'], note: 'MARKER' }),
    },
    'a protected person': {
      reason: 'NOT_TAKEN',
      line: aPerson('R1', { protectedPerson: { scheme: 'MARKER' } }),
    },
    'deep in a field nobody knows': {
      reason: 'NOT_TAKEN',
      line: aPerson('R1', { x: [{ 'source-identity': 'MARKER' }] }),
    },
    'broken as well': {
      reason: 'CLASSIFICATION',
      line: {
        ...aPerson('R1', { dateOfBirth: '31/02/1990' }),
        classification: ['OFFICIAL'],
        note: 'MARKER',
      },
    },
  }
  test.each(Object.entries(SECRETS).map(([what, one]) => ({ what, ...one })))(
    '$what: $reason, with its id and hash alone',
    async ({ reason, line }) => {
      const known = aPerson('R1', { note: 'MARKER from before' })
      await handMadeDrop(inbox.path, { persons: [known] }, { sequence: 1 })
      await receive()
      await handMadeDrop(inbox.path, { persons: [line] }, { sequence: 2, previous: 1 })
      const sha256 = createHash('sha256').update(JSON.stringify(line)).digest('hex')
      const refused = {
        source: { type: 'NOMINAL', id: 'R1' },
        reason,
        outcome: 'REFUSE',
        raw: `sha256:${sha256}`,
      }
      expect(await receive()).toMatchObject({ applied: 1, rejections: [refused] })
      expect(await contentOf(store)).not.toContain('MARKER')
      const { records, rejections } = await changesOf(adapter, ['R1'])
      expect(records).toMatchObject([{ deleted: true, traits: { names: [] } }])
      expect(rejections).toMatchObject([refused])
    },
  )

  test('an intelligence report that names its source', async () => {
    const report = {
      id: 'I1',
      ...OFFICIAL,
      kind: 'INTELLIGENCE',
      handling: 'P',
      grading: { source: 1, intelligence: 'A' },
      sourceIdentity: 'MARKER',
    }
    await handMadeDrop(inbox.path, { events: [report] }, { sequence: 1 })
    expect(await receive()).toMatchObject({
      rejections: [{ source: { type: 'EVENT', id: 'I1' }, reason: 'NOT_TAKEN' }],
    })
    expect(await contentOf(store)).not.toContain('MARKER')
  })
})

describe('what does not map waits in quarantine', () => {
  test('with its payload, told of the cohort alone; what was known before is not shown any more', async () => {
    await handMadeDrop(inbox.path, { persons: [aPerson('Q1'), aPerson('Q2')] }, { sequence: 1 })
    await receive()
    const broken = aPerson('Q1', { dateOfBirth: '31/02/1990' })
    await handMadeDrop(inbox.path, { persons: [broken] }, { sequence: 2, previous: 1 })
    expect(await receive()).toEqual({ applied: 1, rejections: [] })
    const rejection = {
      source: { type: 'NOMINAL', id: 'Q1' },
      reason: 'DATE_IMPOSSIBLE',
      field: 'dateOfBirth',
      outcome: 'QUARANTINE',
      raw: broken,
    }
    expect((await changesOf(adapter, ['Q1'])).rejections).toEqual([rejection])
    expect((await changesOf(adapter, ['Q2'])).rejections).toEqual([])
    expect(await nameOf('Q1')).toBe('rejected')
    expect(await receiptOf(inbox.path, '000002-delta')).toMatchObject({
      outcome: 'APPLIED',
      rejections: [{ type: 'NOMINAL', id: 'Q1', reason: 'DATE_IMPOSSIBLE' }],
    })
    await handMadeDrop(inbox.path, { persons: [aPerson('Q1')] }, { sequence: 3, previous: 2 })
    await receive()
    expect(await nameOf('Q1')).toMatchObject([{ family: 'Marsh' }])
    expect((await changesOf(adapter, ['Q1'])).rejections).toEqual([])
  })

  const UNMAPPED: readonly { what: string; more: object; reason: string; field: string | null }[] =
    [
      {
        what: '10 MB of free text',
        more: { note: 'x'.repeat(10_000_000) },
        reason: 'VALUE_TOO_LONG',
        field: 'note',
      },
      {
        what: 'a character that is none',
        more: { note: 'a\u0000b' },
        reason: 'CHARACTER_UNUSABLE',
        field: null,
      },
      {
        what: 'half a character',
        more: { names: [{ surname: '\ud800' }] },
        reason: 'CHARACTER_UNUSABLE',
        field: null,
      },
      {
        what: 'a name that is a number',
        more: { names: [{ surname: 7 }] },
        reason: 'SHAPE',
        field: 'names.0.surname',
      },
      {
        what: 'names that are no list',
        more: { names: { constructor: 'x' } },
        reason: 'SHAPE',
        field: 'names',
      },
      {
        what: 'an unreadable time',
        more: { recordedAt: 'yesterday' },
        reason: 'DATE_UNREADABLE',
        field: 'recordedAt',
      },
    ]
  test.each(UNMAPPED)('$what: $reason', async ({ more, reason, field }) => {
    await handMadeDrop(
      inbox.path,
      { persons: [aPerson('Q1', more), aPerson('Q2')] },
      { sequence: 1 },
    )
    expect((await receive()).applied).toBe(1)
    expect((await changesOf(adapter, ['Q1'])).rejections).toMatchObject([
      { reason, field, outcome: 'QUARANTINE' },
    ])
    expect(await nameOf('Q2')).toMatchObject([{ family: 'Marsh' }])
  })

  test('keys called `__proto__` and `constructor` do nothing', async () => {
    const drop = await handMadeDrop(inbox.path, { persons: [aPerson('N1')] }, { sequence: 1 })
    const line = ONE.replace(
      '{',
      '{"__proto__":{"sex":"M"},"constructor":{"prototype":{"polluted":1}},',
    )
    await rewrite(drop, 'persons.ndjson', lines(line), true)
    expect(await receive()).toEqual({ applied: 1, rejections: [] })
    expect(await nameOf('N1')).toMatchObject([{ family: 'Marsh' }])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(await contentOf(store)).not.toContain('polluted')
  })
})
