import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.js'
import type { Database } from '../platform/database.js'
import type { Rejection } from './adapter.js'
import { recordsMigrations } from './migrations.js'
import { keepRejections, listQuarantine, markReplayed, showQuarantined } from './quarantine.js'

let database: Database
beforeAll(async () => {
  database = await testDatabase({ migrations: recordsMigrations })
})
afterAll(() => database.close())

const unreadable: Rejection = {
  source: { type: 'client', id: '7' },
  reason: 'DATE_UNREADABLE',
  field: 'bornOn',
  outcome: 'QUARANTINE',
  raw: { bornOn: '1990-02-31', note: 'a zero \u0000 byte' },
}
const refused: Rejection = {
  source: { type: 'client', id: '8' },
  reason: 'NOT_TAKEN',
  field: null,
  outcome: 'REFUSE',
  raw: { history: 'SECRET-WORDS' },
}

test('what could not be read is kept with reason and payload, once however often it comes', async () => {
  await keepRejections(database, 'an-agency', [unreadable])
  await keepRejections(database, 'an-agency', [unreadable])
  const waiting = await listQuarantine(database, { all: false, limit: 10 })
  expect(waiting).toMatchObject([{ reason: 'DATE_UNREADABLE', field: 'bornOn', sourceId: '7' }])
  const shown = await showQuarantined(database, waiting[0]?.id ?? '')
  expect(JSON.parse(shown?.raw ?? '')).toEqual(unreadable.raw)
})

test('what must not enter leaves an id and a hash, and no payload anywhere in the table', async () => {
  await keepRejections(database, 'an-agency', [refused])
  const rows = await database.query<{ text: string }>(
    'select q::text as text from records.quarantine q',
  )
  const all = rows.map((row) => row.text).join('\n')
  expect(all).toContain('NOT_TAKEN')
  expect(all).not.toContain('SECRET-WORDS')
  expect(all).not.toContain(
    Buffer.from(JSON.stringify(refused.raw)).toString('base64').slice(0, 20),
  )
})

test('what was replayed waits no longer, and stays for looking at', async () => {
  const [one] = await listQuarantine(database, { all: false, limit: 1 })
  await markReplayed(database, one?.id ?? '')
  const waiting = await listQuarantine(database, { all: false, limit: 10 })
  expect(waiting.map((each) => each.id)).not.toContain(one?.id)
  const all = await listQuarantine(database, { all: true, limit: 10 })
  expect(all.map((each) => each.id)).toContain(one?.id)
})
