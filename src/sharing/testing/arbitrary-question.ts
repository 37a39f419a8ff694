import fc from 'fast-check'
import type { Agreement, Clause, Never, Selector, SourceSelector } from '../agreement.js'
import { everyTable } from '../cells-of.js'
import type { CompiledAgreement } from '../compile.js'
import type { Cell, Standing } from '../decision.js'
import { condition, FACT_CODES, FACTS, type FactCode } from '../facts.js'
import { all, any, type Formula, is, NOWHERE } from '../formula.js'
import type { ReferenceQuestion } from '../reference.js'
import { bitOf, PARTS_AND_NONE } from '../rules.js'
import { type Category, LOCATES, PART_KINDS, type PartKind, type Tri } from '../vocabulary.js'

/** Questions and agreements at random, for holding evaluators against each other. */

const CATEGORIES: readonly Category[] = [
  'LOCATION',
  'CONTACT',
  'IMPACT',
  'OFFENCE',
  'SUPPORT_FACT',
  'HOLDING',
  'NOT_TAKEN',
]
const FORMS = ['YEAR', 'MONTH', 'PRESENCE', 'COARSE_CODE'] as const

export const arbitraryCell = (categories: readonly Category[]): fc.Arbitrary<Cell> =>
  fc
    .record({
      category: fc.constantFrom(...categories),
      locates: fc.constantFrom(...LOCATES),
      forms: fc.uniqueArray(
        fc.constantFrom(
          ...FORMS,
          'INITIALS',
          'KNOWN_AS',
          'AGE_BAND',
          'OUTWARD_CODE',
          'LOCAL_AUTHORITY',
          'BAND',
        ),
        { maxLength: 6 },
      ),
      aspect: fc.option(fc.constantFrom('VEHICLE', 'SRP'), { nil: undefined }),
    })
    .map(({ aspect, ...cell }) => (aspect === undefined ? cell : { ...cell, aspect }))

/** Mostly true, so that permissions hold often enough to be told apart. */
const tri: fc.Arbitrary<Tri> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Tri>('TRUE') },
  { weight: 1, arbitrary: fc.constant<Tri>('FALSE') },
  { weight: 1, arbitrary: fc.constant<Tri>('UNKNOWN') },
)

/** A standing whose facts are drawn on their own; PROTECTED_ELSEWHERE is mostly false. */
export const arbitraryStanding: fc.Arbitrary<Standing> = fc
  .record({
    part: fc.option(fc.constantFrom(...PART_KINDS)),
    facts: fc.dictionary(fc.constantFrom(...FACT_CODES), tri, { minKeys: 0, maxKeys: 6 }),
    elsewhere: fc.constantFrom<Tri>('FALSE', 'FALSE', 'TRUE', 'UNKNOWN'),
    apart: fc.constantFrom<Tri>('TRUE', 'TRUE', 'FALSE', 'UNKNOWN'),
  })
  .map(({ part, facts, elsewhere, apart }) => ({
    caseId: 'case',
    part,
    fact: ({ fact }) =>
      fact === 'PROTECTED_ELSEWHERE'
        ? elsewhere
        : fact === 'APART'
          ? apart
          : (facts[fact] ?? 'TRUE'),
  }))

export function arbitraryQuestion(of: {
  readonly agreement: fc.Arbitrary<Agreement>
  readonly agencies: ReferenceQuestion['agencies']
  readonly roles: readonly string[]
  readonly purposes: readonly string[]
  readonly categories?: readonly Category[]
  /** Where something is released at all: three questions of four go there. */
  readonly aims?: readonly Aim[]
}): fc.Arbitrary<ReferenceQuestion> {
  const blind = blindQuestion(of)
  if (of.aims === undefined || of.aims.length === 0) return blind
  const aimed = fc
    .tuple(blind, fc.constantFrom(...of.aims))
    .map(([question, aim]) => aimAt(question, aim))
  return fc.oneof({ weight: 1, arbitrary: blind }, { weight: 3, arbitrary: aimed })
}

/** A place in an agreement's table in which some facts release something. */
export interface Aim {
  readonly caller: ReferenceQuestion['caller']
  readonly purpose: string
  readonly category: Category
  readonly supplier: string
  readonly unit: boolean
  readonly part: PartKind | null
  readonly forms: Cell['forms']
}

export function aimsOf(compiled: CompiledAgreement): readonly Aim[] {
  return everyTable(compiled).flatMap(({ asking, entries }) =>
    entries.flatMap(({ category, supplier, unit, permissions }) =>
      permissions.map(
        ({ clause, parts: of }): Aim => ({
          caller: { agency: asking.agency, roles: asking.roles },
          purpose: asking.purpose,
          category,
          supplier,
          unit,
          part: PARTS_AND_NONE.find((one) => (of & bitOf(one)) !== 0) ?? null,
          forms: clause.as,
        }),
      ),
    ),
  )
}

