import { describe, expect, test } from '@jest/globals'
import type { Agreement, Selector } from './agreement.js'
import {
  type CompileOptions,
  conditionsAt,
  originOf,
  type ProfileCaller,
  reaches,
  rolesInForce,
} from './compile.js'
import { condition } from './facts.js'
import { ALWAYS, all, any, formulaText, is, NOWHERE } from './formula.js'
import { type Bar, bitOf, type Entry, PARTS_AND_NONE, type PartSet } from './rules.js'
import {
  clause,
  compiledSmall,
  EAST,
  NORTH,
  never,
  prohibition,
  smallAgreement,
} from './testing/small-agreement.js'
import { CATEGORIES, type Category } from './vocabulary.js'

const ALLOCATED = is(condition('ALLOCATED'))
const OWN = is(condition('OWN'))
const RISK_HIGH = is(condition('RISK_HIGH'))
const RED = { kind: 'KIND', of: 'red' } as const
const EASTERN = { kind: 'AGENCY', id: 'east' } as const
const UNIT = { kind: 'UNIT' } as const
const ANY_OF_IT: Selector = { categories: null, of: null, from: null, to: null, purposes: null }
const [workerRole, guestRole] = smallAgreement().roles
if (!workerRole || !guestRole) throw new Error('the small agreement has two roles')

const worker: ProfileCaller = { agency: NORTH, roles: ['WORKER'] }
const ofEast: ProfileCaller = { agency: EAST, roles: ['WORKER'] }
const guest: ProfileCaller = { agency: EAST, roles: ['GUEST'] }

interface At {
  readonly caller?: ProfileCaller
  readonly purpose?: string
  readonly category?: Category
  readonly supplier?: string
  readonly unit?: boolean
}
/** The table's rules for what north supplies of offences to its worker, unless said otherwise. */
function entryAt(over: Partial<Agreement>, at: At = {}, options: CompileOptions = {}): Entry {
  const { caller = worker, purpose = 'WHY', category = 'OFFENCE', supplier = 'north' } = at
  const found = compiledSmall(over, options)
    .entriesFor(caller, purpose)
    .find(
      (one) =>
        one.category === category && one.supplier === supplier && one.unit === (at.unit ?? false),
    )
  if (!found) throw new Error('every category of every supplier has an entry')
  return found
}
const whose = (parts: PartSet): string =>
  PARTS_AND_NONE.filter((one) => (parts & bitOf(one)) !== 0)
    .map((one) => one ?? 'CASE')
    .join(' ')
const EVERYBODY = 'VICTIM PERPETRATOR CHILD WITNESS SECONDARY_VICTIM CASE'
const permits = (over: Partial<Agreement>, at: At = {}, options: CompileOptions = {}) =>
  entryAt(over, at, options).permissions.map(
    (one) => `${one.clause.number} of ${whose(one.parts)} when ${formulaText(one.when)}`,
  )
const barred = ({ bars }: Entry) =>
  bars.map(
    (one: Bar) =>
      `${one.number} ${one.kind} ${one.cap} of ${whose(one.parts)} when ${formulaText(one.when)} unless ${formulaText(one.unless)}`,
  )
const given = (...over: readonly Parameters<typeof clause>[1][]): Partial<Agreement> => ({
  clauses: over.map((one, index) => clause(`1.${index + 1}`, one)),
})

