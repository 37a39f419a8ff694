import { describe, expect, test } from '@jest/globals'
import type { Agreement } from './agreement.js'
import type { ProfileCaller } from './compile.js'
import type { Cell } from './decision.js'
import { condition, conditionText } from './facts.js'
import { ALWAYS, any, is, NOWHERE } from './formula.js'
import {
  barsMax,
  conditionsOf,
  type FieldRules,
  formFor,
  permissionsMax,
  possible,
  profileOf,
  purposesOf,
  restsOn,
  travelsWith,
} from './profile.js'
import {
  clause,
  compiledSmall,
  EAST,
  fieldOf,
  NORTH,
  never,
  profileIn,
  prohibition,
} from './testing/small-agreement.js'

const ALLOCATED = is(condition('ALLOCATED'))
const RISK_HIGH = is(condition('RISK_HIGH'))
const NORTHERN = { from: [{ kind: 'AGENCY', id: 'north' } as const] }
const UNIT = { from: [{ kind: 'UNIT' } as const] }

const profile = (over: Partial<Agreement>) => profileIn(compiledSmall(over))
/** The rules before one field of what the worker's own agency supplies. */
function rulesOf(
  over: Partial<Agreement>,
  cell: Cell = fieldOf(),
  supplier = 'north',
  unit = false,
) {
  const rules = profile(over).rulesOf(cell, supplier, unit)
  if (!rules) throw new Error('the agreement knows the supplier')
  return rules
}
const numbers = ({ permissions }: FieldRules) => permissions.map((one) => one.rule.clause.number)
const barsOf = ({ bars }: FieldRules) => bars.map((one) => one.number)

describe('one profile for callers whose tables are equal', () => {
  const compiled = compiledSmall({
    clauses: [clause('1.1', { purposes: ['WHY'] }), clause('1.2', { to: ['GUEST'] })],
  })
  const of = (caller: ProfileCaller, purpose = 'WHY') => profileOf(compiled, caller, purpose)
  const worker = { agency: NORTH, roles: ['WORKER'] }
  test('it is remembered, also for another caller and with roles that the agreement does not know', () => {
    const one = of(worker)
    expect(of({ ...worker, roles: ['WORKER', 'NOBODY', 'worker'] })).toBe(one)
    expect(of({ agency: { id: 'west', kind: 'red' }, roles: [] })).toBe(
      of({ agency: { id: 'far', kind: 'red' }, roles: ['NOBODY'] }),
    )
  })
  test('purpose, role, agency and version tell apart', () => {
    const one = of(worker)
    expect(of(worker, 'WHEREFORE')).not.toBe(one)
    expect(of({ ...worker, roles: ['GUEST'] })).not.toBe(one)
    expect(of({ ...worker, agency: EAST })).not.toBe(one)
    const other = compiledSmall({ clauses: [clause('1.1', { purposes: ['WHY'] })] })
    expect(profileOf(other, worker, 'WHY')).not.toBe(one)
    // A kind of agency gives a role, and with it a rule.
    const same = { id: 'west', roles: ['GUEST'] }
    const blue = of({ agency: { id: same.id, kind: 'blue' }, roles: same.roles }, 'WHEREFORE')
    const red = of({ agency: { id: same.id, kind: 'red' }, roles: same.roles }, 'WHEREFORE')
    expect(blue).not.toBe(red)
  })
  test('what nothing is given for may differ by its reason alone', () => {
    const closed = compiledSmall({}, { closed: true })
    expect(profileIn(closed).rulesOf(fieldOf(), 'north', false)?.barren.reason).toBe('NOT_IN_FORCE')
    const dated = compiledSmall({ clauses: [clause('1.1', { purposes: ['WHY'] })] })
    const roleless = profileIn(dated, [], 'WHEREFORE')
    const wherefore = profileIn(dated, ['WORKER'], 'WHEREFORE')
    const told = [roleless, wherefore].map(
      (one) => one.rulesOf(fieldOf(), 'north', false)?.barren.reason,
    )
    expect(told).toEqual(['ROLE', 'PURPOSE'])
  })
  test('its signature says what rules stand where', () => {
    const bare = profileIn(compiledSmall({ clauses: [clause('1.1', { to: ['GUEST'] })] }))
    const ruled = profileIn(compiledSmall({ clauses: [prohibition('1.0'), clause('1.1')] }))
    const [first] = bare.signature.split(';')
    expect(first).toBe('///NO_RULE')
    expect(bare.signature.split(';')).toContain('///ROLE')
    expect(new Set(ruled.signature.split(';'))).toEqual(
      new Set(['///NO_RULE', '0/0/true/NO_RULE', '0/0/false/NO_RULE']),
    )
  })
  test('it holds what stands before a category, and nothing of what it does not know', () => {
    const one = of(worker)
    expect(one.entryOf('OFFENCE', 'north', true)).toMatchObject({ supplier: 'north', unit: true })
    expect(one.entryOf('OFFENCE', 'west', false)).toBeNull()
    expect(one.entryOf('NOT_TAKEN', 'north', false)).toBeNull()
  })
  test('it names the suppliers that the agreement was compiled for, each once', () => {
    expect(of(worker).suppliers).toEqual(['north', 'east'])
  })
  test('the purposes that a caller may state are those of the roles in force, in the agreement’s order', () => {
    expect(purposesOf(compiled, worker)).toEqual(['WHY', 'WHEREFORE'])
    expect(purposesOf(compiled, { agency: EAST, roles: ['GUEST'] })).toEqual(['WHEREFORE'])
    expect(purposesOf(compiled, { agency: NORTH, roles: ['GUEST'] })).toEqual([])
  })
})

