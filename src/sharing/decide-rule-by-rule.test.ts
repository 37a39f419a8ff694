import { describe, expect, test } from '@jest/globals'
import type { Agreement } from './agreement.js'
import { decide, holdingOf, isNeverReleased } from './decide.js'
import type { Cell, Decision, Standing } from './decision.js'
import { condition } from './facts.js'
import { all, any, is } from './formula.js'
import {
  clause,
  compiledSmall,
  EAST,
  fieldOf,
  never,
  profileIn,
  prohibition,
  situationOf,
  standingWith,
} from './testing/small-agreement.js'
import type { Tri } from './vocabulary.js'

const A = is(condition('ALLOCATED'))
const B = is(condition('WISH_YES'))
const C = is(condition('RISK_HIGH'))

const decided = (
  over: Partial<Agreement>,
  standings: readonly Standing[] = [standingWith()],
  cell: Cell = fieldOf(),
): Decision => decide(profileIn(compiledSmall(over)), cell, situationOf(standings))
const kind = (...of: Parameters<typeof decided>): string => {
  const { kind: made, form } = decided(...of)
  return form ?? made
}
const years: Cell = fieldOf('OFFENCE', { forms: ['MONTH', 'YEAR', 'PRESENCE'] })

describe('what a clause demands', () => {
  test.each([
    ['both', all([A, B]), 'TRUE', 'TRUE', 'SHARE'],
    ['both', all([A, B]), 'TRUE', 'FALSE', 'WITHHOLD'],
    ['both', all([A, B]), 'UNKNOWN', 'TRUE', 'WITHHOLD'],
    ['either', any([A, B]), 'FALSE', 'TRUE', 'SHARE'],
    ['either', any([A, B]), 'TRUE', 'FALSE', 'SHARE'],
    ['either', any([A, B]), 'FALSE', 'UNKNOWN', 'WITHHOLD'],
    ['either, one of them with a third', any([A, all([B, C])]), 'FALSE', 'FALSE', 'WITHHOLD'],
  ] as const)('%s, %j, allocated %s, wish %s: %s', (_, when, ALLOCATED, WISH_YES, made) => {
    const facts = { ALLOCATED, WISH_YES }
    expect(kind({ clauses: [clause('1.1', { when })] }, [standingWith(facts)])).toBe(made)
  })
  test.each(['MEMBER', 'NOT_IN_CASE', 'NOT_EXCLUDED', 'OFFICIAL', 'RETAINED'])(
    'and what every clause demands: %s',
    (fact) => {
      const given = { clauses: [clause('1.1')] }
      expect(kind(given, [standingWith({ [fact]: 'FALSE' })])).toBe('WITHHOLD')
      expect(kind(given, [standingWith({ [fact]: 'UNKNOWN' })])).toBe('WITHHOLD')
    },
  )
  test('the link across agencies, unless it is one’s own or the clause is about what is not linked yet', () => {
    const unconfirmed = [standingWith({ LINK_CONFIRMED: 'FALSE' })]
    const ask = (over: Partial<ReturnType<typeof clause>>, supplier: string) =>
      decide(
        profileIn(compiledSmall({ clauses: [clause('1.1', over)] })),
        fieldOf(),
        situationOf(unconfirmed, { supplier }),
      ).kind
    expect([ask({}, EAST.id), ask({}, 'north'), ask({ unlinked: true }, EAST.id)]).toEqual([
      'WITHHOLD',
      'SHARE',
      'SHARE',
    ])
  })
  test('a supplier whom the agreement does not know gives nothing', () => {
    const profile = profileIn(compiledSmall({ clauses: [clause('1.1')] }))
    const situation = situationOf([standingWith()], { supplier: 'somebody-else' })
    expect(decide(profile, fieldOf(), situation).kind).toBe('WITHHOLD')
    expect(isNeverReleased(profile, fieldOf(), situation)).toBe(true)
  })
})

