import 'reflect-metadata'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { testDatabase } from '../../../test/database.js'
import {
  AGENCIES,
  allocation,
  caseDocument,
  load,
  MEMBERS,
  NOW,
  recordOf,
} from '../../../test/small-caseload.js'
import { consentMigrations } from '../../consent/migrations.js'
import type { Database } from '../../platform/database.js'
import type { Asker, StandingRef, ValueMarks } from '../../sharing/fact-source.js'
import { condition, type FactCode } from '../../sharing/facts.js'
import type { Category, Tri } from '../../sharing/vocabulary.js'
import { casesMigrations } from '../migrations.js'
import { CASE_FACTS, caseFacts } from './case-facts.js'
import { loadStandings } from './standings.js'

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

const askerOf = (subject: string): Asker => {
  const member = MEMBERS.find((one) => one.subject === subject)
  const agency = AGENCIES.get(member?.agency ?? '')
  return {
    agency: { id: agency?.id ?? 'none', kind: agency?.kind ?? 'none' },
    subject,
    roles: [...(member?.roles ?? [])],
    purpose: 'VICTIM_SAFETY',
  }
}
const MARKS: ValueMarks = {
  supplier: 'force',
  unit: true,
  itemId: null,
  carries: {},
  clearedBy: [],
  suppliedAtMs: NOW.getTime() - 3_600_000,
}

/** The standing of a part, named by its case's reference and its key in the caseload. */
async function standingOf(part: string): Promise<StandingRef> {
  const [reference, key] = part.split('.')
  const [row] = await database.query<{ id: string }>(
    'select p.id from cases.part p join cases.case_file f on f.id = p.case_id where f.reference = $1 and p.import_key = $2',
    [reference, key],
  )
  const found = (
    await loadStandings(database, { persons: [], parts: [row?.id ?? ''], cases: [] })
  ).part(row?.id ?? '')
  if (!found.here[0]) throw new Error(`no part ${part}`)
  return found.here[0]
}

interface Ask {
  readonly asker: string
  readonly of: string
  readonly argument?: string
  readonly category?: Category
  readonly marks?: Partial<ValueMarks>
  readonly at?: Date
}
async function factOf(
  fact: FactCode,
  { asker, of, argument, category, marks, at }: Ask,
): Promise<Tri> {
  const standing = await standingOf(of)
  const value = { ...MARKS, ...marks }
  const loaded = await caseFacts(database).load({
    asker: askerOf(asker),
    standings: [standing],
    values: [value],
    nowMs: (at ?? NOW).getTime(),
  })
  return loaded.fact(
    condition(fact, argument ?? null),
    { category: category ?? 'LOCATION', locates: 'SUBJECT', forms: [] },
    standing,
    value,
  )
}

const item = (type: string, of: string | undefined, body: object, more: object = {}) => ({
  type,
  ...(of && { of }),
  body,
  recordedBy: 'mel',
  recordedAt: '2026-02-01T00:00:00Z',
  ...more,
})

