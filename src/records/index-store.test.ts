import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.js'
import type { Database } from '../platform/database.js'
import { type IndexedEvent, type IndexedRecord, NO_MARKS } from './adapter.js'
import { upsertEvents, upsertRecords } from './index-store.js'
import { recordsMigrations } from './migrations.js'
import { publicIds } from './public-id.js'

let database: Database
beforeAll(async () => {
  database = await testDatabase({ migrations: recordsMigrations })
})
afterAll(() => database.close())

const publicId = publicIds(randomBytes(32))
const common = { recordedAt: null, marks: NO_MARKS, unmappedCodes: [] }
const record = (version: string, deleted: boolean): IndexedRecord => ({
  ...common,
  source: { type: 'client', id: 'A-1' },
  graphType: 'CharityRecord',
  version,
  deleted,
  replacedBy: null,
  traits: {
    ...{ names: [], bornOn: [], postcodes: [], places: [], phones: [], emails: [] },
    ...{ identifiers: [], sex: null },
  },
})
const event = (version: string, about: readonly string[]): IndexedEvent => ({
  ...common,
  source: { type: 'engagement', id: 'e-1' },
  graphType: 'CharityEvent',
  version,
  deleted: false,
  at: '2026-10-01',
  kind: 'ENGAGEMENT',
  about: about.map((id) => ({ type: 'client', id })),
})

test('what an agency sends twice on one page is taken as it came last', async () => {
  await upsertRecords(
    database,
    'an-agency',
    [record('1', true), record('2', false), record('3', true)],
    publicId,
  )
  await upsertEvents(
    database,
    'an-agency',
    [event('1', ['A-1', 'A-2']), event('2', ['A-1'])],
    publicId,
  )
  expect(await database.query('select version, deleted from records.record')).toEqual([
    { version: '3', deleted: true },
  ])
  expect(await database.query('select version from records.event')).toEqual([{ version: '2' }])
  expect(await database.query('select record_id from records.event_about')).toHaveLength(1)
})
