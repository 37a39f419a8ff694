import { describe, expect, test } from '@jest/globals'
import type { Agreement, Selector } from './agreement.js'
import { type CompileOptions, type ProfileCaller, rolesInForce } from './compile.js'
import { condition } from './facts.js'
import { any, formulaText, is } from './formula.js'
import { conditionsAt, originOf, reaches } from './spot.js'
import {
  clause,
  compiledSmall,
  EAST,
  NORTH,
  never,
  prohibition,
  smallAgreement,
} from './testing/small-agreement.js'
import { type At, EVERYBODY, entryAt, permits, worker } from './testing/small-table.js'
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

const ofEast: ProfileCaller = { agency: EAST, roles: ['WORKER'] }
const guest: ProfileCaller = { agency: EAST, roles: ['GUEST'] }

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