describe('whoever asks', () => {
  test.each<{ subject: string; change: object; expected: Tri; why: string }>([
    { subject: 'dot', change: {}, expected: 'TRUE', why: 'on the list, vetted and trained' },
    {
      subject: 'dot',
      change: { vettedUntil: '2026-11-20T11:59:00Z' },
      expected: 'FALSE',
      why: 'vetting has run out',
    },
    {
      subject: 'dot',
      change: { trainedUntil: null },
      expected: 'UNKNOWN',
      why: 'training is not known',
    },
    {
      subject: 'dot',
      change: { roles: ['SOMETHING_ELSE'] },
      expected: 'FALSE',
      why: 'the list does not have the role',
    },
    {
      subject: 'dot',
      change: { to: '2026-01-01T00:00:00Z' },
      expected: 'FALSE',
      why: 'no longer on the list',
    },
    {
      subject: 'dot',
      change: { membership: 'SYSTEM', vettedUntil: null, trainedUntil: null },
      expected: 'TRUE',
      why: 'a system needs no vetting',
    },
    { subject: 'nil', change: {}, expected: 'FALSE', why: 'nobody on the list' },
  ])('is a member: $expected ($why)', async ({ subject, change, expected }) => {
    await load(database, [
      ...MEMBERS.map((one) => (one.subject === 'dot' ? { ...one, ...change } : one)),
      caseDocument('c'),
    ])
    const asked = factOf('MEMBER', { asker: subject, of: 'c.v' })
    expect(await asked).toBe(expected)
  })

  test('is allocated while the allocation lasts, in the role it was given for', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        allocations: [
          allocation('dot', 'NEITHER', { to: '2026-12-01T00:00:00Z' }),
          allocation('fay', 'PERPETRATOR', { role: 'OTHER' }),
        ],
      }),
      caseDocument('d'),
    ])
    expect(await factOf('ALLOCATED', { asker: 'dot', of: 'c.v' })).toBe('TRUE')
    expect(await factOf('ALLOCATED', { asker: 'dot', of: 'd.v' })).toBe('FALSE')
    expect(await factOf('ALLOCATED', { asker: 'fay', of: 'c.v' })).toBe('FALSE')
    expect(
      await factOf('ALLOCATED', { asker: 'dot', of: 'c.v', at: new Date('2026-12-01T00:00:00Z') }),
    ).toBe('FALSE')
  })

  test('is in the case where kin of anybody in it, and where kept out of it', async () => {
    const members = MEMBERS.map((one) =>
      one.subject === 'dot'
        ? {
            ...one,
            conflicts: [
              { kind: 'KIN', record: recordOf('c-x') },
              { kind: 'OTHER', case: 'e' },
            ],
          }
        : one,
    )
    await load(database, [...members, caseDocument('c'), caseDocument('d'), caseDocument('e')])
    expect(await factOf('NOT_IN_CASE', { asker: 'dot', of: 'c.v' })).toBe('FALSE')
    expect(await factOf('NOT_IN_CASE', { asker: 'dot', of: 'd.v' })).toBe('TRUE')
    expect(await factOf('NOT_IN_CASE', { asker: 'dot', of: 'e.v' })).toBe('FALSE')
    expect(await factOf('NOT_IN_CASE', { asker: 'ann', of: 'c.v' })).toBe('TRUE')
  })

  test('is excluded from a restricted case unless named or allocated', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        restricted: { named: [{ agency: 'shelter', subject: 'ann' }] },
        allocations: [allocation('dot', 'NEITHER')],
      }),
    ])
    expect(await factOf('NOT_EXCLUDED', { asker: 'ann', of: 'c.v' })).toBe('TRUE')
    expect(await factOf('NOT_EXCLUDED', { asker: 'dot', of: 'c.v' })).toBe('TRUE')
    expect(await factOf('NOT_EXCLUDED', { asker: 'mel', of: 'c.v' })).toBe('FALSE')
  })

  test('ends the facts at the first instant at which one of them may change', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        allocations: [allocation('dot', 'NEITHER', { to: '2026-11-21T00:00:00Z' })],
      }),
    ])
    const standing = await standingOf('c.v')
    const loaded = await caseFacts(database).load({
      asker: askerOf('dot'),
      standings: [standing],
      values: [],
      nowMs: NOW.getTime(),
    })
    expect(loaded.untilMs).toBe(Date.parse('2026-11-21T00:00:00Z'))
  })
})

