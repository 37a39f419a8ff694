import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { testDatabase } from '../../../test/database.js'
import {
  allocation,
  caseDocument,
  caseloadContext,
  load,
  MEMBERS,
  recordOf,
} from '../../../test/small-caseload.js'
import { consentMigrations } from '../../consent/migrations.js'
import type { Database } from '../../platform/database.js'
import { ITEM_TYPES } from '../items/index.js'
import { casesMigrations } from '../migrations.js'
import { caseloadJsonSchema } from './format.js'
import { loadCaseload } from './load.js'

let database: Database
beforeAll(async () => {
  database = await testDatabase({ migrations: [...casesMigrations, ...consentMigrations] })
})
afterAll(() => database.close())
beforeEach(() =>
  database.query(
    'truncate cases.case_file, cases.member, cases.member_conflict, cases.write, consent.wish cascade',
  ),
)

const order = (prohibition: string) => ({
  type: 'ORDER',
  of: 'x',
  recordedBy: 'dot',
  recordedAt: '2026-02-01T10:00:00Z',
  body: { kind: 'SPO', servedOn: '2026-02-01', from: '2026-02-01', prohibitions: [prohibition] },
})
const rowsOf = async (table: string): Promise<number> =>
  (await database.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? 0

test('a caseload comes in with its members, cases, parts, team, items and wishes', async () => {
  const report = await load(database, [
    ...MEMBERS,
    caseDocument('one', {
      allocations: [allocation('dot', 'NEITHER')],
      items: [order('not to call')],
      wishes: [{ of: 'v', decision: 'GIVEN', givenAt: '2026-03-01T00:00:00Z' }],
    }),
  ])
  expect(report).toEqual({
    members: { changed: 5, unchanged: 0 },
    cases: { created: 1, changed: 0, unchanged: 0 },
    problems: [],
  })
  expect(await rowsOf('cases.allocation')).toBe(1)
  expect(await database.query('select agency, body from cases.item')).toMatchObject([
    { agency: 'force', body: { prohibitions: ['not to call'] } },
  ])
  expect(await database.query('select person_key, agency from consent.wish')).toEqual([
    { person_key: 'person-one-v', agency: 'trust' },
  ])
})

test('loading the same caseload again changes nothing and logs nothing', async () => {
  const documents = [
    ...MEMBERS,
    caseDocument('one', { items: [order('a')], allocations: [allocation('dot', 'NEITHER')] }),
  ]
  await load(database, documents)
  const appended: object[] = []
  const report = await loadCaseload(
    documents.map((one) => JSON.stringify(one)),
    caseloadContext(database, appended),
  )
  expect(report.cases).toEqual({ created: 0, changed: 0, unchanged: 1 })
  expect(report.members).toEqual({ changed: 0, unchanged: 5 })
  expect(appended).toEqual([])
  expect(await rowsOf('cases.item')).toBe(1)
})

test('what has changed gets a new version; the old one stays as it was', async () => {
  await load(database, [...MEMBERS, caseDocument('one', { items: [order('a'), order('b')] })])
  const report = await load(database, [
    caseDocument('one', {
      stage: 'CLOSED',
      closedOn: '2026-11-01',
      items: [order('a'), order('c')],
    }),
  ])
  expect(report.cases).toEqual({ created: 0, changed: 1, unchanged: 0 })
  const items = await database.query<{ said: string; over: boolean }>(
    `select body->'prohibitions'->>0 as said, superseded_at is not null as over from cases.item order by 1`,
  )
  expect(items).toEqual([
    { said: 'a', over: false },
    { said: 'b', over: true },
    { said: 'c', over: false },
  ])
  const states = await database.query(
    'select stage, superseded_at is null as current from cases.case_state order by recorded_at',
  )
  expect(states).toEqual([
    { stage: 'OPEN', current: false },
    { stage: 'CLOSED', current: true },
  ])
})

test('somebody unknown who was identified later is kept in both states', async () => {
  const x = {
    key: 'x',
    as: 'PERPETRATOR',
    legalStatus: 'ALLEGED',
    records: [recordOf('found')],
    description: { handles: ['@nightowl'] },
    identified: { on: '2026-05-02', by: 'dot' },
  }
  await load(database, [...MEMBERS, caseDocument('one', { parts: [x] })])
  expect(
    await database.query(
      'select person_key, identified_on, superseded_at is null as current, agency from cases.part_state order by recorded_at',
    ),
  ).toEqual([
    { person_key: null, identified_on: null, current: false, agency: 'trust' },
    { person_key: 'person-found', identified_on: '2026-05-02', current: true, agency: 'force' },
  ])
})

test.each([
  ['not JSON', '{"kind":', '', 'not JSON'],
  ['an unknown kind', '{"kind":"person"}', 'kind', /.*/],
  [
    'an item without a part',
    JSON.stringify(caseDocument('c', { items: [{ ...order('a'), of: undefined }] })),
    'items.0.of',
    'no part of this case has this key',
  ],
  [
    'an item about nobody of the case',
    JSON.stringify(caseDocument('c', { items: [{ ...order('a'), of: 'z' }] })),
    'items.0.of',
    'no part of this case has this key',
  ],
  [
    'a day that is not in the calendar',
    JSON.stringify(caseDocument('c', { openedOn: '2026-02-31' })),
    'openedOn',
    /not a date/,
  ],
  [
    'a perpetrator without a legal status',
    JSON.stringify(caseDocument('c', { parts: [{ key: 'x', as: 'PERPETRATOR' }] })),
    'parts.0.legalStatus',
    /legal status/,
  ],
  [
    'both sides without an exception',
    JSON.stringify(
      caseDocument('c', {
        allocations: [allocation('dot', 'VICTIM'), allocation('dot', 'PERPETRATOR')],
      }),
    ),
    'allocations.0.exception',
    /both sides/,
  ],
  [
    'an agency that the configuration does not have',
    JSON.stringify(caseDocument('c', { openedBy: { agency: 'none', subject: 'mel' } })),
    'openedBy.agency',
    /no agency/,
  ],
  [
    'an author who is no member',
    JSON.stringify(caseDocument('c', { items: [{ ...order('a'), recordedBy: 'nobody' }] })),
    'items.0.recordedBy',
    /no member/,
  ],
  ['a key of a prototype', '{"kind":"case","__proto__":{"a":1}}', '', /.*/],
])('%s is a problem of its line, and the others are loaded', async (_, line, path, reason) => {
  const documents = [...MEMBERS, caseDocument('good')].map((one) => JSON.stringify(one))
  const report = await loadCaseload([...documents, '', line], caseloadContext(database))
  expect(report.cases.created).toBe(1)
  expect(report.problems[0]).toMatchObject({
    line: 8,
    path: path === '' ? expect.any(String) : path,
    reason: expect.stringMatching(reason),
  })
})

test('two cases of one reference: the second is a problem', async () => {
  const report = await load(database, [...MEMBERS, caseDocument('one'), caseDocument('one')])
  expect(report.problems).toEqual([{ line: 7, path: '', reason: 'the same case as in line 6' }])
})

test('the history of a case cannot be changed, whoever asks the database', async () => {
  await load(database, [...MEMBERS, caseDocument('one', { items: [order('a')] })])
  await expect(database.query(`update cases.item set body = '{}'`)).rejects.toThrow(/never changed/)
  await expect(database.query('delete from cases.part_state')).rejects.toThrow(/never changed/)
  await expect(database.query(`update cases.case_state set stage = 'CLOSED'`)).rejects.toThrow(
    /never changed/,
  )
})

test('the number of statements does not grow with the number of cases', async () => {
  const count = async (n: number): Promise<number> => {
    const cases = Array.from({ length: n }, (_, at) =>
      caseDocument(`n${n}-${at}`, { items: [order('a')] }),
    )
    await load(database, MEMBERS)
    const statements = database.countStatements()
    await load(database, cases)
    statements.stop()
    return statements.count()
  }
  const one = await count(1)
  expect(await count(40)).toBe(one)
})

test('the committed schema of a line is the one the code checks by', () => {
  const committed: unknown = JSON.parse(readFileSync('schema/formats/caseload.schema.json', 'utf8'))
  expect(caseloadJsonSchema()).toEqual(committed)
})

test('the page of the format names every kind of item, and its example loads', async () => {
  const page = readFileSync('docs/agencies/caseload.md', 'utf8')
  for (const { code } of ITEM_TYPES) expect(page).toContain(`\`${code}\``)
  const example = /```ndjson\n([^`]*)```/.exec(page)?.[1] ?? ''
  const report = await loadCaseload(example.split('\n'), {
    ...caseloadContext(database),
    agencies: new Set(['mersey-vale-police', 'weaver-nhs', 'safe-harbour']),
  })
  expect(report.problems).toEqual([])
  expect(report.cases.created).toBe(1)
})
