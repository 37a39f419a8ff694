import 'reflect-metadata'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { casesRoom } from '../../../test/cases-room.js'
import { testDatabase } from '../../../test/database.js'
import { allocation, caseDocument, load, MEMBERS, recordOf } from '../../../test/small-caseload.js'
import { consentMigrations } from '../../consent/migrations.js'
import type { Database } from '../../platform/database.js'
import { casesMigrations } from '../migrations.js'
import { references } from '../references.js'
import { unitEvents } from '../store/unit-events.js'

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

const at = (recordedAt: string) => ({ recordedBy: 'dot', recordedAt })
const items = [
  {
    type: 'ORDER',
    key: 'o',
    of: 'x',
    ...at('2026-02-01T00:00:00Z'),
    body: { kind: 'SPO', from: '2026-02-01', prohibitions: ['not to call'] },
  },
  {
    type: 'CONDUCT',
    of: 'x',
    ...at('2026-02-02T00:00:00Z'),
    body: { at: '2026-01', behaviours: ['FOLLOWING'], against: 'v' },
  },
  {
    type: 'ASSESSMENT',
    of: 'x',
    ...at('2026-02-03T00:00:00Z'),
    body: {
      instrument: 'SASH',
      instrumentVersion: '2015',
      level: 'HIGH',
      assessedOn: '2026-02-03',
      items: [{ code: '1', answer: 'Y' }],
    },
  },
  {
    type: 'DECISION',
    ...at('2026-03-01T00:00:00Z'),
    body: { decidedOn: '2026-03-01', choice: 'APPLY', rationale: 'r', decider: 'Mel' },
  },
]
const idOf = async (reference: string): Promise<string> =>
  (
    await database.query<{ id: string }>('select id from cases.case_file where reference = $1', [
      reference,
    ])
  )[0]?.id ?? ''

const VIEW = `query($id: ID!, $asOf: DateTime) { case(id: $id, asOf: $asOf) {
  stage isOpen parts(as: [PERPETRATOR]) { as person { key otherParts { case { reference } } } orders { prohibitions of { as } }
    conduct { behaviours against { as } } wishes { decision } }
  team { worker side agency { name } } decisions { choice supplier { id } } assessments { level items { answer } of { as } } } }`

test('a case shows what the unit wrote, whose it is and who wrote it', async () => {
  const parts = [
    { key: 'v', as: 'VICTIM', records: [recordOf('her')] },
    { key: 'x', as: 'PERPETRATOR', legalStatus: 'CHARGED', records: [recordOf('him')] },
  ]
  const other = caseDocument('other', {
    parts: [{ key: 'x', as: 'PERPETRATOR', legalStatus: 'ALLEGED', records: [recordOf('him')] }],
  })
  await load(database, [
    ...MEMBERS,
    caseDocument('c', { parts, items, allocations: [allocation('dot', 'NEITHER')] }),
    other,
  ])
  const { data, errors } = await casesRoom(database, 'dot').ask(VIEW, { id: await idOf('c') })
  expect(errors).toBeUndefined()
  expect(data?.['case']).toMatchObject({
    stage: 'OPEN',
    isOpen: true,
    parts: [
      {
        as: 'PERPETRATOR',
        person: { key: 'person-him', otherParts: [{ case: { reference: 'other' } }] },
        orders: [{ prohibitions: ['not to call'], of: { as: 'PERPETRATOR' } }],
        conduct: [{ behaviours: ['FOLLOWING'], against: { as: 'VICTIM' } }],
        wishes: [],
      },
    ],
    team: [{ worker: 'Name of dot', side: 'NEITHER', agency: { name: 'The force' } }],
    decisions: [{ choice: 'APPLY', supplier: { id: 'force' } }],
    assessments: [{ level: 'HIGH', items: [{ answer: 'Y' }], of: { as: 'PERPETRATOR' } }],
  })
})

test('as of an instant a case shows what was known then', async () => {
  const unknown = {
    key: 'x',
    as: 'PERPETRATOR',
    legalStatus: 'ALLEGED',
    records: [recordOf('him')],
    identified: { on: '2026-04-01' },
  }
  const stages = [
    { stage: 'INTAKE', at: '2026-01-10T09:00:00Z' },
    { stage: 'OPEN', at: '2026-02-15T00:00:00Z' },
  ]
  await load(database, [
    ...MEMBERS,
    caseDocument('c', { parts: [{ key: 'v', as: 'VICTIM' }, unknown], items, stages }),
  ])
  await load(database, [
    caseDocument('c', {
      parts: [{ key: 'v', as: 'VICTIM' }, unknown],
      stages,
      items: [
        { ...items[0], body: { kind: 'SPO', from: '2026-02-01', prohibitions: ['not to write'] } },
        ...items.slice(1),
      ],
    }),
  ])
  const ask = async (asOf: string | null) =>
    (await casesRoom(database, 'dot').ask(VIEW, { id: await idOf('c'), asOf })).data?.['case']
  expect(await ask('2026-02-10T00:00:00Z')).toMatchObject({
    stage: 'INTAKE',
    parts: [{ person: null, orders: [{ prohibitions: ['not to call'] }] }],
    decisions: [],
  })
  expect(await ask(null)).toMatchObject({
    stage: 'OPEN',
    parts: [{ person: { key: 'person-him' }, orders: [{ prohibitions: ['not to write'] }] }],
    decisions: [{ choice: 'APPLY' }],
  })
  expect(await ask('2025-01-01T00:00:00Z')).toBeNull()
})

