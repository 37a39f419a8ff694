import { describe, expect, test } from '@jest/globals'
import type { Agreement } from './agreement.js'
import { plainCell } from './cells-of.js'
import type { CompiledAgreement } from './compile.js'
import type { Cell } from './decision.js'
import { condition } from './facts.js'
import { all, is, NOWHERE } from './formula.js'
import { type FieldRules, Profile, profileOf } from './profile.js'
import { proveNevers, reducedSet } from './prove-nevers.js'
import { type Bar, bitOf, type Entry } from './rules.js'
import {
  clause,
  compiledSmall,
  fieldOf,
  never,
  prohibition,
  smallAgreement,
} from './testing/small-agreement.js'
import { CATEGORIES, LOCATES, PART_KINDS } from './vocabulary.js'

const [worker] = smallAgreement().roles
if (!worker) throw new Error('the small agreement has a worker')
const red = [{ kind: 'KIND', of: 'red' } as const]
/** One role of one agency for one purpose: one caller in all. */
const roles = [{ ...worker, agencies: red, purposes: ['WHY'] }]
/** What that agency supplies itself. */
const own = { from: [{ kind: 'AGENCY', id: 'north' } as const] }
const ofOne = (over: Partial<Agreement>): CompiledAgreement => compiledSmall({ roles, ...over })
const giving = (category: Cell['category'], over: Parameters<typeof clause>[1] = {}) =>
  ofOne({ clauses: [clause('1.1', { ...own, categories: [category], ...over })] })
const APART = is(condition('APART'))

/** The tables of an engine that has forgotten some of what stands before a field, or holds it wrong. */
class Forgetful extends Profile {
  constructor(
    entries: readonly Entry[],
    private readonly change: (bar: Bar) => Bar | null,
  ) {
    const key = (one: Entry): string => `${one.category}|${one.supplier}|${one.unit ? 1 : 0}`
    super('forgetful', new Map(entries.map((one) => [key(one), one])))
  }
  override rulesOf(cell: Cell, supplier: string, unit: boolean): FieldRules | null {
    const rules = super.rulesOf(cell, supplier, unit)
    const bars = rules?.bars.flatMap((one) => this.change(one) ?? [])
    return rules && bars ? { ...rules, bars, outcomes: new Map() } : null
  }
}
const engineThat =
  (change: (bar: Bar) => Bar | null): typeof profileOf =>
  (compiled, caller, purpose) =>
    new Forgetful(compiled.entriesFor(caller, purpose), change)
const forgetting = (...numbers: readonly string[]) =>
  engineThat((one) => (numbers.includes(one.number) ? null : one))
const forgettingAll = engineThat(() => null)