describe('a table', () => {
  test('has an entry for each category that may be taken in, each supplier, and each with the unit', () => {
    const entries = compiledSmall({}).entriesFor(worker, 'WHY')
    const categories = CATEGORIES.filter((one) => one !== 'NOT_TAKEN' && one !== 'HOLDING')
    expect(entries.map((one) => `${one.category} ${one.supplier} ${one.unit}`)).toEqual(
      categories.flatMap((category) =>
        ['north', 'east'].flatMap((supplier) =>
          [false, true].map((unit) => `${category} ${supplier} ${unit}`),
        ),
      ),
    )
  })
  test('knows which data are the caller’s own agency’s: what the unit writes together is nobody’s', () => {
    const own = (over: Partial<Agreement>, at: At = {}): boolean => entryAt(over, at).own
    expect([own({}), own({}, { supplier: 'east' }), own({}, { unit: true })]).toEqual([
      true,
      false,
      true,
    ])
    expect(own({ ofTheUnit: ['OFFENCE'] }, { unit: true })).toBe(false)
    expect(own({ ofTheUnit: ['OFFENCE'] })).toBe(true)
  })
  test('is that of one version of one agreement', () => {
    const compiled = compiledSmall({ id: 'pact', version: '2.1' })
    expect([compiled.version, compiled.isClosed]).toEqual(['pact@2.1', false])
    expect(compiled.agencies).toEqual([NORTH, EAST])
  })
})

describe('a clause gives', () => {
  test('what it is about, to whom, why, and from where', () => {
    const clauses = [clause('1.1', { purposes: ['WHY'], from: [RED] })]
    const everything = [`1.1 of ${EVERYBODY} when always`]
    expect(permits({ clauses })).toEqual(everything)
    expect(permits({ clauses }, { caller: ofEast })).toEqual(everything)
    expect(permits({ clauses }, { category: 'CUSTODY' })).toEqual([])
    expect(permits({ clauses }, { purpose: 'WHEREFORE' })).toEqual([])
    expect(permits({ clauses }, { supplier: 'east' })).toEqual([])
    expect(permits({ clauses }, { caller: { ...worker, roles: [] } })).toEqual([])
    expect(permits({ clauses: [clause('1.1', { to: ['GUEST'] })] })).toEqual([])
    expect(permits({ clauses: [prohibition('1.1')] })).toEqual([])
  })
  test('for any purpose that the role may state, where it names none, and for no other', () => {
    const clauses = [clause('1.1', { to: ['GUEST'] })]
    expect(permits({ clauses }, { caller: guest, purpose: 'WHEREFORE' })).toHaveLength(1)
    expect(permits({ clauses }, { caller: guest, purpose: 'WHY' })).toEqual([])
  })
  test('to a role that the caller’s agency may give', () => {
    const clauses = [clause('1.1', { to: ['GUEST'] })]
    const elsewhere = { agency: NORTH, roles: ['GUEST'] }
    expect(permits({ clauses }, { caller: elsewhere, purpose: 'WHEREFORE' })).toEqual([])
  })
  test('each of several, and one to two roles once', () => {
    const both = { agency: EAST, roles: ['WORKER', 'GUEST'] }
    const clauses = [clause('1.1', { to: ['WORKER', 'GUEST'] }), clause('1.2')]
    expect(permits({ clauses }, { caller: both, purpose: 'WHEREFORE' })).toEqual([
      `1.1 of ${EVERYBODY} when always`,
      `1.2 of ${EVERYBODY} when always`,
    ])
  })
  test('its parts together, where they have one condition', () => {
    expect(permits(given({ of: ['VICTIM', 'CHILD'], when: ALLOCATED }))).toEqual([
      '1.1 of VICTIM CHILD when ALLOCATED',
    ])
  })
  test('some roles only some parts', () => {
    const only = [{ to: ['WORKER'], of: ['VICTIM', 'WITNESS'] as const }]
    expect(permits(given({ of: ['VICTIM', 'CHILD'], only }))).toEqual(['1.1 of VICTIM when always'])
    expect(permits(given({ only: [{ to: ['GUEST'], of: ['VICTIM'] }] }))).toEqual([
      `1.1 of ${EVERYBODY} when always`,
    ])
    const twice = [...only, { to: ['WORKER'], of: ['WITNESS', 'CHILD'] as const }]
    expect(permits(given({ only: twice }))).toEqual(['1.1 of WITNESS when always'])
  })
  test('what is settled by whose it is, before anything is asked', () => {
    expect(permits(given({ when: OWN }))).toEqual([`1.1 of ${EVERYBODY} when always`])
    expect(permits(given({ when: OWN }), { supplier: 'east' })).toEqual([])
    expect(permits(given({ when: any([OWN, ALLOCATED]) }), { supplier: 'east' })).toEqual([
      `1.1 of ${EVERYBODY} when ALLOCATED`,
    ])
    expect(permits({ ...given({ when: OWN }), ofTheUnit: ['OFFENCE'] }, { unit: true })).toEqual([])
  })
  test('with the duties that go with it, those of some roles to these alone', () => {
    const obligations = [
      { code: 'KEEP', to: null },
      { code: 'RETURN', to: ['GUEST'] },
      { code: 'BURN', to: ['WORKER'] },
    ]
    const [permission] = entryAt(given({ obligations })).permissions
    expect(permission?.obligations).toEqual([
      { clause: '1.1', text: 'Keep it to yourself.' },
      { clause: '1.1', text: 'BURN' },
    ])
  })
  test('two roles apart, whose duties differ', () => {
    const both = { agency: EAST, roles: ['WORKER', 'GUEST'] }
    const obligations = [{ code: 'KEEP', to: ['GUEST'] }]
    const over = given({ to: ['WORKER', 'GUEST'], obligations })
    const { permissions } = entryAt(over, { caller: both, purpose: 'WHEREFORE' })
    expect(permissions.map((one) => one.obligations.length)).toEqual([0, 1])
    const ids = permissions.map((one) => one.id)
    expect(new Set(ids).size).toBe(2)
  })
})