describe('the rules before a field', () => {
  test('are made once for equal fields', () => {
    const one = profile({ clauses: [clause('1.1')] })
    const first = one.rulesOf(fieldOf(), 'north', false)
    expect(first).not.toBeNull()
    expect(one.rulesOf(fieldOf(), 'north', false)).toBe(first)
    const cell = fieldOf()
    expect(one.rulesOf(cell, 'north', false)).toBe(one.rulesOf(cell, 'north', false))
    expect(one.rulesOf(cell, 'north', true)).not.toBe(first)
    expect(one.rulesOf(cell, 'east', false)).not.toBe(first)
    for (const other of [
      fieldOf('CUSTODY'),
      fieldOf('OFFENCE', { locates: 'SUBJECT' }),
      fieldOf('OFFENCE', { aspect: 'VEHICLE' }),
      fieldOf('OFFENCE', { forms: ['YEAR'] }),
      fieldOf('OFFENCE', { forms: ['YEAR', 'MONTH'] }),
    ])
      expect(one.rulesOf(other, 'north', false)?.cell).toEqual(other)
  })
  test('are none for a supplier whom the agreement does not know', () => {
    expect(profile({ clauses: [clause('1.1')] }).rulesOf(fieldOf(), 'west', false)).toBeNull()
  })
  test('leave out a clause about fields that locate otherwise, or of another aspect', () => {
    const clauses = [
      clause('1.1', { locates: ['SUBJECT', 'OTHERS'] }),
      clause('1.2', { aspects: ['VEHICLE', 'HOME'] }),
      clause('1.3'),
    ]
    expect(numbers(rulesOf({ clauses }))).toEqual(['1.3'])
    const subject = fieldOf('OFFENCE', { locates: 'SUBJECT' })
    expect(numbers(rulesOf({ clauses }, subject))).toEqual(['1.1', '1.3'])
    const home = fieldOf('OFFENCE', { aspect: 'HOME' })
    expect(numbers(rulesOf({ clauses }, home))).toEqual(['1.2', '1.3'])
    expect(numbers(rulesOf({ clauses }, fieldOf('OFFENCE', { aspect: 'DOG' })))).toEqual(['1.3'])
  })
  test('keep a prohibition about an aspect wherever a field does not say its own', () => {
    const clauses = [
      clause('1.0'),
      prohibition('1.1', { locates: ['SUBJECT', 'OTHERS'], when: ALLOCATED }),
      prohibition('1.2', { aspects: ['VEHICLE', 'HOME'], when: ALLOCATED }),
    ]
    expect(barsOf(rulesOf({ clauses }))).toEqual(['N11', '1.2'])
    const dog = fieldOf('OFFENCE', { aspect: 'DOG' })
    expect(barsOf(rulesOf({ clauses }, dog))).toEqual(['N11'])
    const home = fieldOf('OFFENCE', { aspect: 'HOME', locates: 'SUBJECT' })
    expect(barsOf(rulesOf({ clauses }, home))).toEqual(['N1', 'N1', 'N11', '1.1', '1.2'])
  })
  test('give a clause the form that the field allows, whole none', () => {
    const clauses = [
      clause('1.1', { form: 'GENERALISE', as: ['MONTH', 'YEAR'] }),
      clause('1.2'),
      clause('1.3', { form: 'GENERALISE', as: ['BAND'] }),
    ]
    const rules = rulesOf({ clauses }, fieldOf('OFFENCE', { forms: ['YEAR'] }))
    expect(rules.permissions.map((one) => [one.rule.clause.number, one.form])).toEqual([
      ['1.1', 'YEAR'],
      ['1.2', null],
    ])
  })
  test('the first form that a clause names and the field allows; where it names none, the field’s first', () => {
    expect(formFor(['MONTH', 'YEAR', 'BAND'], ['BAND', 'YEAR'])).toBe('YEAR')
    expect(formFor([], ['BAND', 'YEAR'])).toBe('BAND')
    expect(formFor([], [])).toBeNull()
    expect(formFor(['MONTH'], ['YEAR'])).toBeNull()
  })
  test('remember who would show that there is something, of a field that has no such form', () => {
    const clauses = [
      clause('1.1', { form: 'GENERALISE', as: ['PRESENCE'] }),
      clause('1.2', { form: 'GENERALISE', as: ['YEAR'] }),
      clause('1.3', { as: ['PRESENCE'] }),
    ]
    const presence = (cell: Cell) =>
      rulesOf({ clauses }, cell).presence.map((one) => one.rule.clause.number)
    expect(presence(fieldOf())).toEqual(['1.1', '1.3'])
    expect(presence(fieldOf('OFFENCE', { forms: ['PRESENCE'] }))).toEqual(['1.3'])
  })
  test('demand the link across agencies, save for one’s own, the unit’s, and where a clause does without', () => {
    const clauses = [clause('1.1'), clause('1.2', { unlinked: true })]
    const linked = (supplier: string, unit = false) =>
      rulesOf({ clauses }, fieldOf(), supplier, unit).permissions.map((one) => one.isLinkDemanded)
    expect(linked('north')).toEqual([false, false])
    expect(linked('east')).toEqual([true, false])
    expect(linked('east', true)).toEqual([false, false])
  })
  test.each([
    ['permissions', permissionsMax, (count: number) => ({ clauses: many(count, clause) })],
    [
      'bars',
      barsMax,
      // N11 is one of them.
      (count: number) => ({ clauses: [clause('1.0'), ...many(count - 1, waitingProhibition)] }),
    ],
  ])('are bounded: so many %s, and no more', (_what, max, agreement) => {
    expect(() => rulesOf(agreement(max))).not.toThrow()
    expect(() => rulesOf(agreement(max + 1))).toThrow('a bounded number of rules')
  })
})

