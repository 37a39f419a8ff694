import { describe, expect, test } from '@jest/globals'
import type { Agreement } from './agreement.js'
import { condition } from './facts.js'
import { ALWAYS, all, any, formulaText, is, NOWHERE } from './formula.js'
import {
  clause,
  compiledSmall,
  EAST,
  NORTH,
  never,
  prohibition,
} from './testing/small-agreement.js'
import { type At, barred, EVERYBODY, entryAt, worker } from './testing/small-table.js'

const ALLOCATED = is(condition('ALLOCATED'))
const OWN = is(condition('OWN'))
const RISK_HIGH = is(condition('RISK_HIGH'))
const RED = { kind: 'KIND', of: 'red' } as const
const EASTERN = { kind: 'AGENCY', id: 'east' } as const
const UNIT = { kind: 'UNIT' } as const
const ofEast = { agency: EAST, roles: ['WORKER'] }
const given = { clauses: [clause('1.1')] }

describe('a never of the agreement', () => {
  const barsOf = (over: Parameters<typeof never>[1], at: At = {}, more: Partial<Agreement> = {}) =>
    barred(entryAt({ ...given, nevers: [never('N20', over)], ...more }, at))
  const whole = [`N20 NEVER WITHHOLD of ${EVERYBODY} when always unless nowhere`]
  test('bars what it names, whole or in full, of those whom it names', () => {
    expect(barsOf({ bar: ['OFFENCE'] })).toEqual(whole)
    expect(barsOf({ bar: ['OFFENCE'], barInFull: ['OFFENCE'] })).toEqual(whole)
    expect(barsOf({ barInFull: ['OFFENCE'], of: ['CHILD'], unless: ALLOCATED })).toEqual([
      'N20 NEVER GENERALISE of CHILD when always unless ALLOCATED',
    ])
    expect(barsOf({ bar: ['CUSTODY'], barInFull: ['MEETING'] })).toEqual([])
  })
  test('has nothing to bar where no clause gives anything', () => {
    expect(barsOf({ bar: ['OFFENCE'] }, {}, { clauses: [] })).toEqual([])
  })
  test('says all that a bar says', () => {
    const nevers = [never('N20', { bar: ['OFFENCE'], but: ['1.1'], reason: 'BECAUSE' })]
    expect(entryAt({ ...given, nevers }).bars).toEqual([
      expect.objectContaining({
        as: [],
        locates: null,
        aspects: null,
        but: ['1.1'],
        ofLocated: false,
        reason: 'BECAUSE',
      }),
    ])
  })
  test('reaches what comes from whom it names, what the unit wrote together by their hand included', () => {
    const from = { bar: ['OFFENCE'] as const, from: [RED] }
    expect(barsOf(from)).toEqual(whole)
    expect(barsOf(from, { supplier: 'east' })).toEqual([])
    expect(barsOf(from, { unit: true }, { ofTheUnit: ['OFFENCE'] })).toEqual(whole)
    expect(barsOf({ ...from, from: [UNIT] })).toEqual([])
    expect(barsOf({ ...from, from: [UNIT] }, { unit: true })).toEqual(whole)
  })
  test.each([
    ['anybody', { kind: 'ANYBODY' }, [true, true]],
    ['agencies', { kind: 'AGENCIES', agencies: [EASTERN, RED] }, [true, true]],
    ['one agency', { kind: 'AGENCIES', agencies: [EASTERN] }, [false, true]],
    ['all outside of one', { kind: 'OUTSIDE', agencies: [EASTERN] }, [true, false]],
    ['all outside of both', { kind: 'OUTSIDE', agencies: [EASTERN, RED] }, [false, false]],
    ['roles', { kind: 'ROLES', roles: ['GUEST', 'WORKER'] }, [true, true]],
    ['another role', { kind: 'ROLES', roles: ['GUEST'] }, [false, false]],
  ] as const)('stops %s', (_whom, to, stopped) => {
    const bars = [worker, ofEast].map((caller) => barsOf({ bar: ['OFFENCE'], to }, { caller }))
    expect(bars.map((one) => one.length === 1)).toEqual(stopped)
  })
  test('stops a role that is claimed, whatever the agency may give', () => {
    const caller = { agency: NORTH, roles: ['WORKER', 'GUEST'] }
    const to = { kind: 'ROLES', roles: ['GUEST'] } as const
    expect(barsOf({ bar: ['OFFENCE'], to }, { caller })).toEqual(whole)
  })
  test('is gone where it lets one’s own stand, and stays for the others', () => {
    expect(barsOf({ bar: ['OFFENCE'], unless: OWN })).toEqual([])
    expect(barsOf({ bar: ['OFFENCE'], unless: OWN }, { supplier: 'east' })).toEqual(whole)
  })
})