describe('further and other conditions are for those cells that they name', () => {
  const rest = EVERYBODY.replace('VICTIM ', '')
  test.each([
    ['all of it', {}, true],
    ['this category', { categories: ['OFFENCE'] }, true],
    ['another category', { categories: ['CUSTODY'] }, false],
    ['this source', { from: [RED] }, true],
    ['another source', { from: [EASTERN] }, false],
    ['this role', { to: ['WORKER'] }, true],
    ['another role', { to: ['GUEST'] }, false],
    ['this purpose', { purposes: ['WHY'] }, true],
    ['another purpose', { purposes: ['WHEREFORE'] }, false],
  ] as const)('%s', (_what, over, isFitting) => {
    const selector = { ...ANY_OF_IT, ...over, when: RISK_HIGH }
    const also = given({ when: ALLOCATED, also: [selector] })
    const instead = given({ when: ALLOCATED, instead: [selector] })
    expect(permits(also)).toEqual([
      `1.1 of ${EVERYBODY} when ALLOCATED${isFitting ? ' and RISK_HIGH' : ''}`,
    ])
    expect(permits(instead)).toEqual([
      `1.1 of ${EVERYBODY} when ${isFitting ? 'RISK_HIGH' : 'ALLOCATED'}`,
    ])
  })
  test('a part: what is of a whole case is of none', () => {
    const also = [{ ...ANY_OF_IT, of: ['VICTIM' as const], when: RISK_HIGH }]
    expect(permits(given({ when: ALLOCATED, also }))).toEqual([
      '1.1 of VICTIM when ALLOCATED and RISK_HIGH',
      `1.1 of ${rest} when ALLOCATED`,
    ])
  })
  test('of several other conditions the first that fits counts, of further ones all', () => {
    const first = { ...ANY_OF_IT, when: RISK_HIGH }
    const second = { ...ANY_OF_IT, when: is(condition('CHILD')) }
    const spot = {
      category: 'OFFENCE',
      supplier: NORTH,
      origin: 'AGENCY',
      part: null,
      role: 'WORKER',
      purpose: 'WHY',
    } as const
    const one = clause('1.1', { when: ALLOCATED })
    expect(formulaText(conditionsAt({ ...one, instead: [first, second] }, spot))).toBe('RISK_HIGH')
    expect(formulaText(conditionsAt({ ...one, also: [first, second] }, spot))).toBe(
      'ALLOCATED and RISK_HIGH and CHILD',
    )
  })
})

