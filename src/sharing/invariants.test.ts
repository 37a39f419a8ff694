import { describe, expect, test } from '@jest/globals'
import type { Agreement } from './agreement.js'
import { plainCell } from './cells-of.js'
import type { Cell } from './decision.js'
import { condition } from './facts.js'
import { all, is, NOWHERE } from './formula.js'
import { type CheckedField, factsMax, reachOfNevers } from './invariants.js'
import {
  clause,
  compiledSmall,
  fieldOf,
  NORTH,
  never,
  prohibition,
  smallAgreement,
} from './testing/small-agreement.js'
import { PART_KINDS } from './vocabulary.js'

const APART = is(condition('APART'))
const ALLOCATED = is(condition('ALLOCATED'))
const decidedBy = (count: number) =>
  all(Array.from({ length: count }, (_, index) => is(condition('DECIDED_BY', `OFFICE_${index}`))))

const [worker] = smallAgreement().roles
if (!worker) throw new Error('the small agreement has a worker')
/** The small agreement with one role, which only one agency may give, for one purpose. */
const withWorker = (side: typeof worker.side, over: Partial<Agreement>) =>
  compiledSmall({
    roles: [{ ...worker, side, agencies: [{ kind: 'KIND', of: 'red' }], purposes: ['WHY'] }],
    ...over,
  })
const sentences = (side: typeof worker.side, over: Partial<Agreement>): readonly string[] =>
  reachOfNevers(withWorker(side, over)).counterexamples.map((one) => one.sentence)

describe('a clause that reaches a never is told with all that makes it do so', () => {
  test('where a protected person is, given to a worker on his side', () => {
    const clauses = [clause('1.1', { categories: ['LOCATION'], when: ALLOCATED })]
    const { counterexamples } = reachOfNevers(withWorker('PERPETRATOR', { clauses }))
    expect(counterexamples).toEqual([
      {
        clause: '1.1',
        never: 'N1',
        role: 'WORKER',
        purpose: 'WHY',
        part: 'VICTIM',
        category: 'LOCATION',
        supplier: NORTH.id,
        holding: ['ALLOCATED'],
        sentence:
          'clause 1.1 would release LOCATION of a VICTIM, supplied by `north`, to WORKER for WHY when ALLOCATED: never N1 forbids it',
      },
    ])
  })
  test.each([
    ['PERPETRATOR', 1],
    ['BOTH', 1],
    ['VICTIM', 0],
    ['NEITHER', 0],
  ] as const)('a worker on the side %s: %s', (side, count) => {
    expect(
      sentences(side, { clauses: [clause('1.1', { categories: ['LOCATION'] })] }),
    ).toHaveLength(count)
  })
  test.each([
    [
      'whatever is known, where the clause demands nothing',
      { categories: ['LOCATION'] },
      'clause 1.1 would release LOCATION of a VICTIM, supplied by `north`, to WORKER for WHY whatever is known: never N1 forbids it',
    ],
    [
      'of the part that clause and never have in common',
      { categories: ['LOCATION'], of: ['PERPETRATOR'] },
      'clause 1.1 would release LOCATION of a PERPETRATOR, supplied by `north`, to WORKER for WHY whatever is known: never N1 forbids it',
    ],
    [
      'of a case as a whole',
      { categories: ['LOCATION'], instead: [{ ...anything(), of: PART_KINDS, when: NOWHERE }] },
      'clause 1.1 would release LOCATION of a case, supplied by `north`, to WORKER for WHY whatever is known: never N1 forbids it',
    ],
    [
      'what was written in the unit',
      { categories: ['LOCATION'], from: [{ kind: 'UNIT' }] },
      'clause 1.1 would release LOCATION of a VICTIM, supplied by `north` in the unit, to WORKER for WHY whatever is known: never N1 forbids it',
    ],
    [
      'with every fact that must hold',
      {
        categories: ['ADVOCACY_NOTES'],
        when: all([ALLOCATED, is(condition('DECIDED_BY', 'KEEPER'))]),
      },
      'clause 1.1 would release ADVOCACY_NOTES of a VICTIM, supplied by `north`, to WORKER for WHY when ALLOCATED and DECIDED_BY: KEEPER: never N2 forbids it',
    ],
  ] as const)('%s', (_what, over, sentence) => {
    expect(sentences('PERPETRATOR', { clauses: [clause('1.1', over)] })).toEqual([sentence])
  })
  test('once for each clause, never and category, however many places there are', () => {
    const compiled = compiledSmall({
      roles: [{ ...worker, side: 'PERPETRATOR' }],
      clauses: [
        clause('1.1', { categories: ['LOCATION', 'NARRATIVE'] }),
        clause('1.2', { categories: ['LOCATION'] }),
      ],
    })
    expect(
      reachOfNevers(compiled).counterexamples.map((one) => [one.clause, one.category]),
    ).toEqual([
      ['1.1', 'LOCATION'],
      ['1.2', 'LOCATION'],
    ])
  })
})