describe('what a prohibition leaves', () => {
  const barred = (over: Partial<ReturnType<typeof clause>>, facts: Record<string, Tri> = {}) =>
    kind({ clauses: [clause('1.1'), prohibition('1.2', over)] }, [standingWith(facts)], years)
  test.each`
    fact         | when          | unless
    ${'TRUE'}    | ${'WITHHOLD'} | ${'SHARE'}
    ${'FALSE'}   | ${'SHARE'}    | ${'WITHHOLD'}
    ${'UNKNOWN'} | ${'WITHHOLD'} | ${'WITHHOLD'}
    ${'PERHAPS'} | ${'WITHHOLD'} | ${'WITHHOLD'}
  `('when something is $fact: $when; unless it is: $unless', ({ fact, when, unless }) => {
    const facts = { ALLOCATED: fact as Tri }
    expect(barred({ when: A }, facts)).toBe(when)
    expect(barred({ unless: A }, facts)).toBe(unless)
  })
  test('one of several is enough to keep it from being known to be silent', () => {
    const facts = (one: string, other: string) => ({
      ALLOCATED: one as Tri,
      WISH_YES: other as Tri,
    })
    expect(barred({ when: any([A, B]) }, facts('FALSE', 'PERHAPS'))).toBe('WITHHOLD')
    expect(barred({ when: any([A, B]) }, facts('FALSE', 'TRUE'))).toBe('WITHHOLD')
    expect(barred({ when: any([A, B]) }, facts('FALSE', 'FALSE'))).toBe('SHARE')
    expect(barred({ when: all([A, B]) }, facts('FALSE', 'TRUE'))).toBe('SHARE')
    expect(barred({ when: all([A, B]) }, facts('UNKNOWN', 'TRUE'))).toBe('WITHHOLD')
  })
  test('a cap leaves the field’s first form, or the first that it names itself', () => {
    expect(barred({ form: 'GENERALISE' })).toBe('MONTH')
    expect(barred({ form: 'GENERALISE', as: ['YEAR', 'MONTH'] })).toBe('YEAR')
    expect(barred({ form: 'GENERALISE', as: ['INITIALS', 'PRESENCE'] })).toBe('PRESENCE')
    expect(barred({ form: 'GENERALISE', as: ['INITIALS'] })).toBe('WITHHOLD')
  })
  test('a form that a cap does not name is not released, nor put into another', () => {
    const given = (as: readonly ('MONTH' | 'YEAR')[]) =>
      kind(
        {
          clauses: [
            clause('1.1', { form: 'GENERALISE', as: ['MONTH'] }),
            prohibition('1.2', { form: 'GENERALISE', as }),
          ],
        },
        [standingWith()],
        years,
      )
    expect([given([]), given(['MONTH']), given(['YEAR'])]).toEqual(['MONTH', 'MONTH', 'WITHHOLD'])
  })
  test('two caps leave what both leave', () => {
    const cap = (number: string, as: readonly ('MONTH' | 'YEAR' | 'PRESENCE')[]) =>
      prohibition(number, { form: 'GENERALISE', as })
    const under = (...caps: ReturnType<typeof cap>[]) =>
      kind({ clauses: [clause('1.1'), ...caps] }, [standingWith()], years)
    expect(under(cap('1.2', ['MONTH', 'YEAR']), cap('1.3', ['YEAR', 'PRESENCE']))).toBe('YEAR')
    expect(under(cap('1.2', ['MONTH']), cap('1.3', ['YEAR']))).toBe('WITHHOLD')
  })
  test('it looks at everybody whom the value is about, in whatever standing', () => {
    const profile = profileIn(
      compiledSmall({ clauses: [clause('1.1'), prohibition('1.2', { of: ['CHILD'] })] }),
    )
    const child = standingWith({}, { part: 'CHILD' })
    const at = (over: object) =>
      decide(profile, fieldOf(), situationOf([standingWith()], over)).kind
    expect([at({}), at({ barring: [child] }), at({ barring: [standingWith(), child] })]).toEqual([
      'SHARE',
      'WITHHOLD',
      'WITHHOLD',
    ])
    expect(at({ located: [child] })).toBe('SHARE')
  })
  test('what is remembered of one outcome is not taken for another', () => {
    const profile = profileIn(
      compiledSmall({
        nevers: [never('N20', { bar: ['OFFENCE'], unless: is(condition('SERVED')) })],
        clauses: [
          clause('1.1', { when: A }),
          clause('1.2', { when: B, form: 'GENERALISE', as: ['YEAR'] }),
          prohibition('1.3', { unless: C }),
        ],
      }),
    )
    const made = (facts: Record<string, Tri>) =>
      decide(profile, years, situationOf([standingWith(facts)])).kind
    const first = [
      made({ WISH_YES: 'FALSE', RISK_HIGH: 'FALSE' }),
      made({ ALLOCATED: 'FALSE' }),
      made({}),
      made({ SERVED: 'FALSE' }),
    ]
    expect(first).toEqual(['WITHHOLD', 'GENERALISE', 'SHARE', 'WITHHOLD'])
  })
  test('equal outcomes are one object, from the first', () => {
    const profile = profileIn(
      compiledSmall({ clauses: [clause('1.1'), clause('1.2', { when: A })] }),
    )
    const ask = () => decide(profile, years, situationOf([standingWith()]))
    expect(ask()).toBe(ask())
    const refused = () => decide(profile, years, situationOf([standingWith({ MEMBER: 'FALSE' })]))
    expect(refused()).toBe(refused())
  })
})