describe('sides between people', () => {
  const person = (key: string, as: string, id: string | null) => ({
    key,
    as,
    ...(as === 'PERPETRATOR' && { legalStatus: 'ALLEGED' }),
    ...(id && { records: [recordOf(id)] }),
  })

  test("the perpetrator's worker is not apart from the victim of the same case, others are", async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        allocations: [
          allocation('fay', 'PERPETRATOR'),
          allocation('dot', 'NEITHER'),
          allocation('ann', 'VICTIM'),
        ],
      }),
    ])
    expect(await factOf('APART', { asker: 'fay', of: 'c.v' })).toBe('FALSE')
    expect(await factOf('APART', { asker: 'fay', of: 'c.x' })).toBe('TRUE')
    expect(await factOf('APART', { asker: 'dot', of: 'c.v' })).toBe('TRUE')
    expect(await factOf('APART', { asker: 'ann', of: 'c.v' })).toBe('TRUE')
  })

  test('a second victim of the same perpetrator is protected from the same worker, in her own case', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        parts: [person('v', 'VICTIM', 'one'), person('x', 'PERPETRATOR', 'him')],
        allocations: [allocation('fay', 'PERPETRATOR')],
      }),
      caseDocument('d', {
        parts: [
          person('v', 'VICTIM', 'two'),
          person('k', 'CHILD', 'kid'),
          person('x', 'PERPETRATOR', 'him'),
        ],
      }),
    ])
    expect(await factOf('APART', { asker: 'fay', of: 'd.v' })).toBe('FALSE')
    expect(await factOf('APART', { asker: 'fay', of: 'd.k' })).toBe('FALSE')
    expect(await factOf('APART', { asker: 'fay', of: 'd.x' })).toBe('TRUE')
  })

  test('a victim who is protected here is protected wherever else she figures', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        parts: [person('v', 'VICTIM', 'her'), person('x', 'PERPETRATOR', 'him')],
        allocations: [allocation('fay', 'PERPETRATOR')],
      }),
      caseDocument('d', {
        parts: [person('w', 'WITNESS', 'her'), person('x', 'PERPETRATOR', 'other')],
      }),
    ])
    expect(await factOf('APART', { asker: 'fay', of: 'd.w' })).toBe('FALSE')
  })

  test('an unidentified perpetrator has a side too', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        parts: [person('v', 'VICTIM', null), person('x', 'PERPETRATOR', null)],
        allocations: [
          allocation('fay', 'BOTH', {
            exception: { reason: 'only one here', agreedBy: { agency: 'force', subject: 'dot' } },
          }),
        ],
      }),
    ])
    expect(await factOf('APART', { asker: 'fay', of: 'c.v' })).toBe('FALSE')
  })

  test('a counter-allegation: each is protected from the worker of the other', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        parts: [person('v', 'VICTIM', 'a'), person('x', 'PERPETRATOR', 'b')],
        allocations: [allocation('fay', 'PERPETRATOR')],
      }),
      caseDocument('d', { parts: [person('v', 'VICTIM', 'b'), person('x', 'PERPETRATOR', 'a')] }),
    ])
    expect(await factOf('APART', { asker: 'fay', of: 'c.v' })).toBe('FALSE')
    expect(await factOf('APART', { asker: 'fay', of: 'd.x' })).toBe('FALSE')
    expect(await factOf('APART', { asker: 'fay', of: 'd.v' })).toBe('TRUE')
    expect(await factOf('PROTECTED_ELSEWHERE', { asker: 'fay', of: 'c.x' })).toBe('TRUE')
    expect(await factOf('PROTECTED_ELSEWHERE', { asker: 'fay', of: 'c.v' })).toBe('FALSE')
  })

  test('nobody is protected by closed cases alone, and one open case is enough', async () => {
    const closed = { stage: 'CLOSED', closedOn: '2026-06-01' }
    const parts = [person('v', 'VICTIM', 'her'), person('x', 'PERPETRATOR', 'him')]
    await load(database, [
      ...MEMBERS,
      caseDocument('c', { ...closed, parts, allocations: [allocation('fay', 'PERPETRATOR')] }),
    ])
    expect(await factOf('APART', { asker: 'fay', of: 'c.v' })).toBe('TRUE')
    await load(database, [
      caseDocument('d', {
        parts: [person('v', 'VICTIM', 'her'), person('x', 'PERPETRATOR', 'else')],
      }),
    ])
    expect(await factOf('APART', { asker: 'fay', of: 'c.v' })).toBe('FALSE')
  })

  test('for an item of a whole case the worker is apart from all of its people or from none', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', { allocations: [allocation('fay', 'PERPETRATOR')] }),
      caseDocument('d'),
    ])
    for (const [of, expected] of [
      ['c.v', 'FALSE'],
      ['d.v', 'TRUE'],
    ] as const) {
      const { caseId, caseIsOpen } = await standingOf(of)
      const whole: StandingRef = { caseId, caseIsOpen, partId: null, part: null, personKey: null }
      const loaded = await caseFacts(database).load({
        asker: askerOf('fay'),
        standings: [whole],
        values: [],
        nowMs: NOW.getTime(),
      })
      expect(
        loaded.fact(
          condition('APART'),
          { category: 'LOCATION', locates: 'OTHERS', forms: [] },
          whole,
          MARKS,
        ),
      ).toBe(expected)
    }
  })

  test('somebody outside all cases is apart, and a case that was not loaded is unknown', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const nobody: StandingRef = {
      caseId: null,
      partId: null,
      part: null,
      personKey: 'stranger',
      caseIsOpen: false,
    }
    const elsewhere: StandingRef = {
      ...nobody,
      caseId: '00000000-0000-4000-8000-000000000000',
      personKey: null,
    }
    const loaded = await caseFacts(database).load({
      asker: askerOf('fay'),
      standings: [nobody],
      values: [],
      nowMs: NOW.getTime(),
    })
    const cell = { category: 'LOCATION', locates: 'SUBJECT', forms: [] } as const
    expect(loaded.fact(condition('APART'), cell, nobody, MARKS)).toBe('TRUE')
    expect(loaded.fact(condition('ALLOCATED'), cell, nobody, MARKS)).toBe('FALSE')
    for (const fact of ['APART', 'NOT_IN_CASE', 'NOT_EXCLUDED', 'RISK_HIGH', 'REFERRED'] as const)
      expect(loaded.fact(condition(fact), cell, elsewhere, MARKS)).toBe('UNKNOWN')
  })
})