test('twenty cases cost as many statements as one', async () => {
  await load(database, [
    ...MEMBERS,
    ...Array.from({ length: 20 }, (_, n) =>
      caseDocument(`n${n}`, { items, allocations: [allocation('dot', 'NEITHER')] }),
    ),
  ])
  const query = `query($first: Int!) { cases(first: $first) { edges { node { stage parts { as person { key } orders { kind } conduct { against { as } } safeContact { channel } wishes { decision } }
    team { worker } decisions { choice } assessments { level } meetings { heldOn } } } pageInfo { hasNextPage } } }`
  const cost = async (first: number): Promise<number> => {
    const counted = database.countStatements()
    const { errors } = await casesRoom(database, 'dot').ask(query, { first })
    counted.stop()
    expect(errors).toBeUndefined()
    return counted.count()
  }
  const one = await cost(1)
  expect(await cost(20)).toBe(one)
  expect(one).toBeLessThanOrEqual(8)
})

test('pages of cases join to all of them, each once, and only those that may be known', async () => {
  await load(database, [
    ...MEMBERS,
    ...Array.from({ length: 7 }, (_, n) =>
      caseDocument(
        `n${n}`,
        n < 2 ? { restricted: { named: [{ agency: 'shelter', subject: 'ann' }] } } : {},
      ),
    ),
  ])
  const all = async (subject: string): Promise<string[]> => {
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const { data } = await casesRoom(database, subject).ask(
        'query($after: String) { cases(first: 2, after: $after) { edges { node { reference } } pageInfo { endCursor hasNextPage } } }',
        { after },
      )
      const page = data?.['cases'] as {
        edges: { node: { reference: string } }[]
        pageInfo: { endCursor: string; hasNextPage: boolean }
      }
      seen.push(...page.edges.map(({ node }) => node.reference))
      if (!page.pageInfo.hasNextPage) return seen.sort()
      after = page.pageInfo.endCursor
    }
  }
  expect(await all('ann')).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'])
  expect(await all('dot')).toEqual(['n2', 'n3', 'n4', 'n5', 'n6'])
})

test('a case that may not be known and one that is not there are the same bytes', async () => {
  await load(database, [...MEMBERS, caseDocument('c')])
  const hidden = casesRoom(database, 'dot', { seesCases: false })
  const ask = (id: string) => hidden.ask('query($id: ID!) { case(id: $id) { stage } }', { id })
  expect(await ask(await idOf('c'))).toEqual(await ask('00000000-0000-4000-8000-000000000000'))
  expect(await ask('not an id')).toEqual({ data: { case: null } })
})

test('entities are found again by their ids, in the order asked, and what is not known is null', async () => {
  await load(database, [...MEMBERS, caseDocument('c', { items })])
  const context = casesRoom(database, 'dot').context()
  const [item] = await database.query<{ id: string }>(
    `select id from cases.item where type = 'ORDER'`,
  )
  const orders = await references['Order']?.([{ id: 'nothing' }, { id: item?.id ?? '' }], context)
  expect(orders).toMatchObject([
    null,
    {
      kind: 'SPO',
      subject: {
        kind: 'PART',
        marks: { supplier: 'force', unit: true, carries: { SERVED: 'FALSE' } },
      },
    },
  ])
  expect(await references['Assessment']?.([{ id: item?.id ?? '' }], context)).toEqual([null])
  expect(await references['Agency']?.([{ id: 'force' }, { id: 'none' }], context)).toMatchObject([
    { name: 'The force' },
    null,
  ])
  const hidden = casesRoom(database, 'dot', { seesCases: false }).context()
  expect(await references['Case']?.([{ id: await idOf('c') }], hidden)).toEqual([null])
})

test('what the unit did is in the chronology, each with an id by which it is found again', async () => {
  await load(database, [
    ...MEMBERS,
    caseDocument('c', { items, allocations: [allocation('dot', 'NEITHER')] }),
  ])
  const events = await unitEvents(database, [await idOf('c')])
  expect(
    events
      .map(({ what, at, agency }) => ({ what, at, agency }))
      .sort((a, b) => a.at.localeCompare(b.at)),
  ).toEqual([
    { what: 'STAGE', at: '2026-01-10', agency: 'trust' },
    { what: 'ALLOCATION', at: '2026-01-11', agency: 'trust' },
    { what: 'DECISION', at: '2026-03-01', agency: 'force' },
  ])
  const found = await references['UnitEvent']?.(
    events.map(({ id }) => ({ id })),
    casesRoom(database, 'dot').context(),
  )
  expect(found).toMatchObject(events.map(({ what }) => ({ what })))
})