describe('a never of the agreement', () => {
  const rules: Partial<Agreement> = {
    nevers: [never('N20', { bar: ['OFFENCE'], unless: A, but: ['1.2'] })],
    clauses: [
      clause('1.1'),
      clause('1.2', { when: B, form: 'GENERALISE', as: ['YEAR'] }),
      prohibition('1.3', { when: C }),
    ],
  }
  const with_ = (facts: Record<string, Tri>) =>
    decided(rules, [standingWith({ RISK_HIGH: 'FALSE', ...facts })], years)
  test('lets the clauses stand that it names, and stops the others', () => {
    expect(with_({}).kind).toBe('SHARE')
    expect(with_({ ALLOCATED: 'FALSE' })).toMatchObject({ form: 'YEAR', clause: '1.2' })
    expect(with_({ ALLOCATED: 'UNKNOWN', WISH_YES: 'FALSE' }).kind).toBe('WITHHOLD')
  })
  test('is named in the log before a prohibition, and the reason told stays the same', () => {
    const stopped = with_({ ALLOCATED: 'FALSE', WISH_YES: 'FALSE', RISK_HIGH: 'TRUE' })
    expect(stopped).toMatchObject({
      kind: 'WITHHOLD',
      reason: 'NO_RULE',
      clause: null,
      logged: { reason: 'NEVER_HERE', clauses: ['1.1', 'N20', '1.3'] },
    })
    expect(with_({ WISH_YES: 'FALSE', RISK_HIGH: 'TRUE' }).logged).toEqual({
      reason: 'PROHIBITED_HERE',
      clauses: ['1.1', '1.3'],
    })
    expect(with_({ ALLOCATED: 'FALSE' }).logged.clauses).toEqual(['1.1', '1.2', 'N20'])
  })
  test('that spares all that holds is not named', () => {
    const spared = decided(
      {
        nevers: [never('N20', { bar: ['OFFENCE'], but: ['1.1'] })],
        clauses: [clause('1.1')],
      },
      [standingWith()],
    )
    expect(spared).toMatchObject({ kind: 'SHARE', logged: { clauses: ['1.1'] } })
  })
  test('hides also what tells by being there; a prohibition does not', () => {
    const hidden = (facts: Record<string, Tri>) =>
      isNeverReleased(profileIn(compiledSmall(rules)), years, situationOf([standingWith(facts)]))
    expect(hidden({ ALLOCATED: 'FALSE' })).toBe(true)
    expect(hidden({ ALLOCATED: 'UNKNOWN' })).toBe(true)
    expect(hidden({ RISK_HIGH: 'TRUE' })).toBe(false)
  })
})