describe('what was decided, requested and assessed', () => {
  const release = {
    by: 'OFFICE',
    byAgency: 'force',
    categories: ['LOCATION'],
    toRoles: ['DETECTING'],
    reason: 'r',
    harmWeighed: 'h',
    consentSought: 'NOT_REACHED',
    until: '2026-12-01T00:00:00Z',
  }
  test.each<{ change: object; ask: Partial<Ask>; expected: Tri }>([
    { change: {}, ask: {}, expected: 'TRUE' },
    { change: {}, ask: { argument: 'OTHER_OFFICE' }, expected: 'FALSE' },
    { change: {}, ask: { category: 'CONTACT' }, expected: 'FALSE' },
    { change: {}, ask: { asker: 'fay' }, expected: 'FALSE' },
    { change: {}, ask: { of: 'c.x' }, expected: 'FALSE' },
    { change: {}, ask: { marks: { supplier: 'shelter' } }, expected: 'FALSE' },
    { change: { toAgencies: ['trust'] }, ask: {}, expected: 'FALSE' },
    { change: { until: '2026-11-20T12:00:00Z' }, ask: {}, expected: 'FALSE' },
    { change: { from: '2026-11-21T00:00:00Z' }, ask: {}, expected: 'FALSE' },
  ])(
    'a release with $change asked with $ask holds: $expected',
    async ({ change, ask, expected }) => {
      await load(database, [
        ...MEMBERS,
        caseDocument('c', { items: [item('RELEASE', 'v', { ...release, ...change })] }),
      ])
      expect(
        await factOf('DECIDED_BY', { asker: 'dot', of: 'c.v', argument: 'OFFICE', ...ask }),
      ).toBe(expected)
    },
  )

  const request = {
    counselling: false,
    categories: ['THERAPY_NOTES'],
    lineOfEnquiry: 'l',
    decidedBy: 'd',
    noticeGivenAt: '2026-03-01T00:00:00Z',
  }
  test.each<{ body: object; plain: Tri; counselling: Tri }>([
    { body: request, plain: 'TRUE', counselling: 'FALSE' },
    { body: { ...request, noticeGivenAt: null }, plain: 'FALSE', counselling: 'FALSE' },
    {
      body: { ...request, noticeGivenAt: null, exceptionReason: 'RISK' },
      plain: 'TRUE',
      counselling: 'FALSE',
    },
    {
      body: { ...request, noticeGivenAt: '2026-12-01T00:00:00Z' },
      plain: 'FALSE',
      counselling: 'FALSE',
    },
    { body: { ...request, counselling: true }, plain: 'TRUE', counselling: 'FALSE' },
    {
      body: { ...request, counselling: true, seniorApproval: 'superintendent' },
      plain: 'TRUE',
      counselling: 'TRUE',
    },
    { body: { ...request, categories: ['COUNSELLING'] }, plain: 'FALSE', counselling: 'FALSE' },
  ])(
    'a request $body counts as one: $plain, at the counselling test: $counselling',
    async ({ body, plain, counselling }) => {
      await load(database, [
        ...MEMBERS,
        caseDocument('c', { items: [item('INFORMATION_REQUEST', 'v', body)] }),
      ])
      const ask = { asker: 'dot', of: 'c.v', category: 'THERAPY_NOTES' } as const
      expect(await factOf('VICTIM_REQUEST', ask)).toBe(plain)
      expect(await factOf('VICTIM_REQUEST_COUNSELLING', ask)).toBe(counselling)
    },
  )

  test('broken glass opens one category of one person to one caller, for a time', async () => {
    const glass = {
      subjectId: 'out',
      subjectAgency: 'force',
      categories: ['LOCATION'],
      reason: 'r',
      from: '2026-11-20T08:00:00Z',
      until: '2026-11-20T20:00:00Z',
      reviewDue: '2026-11-25T12:00:00Z',
    }
    await load(database, [
      ...MEMBERS,
      caseDocument('c', { items: [item('BREAK_GLASS', 'v', glass)] }),
    ])
    expect(await factOf('BREAK_GLASS', { asker: 'out', of: 'c.v' })).toBe('TRUE')
    expect(await factOf('BREAK_GLASS', { asker: 'out', of: 'c.v', category: 'CONTACT' })).toBe(
      'FALSE',
    )
    expect(await factOf('BREAK_GLASS', { asker: 'out', of: 'c.x' })).toBe('FALSE')
    expect(await factOf('BREAK_GLASS', { asker: 'dot', of: 'c.v' })).toBe('FALSE')
    expect(
      await factOf('BREAK_GLASS', {
        asker: 'out',
        of: 'c.v',
        at: new Date('2026-11-20T20:00:00Z'),
      }),
    ).toBe('FALSE')
  })

  const assessed = (level: string, assessedOn: string, instrument = 'SASH') =>
    item('ASSESSMENT', 'v', { instrument, instrumentVersion: '1', level, assessedOn })
  test.each<{ items: object[]; expected: Tri }>([
    { items: [], expected: 'UNKNOWN' },
    { items: [assessed('HIGH', '2026-01-01')], expected: 'TRUE' },
    { items: [assessed('HIGH', '2026-01-01'), assessed('LOW', '2026-05-01')], expected: 'FALSE' },
    {
      items: [assessed('LOW', '2026-05-01'), assessed('HIGH', '2026-01-01', 'DASH')],
      expected: 'TRUE',
    },
  ])('risk is high: $expected', async ({ items, expected }) => {
    await load(database, [...MEMBERS, caseDocument('c', { items })])
    expect(await factOf('RISK_HIGH', { asker: 'dot', of: 'c.v' })).toBe(expected)
  })

  test('an agency has referred the person it referred', async () => {
    const referral = item('REFERRAL', 'v', {
      from: 'trust',
      to: 'unit',
      referredOn: '2026-01-02',
      state: 'ACCEPTED',
    })
    await load(database, [...MEMBERS, caseDocument('c', { items: [referral] })])
    expect(await factOf('REFERRED', { asker: 'fay', of: 'c.v' })).toBe('TRUE')
    expect(await factOf('REFERRED', { asker: 'fay', of: 'c.x' })).toBe('FALSE')
    expect(await factOf('REFERRED', { asker: 'dot', of: 'c.v' })).toBe('FALSE')
  })

  test.each<{ bornOn: string | null; expected: Tri }>([
    { bornOn: '2010-05-01', expected: 'TRUE' },
    { bornOn: '2008-11-20', expected: 'FALSE' },
    { bornOn: '2008-11-21', expected: 'TRUE' },
    { bornOn: '2008', expected: 'UNKNOWN' },
    { bornOn: '2007', expected: 'FALSE' },
    { bornOn: null, expected: 'UNKNOWN' },
  ])('born $bornOn is a child: $expected', async ({ bornOn, expected }) => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', { parts: [{ key: 'k', as: 'CHILD', bornOn }] }),
    ])
    expect(await factOf('CHILD', { asker: 'dot', of: 'c.k' })).toBe(expected)
  })

  test("minutes are for those who were there, and for their own side; both sides count as the perpetrator's", async () => {
    const exception = { reason: 'only one here', agreedBy: { agency: 'force', subject: 'dot' } }
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        allocations: [allocation('ann', 'VICTIM'), allocation('fay', 'BOTH', { exception })],
      }),
    ])
    const marks = { carries: { 'SIDE:VICTIM': 'TRUE', 'ATTENDED:shelter/ann': 'TRUE' } } as const
    expect(await factOf('OWN_SIDE', { asker: 'ann', of: 'c.v', marks })).toBe('TRUE')
    expect(await factOf('OWN_SIDE', { asker: 'fay', of: 'c.v', marks })).toBe('FALSE')
    expect(await factOf('OWN_SIDE', { asker: 'dot', of: 'c.v', marks })).toBe('FALSE')
    expect(await factOf('ATTENDED', { asker: 'ann', of: 'c.v', marks })).toBe('TRUE')
    expect(await factOf('ATTENDED', { asker: 'fay', of: 'c.v', marks })).toBe('FALSE')
  })

  test('freshness is counted in hours from when a value was supplied', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const ask = (suppliedAtMs: number | null) =>
      factOf('FRESH', { asker: 'dot', of: 'c.v', argument: '24', marks: { suppliedAtMs } })
    expect(await ask(NOW.getTime() - 24 * 3_600_000 + 1)).toBe('TRUE')
    expect(await ask(NOW.getTime() - 24 * 3_600_000)).toBe('FALSE')
    expect(await ask(null)).toBe('UNKNOWN')
  })
})