describe('where data come from', () => {
  test('what the unit writes together is no agency’s; the rest is also its recorder’s agency’s', () => {
    const agreement = smallAgreement({ ofTheUnit: ['MEETING'] })
    expect(originOf(agreement, 'MEETING', true)).toBe('UNIT')
    expect(originOf(agreement, 'OFFENCE', true)).toBe('BOTH')
    expect(originOf(agreement, 'MEETING', false)).toBe('AGENCY')
  })
  test.each([
    ['ANYONE', [true, true, true]],
    ['UNIT', [false, true, true]],
    ['red', [true, false, true]],
    ['blue', [false, false, false]],
    ['north', [true, false, true]],
    ['east', [false, false, false]],
  ] as const)('from %s', (from, reached) => {
    const selector =
      from === 'ANYONE' || from === 'UNIT'
        ? { kind: from }
        : from === 'red' || from === 'blue'
          ? { kind: 'KIND' as const, of: from }
          : { kind: 'AGENCY' as const, id: from }
    const origins = ['AGENCY', 'UNIT', 'BOTH'] as const
    expect(origins.map((one) => reaches([selector], NORTH, one))).toEqual(reached)
    expect(origins.map((one) => reaches([EASTERN, selector], NORTH, one))).toEqual(reached)
  })
  test('roles count that the agreement knows and that the agency may give, in its order', () => {
    const roles = ['GUEST', 'OTHER', 'WORKER']
    expect(rolesInForce(smallAgreement(), { agency: EAST, roles })).toEqual(['WORKER', 'GUEST'])
    expect(rolesInForce(smallAgreement(), { agency: NORTH, roles })).toEqual(['WORKER'])
  })
})

