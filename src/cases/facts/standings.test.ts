import 'reflect-metadata'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { testDatabase } from '../../../test/database.js'
import { caseDocument, load, MEMBERS, personKeyOf, recordOf } from '../../../test/small-caseload.js'
import { consentMigrations } from '../../consent/migrations.js'
import type { Database } from '../../platform/database.js'
import type { StandingRef } from '../../sharing/fact-source.js'
import { casesMigrations } from '../migrations.js'
import { loadStandings } from './standings.js'

let database: Database
let names: ReadonlyMap<string, string>
beforeAll(async () => {
  database = await testDatabase({ migrations: [...casesMigrations, ...consentMigrations] })
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query(
    'truncate cases.case_file, cases.member, cases.member_conflict, cases.write, consent.wish cascade',
  )
  const part = (key: string, as: string, id: string) => ({
    key,
    as,
    records: [recordOf(id)],
    ...(as === 'PERPETRATOR' && { legalStatus: 'ALLEGED' }),
  })
  await load(database, [
    ...MEMBERS,
    caseDocument('a', { parts: [part('v', 'VICTIM', 'her'), part('x', 'PERPETRATOR', 'him')] }),
    caseDocument('b', { parts: [part('v', 'VICTIM', 'two'), part('x', 'PERPETRATOR', 'him')] }),
    caseDocument('c', { parts: [part('v', 'VICTIM', 'him'), part('x', 'PERPETRATOR', 'third')] }),
    caseDocument('d', {
      stage: 'CLOSED',
      parts: [part('v', 'VICTIM', 'past'), part('x', 'PERPETRATOR', 'him')],
    }),
    caseDocument('z', { parts: [part('v', 'VICTIM', 'far'), part('x', 'PERPETRATOR', 'away')] }),
  ])
  const rows = await database.query<{ id: string; name: string }>(
    `select p.id, f.reference || '.' || p.import_key as name from cases.part p join cases.case_file f on f.id = p.case_id
     union all select id, reference from cases.case_file`,
  )
  names = new Map(rows.map(({ id, name }) => [id, name]))
})

const idOf = (name: string): string => [...names].find(([, one]) => one === name)?.[0] ?? ''
const named = (refs: readonly StandingRef[]): string[] =>
  refs.map(({ partId, caseId }) => names.get(partId ?? caseId ?? '') ?? '?').sort()

test('a person stands in every case in which they figure', async () => {
  const him = (
    await loadStandings(database, { persons: [personKeyOf({ id: 'him' })], parts: [], cases: [] })
  ).person('person-him')
  expect(named(him.here)).toEqual(['a.x', 'b.x', 'c.v', 'd.x'])
})

test('a part stands in its own case, and everywhere as its person does', async () => {
  const part = (
    await loadStandings(database, { persons: [], parts: [idOf('a.x')], cases: [] })
  ).part(idOf('a.x'))
  expect(named(part.here)).toEqual(['a.x'])
  expect(named(part.everywhere)).toEqual(['a.x', 'b.x', 'c.v', 'd.x'])
})

test('a text about anybody may locate every protected person around them, and nobody far away', async () => {
  const standings = await loadStandings(database, {
    persons: [],
    parts: [idOf('a.v')],
    cases: [idOf('a')],
  })
  const around = ['a.v', 'a.x', 'b.v', 'b.x', 'c.v', 'd.x']
  expect(named(standings.part(idOf('a.v')).connected)).toEqual(around)
  expect(named(standings.case(idOf('a')).connected)).toEqual(around)
})

test('a case stands as a whole and in each of its parts', async () => {
  const whole = (
    await loadStandings(database, { persons: [], parts: [], cases: [idOf('a')] })
  ).case(idOf('a'))
  expect(named(whole.here)).toEqual(['a', 'a.v', 'a.x'])
  expect(whole.here[0]).toMatchObject({ part: null, caseIsOpen: true })
})

test('what is not there has no standing', async () => {
  const none = await loadStandings(database, {
    persons: ['nobody'],
    parts: ['not-an-id'],
    cases: [],
  })
  expect(none.part('not-an-id').here).toEqual([])
  expect(none.person('nobody').here).toEqual([])
})

test('everybody in a case is read along with it, and stands as when asked for alone', async () => {
  const nothing = { persons: [], parts: [], cases: [] }
  const withCase = await loadStandings(database, { ...nothing, cases: [idOf('b')] })
  for (const part of ['b.v', 'b.x'].map(idOf)) {
    const alone = await loadStandings(database, { ...nothing, parts: [part] })
    expect(withCase.isWhole('part', part)).toBe(true)
    expect(named(withCase.part(part).connected)).toEqual(named(alone.part(part).connected))
    expect(named(withCase.part(part).everywhere)).toEqual(named(alone.part(part).everywhere))
  }
  const key = personKeyOf({ id: 'him' })
  const him = (await loadStandings(database, { ...nothing, persons: [key] })).person(key)
  expect(withCase.isWhole('person', key)).toBe(true)
  expect(named(withCase.person(key).connected)).toEqual(named(him.connected))
})

test('whom a text may locate does not depend on what else is asked for with it', async () => {
  const part = (key: string, as: string, id: string) => ({
    key,
    as,
    records: [recordOf(id)],
    ...(as === 'PERPETRATOR' && { legalStatus: 'ALLEGED' }),
  })
  await load(database, [
    ...MEMBERS,
    caseDocument('e', {
      parts: [part('v', 'VICTIM', 'fourth'), part('x', 'PERPETRATOR', 'third')],
    }),
  ])
  const rows = await database.query<{ id: string; name: string }>(
    `select p.id, f.reference || '.' || p.import_key as name from cases.part p join cases.case_file f on f.id = p.case_id
     union all select id, reference from cases.case_file`,
  )
  names = new Map(rows.map(({ id, name }) => [id, name]))
  const alone = await loadStandings(database, { persons: [], parts: [], cases: [idOf('a')] })
  const together = await loadStandings(database, {
    persons: [],
    parts: [idOf('c.x')],
    cases: [idOf('a')],
  })
  const ofCase = named(alone.case(idOf('a')).connected)
  expect(ofCase).toEqual(named(together.case(idOf('a')).connected))
  expect(ofCase).toContain('e.v')
})

test('who was neither asked for nor stands in what was is not whole', async () => {
  const a = await loadStandings(database, { persons: [], parts: [], cases: [idOf('a')] })
  expect(a.isWhole('case', idOf('z'))).toBe(false)
  expect(a.isWhole('part', idOf('c.x'))).toBe(false)
  expect(a.isWhole('person', personKeyOf({ id: 'third' }))).toBe(false)
})