test('facts of sixty people in twenty cases cost as many statements as those of one', async () => {
  const cases = Array.from({ length: 20 }, (_, at) => caseDocument(`n${at}`))
  await load(database, [...MEMBERS, ...cases])
  const parts = (await database.query<{ id: string }>('select id from cases.part order by id')).map(
    ({ id }) => id,
  )
  const cost = async (asked: readonly string[]): Promise<number> => {
    const counted = database.countStatements()
    const standings = await loadStandings(database, { persons: [], parts: asked, cases: [] })
    const refs = asked.flatMap((id) => standings.part(id).everywhere)
    await caseFacts(database).load({
      asker: askerOf('dot'),
      standings: refs,
      values: [],
      nowMs: NOW.getTime(),
    })
    counted.stop()
    return counted.count()
  }
  const one = await cost(parts.slice(0, 1))
  expect(one).toBe(2)
  expect(await cost(parts)).toBe(one)
})

test('what is read along with standings says what a reading of their own would say', async () => {
  const people = (victim: string, perpetrator: string) => [
    { key: 'v', as: 'VICTIM', bornOn: '2010-05-01', records: [recordOf(victim)] },
    { key: 'x', as: 'PERPETRATOR', legalStatus: 'ALLEGED', records: [recordOf(perpetrator)] },
  ]
  const assessed = item('ASSESSMENT', 'v', {
    instrument: 'SASH',
    instrumentVersion: '1',
    level: 'HIGH',
    assessedOn: '2026-01-01',
  })
  const referral = item('REFERRAL', 'v', {
    from: 'force',
    to: 'unit',
    referredOn: '2026-01-02',
    state: 'ACCEPTED',
  })
  await load(database, [
    ...MEMBERS,
    caseDocument('a', { parts: people('her', 'him'), items: [assessed, referral] }),
    caseDocument('b', {
      parts: people('him', 'third'),
      items: [assessed],
      allocations: [allocation('dot', 'PERPETRATOR')],
    }),
    caseDocument('c', { parts: people('third', 'fourth'), restricted: { named: [] } }),
    caseDocument('d', { parts: people('fourth', 'fifth'), items: [referral] }),
  ])
  const [a] = await database.query<{ id: string }>(
    "select id from cases.case_file where reference = 'a'",
  )
  const around = (
    await loadStandings(database, { persons: [], parts: [], cases: [a?.id ?? ''] })
  ).case(a?.id ?? '')
  const refs = [...new Set([...around.here, ...around.connected])]
  const own = refs.map((ref) => ({ ...ref }))
  const ask = (standings: readonly StandingRef[]) =>
    caseFacts(database).load({
      asker: askerOf('dot'),
      standings,
      values: [],
      nowMs: NOW.getTime(),
    })
  const counted = database.countStatements()
  const along = await ask(refs)
  counted.stop()
  expect(counted.count()).toBe(1)
  const alone = await ask(own)
  const cell = { category: 'LOCATION', locates: 'SUBJECT', forms: [] } as const
  const said = (loaded: typeof along, standings: readonly StandingRef[]) =>
    CASE_FACTS.map((fact) => [
      fact,
      standings.map((one) => loaded.fact(condition(fact), cell, one, MARKS)),
    ])
  expect(refs.length).toBeGreaterThan(4)
  expect(said(along, refs)).toEqual(said(alone, own))
})