describe('why nothing is given', () => {
  const barren = (over: Partial<Agreement>, at: At = {}, options: CompileOptions = {}) =>
    entryAt(over, at, options).barren
  const forWherefore = given({ purposes: ['WHEREFORE'] })
  test('no clause is about it, a prohibition aside', () => {
    expect(barren({})).toBe('NO_RULE')
    expect(barren({ clauses: [prohibition('1.1')] })).toBe('NO_RULE')
    expect(barren(given({ categories: ['CUSTODY'] }))).toBe('NO_RULE')
    expect(barren(given({ from: [EASTERN] }))).toBe('NO_RULE')
    expect(barren(given({}))).toBe('NO_RULE')
  })
  test('another purpose of the same roles', () => {
    expect(barren(forWherefore)).toBe('PURPOSE')
    expect(barren(given({ from: [EASTERN, RED], purposes: ['WHEREFORE'] }))).toBe('PURPOSE')
  })
  test('other roles only', () => {
    expect(barren(given({ to: ['GUEST'] }))).toBe('ROLE')
    expect(barren(forWherefore, { caller: { ...worker, roles: [] } })).toBe('ROLE')
    expect(barren(forWherefore, { caller: { agency: EAST, roles: ['GUEST'] } })).toBe('ROLE')
  })
  test('a purpose that a never bars whole, for whatever there is, and it counts as no other purpose', () => {
    const nevers = [never('N20', { purposes: ['WHEREFORE'] })]
    expect(barren({ ...given({}), nevers }, { purpose: 'WHEREFORE' })).toBe('PURPOSE')
    expect(permits({ ...given({}), nevers }, { purpose: 'WHEREFORE' })).toEqual([])
    expect(permits({ ...given({}), nevers })).toHaveLength(1)
    expect(barren({ ...forWherefore, nevers })).toBe('ROLE')
  })
  test('what is found out for one caller is not told another', () => {
    const compiled = compiledSmall({
      clauses: [
        clause('1.1', { purposes: ['WHEREFORE'], from: [RED] }),
        clause('1.2', { purposes: ['WHEREFORE'], from: [EASTERN], to: ['GUEST'] }),
        clause('1.3', { categories: ['CUSTODY'], to: ['GUEST'] }),
        clause('1.4', { categories: ['MEETING'], to: ['GUEST'] }),
        clause('1.5', { categories: ['MEETING'], from: [UNIT], purposes: ['WHEREFORE'] }),
      ],
    })
    const reason = (caller: ProfileCaller, category: Category, supplier: string, unit = false) =>
      compiled
        .entriesFor(caller, 'WHY')
        .find((one) => one.category === category && one.supplier === supplier && one.unit === unit)
        ?.barren
    for (let again = 0; again < 2; again += 1) {
      expect(reason(worker, 'OFFENCE', 'north')).toBe('PURPOSE')
      expect(reason(worker, 'OFFENCE', 'east')).toBe('ROLE')
      expect(reason(worker, 'CUSTODY', 'north')).toBe('ROLE')
      expect(reason(worker, 'MEETING', 'north', true)).toBe('PURPOSE')
      expect(reason(worker, 'MEETING', 'north', false)).toBe('ROLE')
      expect(reason(guest, 'OFFENCE', 'north')).toBe('ROLE')
      expect(reason(guest, 'OFFENCE', 'east')).toBe('PURPOSE')
      expect(reason({ agency: NORTH, roles: ['GUEST'] }, 'OFFENCE', 'east')).toBe('ROLE')
    }
  })
  test('the agreement is not in force: nothing to anybody, not even what is one’s own', () => {
    const closed = { closed: true }
    expect(barren(given({}), {}, closed)).toBe('NOT_IN_FORCE')
    expect(permits(given({}), {}, closed)).toEqual([])
    expect(compiledSmall({}, closed).isClosed).toBe(true)
  })
  test('an agency has suspended its supply to others: what it has itself and what the unit wrote go on', () => {
    const options = { suspended: new Set(['east']) }
    const over = {
      ...given({ categories: ['OFFENCE', 'MEETING'] }),
      ofTheUnit: ['MEETING'] as const,
    }
    expect(barren(over, { supplier: 'east' }, options)).toBe('SUSPENDED')
    expect(permits(over, { supplier: 'east' }, options)).toEqual([])
    expect(barren(over, { supplier: 'east', unit: true }, options)).toBe('SUSPENDED')
    expect(permits(over, { supplier: 'east', caller: ofEast }, options)).toHaveLength(1)
    expect(permits(over, { supplier: 'north' }, options)).toHaveLength(1)
    const meeting = { supplier: 'east', unit: true, category: 'MEETING' } as const
    expect(permits(over, meeting, options)).toHaveLength(1)
  })
})

describe('a clause holds on the days that it names', () => {
  const on = (day: string | null, effective: { from: string | null; until: string | null }) =>
    permits(given({ effective }), {}, { on: day }).length
  test.each([
    ['2026-05-31', 0],
    ['2026-06-01', 1],
    ['2026-06-30', 1],
    ['2026-07-01', 0],
    [null, 1],
  ])('%s', (day, count) => {
    expect(on(day, { from: '2026-06-01', until: '2026-06-30' })).toBe(count)
  })
  test('without a first or a last day, all before or after', () => {
    expect(on('2026-01-01', { from: null, until: '2026-06-30' })).toBe(1)
    expect(on('2027-01-01', { from: '2026-06-01', until: null })).toBe(1)
  })
})

describe('a never of the agreement', () => {
  const barsOf = (over: Parameters<typeof never>[1], at: At = {}, more: Partial<Agreement> = {}) =>
    barred(entryAt({ ...given({}), nevers: [never('N20', over)], ...more }, at))
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
    expect(entryAt({ ...given({}), nevers }).bars).toEqual([
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