describe('what several clauses release together', () => {
  const clauses = (...of: readonly ReturnType<typeof clause>[]) => ({ clauses: of })
  test('the most open form, under the lowest clause that gives it, with all that matched', () => {
    const made = decided(
      clauses(
        clause('1.1', { form: 'GENERALISE', as: ['PRESENCE'] }),
        clause('1.2', { form: 'GENERALISE', as: ['YEAR'] }),
        clause('1.3', { form: 'GENERALISE', as: ['YEAR'] }),
      ),
      [standingWith()],
      years,
    )
    expect(made).toMatchObject({
      form: 'YEAR',
      clause: '1.2',
      reason: 'GENERALISED_YEAR',
      logged: { reason: 'GENERALISED_YEAR', clauses: ['1.1', '1.2', '1.3'] },
    })
  })
  test('whole beats shortened, whichever stands first', () => {
    const shortened = clause('1.1', { form: 'GENERALISE', as: ['YEAR'] })
    const whole = clause('1.2')
    expect(kind(clauses(shortened, whole), [standingWith()], years)).toBe('SHARE')
    expect(
      kind(
        clauses({ ...whole, number: '1.1' }, { ...shortened, number: '1.2' }),
        [standingWith()],
        years,
      ),
    ).toBe('SHARE')
  })
  test('the strictest freshness and every obligation of those that give it, each once', () => {
    const obligations = [{ code: 'KEEP', to: null }]
    const made = decided(
      clauses(
        clause('1.1', { freshHours: 48, obligations }),
        clause('1.2', { freshHours: 24, obligations, of: ['VICTIM'] }),
        clause('1.3', { freshHours: null, obligations: [{ code: 'KEEP', to: ['GUEST'] }] }),
        clause('1.4', { form: 'GENERALISE', as: ['YEAR'], freshHours: 1 }),
      ),
      [standingWith()],
      years,
    )
    expect(made.freshHours).toBe(24)
    expect(made.obligations).toEqual([
      { clause: '1.1', text: 'Keep it to yourself.' },
      { clause: '1.2', text: 'Keep it to yourself.' },
    ])
    const [twice] = [
      decided(
        clauses(
          clause('1.1', {
            obligations,
            instead: [
              {
                categories: null,
                of: ['VICTIM'],
                from: null,
                to: null,
                purposes: null,
                when: A,
              },
            ],
          }),
        ),
        [standingWith(), standingWith({}, { part: 'CHILD' })],
      ),
    ]
    expect(twice?.obligations).toEqual([{ clause: '1.1', text: 'Keep it to yourself.' }])
  })
  test('the codes of all that limit them, and no limit where one has none', () => {
    const coded = fieldOf('OFFENCE', { forms: ['COARSE_CODE'] })
    const giving = (number: string, codes: readonly string[]) =>
      clause(number, { form: 'GENERALISE', as: ['COARSE_CODE'], codes })
    const made = (...of: readonly ReturnType<typeof clause>[]) =>
      decided(clauses(...of), [standingWith()], coded).codes
    expect(made(giving('1.1', ['X', 'Y']), giving('1.2', ['Y', 'Z']))).toEqual(['X', 'Y', 'Z'])
    expect(made(giving('1.1', ['X']), giving('1.2', []))).toBeUndefined()
    expect(
      decided(
        clauses(clause('1.1', { form: 'GENERALISE', as: ['YEAR'], codes: ['X'] })),
        [standingWith()],
        years,
      ).codes,
    ).toBeUndefined()
  })
})

