import { hash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Cell, RowCopier } from '../../test/copy-rows.js'
import { testDatabase } from '../../test/database.js'
import type { Database, Sql } from '../platform/database.js'
import { chainOf } from './leaf.js'
import { accessLogMigrations } from './migrations.js'
import { logRows } from './query.js'
import { ANYTHING, type LogFilter } from './query-filter.js'

/** `npm run soak` fills ten million entries, or as many as SOAK_ENTRIES says. */
const isSoak = process.env['SOAK'] === '1'
const ENTRIES = isSoak ? Number(process.env['SOAK_ENTRIES'] ?? 10_000_000) : 20_000
const MONTHS = 12
const SECTIONS_OF_ONE = 20
const BATCH = 250_000

let database: Database
beforeAll(async () => {
  database = await testDatabase({ migrations: accessLogMigrations })
})
afterAll(() => database.close())

const CONTENT =
  '{"decisions":[{"clause":"1.1","clauses":["1.1"],"coordinate":"T.f","count":1,"decision":"SHARE","reason":"RULE"}]}'
const START_MS = Date.UTC(2025, 0, 1)
const sha256 = (text: string): Buffer => Buffer.from(hash('sha256', text, 'hex'), 'hex')
const monthOf = (index: number): number =>
  202501 + (Math.floor(index / (ENTRIES / MONTHS)) % MONTHS)
const personOf = (index: number): string =>
  `person-${(index * 104_729) % (ENTRIES / SECTIONS_OF_ONE)}`

function* entryRows(from: number, to: number): Generator<readonly Cell[]> {
  for (let index = from; index < to; index += 1)
    yield [
      index,
      `entry-${index}`,
      new Date(START_MS + index * 1000).toISOString(),
      hash('md5', String(index)),
      'QUERY',
      'CONSULTATION',
      'ANSWERED',
      `staff-${(index * 7919) % (ENTRIES / SECTIONS_OF_ONE)}`,
      'two',
      '{ROLE}',
      'PURPOSE',
      'a@1',
      0,
      'f',
      monthOf(index),
    ]
}

/** Of each entry its head and one person, with `more` of the two. */
function* sectionRows(
  [from, to]: readonly [number, number],
  more: (index: number, person: string | null) => readonly Cell[],
): Generator<readonly Cell[]> {
  for (let index = from; index < to; index += 1)
    for (const person of [null, personOf(index)]) {
      const place = person === null ? [0, 'two', null] : [1, 'one', person]
      yield [index, ...place, monthOf(index), ...more(index, person)]
    }
}

const ENTRY_COLUMNS = [
  ...['index', 'entry_id', 'at', 'request', 'what', 'operation', 'outcome', 'caller_subject'],
  ...['caller_agency', 'caller_roles', 'purpose', 'agreement', 'facts_epoch', 'tightens', 'month'],
]
const SECTION_COLUMNS = ['entry_index', 'ordinal', 'agency', 'person', 'month']

/**
 * Entries `from` up to but without `to` of `ENTRIES`, spread over a year: two sections each, every person
 * and every caller in as many however long the log is. Written as they lie in the tables; they commit to
 * nothing, for here they are only looked for.
 */
async function fill(from: number, to: number): Promise<void> {
  for (let month = 0; month < MONTHS; month += 1)
    await database.query('select access_log.open_month($1)', [202501 + month])
  const salt = Buffer.of(0)
  const copier = await RowCopier.open(database.url)
  try {
    for (let start = from; start < to; start += BATCH) {
      const span = [start, Math.min(start + BATCH, to)] as const
      await copier.copy('access_log.entry', ENTRY_COLUMNS, entryRows(...span))
      await copier.copy(
        'access_log.section',
        [...SECTION_COLUMNS, 'salt', 'content', 'digest', 'chain_salt'],
        sectionRows(span, (index) => [salt, CONTENT, sha256(String(index)), salt]),
      )
      await copier.copy(
        'access_log.sealed_section',
        [...SECTION_COLUMNS, 'chain', 'commitment'],
        sectionRows(span, (index, person) => [
          chainOf({ agency: 'one', person, caseId: null }),
          sha256(String(index)),
        ]),
      )
      await database.query('update access_log.sealed set size = $1', [span[1]])
      await database.query('update access_log.head set size = $1', [span[1]])
    }
  } finally {
    await copier.close()
  }
  await database.query('analyze access_log.entry, access_log.section, access_log.sealed_section')
}

/** Pages of the database that a question touches: counted, so that it does not depend on the machine. */
async function pagesOf(filter: LogFilter): Promise<{ rows: number; pages: number; ms: number }> {
  let asked: { text: string; parameters: readonly unknown[] } = { text: '', parameters: [] }
  const listening: Sql = {
    query: (text, parameters = []) => {
      asked = { text, parameters }
      return database.query(text, parameters)
    },
  }
  const rows = await logRows(listening, 'one', { filter, first: 50, after: null })
  const from = performance.now()
  await logRows(database, 'one', { filter, first: 50, after: null })
  const ms = performance.now() - from
  const [plan] = await database.query<{
    'QUERY PLAN': readonly { Plan: Record<string, number> }[]
  }>(`explain (analyze, buffers, format json) ${asked.text}`, asked.parameters)
  const { Plan: of } = plan?.['QUERY PLAN'][0] ?? { Plan: {} }
  const pages = (of['Shared Hit Blocks'] ?? 0) + (of['Shared Read Blocks'] ?? 0)
  return { rows: rows.length, pages, ms }
}

const byPerson: LogFilter = { ...ANYTHING, about: { persons: ['person-7'], caseId: null } }
const byClause: LogFilter = { ...ANYTHING, clause: '9.9' }
const byCaller: LogFilter = { ...ANYTHING, caller: 'staff-7' }

test(`a question about a person or a caller costs no more in a log of ${ENTRIES} entries than in one of a tenth`, async () => {
  await fill(0, ENTRIES / 10)
  const few = { person: await pagesOf(byPerson), caller: await pagesOf(byCaller) }
  await fill(ENTRIES / 10, ENTRIES)
  const many = { person: await pagesOf(byPerson), caller: await pagesOf(byCaller) }
  if (isSoak) process.stdout.write(`${JSON.stringify({ ENTRIES, few, many })}\n`)
  for (const who of ['person', 'caller'] as const) {
    expect(many[who].rows).toBe(SECTIONS_OF_ONE)
    // So many pages for each row that is found, however many others there are, and a look into each month.
    expect(many[who].pages).toBeLessThan(60 * many[who].rows * 2 + 30 * MONTHS)
  }
}, 3_600_000)

test('what is filled in by COPY is what the log would hold of it', async () => {
  const [row] = await database.query<{ text: string | null; is_own: boolean }>(
    `select (s.content::jsonb->'decisions'->0->>'decision') as text,
       z.chain = access_log.chain_key(s.agency, s.person, s.case_id) as is_own
     from access_log.section s join access_log.sealed_section z using (entry_index, ordinal)
     where s.entry_index = 7 and s.ordinal = 1`,
  )
  expect(row).toEqual({ text: 'SHARE', is_own: true })
})

test('a question from a month on reads none of the months before, whatever it asks for', async () => {
  const all = await pagesOf(byClause)
  const late = await pagesOf({ ...byClause, from: `2025-${MONTHS}-01T00:00:00Z` })
  if (isSoak) process.stdout.write(`${JSON.stringify({ clause: { all, late } })}\n`)
  expect([all.rows, late.rows]).toEqual([0, 0])
  expect(late.pages).toBeLessThan(all.pages / (MONTHS / 2))
}, 3_600_000)