describe('a prohibition', () => {
  const barsOf = (over: Parameters<typeof prohibition>[1], at: At = {}) =>
    barred(entryAt({ clauses: [clause('1.1'), prohibition('1.2', over)] }, at))
  const whole = [`1.2 PROHIBITION WITHHOLD of ${EVERYBODY} when always unless nowhere`]
  test('bars what it is about, to whom, why, and from where', () => {
    const over = { purposes: ['WHY'], from: [RED] }
    expect(barsOf(over)).toEqual(whole)
    expect(barsOf({ ...over, categories: ['CUSTODY'] })).toEqual([])
    expect(barsOf({ ...over, purposes: null })).toEqual(whole)
    expect(barsOf(over, { purpose: 'WHEREFORE' })).toEqual([])
    expect(barsOf(over, { supplier: 'east' })).toEqual([])
    expect(barsOf({ ...over, to: ['GUEST'] })).toEqual([])
    expect(barsOf({ ...over, to: ['GUEST', 'WORKER'] })).toEqual(whole)
  })
  test('of some roles only some parts, of none of them nothing', () => {
    const only = [{ to: ['WORKER'], of: ['VICTIM'] as const }]
    expect(barsOf({ only, when: ALLOCATED, unless: RISK_HIGH })).toEqual([
      '1.2 PROHIBITION WITHHOLD of VICTIM when ALLOCATED unless RISK_HIGH',
    ])
    expect(barsOf({ only, of: ['CHILD'] })).toEqual([])
    const both = { agency: EAST, roles: ['WORKER', 'GUEST'] }
    const apart = [...only, { to: ['GUEST'], of: ['CHILD'] as const }]
    const clauses = [clause('1.1'), prohibition('1.2', { to: ['WORKER', 'GUEST'], only: apart })]
    expect(barred(entryAt({ clauses }, { caller: both, purpose: 'WHEREFORE' }))).toEqual([
      '1.2 PROHIBITION WITHHOLD of VICTIM CHILD when always unless nowhere',
    ])
  })
  test('leaves a shortened form where it says so, and says all that a bar says', () => {
    const over = {
      form: 'GENERALISE',
      as: ['YEAR'],
      locates: ['OTHERS'],
      aspects: ['VEHICLE'],
      reason: 'BECAUSE',
    } as const
    const clauses = [clause('1.1'), prohibition('1.2', over)]
    expect(entryAt({ clauses }).bars).toEqual([
      expect.objectContaining({
        cap: 'GENERALISE',
        as: ['YEAR'],
        locates: ['OTHERS'],
        aspects: ['VEHICLE'],
        reason: 'BECAUSE',
        but: [],
        ofLocated: false,
      }),
    ])
  })
  test('is gone where whose it is settles it', () => {
    expect(barsOf({ when: OWN })).toEqual(whole)
    expect(barsOf({ when: OWN }, { supplier: 'east' })).toEqual([])
    expect(barsOf({ unless: OWN })).toEqual([])
    expect(barsOf({ unless: OWN }, { supplier: 'east' })).toEqual(whole)
  })
  test('a permission is no prohibition, and a never stands before either', () => {
    const nevers = [never('N20', { bar: ['OFFENCE'] })]
    const clauses = [clause('1.1'), prohibition('1.2')]
    expect(barred(entryAt({ clauses, nevers })).map((one) => one.slice(0, 4))).toEqual([
      'N20 ',
      '1.2 ',
    ])
  })
})

test('equal rules are one object, over callers and purposes; different ones never share an id', () => {
  const nevers = [
    never('N20', { bar: ['OFFENCE'], unless: ALLOCATED }),
    never('N21', { bar: ['OFFENCE'], unless: any([OWN, RISK_HIGH]) }),
    never('N22', { bar: ['OFFENCE'], barInFull: ['CUSTODY'], unless: RISK_HIGH }),
  ]
  const clauses = [
    clause('1.1', { categories: ['OFFENCE', 'CUSTODY'] }),
    clause('1.2', { when: all([ALLOCATED, RISK_HIGH]) }),
    clause('1.3', { when: any([ALLOCATED, all([OWN, RISK_HIGH])]) }),
    prohibition('1.4', { when: RISK_HIGH }),
    prohibition('1.5', { unless: RISK_HIGH, when: any([OWN, ALLOCATED]) }),
    prohibition('1.6', { when: NOWHERE }),
    prohibition('1.7', { unless: ALWAYS }),
  ]
  const compiled = compiledSmall({ clauses, nevers })
  const tables = [worker, ofEast].flatMap((caller) =>
    ['WHY', 'WHEREFORE'].flatMap((purpose) => compiled.entriesFor(caller, purpose)),
  )
  for (const rules of [
    tables.flatMap((one) => one.permissions.map((rule) => [rule, rule.id] as const)),
    tables.flatMap((one) => one.bars.map((rule) => [rule, rule.id] as const)),
  ]) {
    const distinct = new Map<unknown, number>(rules)
    expect([...distinct.values()].sort((a, b) => a - b)).toEqual(
      Array.from({ length: distinct.size }, (_, index) => index),
    )
  }
  const texts = (of: readonly string[]): readonly string[] => [...new Set(of)].sort()
  expect(
    texts(
      tables.flatMap((one) =>
        one.permissions.map((rule) => `${rule.id} ${rule.clause.number} ${formulaText(rule.when)}`),
      ),
    ).map((one) => one.slice(2)),
  ).toEqual(
    expect.arrayContaining([
      '1.1 always',
      '1.2 ALLOCATED and RISK_HIGH',
      '1.3 ALLOCATED',
      '1.3 ALLOCATED or RISK_HIGH',
    ]),
  )
  expect(texts(tables.flatMap(barred)).map((one) => one.slice(0, 4))).toEqual([
    '1.4 ',
    '1.5 ',
    '1.5 ',
    'N20 ',
    'N21 ',
    'N22 ',
    'N22 ',
  ])
})