describe('what keeps a clause from a never', () => {
  test.each([
    ['it demands that the caller is apart', { categories: ['LOCATION'], when: APART }],
    ['it is about what no never guards', { categories: ['OFFENCE'] }],
    [
      'what is left of it is shortened, where the never lets that stand',
      { categories: ['IMPACT'], form: 'GENERALISE' },
    ],
    ['it permits nothing at all', { categories: ['LOCATION'], when: NOWHERE }],
    ['it forbids', { categories: ['LOCATION'], effect: 'PROHIBIT', form: 'WITHHOLD' }],
  ] as const)('%s', (_what, over) => {
    expect(sentences('PERPETRATOR', { clauses: [clause('1.1', over)] })).toEqual([])
  })
  test('a prohibition of the agreement is not a never', () => {
    const clauses = [clause('1.1'), prohibition('1.2', { when: ALLOCATED })]
    expect(sentences('NEITHER', { clauses })).toEqual([])
  })
})

describe('a never of the agreement', () => {
  const clauses = [clause('1.1', { of: ['VICTIM'] })]
  test('is reached by a clause that gives what it bars', () => {
    expect(sentences('NEITHER', { clauses, nevers: [never('N20', { bar: ['OFFENCE'] })] })).toEqual(
      [
        'clause 1.1 would release OFFENCE of a VICTIM, supplied by `north`, to WORKER for WHY whatever is known: never N20 forbids it',
      ],
    )
  })
  test.each([
    ['it is about another part', { of: ['CHILD'] }],
    ['it lets the clause stand', { but: ['1.1'] }],
    ['it is silent for somebody apart, as who is on no side is taken to be', { unless: APART }],
  ] as const)('is not reached where %s', (_what, over) => {
    const nevers = [never('N20', { bar: ['OFFENCE'], ...over })]
    expect(sentences('NEITHER', { clauses, nevers })).toEqual([])
  })
  test('that leaves a shortened form is reached by a release in full alone', () => {
    const nevers = [never('N20', { barInFull: ['OFFENCE'] })]
    expect(sentences('NEITHER', { clauses, nevers })).toHaveLength(1)
    const shortened = [clause('1.1', { form: 'GENERALISE' })]
    expect(sentences('NEITHER', { clauses: shortened, nevers })).toEqual([])
  })
  test('that bars whole is reached by a shortened release too', () => {
    const shortened = [clause('1.1', { form: 'GENERALISE' })]
    const nevers = [never('N20', { bar: ['OFFENCE'] })]
    expect(sentences('NEITHER', { clauses: shortened, nevers })).toHaveLength(1)
  })
  test('that is silent under a condition is not reached by a clause with the same condition', () => {
    const nevers = [never('N20', { bar: ['OFFENCE'], unless: ALLOCATED })]
    expect(sentences('NEITHER', { clauses, nevers })).toHaveLength(1)
    const allocated = [clause('1.1', { of: ['VICTIM'], when: ALLOCATED })]
    expect(sentences('NEITHER', { clauses: allocated, nevers })).toEqual([])
  })
})

describe('a comparison over too many facts is refused, not guessed', () => {
  const refused = (side: typeof worker.side, when: ReturnType<typeof all>) =>
    reachOfNevers(withWorker(side, { clauses: [clause('1.1', { when })] })).tooManyFacts
  test(`${factsMax} facts are enumerated, one more is not`, () => {
    expect(refused('NEITHER', decidedBy(factsMax))).toEqual([])
    expect(refused('NEITHER', decidedBy(factsMax + 1))).toEqual([
      { clause: '1.1', never: 'N11', facts: factsMax + 1 },
    ])
  })
  test('what every clause demands does not count, nor being apart for those on no side', () => {
    const member = all([decidedBy(factsMax), is(condition('MEMBER'))])
    expect(refused('NEITHER', member)).toEqual([])
    const apart = all([decidedBy(factsMax), APART])
    expect(refused('NEITHER', apart)).toEqual([])
    expect(refused('PERPETRATOR', apart)).toHaveLength(1)
  })
})

test('equal comparisons are made once', () => {
  const compared = (over: Partial<Agreement>): number =>
    reachOfNevers(compiledSmall({ roles: [{ ...worker, side: 'PERPETRATOR' }], ...over })).compared
  expect(compared({ clauses: [] })).toBe(0)
  // Own data and others', which are one rule where nothing asks whose it is; N11 stands before everything.
  expect(compared({ clauses: [clause('1.1', { of: ['VICTIM'] })] })).toBe(1)
  // N1 of protected persons, N11; its other half is about a perpetrator.
  expect(compared({ clauses: [clause('1.1', { of: ['VICTIM'], categories: ['LOCATION'] })] })).toBe(
    2,
  )
  expect(
    compared({
      clauses: [
        clause('1.1', { of: ['VICTIM'], categories: ['LOCATION', 'OFFENCE'] }),
        clause('1.2', { of: ['PERPETRATOR'], categories: ['LOCATION'] }),
      ],
    }),
  ).toBe(4)
  const roles = [
    { ...worker, side: 'PERPETRATOR' as const },
    { ...worker, code: 'OTHER' },
  ]
  const to = ['WORKER', 'OTHER']
  expect(compared({ roles, clauses: [clause('1.1', { of: ['VICTIM'], to })] })).toBe(2)
})