const many = <T>(count: number, make: (number: string) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(`2.${index}`))
const waitingProhibition = (number: string) => prohibition(number, { when: ALLOCATED })

describe('a field that nobody could ever be given', () => {
  const always = prohibition('1.9', { reason: 'BECAUSE' })
  test('has no rules, and the log says what stands before it', () => {
    const rules = rulesOf({ clauses: [clause('1.1'), always] })
    expect([rules.permissions, rules.hopeful]).toEqual([[], []])
    expect(rules.barren).toEqual({
      kind: 'WITHHOLD',
      form: null,
      reason: 'NO_RULE',
      clause: null,
      logged: { reason: 'BECAUSE', clauses: ['1.9'] },
      obligations: [],
      freshHours: null,
    })
  })
  test('only the bars that no fact lifts and that are about the same part are named', () => {
    const clauses = [
      clause('1.1', { of: ['VICTIM', 'CHILD'] }),
      prohibition('1.2', { of: ['WITNESS'] }),
      prohibition('1.3', { of: ['VICTIM'] }),
      prohibition('1.4', { when: ALLOCATED }),
      prohibition('1.5', { of: ['CHILD'] }),
    ]
    expect(rulesOf({ clauses }).barren.logged).toEqual({
      reason: 'PROHIBITED_HERE',
      clauses: ['1.3', '1.5'],
    })
  })
  test('of clauses about several parts each is told what stands before it', () => {
    const clauses = [
      clause('1.1', { of: ['VICTIM'] }),
      clause('1.2', { of: ['CHILD'] }),
      prohibition('1.3', { of: ['VICTIM'] }),
      prohibition('1.4', { of: ['CHILD'] }),
    ]
    expect(rulesOf({ clauses }).barren.logged.clauses).toEqual(['1.3', '1.4'])
  })
  test.each([
    ['it is only shortened', prohibition('1.9', { form: 'GENERALISE' })],
    ['a fact could lift what bars', prohibition('1.9', { when: ALLOCATED })],
    ['one of two facts could', prohibition('1.9', { when: any([ALLOCATED, RISK_HIGH]) })],
    ['a fact could silence what bars', prohibition('1.9', { unless: ALLOCATED })],
    ['one of two could', prohibition('1.9', { unless: any([ALLOCATED, RISK_HIGH]) })],
    ['it is barred for another part alone', prohibition('1.9', { of: ['CHILD'] })],
    ['nothing bars it', prohibition('1.9', { categories: ['CUSTODY'] })],
  ])('is not one where %s', (_why, bar) => {
    const rules = rulesOf({ clauses: [clause('1.1', { of: ['VICTIM'] }), bar] })
    expect(numbers(rules)).toEqual(['1.1'])
    expect(rules.barren.logged).toEqual({ reason: 'NO_RULE', clauses: [] })
  })
  test('is not one where a never spares the clause', () => {
    const nevers = (but: readonly string[]) => [never('N20', { bar: ['OFFENCE'], but })]
    expect(numbers(rulesOf({ clauses: [clause('1.1')], nevers: nevers(['1.1']) }))).toEqual(['1.1'])
    expect(numbers(rulesOf({ clauses: [clause('1.1')], nevers: nevers(['1.2']) }))).toEqual([])
  })
  test('keeps the rules without hope beside one that has some', () => {
    const clauses = [
      clause('1.1', { of: ['VICTIM'] }),
      clause('1.2', { of: ['CHILD'] }),
      prohibition('1.3', { of: ['VICTIM'] }),
    ]
    const rules = rulesOf({ clauses })
    expect(numbers(rules)).toEqual(['1.1', '1.2'])
    expect(rules.hopeful.map((one) => one.rule.clause.number)).toEqual(['1.2'])
    expect(rules.barren.logged.clauses).toEqual([])
  })
  test('is told why the whole category is withheld, unless a clause is about the field', () => {
    const reason = (over: Parameters<typeof clause>[1]) =>
      rulesOf({ clauses: [clause('1.1', over)] }).barren.reason
    expect(reason({ purposes: ['WHEREFORE'] })).toBe('PURPOSE')
    expect(reason({ to: ['GUEST'] })).toBe('ROLE')
    expect(reason({ form: 'GENERALISE' })).toBe('NO_RULE')
    expect(reason({ locates: ['OTHERS'] })).toBe('NO_RULE')
  })
})

