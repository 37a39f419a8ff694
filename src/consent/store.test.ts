import 'reflect-metadata'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.js'
import type { Database } from '../platform/database.js'
import type { StandingRef, ValueMarks } from '../sharing/fact-source.js'
import { condition } from '../sharing/facts.js'
import { consentFacts } from './facts.js'
import { consentMigrations } from './migrations.js'
import {
  movePersonsWishes,
  type NewWish,
  recordSourceWishes,
  recordWishes,
  type SourceWishOf,
  sortWishes,
  splitPersonsWishes,
  unsortWishes,
  wishesOf,
  wishInForce,
} from './store.js'

let database: Database
beforeAll(async () => {
  database = await testDatabase({ migrations: consentMigrations })
})
afterAll(() => database.close())
beforeEach(() => database.query('truncate consent.wish'))

const NOW = Date.parse('2026-11-20T12:00:00Z')
const AGENCY = { id: 'force', kind: 'kind-force' }
const newWish = (
  decision: NewWish['decision'],
  givenAt: string,
  more: Partial<NewWish> = {},
): NewWish => ({
  personKey: 'her',
  partId: null,
  decision,
  recipients: [],
  purposes: [],
  categories: [],
  givenAt,
  until: null,
  wording: null,
  representative: null,
  recordedBy: 'ann',
  agency: 'shelter',
  recordedAt: givenAt,
  sourceKey: null,
  ...more,
})
const source: SourceWishOf = {
  agency: 'shelter',
  source: { type: 'wish', id: '7' },
  about: { type: 'client', id: '1' },
  personKey: 'her',
  decision: 'GIVEN',
  recipients: ['force'],
  purposes: [],
  categories: ['LOCATION'],
  givenAt: '2026-03-01T00:00:00Z',
  until: null,
}
const inForce = (category: 'LOCATION' | 'CONTACT' = 'LOCATION') =>
  wishInForce(
    database,
    { personKey: 'her', partId: null },
    { recipient: AGENCY, purpose: 'SAFETY', category, atMs: NOW },
  )

test('a wish is kept as it was said and can neither be changed nor removed', async () => {
  await recordWishes(database, [
    newWish('GIVEN', '2026-03-01T00:00:00Z', { recipients: ['force'], categories: ['LOCATION'] }),
  ])
  expect(await inForce()).toBe('GIVEN')
  expect(await inForce('CONTACT')).toBe('NONE')
  await expect(database.query(`update consent.wish set decision = 'REFUSED'`)).rejects.toThrow(
    /never changed/,
  )
  await expect(database.query('delete from consent.wish')).rejects.toThrow(/never changed/)
})

test("an agency's wish that is synchronised again is one wish, and one that has changed is another", async () => {
  expect(await recordSourceWishes(database, [source], new Date(NOW))).toBe(1)
  expect(await recordSourceWishes(database, [source, source], new Date(NOW))).toBe(0)
  expect(
    await recordSourceWishes(
      database,
      [{ ...source, decision: 'WITHDRAWN', givenAt: '2026-04-01T00:00:00Z' }],
      new Date(NOW),
    ),
  ).toBe(1)
  expect(await inForce()).toBe('WITHDRAWN')
})

test("what a member recorded holds against an older yes that the agency's system still says", async () => {
  await recordWishes(database, [newWish('WITHDRAWN', '2026-05-01T00:00:00Z')])
  await recordSourceWishes(database, [source], new Date(NOW))
  expect(await inForce()).toBe('WITHDRAWN')
})

test('wishes of somebody not identified stay with the part, and count beside those of the person', async () => {
  const partId = randomUUID()
  await recordWishes(database, [
    newWish('REFUSED', '2026-02-01T00:00:00Z', { personKey: null, partId }),
    newWish('GIVEN', '2026-01-01T00:00:00Z'),
  ])
  const [both, part, person] = await wishesOf(database, [
    { personKey: 'her', partId },
    { personKey: null, partId },
    { personKey: 'her', partId: null },
  ])
  expect([both?.length, part?.length, person?.length]).toEqual([2, 1, 1])
})

test('when persons merge, their wishes are the wishes of the one who remains', async () => {
  await recordWishes(database, [
    newWish('REFUSED', '2026-02-01T00:00:00Z', { personKey: 'younger' }),
  ])
  await movePersonsWishes(database, [{ from: 'younger', to: 'her' }])
  expect(await inForce()).toBe('REFUSED')
})

test('when two people turn out to be two after all, each has the wishes they came with', async () => {
  await recordWishes(database, [
    newWish('REFUSED', '2026-02-01T00:00:00Z', { personKey: 'younger' }),
    newWish('GIVEN', '2026-01-01T00:00:00Z'),
  ])
  await movePersonsWishes(database, [{ from: 'younger', to: 'her' }])
  expect(await inForce()).toBe('REFUSED')
  await splitPersonsWishes(database, { from: 'her', to: 'younger', about: null })
  expect(await inForce()).toBe('GIVEN')
})

test('a record that was never hers takes along what its agency holds of its wishes, and nothing else', async () => {
  await recordSourceWishes(database, [source], new Date(NOW))
  expect(await inForce()).toBe('GIVEN')
  const split = (id: string) =>
    splitPersonsWishes(database, {
      from: 'her',
      to: 'nobody',
      about: { agency: 'shelter', type: 'client', id },
    })
  await split('another')
  expect(await inForce()).toBe('GIVEN')
  await split('1')
  expect(await inForce()).toBe('NONE')
})