describe('a field that may locate somebody stops a clause short', () => {
  const origins = [{ supplier: NORTH, unit: false }]
  const field = (coordinate: string, over: Partial<Cell>, from = origins): CheckedField => ({
    coordinate,
    cell: { ...plainCell('WARNING'), ...over },
    origins: from,
  })
  const text = field('Warning.detail', { locates: 'OTHERS' })
  const place = field('Warning.place', { locates: 'SUBJECT' })
  const marker = field('Warning.marker', {})
  const narrowings = (
    fields: readonly CheckedField[],
    over: Parameters<typeof clause>[1] = {},
    side: typeof worker.side = 'PERPETRATOR',
  ) =>
    reachOfNevers(
      withWorker(side, { clauses: [clause('1.1', { categories: ['WARNING'], ...over })] }),
      fields,
    ).narrowings
  const of = (...fields: readonly string[]) => [
    { clause: '1.1', never: 'N1', roles: ['WORKER'], fields },
  ]

  test('and is told of, with the roles that get less', () => {
    expect(narrowings([text, place, marker])).toEqual(of('Warning.detail', 'Warning.place'))
  })
  test('whichever it is of those that the clause reaches', () => {
    expect(narrowings([text, place], { locates: ['OTHERS'] })).toEqual(of('Warning.detail'))
    expect(narrowings([text, place], { locates: ['NOBODY'] })).toEqual([])
  })
  test('a clause that demands to be apart of its subject says nothing of others', () => {
    expect(narrowings([text, place], { when: APART })).toEqual(of('Warning.detail'))
    expect(narrowings([place], { when: ALLOCATED })).toEqual(of('Warning.place'))
  })
  test('of another aspect it is not reached at all', () => {
    const vehicle = field('Warning.vehicle', { locates: 'OTHERS', aspect: 'VEHICLE' })
    expect(narrowings([text, vehicle], { aspects: ['VEHICLE'] })).toEqual(of('Warning.vehicle'))
    expect(narrowings([text, vehicle], { aspects: ['HOME'] })).toEqual([])
  })
  test('nor where it has no form that the clause gives', () => {
    const bare = field('Warning.bare', { locates: 'OTHERS', forms: [] })
    const dated = field('Warning.dated', { locates: 'OTHERS', forms: ['YEAR'] })
    expect(narrowings([bare, dated], { form: 'GENERALISE' })).toEqual(of('Warning.dated'))
    expect(narrowings([bare, dated], { form: 'GENERALISE', as: ['MONTH'] })).toEqual([])
    expect(narrowings([bare], { form: 'SHARE' })).toEqual(of('Warning.bare'))
  })
  test('nor for a worker on another side', () => {
    expect(narrowings([text], {}, 'NEITHER')).toEqual([])
  })
  test('nor where the never bars its whole category, which is a counterexample', () => {
    const address = { ...text, cell: fieldOf('LOCATION', { locates: 'SUBJECT' }) }
    expect(narrowings([address], { categories: ['LOCATION'] })).toEqual([])
  })
  test('nor of another category, or from where the clause does not give', () => {
    expect(narrowings([text], { categories: ['OFFENCE'] })).toEqual([])
    const unit = field('Warning.detail', { locates: 'OTHERS' }, [{ supplier: NORTH, unit: true }])
    expect(narrowings([unit], { from: [{ kind: 'AGENCY', id: 'east' }] })).toEqual([])
    expect(narrowings([unit], { from: [{ kind: 'UNIT' }] })).toEqual(of('Warning.detail'))
    expect(narrowings([text], { from: [{ kind: 'UNIT' }] })).toEqual([])
    const nowhere = field('Warning.detail', { locates: 'OTHERS' }, [])
    expect(narrowings([nowhere])).toEqual([])
    const several = field('Warning.detail', { locates: 'OTHERS' }, [
      { supplier: { id: 'west', kind: 'red' }, unit: false },
      ...origins,
    ])
    expect(narrowings([several])).toEqual(of('Warning.detail'))
  })
  test('clauses stand in the order of their numbers, each with all its roles', () => {
    const roles = ['WORKER', 'OTHER'].map((code) => ({
      ...worker,
      code,
      side: 'PERPETRATOR' as const,
    }))
    const one = clause('1.10', { categories: ['WARNING'], to: ['WORKER'] })
    const two = clause('1.9', { categories: ['WARNING'], to: ['WORKER', 'OTHER'] })
    expect(reachOfNevers(compiledSmall({ roles, clauses: [one, two] }), [text]).narrowings).toEqual(
      [
        { clause: '1.9', never: 'N1', roles: ['WORKER', 'OTHER'], fields: ['Warning.detail'] },
        { clause: '1.10', never: 'N1', roles: ['WORKER'], fields: ['Warning.detail'] },
      ],
    )
  })
  test('without a schema there are no fields to look at', () => {
    expect(reachOfNevers(withWorker('PERPETRATOR', { clauses: [] })).narrowings).toEqual([])
  })
})

function anything() {
  return { categories: null, of: null, from: null, to: null, purposes: null }
}