function aimAt({ situation, cell, ...question }: ReferenceQuestion, aim: Aim): ReferenceQuestion {
  const [first, ...others] = situation.standings
  const standings = first === undefined ? [] : [{ ...first, part: aim.part }, ...others]
  return {
    ...question,
    caller: aim.caller,
    purpose: aim.purpose,
    cell: { ...cell, category: aim.category, forms: [...new Set([...cell.forms, ...aim.forms])] },
    situation: { ...situation, supplier: aim.supplier, unit: aim.unit, standings },
  }
}

function blindQuestion(
  of: Omit<Parameters<typeof arbitraryQuestion>[0], 'aims'>,
): fc.Arbitrary<ReferenceQuestion> {
  return fc.record({
    agreement: of.agreement,
    agencies: fc.constant(of.agencies),
    caller: fc.record({
      agency: fc.constantFrom(...of.agencies),
      roles: fc.uniqueArray(fc.constantFrom(...of.roles), { minLength: 1, maxLength: 3 }),
    }),
    purpose: fc.constantFrom(...of.purposes),
    cell: arbitraryCell(of.categories ?? CATEGORIES),
    situation: fc.record({
      supplier: fc.constantFrom(...of.agencies.map((one) => one.id), 'nobody-known'),
      unit: fc.boolean(),
      standings: fc.array(arbitraryStanding, { maxLength: 2 }),
      barring: fc.array(arbitraryStanding, { maxLength: 2 }),
      located: fc.array(arbitraryStanding, { maxLength: 1 }),
    }),
  })
}

// ── agreements ──

export const RANDOM_AGENCIES = [
  { id: 'north', kind: 'red' },
  { id: 'south', kind: 'red' },
  { id: 'east', kind: 'blue' },
]
export const RANDOM_ROLES = ['ONE', 'TWO', 'THREE'] as const
export const RANDOM_PURPOSES = ['WHY', 'WHEREFORE', 'NEVER_THIS'] as const

const conditions = FACT_CODES.filter((one) => FACTS[one].argument === 'NONE' && one !== 'MEMBER')
const atom = fc.oneof(
  fc
    .constantFrom<FactCode>(...conditions, 'OWN', 'OWN', 'ALLOCATED')
    .map((one) => is(condition(one))),
  fc.constant(is(condition('DECIDED_BY', 'ONE'))),
)
const formula: fc.Arbitrary<Formula> = fc.oneof(
  fc.array(atom, { maxLength: 3 }).map(all),
  fc
    .tuple(atom, fc.array(atom, { minLength: 1, maxLength: 2 }).map(all))
    .map((choices) => any(choices)),
)
const source: fc.Arbitrary<SourceSelector> = fc.constantFrom<SourceSelector>(
  { kind: 'ANYONE' },
  { kind: 'UNIT' },
  { kind: 'KIND', of: 'red' },
  { kind: 'KIND', of: 'blue' },
  { kind: 'AGENCY', id: 'north' },
)
const categories = fc.uniqueArray(
  fc.constantFrom<Category>('LOCATION', 'CONTACT', 'IMPACT', 'OFFENCE', 'SUPPORT_FACT'),
  { minLength: 1 },
)
const parts = fc.option(fc.uniqueArray(fc.constantFrom(...PART_KINDS), { minLength: 1 }))
const somePurposes = fc.option(
  fc.uniqueArray(fc.constantFrom(...RANDOM_PURPOSES), { minLength: 1 }),
)
const someRoles = fc.uniqueArray(fc.constantFrom(...RANDOM_ROLES), { minLength: 1 })
const selector: fc.Arbitrary<Selector & { when: Formula }> = fc.record({
  categories: fc.option(categories),
  of: parts,
  from: fc.option(fc.array(source, { minLength: 1, maxLength: 2 })),
  to: fc.option(someRoles),
  purposes: somePurposes,
  when: formula,
})
const someForms = fc.uniqueArray(fc.constantFrom(...FORMS), { maxLength: 3 })
const place = { file: 'random', line: 1, column: 1 }