describe('why the log says that nothing was released', () => {
  const why = (
    facts: Record<string, Tri>,
    over: Partial<ReturnType<typeof clause>> = {},
    standing: Partial<Standing> = {},
  ) => decided({ clauses: [clause('1.1', over)] }, [standingWith(facts, standing)]).logged.reason
  test('what failed first: what every clause demands, the link, then the clause’s own', () => {
    const own = { when: all([is(condition('APART')), any([A, B])]) }
    expect(why({ MEMBER: 'FALSE', APART: 'FALSE' }, own)).toBe('ROLE')
    expect(why({ OFFICIAL: 'UNKNOWN' }, own)).toBe('CLASSIFICATION')
    expect(why({ APART: 'FALSE', ALLOCATED: 'FALSE' }, own)).toBe('VICTIM_LOCATION')
    expect(why({ ALLOCATED: 'FALSE', WISH_YES: 'FALSE' }, own)).toBe('NOT_ALLOCATED')
    const linked = decide(
      profileIn(compiledSmall({ clauses: [clause('1.1', own)] })),
      fieldOf(),
      situationOf([standingWith({ LINK_CONFIRMED: 'FALSE', APART: 'FALSE' })], {
        supplier: EAST.id,
      }),
    )
    expect(linked.logged.reason).toBe('NO_RULE')
  })
  test('the true reason, where the standing knows it', () => {
    const knows = (said: string | null) => ({ why: () => said })
    expect(why({ WISH_YES: 'FALSE' }, { when: B }, knows('CONSENT_WITHDRAWN'))).toBe(
      'CONSENT_WITHDRAWN',
    )
    expect(why({ WISH_YES: 'FALSE' }, { when: B }, knows(null))).toBe('CONSENT_REFUSED')
  })
  test('no rule, where no clause is about this part', () => {
    expect(why({}, { of: ['CHILD'] })).toBe('NO_RULE')
    expect(
      decided({ clauses: [clause('1.1', { of: ['CHILD'] }), clause('1.2', { when: A })] }, [
        standingWith({ ALLOCATED: 'FALSE' }),
      ]).logged.reason,
    ).toBe('NOT_ALLOCATED')
  })
  test('of the lowest clause whose part fits, in the first standing in which it does', () => {
    const two = { clauses: [clause('1.1', { of: ['CHILD'], when: B }), clause('1.2', { when: A })] }
    const refusing = { ALLOCATED: 'FALSE' as const, WISH_YES: 'FALSE' as const }
    expect(
      decided(two, [standingWith(refusing), standingWith(refusing, { part: 'CHILD' })]).logged,
    ).toEqual({ reason: 'CONSENT_REFUSED', clauses: [] })
  })
})

describe('that there is a record at all', () => {
  const presence = clause('1.1', { form: 'GENERALISE', as: ['PRESENCE'], when: A })
  const held = (
    over: Partial<Agreement>,
    facts: Record<string, Tri> = {},
    cells: readonly Cell[] = [fieldOf('HOLDING'), fieldOf()],
  ) => holdingOf(profileIn(compiledSmall(over)), cells, situationOf([standingWith(facts)])).kind
  test('is told where presence is released of a field without such a form', () => {
    expect(held({ clauses: [presence] })).toBe('SHARE')
    expect(held({ clauses: [presence] }, { ALLOCATED: 'FALSE' })).toBe('WITHHOLD')
    expect(held({ clauses: [{ ...presence, as: ['YEAR'] }] })).toBe('WITHHOLD')
  })
  test('is not told where that is barred, and is where the bar spares the clause or only caps', () => {
    const nevers = (over: object) => [never('N20', { ...over })]
    expect(held({ clauses: [presence], nevers: nevers({ bar: ['OFFENCE'] }) })).toBe('WITHHOLD')
    expect(held({ clauses: [presence], nevers: nevers({ bar: ['OFFENCE'], but: ['1.1'] }) })).toBe(
      'SHARE',
    )
    expect(held({ clauses: [presence], nevers: nevers({ barInFull: ['OFFENCE'] }) })).toBe('SHARE')
  })
  test('is not told by what is said of holding itself, nor of a supplier who is not known', () => {
    expect(held({ clauses: [clause('1.1')] }, {}, [fieldOf('HOLDING')])).toBe('WITHHOLD')
    expect(held({ clauses: [clause('1.1')] }, {}, [fieldOf('CUSTODY'), fieldOf()])).toBe('SHARE')
    const stranger = situationOf([standingWith()], { supplier: 'somebody-else' })
    expect(
      holdingOf(profileIn(compiledSmall({ clauses: [clause('1.1')] })), [fieldOf()], stranger),
    ).toMatchObject({ kind: 'WITHHOLD', reason: 'NO_RULE' })
  })
  test('says nothing else: no clause, no obligation', () => {
    const told = holdingOf(
      profileIn(compiledSmall({ clauses: [clause('1.1')] })),
      [fieldOf()],
      situationOf([standingWith()]),
    )
    expect(told).toEqual({
      kind: 'SHARE',
      form: null,
      reason: 'PERMITTED',
      clause: null,
      logged: { reason: 'PERMITTED', clauses: [] },
      obligations: [],
      freshHours: null,
    })
  })
})
