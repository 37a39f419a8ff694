import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.js'
import type { Database, Sql } from '../platform/database.js'
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

/**
 * Entries `from` up to but without `to` of `ENTRIES`, spread over a year: two sections each, every person
 * and every caller in as many however long the log is. Written as they lie in the tables; they commit to
 * nothing, for here they are only looked for.
 */
async function fill(from: number, to: number): Promise<void> {
  for (let month = 0; month < MONTHS; month += 1)
    await database.query('select access_log.open_month($1)', [202501 + month])
  for (let start = from; start < to; start += BATCH)
    await database.transaction(async (tx) => {
      const span = [start, Math.min(start + BATCH, to), ENTRIES / MONTHS, ENTRIES / SECTIONS_OF_ONE]
      await tx.query(
        `insert into access_log.entry (index, entry_id, at, request, what, operation, outcome, caller_subject, caller_agency,
           caller_roles, purpose, agreement, facts_epoch, tightens, month)
         select i, 'entry-' || i, '2025-01-01'::timestamptz + i * interval '1 second', md5(i::text), 'QUERY', 'CONSULTATION', 'ANSWERED',
           'staff-' || (i * 7919 % $4::int), 'two', '{ROLE}', 'PURPOSE', 'a@1', 0, false, 202501 + (i / $3::float8)::int % ${MONTHS}
         from generate_series($1::bigint, $2::bigint - 1) as i`,
        span,
      )
      for (const table of ['section', 'sealed_section'])
        await tx.query(
          `insert into access_log.${table} (entry_index, ordinal, agency, person, month, ${table === 'section' ? 'salt, content, digest, chain_salt' : 'chain, commitment'})
           select i, o, case o when 0 then 'two' else 'one' end, case o when 0 then null else 'person-' || (i * 104729 % $4::int) end,
             202501 + (i / $3::float8)::int % ${MONTHS},
             ${
               table === 'section'
                 ? `'\\x00', '{"decisions":[{"clause":"1.1","clauses":["1.1"],"coordinate":"T.f","count":1,"decision":"SHARE","reason":"RULE"}]}',
                    sha256(i::text::bytea), '\\x00'`
                 : `case o when 0 then null else access_log.chain_key('one', 'person-' || (i * 104729 % $4::int), null) end, sha256(i::text::bytea)`
             }
           from generate_series($1::bigint, $2::bigint - 1) as i, generate_series(0, 1) as o`,
          span,
        )
      await tx.query('update access_log.sealed set size = $1', [span[1]])
      await tx.query('update access_log.head set size = $1', [span[1]])
    })
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

test('a question from a month on reads none of the months before, whatever it asks for', async () => {
  const all = await pagesOf(byClause)
  const late = await pagesOf({ ...byClause, from: `2025-${MONTHS}-01T00:00:00Z` })
  if (isSoak) process.stdout.write(`${JSON.stringify({ clause: { all, late } })}\n`)
  expect([all.rows, late.rows]).toEqual([0, 0])
  expect(late.pages).toBeLessThan(all.pages / (MONTHS / 2))
}, 3_600_000)