describe('whether it is worth asking', () => {
  const may = (over: Partial<Agreement>, part?: 'VICTIM' | 'CHILD' | null, unit = false) =>
    possible(profile(over), fieldOf(), NORTH, unit, part)
  test('where some facts could release it, of some part or of this one', () => {
    const clauses = [clause('1.1', { of: ['VICTIM'], when: ALLOCATED })]
    expect(may({ clauses })).toBe('FACTS')
    expect(may({ clauses }, 'VICTIM')).toBe('FACTS')
    expect(may({ clauses }, 'CHILD')).toBe('NEVER')
    expect(may({ clauses }, null)).toBe('NEVER')
    expect(may({ clauses: [clause('1.1')] }, null)).toBe('FACTS')
  })
  test('not where nothing could', () => {
    expect(may({})).toBe('NEVER')
    expect(may({ clauses: [clause('1.1'), prohibition('1.2')] })).toBe('NEVER')
    expect(may({ clauses: [clause('1.1', UNIT)] })).toBe('NEVER')
    expect(may({ clauses: [clause('1.1', UNIT)] }, undefined, true)).toBe('FACTS')
    const west = { id: 'west', kind: 'red' }
    expect(possible(profile({ clauses: [clause('1.1')] }), fieldOf(), west, false)).toBe('NEVER')
  })
})

describe('what must be asked along', () => {
  const along = (over: Partial<Agreement>) => travelsWith(profile(over), fieldOf('CONTACT'))
  const safe = is(condition('WITH', 'SAFE_CONTACT'))
  const contact = (number: string, over: Parameters<typeof clause>[1]) =>
    clause(number, { categories: ['CONTACT'], ...over })
  test('is every category that a clause releases the field only together with, once', () => {
    const team = any([ALLOCATED, is(condition('WITH', 'TEAM'))])
    const clauses = [
      contact('1.1', { when: safe, from: [{ kind: 'AGENCY', id: 'east' }] }),
      contact('1.2', { when: safe }),
      contact('1.3', { when: team, ...UNIT }),
      contact('1.4', { when: is(condition('DECIDED_BY', 'KEEPER')) }),
    ]
    expect([...along({ clauses })].sort()).toEqual(['SAFE_CONTACT', 'TEAM'])
  })
  test('also of what an agency supplies alone', () => {
    const clauses = [contact('1.1', { when: safe, ...NORTHERN })]
    expect(along({ clauses, ofTheUnit: ['CONTACT'] })).toEqual(['SAFE_CONTACT'])
  })
  test('is nothing where no clause says so, or none that could ever release anything', () => {
    expect(along({ clauses: [contact('1.1', { when: ALLOCATED })] })).toEqual([])
    const barred = prohibition('1.2', { categories: ['CONTACT'] })
    expect(along({ clauses: [contact('1.1', { when: safe }), barred] })).toEqual([])
    expect(along({})).toEqual([])
  })
})