describe('an engine that has forgotten a never is found out', () => {
  const found = (cell: Cell, engine: typeof profileOf, over: Parameters<typeof clause>[1] = {}) =>
    proveNevers(giving(cell.category, over), [cell], engine).breaches.map((one) => one.never)
  test.each([
    ['LOCATION', 'NOBODY', 'N1'],
    ['CONTACT', 'NOBODY', 'N1'],
    ['SAFE_CONTACT', 'NOBODY', 'N1'],
    ['SAFETY_PLAN', 'NOBODY', 'N1'],
    ['NARRATIVE', 'NOBODY', 'N1'],
    ['OFFENCE', 'SUBJECT', 'N1'],
    ['OFFENCE', 'OTHERS', 'N1'],
    ['ADVOCACY_NOTES', 'NOBODY', 'N2'],
    ['SUPPORT_FACT', 'NOBODY', 'N2'],
    ['COUNSELLING', 'NOBODY', 'N2'],
    ['CONSENT_RECORD', 'NOBODY', 'N2'],
    ['IMPACT', 'NOBODY', 'N2'],
    ['CONTACT', 'NOBODY', 'N9'],
    ['OFFENCE', 'NOBODY', 'N11'],
  ] as const)('by %s that locates %s: %s', (category, locates, number) => {
    const cell = plainCell(category, locates)
    expect(found(cell, forgetting(number))).toEqual([number])
    // Nor is it missed where all is well in the case that is asked for, and only another one is in its way.
    const when = all([APART, is(condition('WITH', 'SAFE_CONTACT')), is(condition('NOT_IN_CASE'))])
    expect(found(cell, forgetting(number), { when })).toEqual([number])
  })
  test('a shortened impact breaks nothing', () => {
    expect(found(plainCell('IMPACT'), forgetting('N2'), { form: 'GENERALISE' })).toEqual([])
  })
  test('what nobody may take in is released by an engine that has a table for it', () => {
    const compiled = giving('OFFENCE')
    const entriesFor: typeof compiled.entriesFor = (caller, purpose) =>
      compiled
        .entriesFor(caller, purpose)
        .filter((one) => one.category === 'OFFENCE')
        .map((one) => ({ ...one, category: 'NOT_TAKEN' }))
    const taken = plainCell('NOT_TAKEN')
    const sentence =
      /^clauses 1\.1 would release NOT_TAKEN to WORKER for WHY, about a VICTIM .*: never N8 forbids it$/
    expect(proveNevers({ ...compiled, entriesFor }, [taken]).breaches).toEqual([
      { never: 'N8', sentence: expect.stringMatching(sentence) },
    ])
  })
  test('one half of a never is enough to be missed', () => {
    const half = (id: number) => engineThat((one) => (one.id === id ? null : one))
    const sentences = (category: Cell['category'], id: number) =>
      proveNevers(giving(category), [plainCell(category)], half(id)).breaches.map(
        (one) => one.sentence,
      )
    expect(sentences('LOCATION', -1)).toEqual([
      'clauses 1.1 would release LOCATION to WORKER for WHY, about a VICTIM (PROTECTED_ELSEWHERE true, APART true, NOT_IN_CASE true) and a VICTIM (PROTECTED_ELSEWHERE true, APART false, NOT_IN_CASE true): never N1 forbids it',
    ])
    expect(sentences('LOCATION', -2)).toEqual([
      expect.stringContaining(
        'about a VICTIM (APART true, NOT_IN_CASE true) and a PERPETRATOR (APART false, NOT_IN_CASE true): never N1',
      ),
    ])
    expect(sentences('ADVOCACY_NOTES', -4)).toEqual([
      expect.stringContaining('and a PERPETRATOR (APART false, NOT_IN_CASE true): never N2'),
    ])
  })
  test('a victim is protected, whether or not they are protected elsewhere as well', () => {
    const engine = engineThat((one) =>
      one.id === -1 ? { ...one, when: is(condition('PROTECTED_ELSEWHERE')) } : one,
    )
    expect(found(plainCell('LOCATION'), engine)).toEqual(['N1'])
  })
  test('contact of somebody alone is found out, where the engine forgets one of those parts', () => {
    const engine = engineThat((one) =>
      one.number === 'N9' ? { ...one, parts: one.parts & ~bitOf('SECONDARY_VICTIM') } : one,
    )
    expect(found(plainCell('CONTACT'), engine)).toEqual(['N9'])
  })
  test('whoever is only located is found too, where the engine looks at those alone whom a value is about', () => {
    const cell = plainCell('OFFENCE', 'OTHERS')
    const blind = engineThat((one) => ({ ...one, ofLocated: false }))
    expect(proveNevers(giving('OFFENCE'), [cell], blind).breaches).toEqual([
      {
        never: 'N1',
        sentence:
          'clauses 1.1 would release OFFENCE, which may locate others, to WORKER for WHY, about a VICTIM (APART true, PROTECTED_ELSEWHERE true, NOT_IN_CASE true), where it may locate a VICTIM (nothing known): never N1 forbids it',
      },
    ])
    expect(
      proveNevers(giving('OFFENCE'), [plainCell('OFFENCE', 'SUBJECT')], blind).breaches,
    ).toEqual([])
  })
  test('whoever the value is about in another case is found, where nothing is known of the case asked for', () => {
    const { breaches } = proveNevers(giving('LOCATION'), [plainCell('LOCATION')], forgettingAll)
    expect(breaches.map((one) => one.sentence)).toEqual([
      'clauses 1.1 would release LOCATION to WORKER for WHY, about a VICTIM (nothing known) and a VICTIM (nothing known): never N1 forbids it',
    ])
  })
  test('what is of a case as a whole is told so, and every clause that gives it', () => {
    const parts = { categories: null, from: null, to: null, purposes: null, of: PART_KINDS }
    const instead = [{ ...parts, when: NOWHERE }]
    const over = { ...own, categories: ['LOCATION'] as const, instead }
    const clauses = [clause('1.1', over), clause('1.2', over)]
    const { breaches } = proveNevers(ofOne({ clauses }), [plainCell('LOCATION')], forgettingAll)
    expect(breaches.map((one) => one.sentence)).toEqual([
      'clauses 1.1, 1.2 would release LOCATION to WORKER for WHY, about a whole case (nothing known) and a VICTIM (nothing known): never N1 forbids it',
    ])
  })
  test('a breach is told once for each never, clause and category', () => {
    const clauses = [
      clause('1.1', { ...own, categories: ['LOCATION', 'NARRATIVE'], of: ['VICTIM'] }),
      clause('1.2', { ...own, categories: ['LOCATION'], of: ['CHILD'], when: APART }),
      clause('1.3', { ...own, categories: ['IMPACT'], form: 'GENERALISE', when: APART }),
    ]
    const cells = [plainCell('LOCATION'), plainCell('NARRATIVE'), plainCell('IMPACT')]
    const { breaches } = proveNevers(ofOne({ clauses }), cells, forgettingAll)
    expect(breaches.map(({ never: number, sentence }) => [number, sentence.slice(0, 40)])).toEqual([
      ['N1', 'clauses 1.1 would release LOCATION to WO'],
      ['N1', 'clauses 1.2 would release LOCATION to WO'],
      ['N1', 'clauses 1.1 would release NARRATIVE to W'],
      ['N11', 'clauses 1.3 would release a shortened fo'],
    ])
  })
})