const clause: fc.Arbitrary<Omit<Clause, 'number'>> = fc
  .record({
    isPermission: fc.integer({ min: 0, max: 3 }).map((one) => one > 0),
    categories,
    of: parts,
    from: fc.array(source, { minLength: 1, maxLength: 2 }),
    to: someRoles,
    purposes: somePurposes,
    when: formula,
    unless: fc.oneof(fc.constant(NOWHERE), formula),
    also: fc.array(selector, { maxLength: 1 }),
    instead: fc.array(selector, { maxLength: 2 }),
    only: fc.array(
      fc.record({
        to: someRoles,
        of: fc.uniqueArray(fc.constantFrom(...PART_KINDS), { minLength: 1 }),
      }),
      { maxLength: 1 },
    ),
    isWhole: fc.boolean(),
    as: someForms,
    locates: fc.option(fc.uniqueArray(fc.constantFrom(...LOCATES), { minLength: 1 }), { freq: 2 }),
    aspects: fc.option(fc.constant(['VEHICLE']), { freq: 5 }),
    unlinked: fc.boolean(),
  })
  .map(({ isPermission, isWhole, also, instead, unless, unlinked, ...rest }) => ({
    ...rest,
    effect: isPermission ? 'PERMIT' : 'PROHIBIT',
    form: isWhole ? (isPermission ? 'SHARE' : 'WITHHOLD') : 'GENERALISE',
    also: isPermission ? also : [],
    instead: isPermission ? instead : [],
    unless: isPermission ? NOWHERE : unless,
    unlinked: isPermission && unlinked,
    codes: [],
    freshHours: null,
    obligations: [],
    basis: { giver: [], receiver: [], gateway: [] },
    reason: 'NO_RULE',
    says: null,
    effective: { from: null, until: null },
    place,
  }))

const never: fc.Arbitrary<Omit<Never, 'number'>> = fc.record({
  says: fc.constant('random'),
  bar: fc.uniqueArray(fc.constantFrom<Category>('LOCATION', 'CONTACT', 'IMPACT', 'OFFENCE'), {
    maxLength: 2,
  }),
  barInFull: fc.uniqueArray(fc.constantFrom<Category>('LOCATION', 'OFFENCE', 'SUPPORT_FACT'), {
    maxLength: 2,
  }),
  of: parts,
  from: fc.array(source, { minLength: 1, maxLength: 2 }),
  to: fc.oneof(
    fc.constant<Never['to']>({ kind: 'ANYBODY' }),
    someRoles.map((roles): Never['to'] => ({ kind: 'ROLES', roles })),
    fc.constantFrom<Never['to']>(
      { kind: 'AGENCIES', agencies: [{ kind: 'KIND', of: 'red' }] },
      { kind: 'OUTSIDE', agencies: [{ kind: 'AGENCY', id: 'north' }] },
    ),
  ),
  purposes: fc.constant([]),
  unless: fc.oneof(fc.constant(NOWHERE), formula),
  but: fc.uniqueArray(fc.constantFrom('1.1', '1.2', '1.3'), { maxLength: 2 }),
  reason: fc.constant('NO_RULE'),
  place: fc.constant(place),
})

/** An agreement of two kinds, three roles and a handful of clauses, nevers and prohibitions. */
export const arbitraryAgreement: fc.Arbitrary<Agreement> = fc
  .record({
    clauses: fc.array(clause, { minLength: 2, maxLength: 9 }),
    nevers: fc.array(never, { maxLength: 2 }),
    ofTheUnit: fc.uniqueArray(fc.constantFrom<Category>('OFFENCE', 'IMPACT'), { maxLength: 1 }),
  })
  .map(({ clauses, nevers, ofTheUnit }) => ({
    id: 'random',
    title: 'random',
    version: '1',
    status: 'DRAFT' as const,
    from: null,
    until: null,
    reviewAfterMonths: 6,
    expiresAfterMonths: 24,
    justification: 'OPTIONAL' as const,
    parties: [],
    documents: {},
    purposes: RANDOM_PURPOSES.map((code) => ({
      code,
      title: code,
      actReason: null,
      investigation: false,
    })),
    roles: [
      {
        code: 'ONE',
        title: 'One',
        agencies: null,
        side: 'NEITHER' as const,
        member: true,
        purposes: ['WHY', 'WHEREFORE'],
      },
      {
        code: 'TWO',
        title: 'Two',
        agencies: [{ kind: 'KIND' as const, of: 'red' }],
        side: 'PERPETRATOR' as const,
        member: true,
        purposes: ['WHY'],
      },
      {
        code: 'THREE',
        title: 'Three',
        agencies: null,
        side: 'VICTIM' as const,
        member: false,
        purposes: ['WHY', 'NEVER_THIS'],
      },
    ],
    offices: [],
    bases: [],
    gateways: [],
    obligations: [],
    ofTheUnit,
    writing: [],
    nevers: [
      ...nevers.map((one, index) => ({ ...one, number: `N${20 + index}` })),
      {
        number: 'N99',
        says: 'not this purpose',
        bar: [],
        barInFull: [],
        of: null,
        from: [{ kind: 'ANYONE' as const }],
        to: { kind: 'ANYBODY' as const },
        purposes: ['NEVER_THIS'],
        unless: NOWHERE,
        but: [],
        reason: 'NO_RULE',
        place,
      },
    ],
    clauses: clauses.map((one, index) => ({ ...one, number: `1.${index + 1}` })),
  }))
