import { describe, expect, test } from '@jest/globals'
import type { Agreement } from './agreement.js'
import { type Condition, type Decision, WITHHELD_BY_DEFAULT } from './decision.js'
import { condition } from './facts.js'
import { any, is } from './formula.js'
import { brokenOwn, neversBefore, type StandingNever, standingNevers } from './own-nevers.js'
import { compiledSmall, EAST, fieldOf, NORTH, never } from './testing/small-agreement.js'
import type { PartKind, Tri } from './vocabulary.js'

const RED = { kind: 'KIND', of: 'red' } as const
const EASTERN = { kind: 'AGENCY', id: 'east' } as const
const worker = { agency: NORTH, roles: ['WORKER'], purpose: 'WHY' }

/** The nevers before what north supplies of offences to its worker, unless said otherwise. */
const standing = (
  over: Parameters<typeof never>[1],
  {
    asking = worker,
    supplier = NORTH,
    unit = false,
    category = 'OFFENCE' as const,
    more = {},
  }: {
    asking?: typeof worker
    supplier?: typeof NORTH
    unit?: boolean
    category?: Parameters<typeof fieldOf>[0]
    more?: Partial<Agreement>
  } = {},
) => {
  const compiled = compiledSmall({ nevers: [never('N20', over)], ...more })
  return standingNevers(compiled, asking, { cell: fieldOf(category), supplier, unit }).map(
    ({ cap, isOwn }) => `${cap}${isOwn ? ' of its own' : ''}`,
  )
}
const bar = ['OFFENCE'] as const

describe('a never of the agreement stands before a value', () => {
  test('of a category that it bars, whole or in full', () => {
    expect(standing({ bar })).toEqual(['WITHHOLD of its own'])
    expect(standing({ barInFull: bar })).toEqual(['GENERALISE of its own'])
    expect(standing({ bar, barInFull: bar })).toEqual(['WITHHOLD of its own'])
    expect(standing({ bar: ['CUSTODY'], barInFull: ['MEETING'] })).toEqual([])
  })
  test('of any category, for a purpose that it bars whole', () => {
    expect(standing({ purposes: ['WHY'] })).toEqual(['WITHHOLD of its own'])
    expect(standing({ purposes: ['WHEREFORE'] })).toEqual([])
  })
  test('and knows whose it is: what the unit writes together is nobody’s own', () => {
    expect(standing({ bar }, { supplier: EAST })).toEqual(['WITHHOLD'])
    expect(standing({ bar }, { unit: true })).toEqual(['WITHHOLD of its own'])
    const more = { ofTheUnit: bar }
    expect(standing({ bar }, { unit: true, more })).toEqual(['WITHHOLD'])
    expect(standing({ bar }, { more })).toEqual(['WITHHOLD of its own'])
  })
  test.each([
    ['anyone', { kind: 'ANYONE' }, [1, 1, 1]],
    ['the unit', { kind: 'UNIT' }, [0, 0, 1]],
    ['a kind', RED, [1, 0, 1]],
    ['an agency', EASTERN, [0, 1, 0]],
  ] as const)('that comes from %s', (_whom, from, counts) => {
    const places = [{}, { supplier: EAST }, { unit: true }]
    expect(places.map((one) => standing({ bar, from: [from] }, one).length)).toEqual(counts)
    const missing = { kind: 'AGENCY', id: 'west' } as const
    expect(places.map((one) => standing({ bar, from: [missing, from] }, one).length)).toEqual(
      counts,
    )
  })
  test.each([
    ['anybody', { kind: 'ANYBODY' }, [1, 1]],
    ['agencies', { kind: 'AGENCIES', agencies: [EASTERN, RED] }, [1, 1]],
    ['one agency', { kind: 'AGENCIES', agencies: [EASTERN] }, [0, 1]],
    ['a kind of agency', { kind: 'AGENCIES', agencies: [RED] }, [1, 0]],
    ['all outside of one', { kind: 'OUTSIDE', agencies: [EASTERN] }, [1, 0]],
    ['all outside of both', { kind: 'OUTSIDE', agencies: [EASTERN, RED] }, [0, 0]],
    ['roles', { kind: 'ROLES', roles: ['GUEST', 'WORKER'] }, [1, 1]],
    ['another role', { kind: 'ROLES', roles: ['GUEST'] }, [0, 0]],
  ] as const)('that goes to %s', (_whom, to, counts) => {
    const callers = [worker, { ...worker, agency: EAST }]
    expect(callers.map((asking) => standing({ bar, to }, { asking }).length)).toEqual(counts)
  })
})

