import 'reflect-metadata'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { testDatabase } from '../../../test/database.js'
import {
  allocation,
  caseDocument,
  load,
  MEMBERS,
  NOW,
  recordOf,
} from '../../../test/small-caseload.js'
import { consentMigrations } from '../../consent/migrations.js'
import type { Database } from '../../platform/database.js'
import { loadAsker } from '../facts/asker.js'
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
    database.transaction((tx) =>
      splitPersons(tx, { from: 'person-old', to: 'person-c-v', since: new Date() }),
    )
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
  await database.transaction((tx) =>
    splitPersons(tx, { from: 'person-c-x', to: 'person-c-v', since: new Date() }),
  )
  expect(
    await database.query(
      "select from cases.part_state where superseded_at is null and person_key = 'person-c-x'",
    ),
  ).toHaveLength(1)
})

describe('what was identified while two people were held to be one', () => {
  const SINCE = new Date('2026-06-01T00:00:00Z')
  const statesOf = (reference: string) =>
    database.query<{ id: string; kind: string; key: string | null; maybe: readonly string[] }>(
      `select p.id, p.kind, s.person_key as key, s.maybe_persons as maybe
       from cases.part p join cases.part_state s on s.part_id = p.id and s.superseded_at is null
       join cases.case_file f on f.id = p.case_id where f.reference = $1 order by p.kind`,
      [reference],
    )
  const identify = (id: string, key: string, at: Date) =>
    database.query(
      `with old as (update cases.part_state set superseded_at = $3
         where part_id = $1 and superseded_at is null returning *)
       insert into cases.part_state (recorded_by, agency, recorded_at, part_id, person_key)
       select recorded_by, agency, $3, part_id, $2 from old`,
      [id, key, at],
    )
  const guardedFrom = async (subject: string) => {
    const agency = { id: MEMBERS.find((one) => one.subject === subject)?.agency ?? '', kind: '' }
    const asker = { subject, agency, roles: [] }
    const { protectedPersons, conflictCases } = await loadAsker(database, asker, NOW.getTime())
    return { persons: [...protectedPersons].sort(), conflictCases: conflictCases.size }
  }

  test('is nobody’s after the split, stands for both where it protects, and is one’s again when somebody says whose', async () => {
    const unknown = (key: string, as: string, more: object = {}) => ({ key, as, ...more })
    const { problems } = await load(database, [
      ...MEMBERS.map((one) =>
        one.subject === 'ann'
          ? { ...one, conflicts: [{ kind: 'KIN', record: recordOf('m-v') }] }
          : one,
      ),
      caseDocument('m'),
      caseDocument('n', {
        parts: [unknown('v', 'VICTIM'), unknown('x', 'PERPETRATOR', { legalStatus: 'ALLEGED' })],
        allocations: [allocation('fay', 'PERPETRATOR')],
      }),
    ])
    expect(problems).toEqual([])
    const [, victim] = await statesOf('n')
    const id = victim?.id ?? ''
    expect((await guardedFrom('fay')).persons).toEqual([])
    await identify(id, 'person-m-v', new Date('2026-07-01T00:00:00Z'))
    const split = { from: 'person-m-v', to: 'person-back', since: SINCE }
    const { unsorted } = await database.transaction((tx) => splitPersons(tx, split))
    expect(unsorted).toEqual([id])
    expect((await statesOf('n'))[1]).toMatchObject({
      key: null,
      maybe: ['person-m-v', 'person-back'],
    })
    // Of what was known before the merging nothing changes.
    expect((await statesOf('m')).map((one) => one.key)).toEqual(['person-m-x', 'person-m-v'])
    expect((await guardedFrom('fay')).persons).toEqual(['person-back', 'person-m-v'])
    expect((await guardedFrom('ann')).conflictCases).toBe(1)
    await identify(id, 'person-back', new Date())
    expect((await guardedFrom('fay')).persons).toEqual(['person-back'])
    expect((await guardedFrom('ann')).conflictCases).toBe(0)
  })
})