describe('a never of the agreement’s own that the engine has forgotten is found out', () => {
  const nevers = [never('N20', { bar: ['OFFENCE'], of: ['CHILD'] })]
  const clauses = [clause('1.1', own)]
  const cells = [plainCell('OFFENCE')]
  const proven = (over: Partial<Agreement>, engine: typeof profileOf = forgetting('N20')) =>
    proveNevers(ofOne({ clauses, nevers, ...over }), cells, engine).breaches
  test('and kept by the engine as it is', () => {
    expect(proven({}, profileOf)).toEqual([])
    expect(proven({})).toEqual([
      {
        never: 'N20',
        sentence:
          'clauses 1.1 would release OFFENCE to WORKER for WHY, about a VICTIM (NOT_IN_CASE true) and a CHILD (NOT_IN_CASE true): never N20 forbids it',
      },
    ])
  })
  test('for whoever it stops, though another of the same rules was asked for before', () => {
    const stopping = [
      never('N20', {
        bar: ['OFFENCE'],
        to: { kind: 'ROLES', roles: ['OTHER'] },
        unless: is(condition('ALLOCATED')),
      }),
    ]
    const both = [...roles, { ...worker, code: 'OTHER', agencies: red, purposes: ['WHY'] }]
    const to = [clause('1.1', { ...own, to: ['WORKER'] })]
    expect(proven({ roles: both, clauses: to, nevers: stopping })).toEqual([
      {
        never: 'N20',
        sentence: expect.stringContaining('to WORKER and OTHER for WHY'),
      },
    ])
  })
  test('and says so of a shortened form', () => {
    const shortened = [clause('1.1', { ...own, form: 'GENERALISE' })]
    expect(proven({ clauses: shortened })[0]?.sentence).toMatch(
      /^clauses 1\.1 would release a shortened form of OFFENCE to WORKER/,
    )
  })
})

