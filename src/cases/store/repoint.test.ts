import 'reflect-metadata'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testDatabase } from '../../../test/database.js'
import { caseDocument, load, MEMBERS, recordOf } from '../../../test/small-caseload.js'
import { consentMigrations } from '../../consent/migrations.js'
import type { Database } from '../../platform/database.js'
import { casesMigrations } from '../migrations.js'
import { repointPersons, splitPersons } from './repoint.js'

let database: Database
beforeAll(async () => {
  database = await testDatabase({ migrations: [...casesMigrations, ...consentMigrations] })
})
afterAll(() => database.close())

test('when persons merge, parts and conflicts are of the one who remains, and the past stays as it was', async () => {
  const members = MEMBERS.map((one) =>
    one.subject === 'dot' ? { ...one, conflicts: [{ kind: 'KIN', record: recordOf('c-v') }] } : one,
  )
  await load(database, [...members, caseDocument('c')])
  const move = () =>
    database.transaction((tx) => repointPersons(tx, [{ from: 'person-c-v', to: 'person-old' }]))
  await move()
  await move()
  const parts = await database.query(
    `select person_key, superseded_at is null as stands from cases.part_state where person_key like 'person-%' order by 2, 1`,
  )
  expect(parts).toEqual([
    { person_key: 'person-c-v', stands: false },
    { person_key: 'person-c-x', stands: true },
    { person_key: 'person-old', stands: true },
  ])
  expect(
    await database.query(
      'select person_key from cases.member_conflict where superseded_at is null',
    ),
  ).toEqual([{ person_key: 'person-old' }])
})

test('when two people turn out to be two after all, parts and conflicts go back to whom they came with, and no others', async () => {
  const split = () =>
    database.transaction((tx) => splitPersons(tx, { from: 'person-old', to: 'person-c-v' }))
  await split()
  await split()
  expect(
    await database.query(
      `select person_key from cases.part_state where superseded_at is null and person_key like 'person-%'
       union all select person_key from cases.member_conflict where superseded_at is null order by 1`,
    ),
  ).toEqual([
    { person_key: 'person-c-v' },
    { person_key: 'person-c-v' },
    { person_key: 'person-c-x' },
  ])
  await database.transaction((tx) => splitPersons(tx, { from: 'person-c-x', to: 'person-c-v' }))
  expect(
    await database.query(
      "select from cases.part_state where superseded_at is null and person_key = 'person-c-x'",
    ),
  ).toHaveLength(1)
})