describe('the facts that are asked for', () => {
  const general = ['MEMBER', 'NOT_IN_CASE', 'NOT_EXCLUDED', 'OFFICIAL', 'RETAINED']
  const asked = (over: Partial<Agreement>, of: Parameters<typeof conditionsOf>[2] = {}) =>
    conditionsOf(profile(over), fieldOf(), of).map(conditionText)
  const rests = (over: Partial<Agreement>) => restsOn(profile(over), fieldOf()).map(conditionText)
  const clauses = [
    clause('1.1', { ...NORTHERN, when: ALLOCATED }),
    prohibition('1.2', { ...NORTHERN, when: RISK_HIGH, unless: is(condition('CHILD')) }),
  ]
  test('are what every clause demands, its own, and those of the bars', () => {
    expect(asked({ clauses })).toEqual([...general, 'ALLOCATED', 'RISK_HIGH', 'CHILD'])
    expect(rests({ clauses })).toEqual([...general, 'ALLOCATED', 'RISK_HIGH', 'CHILD'])
  })
  test('and whether the link is confirmed, of what another agency supplies', () => {
    const linked = [...general, 'LINK_CONFIRMED']
    expect(asked({ clauses: [clause('1.1')] })).toEqual(linked)
    expect(rests({ clauses: [clause('1.1')] })).toEqual(linked)
    expect(asked({ clauses: [clause('1.1')] }, { supplier: 'north' })).toEqual(general)
    expect(asked({ clauses: [clause('1.1')] }, { supplier: 'east' })).toEqual(linked)
    expect(asked({ clauses: [clause('1.1')] }, { supplier: 'east', unit: true })).toEqual(general)
  })
  test('are of one supplier, or of the unit, where it is asked about these', () => {
    const several = [
      clause('1.1', { ...NORTHERN, when: ALLOCATED }),
      clause('1.2', { ...UNIT, when: RISK_HIGH }),
    ]
    const own = asked({ clauses: several }, { supplier: 'north', unit: false })
    expect(own).toEqual([...general, 'ALLOCATED'])
    expect(asked({ clauses: several }, { unit: true })).toEqual([
      ...general,
      'ALLOCATED',
      'RISK_HIGH',
    ])
    expect(asked({ clauses: several }, { supplier: 'east' })).toEqual([...general, 'RISK_HIGH'])
    expect(asked({ clauses: several }, { supplier: 'west' })).toEqual([])
  })
  test('are those of a clause that would only show that there is something, too', () => {
    const shown = [
      clause('1.1', { ...NORTHERN, form: 'GENERALISE', as: ['PRESENCE'], when: ALLOCATED }),
    ]
    expect(asked({ clauses: shown })).toEqual([...general, 'ALLOCATED'])
  })
  test('are those of what the unit wrote, too', () => {
    const ofUnit = { clauses: [clause('1.1', { ...UNIT, when: RISK_HIGH })] }
    expect(new Set(rests(ofUnit))).toEqual(new Set([...general, 'RISK_HIGH']))
  })
  test('are none where nothing is permitted: an outcome may rest on the bars all the same', () => {
    expect(asked({})).toEqual([])
    expect(rests({})).toEqual(['NOT_IN_CASE'])
    const barred = {
      clauses: [clause('1.1', { when: NOWHERE }), prohibition('1.2', { when: ALWAYS })],
    }
    expect(asked(barred)).toEqual([])
    expect(
      rests({
        clauses: [
          clause('1.1', NORTHERN),
          prohibition('1.2', { ...NORTHERN }),
          prohibition('1.3', { ...NORTHERN, when: RISK_HIGH, unless: ALLOCATED }),
        ],
      }),
    ).toEqual(['NOT_IN_CASE', 'RISK_HIGH', 'ALLOCATED'])
  })
})