describe('questions that stand for all', () => {
  /** Six parts (five and none), each fact of a bar with two values, in two standings. */
  const pairs = (facts: number): number => (6 * 2 ** facts) ** 2
  test.each([
    ['OFFENCE', 'NOBODY', pairs(1)],
    ['OFFENCE', 'SUBJECT', pairs(3)],
    ['OFFENCE', 'OTHERS', pairs(3) + 6 * 2 ** 3 * (6 * 2 ** 2)],
    ['ADVOCACY_NOTES', 'NOBODY', pairs(3)],
    ['CONTACT', 'NOBODY', pairs(4)],
  ] as const)('%s that locates %s: %i', (category, locates, count) => {
    expect(proveNevers(giving(category), [plainCell(category, locates)]).decided).toBe(count)
  })
  test('equal ones are asked once, whoever asks and of whom', () => {
    const count = (over: Partial<Agreement>, cells = [fieldOf()]): number =>
      proveNevers(compiledSmall(over), cells).decided
    const clauses = [clause('1.1', { categories: ['OFFENCE', 'CUSTODY'] })]
    // Once with the link demanded that is not one's own agency's, once without.
    expect(count({ clauses })).toBe(2 * pairs(1))
    expect(count({ clauses }, [fieldOf('OFFENCE'), fieldOf('CUSTODY')])).toBe(2 * pairs(1))
    expect(count({ clauses: [clause('1.1', { unlinked: true })] })).toBe(pairs(1))
    expect(count({ clauses: [...clauses, clause('1.2', own)] })).toBe(4 * pairs(1))
    expect(count({ clauses, nevers: [never('N20', { bar: ['CUSTODY'] })] })).toBe(2 * pairs(1))
  })
  test('what the unit wrote is asked about too, and fields before which other rules stand', () => {
    const unit = ofOne({ clauses: [clause('1.1', { from: [{ kind: 'UNIT' }] })] })
    expect(proveNevers(unit, [fieldOf()]).decided).toBe(pairs(1))
    const ofDogs = prohibition('1.2', { aspects: ['DOG'], when: is(condition('ALLOCATED')) })
    const cells = ['CAT', 'DOG'].map((aspect) => fieldOf('OFFENCE', { aspect }))
    const { decided } = proveNevers(ofOne({ clauses: [clause('1.1', own), ofDogs] }), cells)
    expect(decided).toBe(pairs(1) + pairs(2))
  })
  test('fields of which the nevers say something else are asked about apart, whatever the engine’s tables say', () => {
    const categories = CATEGORIES.filter((one) => one !== 'HOLDING' && one !== 'NOT_TAKEN')
    const compiled = ofOne({ clauses: [clause('1.1', { ...own, categories })] })
    const cells = categories.flatMap((one) =>
      LOCATES.map((locates) => fieldOf(one, { locates, forms: [] })),
    )
    // Contact, impact, support and the rest, each with whereabouts or without; contact always tells them. What
    // may locate others stands for all that tell whereabouts.
    const asked = new Set<string>()
    let count = 0
    for (const one of reducedSet(compiled, cells, forgettingAll)) {
      if (one.kind !== 'QUESTION') continue
      asked.add(`${one.cell.category} ${one.cell.locates}`)
      count += 1
    }
    expect([...asked]).toEqual([
      'IDENTITY OTHERS',
      'CONTACT OTHERS',
      'COUNSELLING OTHERS',
      'IMPACT OTHERS',
      'IDENTITY NOBODY',
      'COUNSELLING NOBODY',
      'IMPACT NOBODY',
    ])
    expect(count).toBe((2 * 4 + 3) * pairs(0))
  })
  test('each says who asks for what, in which of two standings', () => {
    const questions = [
      ...reducedSet(giving('OFFENCE', { when: is(condition('ALLOCATED')) }), [fieldOf()]),
    ]
    const [first] = questions
    if (first?.kind !== 'QUESTION') throw new Error('there is a question')
    const { asking, cell, about, located, nevers, situation } = first
    expect(asking).toMatchObject({ roles: ['WORKER'], purpose: 'WHY' })
    expect({ cell, located, nevers }).toEqual({ cell: fieldOf(), located: [], nevers: [] })
    const [here, there] = about
    expect([here?.part, here && [...here.facts.values()]]).toEqual(['VICTIM', ['TRUE', 'TRUE']])
    expect([there?.part, there && [...there.facts.values()]]).toEqual(['VICTIM', ['TRUE']])
    expect(situation).toEqual({
      supplier: 'north',
      unit: false,
      standings: [here?.standing],
      barring: [here?.standing, there?.standing],
    })
    expect(here?.standing.fact(condition('LINK_CONFIRMED'), cell)).toBe('TRUE')
    expect(here?.standing.fact(condition('MEMBER'), cell)).toBe('TRUE')
    expect(here?.standing.fact(condition('WISH_YES'), cell)).toBe('UNKNOWN')
  })
  test('a place that depends on more facts than may be enumerated is refused, not guessed', () => {
    const decided = (count: number) =>
      all(
        Array.from({ length: count }, (_, index) => is(condition('DECIDED_BY', `OFFICE_${index}`))),
      )
    const refused = (count: number) =>
      proveNevers(
        ofOne({
          clauses: [clause('1.1', own)],
          nevers: [never('N20', { bar: ['OFFENCE'], unless: decided(count) })],
        }),
        [fieldOf()],
        engineThat((one) => (one.number === 'N20' || count > 1 ? one : null)),
      )
    expect(refused(1)).toEqual({ breaches: expect.anything(), decided: pairs(1), refused: [] })
    expect(refused(6)).toEqual({
      breaches: [],
      decided: 0,
      refused: ['OFFENCE from `north` to WORKER for WHY'],
    })
  })
})

describe('the engine as it is', () => {
  /** One of each kind that the nevers tell apart. */
  const categories = ['OFFENCE', 'CONTACT', 'COUNSELLING', 'IMPACT'] as const
  test.each(['SHARE', 'GENERALISE'] as const)(
    'breaks no never, whatever an agreement gives: %s',
    (form) => {
      const compiled = ofOne({ clauses: [clause('1.1', { ...own, categories, form })] })
      const cells = categories.flatMap((one) => [plainCell(one), plainCell(one, 'OTHERS')])
      const { breaches, refused, decided } = proveNevers(compiled, cells)
      expect([breaches, refused]).toEqual([[], []])
      expect(decided).toBeGreaterThan(10_000)
    },
  )
  test('is not asked about what nobody permits', () => {
    expect(proveNevers(ofOne({}))).toEqual({ breaches: [], decided: 0, refused: [] })
  })
})