test('callers of one agency whom the same nevers stop for their purposes are alike to them', () => {
  const nevers = [
    never('N20', { bar, to: { kind: 'ROLES', roles: ['GUEST'] } }),
    never('N21', { purposes: ['WHEREFORE'], to: { kind: 'AGENCIES', agencies: [EASTERN] } }),
    never('N22', { bar }),
  ]
  const alike = (over: Partial<typeof worker>) =>
    neversBefore(compiledSmall({ nevers }), { ...worker, ...over })
  expect(alike({})).toBe('north|N22')
  expect(alike({ roles: ['WORKER', 'GUEST'] })).toBe('north|N20,N22')
  expect(alike({ purpose: 'WHEREFORE' })).toBe('north|N21!,N22')
  expect(alike({ agency: EAST })).toBe('east|N21,N22')
})

describe('a release breaks it', () => {
  const ALLOCATED = condition('ALLOCATED')
  const shared: Decision = { ...WITHHELD_BY_DEFAULT, kind: 'SHARE', clause: '1.1' }
  const shortened: Decision = { ...shared, kind: 'GENERALISE' }
  const about = (part: PartKind | null, value?: Tri) => ({
    part,
    facts: new Map<Condition, Tri>(value === undefined ? [] : [[ALLOCATED, value]]),
  })
  const victim = about('VICTIM')
  const standingNever = (over: Parameters<typeof never>[1], more: Partial<StandingNever> = {}) => [
    { never: never('N20', over), cap: 'WITHHOLD' as const, isOwn: false, ...more },
  ]
  test('in whatever form, or in full alone where that is what it bars', () => {
    expect(brokenOwn(standingNever({}), shared, [victim])).toBe('N20')
    expect(brokenOwn(standingNever({}), shortened, [victim])).toBe('N20')
    const inFull = standingNever({}, { cap: 'GENERALISE' })
    expect(brokenOwn(inFull, shared, [victim])).toBe('N20')
    expect(brokenOwn(inFull, shortened, [victim])).toBeNull()
  })
  test('unless it lets the clause stand', () => {
    expect(brokenOwn(standingNever({ but: ['1.1'] }), shared, [victim])).toBeNull()
    expect(brokenOwn(standingNever({ but: ['1.2'] }), shared, [victim])).toBe('N20')
    expect(brokenOwn(standingNever({ but: ['1.1'] }), { ...shared, clause: null }, [victim])).toBe(
      'N20',
    )
  })
  test('where one of those whom the value is about is of its parts; what has no part is of none', () => {
    const ofVictims = standingNever({ of: ['VICTIM'] })
    expect(brokenOwn(ofVictims, shared, [about('CHILD'), victim])).toBe('N20')
    expect(brokenOwn(ofVictims, shared, [about('CHILD'), about(null)])).toBeNull()
    expect(brokenOwn(standingNever({}), shared, [about(null)])).toBe('N20')
    expect(brokenOwn(standingNever({}), shared, [])).toBeNull()
  })
  test.each([
    ['TRUE', null],
    ['FALSE', 'N20'],
    ['UNKNOWN', 'N20'],
    [undefined, 'N20'],
  ] as const)('unless what silences it is known to hold: %s', (value, number) => {
    const silent = standingNever({ unless: is(ALLOCATED) })
    expect(brokenOwn(silent, shared, [about('VICTIM', value)])).toBe(number)
  })
  test('and whose it is settles what asks for that', () => {
    const unless = any([is(condition('OWN')), is(ALLOCATED)])
    expect(brokenOwn(standingNever({ unless }, { isOwn: true }), shared, [victim])).toBeNull()
    expect(brokenOwn(standingNever({ unless }), shared, [victim])).toBe('N20')
  })
  test('and of several the first that is broken is named', () => {
    const second = { never: never('N21'), cap: 'WITHHOLD' as const, isOwn: false }
    const nevers = [...standingNever({ of: ['CHILD'] }), second]
    expect(brokenOwn(nevers, shared, [victim])).toBe('N21')
    expect(brokenOwn([], shared, [victim])).toBeNull()
  })
})