const MARKS: ValueMarks = {
  supplier: 'shelter',
  unit: false,
  itemId: null,
  carries: {},
  clearedBy: [],
  suppliedAtMs: null,
}
const HER: StandingRef = {
  caseId: null,
  partId: null,
  part: 'VICTIM',
  personKey: 'her',
  caseIsOpen: true,
}
const load = (standings: readonly StandingRef[]) =>
  consentFacts(database).load({
    asker: { agency: AGENCY, subject: 'dot', roles: ['R'], purpose: 'SAFETY' },
    standings,
    values: [],
    nowMs: NOW,
  })

test.each<{
  wish: Partial<NewWish> | null
  yes: string
  notRefused: string
  notForRecipient: string
}>([
  { wish: null, yes: 'FALSE', notRefused: 'UNKNOWN', notForRecipient: 'TRUE' },
  { wish: { decision: 'GIVEN' }, yes: 'TRUE', notRefused: 'TRUE', notForRecipient: 'TRUE' },
  { wish: { decision: 'INFORMED' }, yes: 'FALSE', notRefused: 'TRUE', notForRecipient: 'TRUE' },
  { wish: { decision: 'REFUSED' }, yes: 'FALSE', notRefused: 'FALSE', notForRecipient: 'FALSE' },
  { wish: { decision: 'WITHDRAWN' }, yes: 'FALSE', notRefused: 'FALSE', notForRecipient: 'FALSE' },
  {
    wish: { decision: 'REFUSED', recipients: ['trust'] },
    yes: 'FALSE',
    notRefused: 'UNKNOWN',
    notForRecipient: 'TRUE',
  },
  {
    wish: { decision: 'GIVEN', until: '2026-11-20T12:00:00Z' },
    yes: 'FALSE',
    notRefused: 'UNKNOWN',
    notForRecipient: 'TRUE',
  },
])(
  'with $wish: yes $yes, not refused $notRefused, not refused for the recipient $notForRecipient',
  async ({ wish, yes, notRefused, notForRecipient }) => {
    if (wish) await recordWishes(database, [newWish('GIVEN', '2026-03-01T00:00:00Z', wish)])
    const loaded = await load([HER])
    const ask = (fact: 'WISH_YES' | 'NOT_REFUSED' | 'NOT_REFUSED_FOR_RECIPIENT') =>
      loaded.fact(
        condition(fact),
        { category: 'LOCATION', locates: 'SUBJECT', forms: [] },
        HER,
        MARKS,
      )
    expect([ask('WISH_YES'), ask('NOT_REFUSED'), ask('NOT_REFUSED_FOR_RECIPIENT')]).toEqual([
      yes,
      notRefused,
      notForRecipient,
    ])
  },
)

test('of somebody whose wishes were not loaded nothing is known', async () => {
  const loaded = await load([HER])
  for (const other of [
    { ...HER, personKey: 'another' },
    { ...HER, personKey: null },
  ])
    expect(
      loaded.fact(
        condition('NOT_REFUSED_FOR_RECIPIENT'),
        { category: 'LOCATION', locates: 'SUBJECT', forms: [] },
        other,
        MARKS,
      ),
    ).toBe('UNKNOWN')
})

test('the facts end when the first of the wishes does, and are loaded with one statement', async () => {
  await recordWishes(database, [
    newWish('GIVEN', '2026-03-01T00:00:00Z', { until: '2026-12-01T00:00:00Z' }),
    newWish('GIVEN', '2026-03-01T00:00:00Z', { personKey: 'two', until: '2026-11-21T00:00:00Z' }),
  ])
  const counted = database.countStatements()
  const loaded = await load([HER, { ...HER, personKey: 'two' }])
  counted.stop()
  expect(loaded.untilMs).toBe(Date.parse('2026-11-21T00:00:00Z'))
  expect(counted.count()).toBe(1)
})

describe('wishes that were said while two people were held to be one', () => {
  const PART = '7c0e0d5e-3c2b-4d70-9d5e-0f0c7b4f1a01'
  const BACK = '7c0e0d5e-3c2b-4d70-9d5e-0f0c7b4f1a02'
  const OF_RECORD = { agency: 'shelter', type: 'CLIENT', id: '7' }
  const decisionsOf = async (personKey: string) =>
    (await wishesOf(database, [{ personKey, partId: null }]))
      .flat()
      .map((one) => one.decision)
      .sort()
  const split = () =>
    unsortWishes(database, {
      from: 'stays',
      to: 'back',
      partsBack: [BACK],
      parts: [PART],
      records: [OF_RECORD],
    })
  beforeEach(async () => {
    const about = JSON.stringify([OF_RECORD.agency, OF_RECORD.type, OF_RECORD.id])
    const said = (decision: 'GIVEN' | 'REFUSED', over: object) =>
      newWish(decision, '2026-03-01T00:00:00Z', { personKey: 'stays', partId: null, ...over })
    await recordWishes(database, [
      said('GIVEN', { partId: PART }),
      said('REFUSED', { partId: PART }),
      said('GIVEN', { aboutSource: about }),
      said('REFUSED', { aboutSource: about }),
      said('GIVEN', { partId: BACK }),
    ])
  })

  test('count for neither where they say yes, and bind both where they say no; what was said of a part goes with it', async () => {
    await split()
    expect(await decisionsOf('stays')).toEqual(['REFUSED', 'REFUSED'])
    expect(await decisionsOf('back')).toEqual(['GIVEN', 'REFUSED', 'REFUSED'])
  })
  test('are of the one whose the part or the record is, and no longer of the other, once somebody has said so', async () => {
    await split()
    await sortWishes(database, { person: 'back', part: PART })
    await sortWishes(database, { person: 'stays', record: OF_RECORD })
    expect(await decisionsOf('stays')).toEqual(['GIVEN', 'REFUSED'])
    expect(await decisionsOf('back')).toEqual(['GIVEN', 'GIVEN', 'REFUSED'])
  })
})
