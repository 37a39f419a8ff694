import type { Agreement, Clause, Never } from '../agreement.js'
import { type CompiledAgreement, type CompileOptions, compileAgreement } from '../compile.js'
import type { Cell, Situation, Standing } from '../decision.js'
import { ALWAYS, NOWHERE } from '../formula.js'
import { type Profile, profileOf } from '../profile.js'
import { CATEGORIES, type Tri } from '../vocabulary.js'

/** An agreement of a few rules, for looking at one of them: two agencies, two roles, two purposes. */

export const NORTH = { id: 'north', kind: 'red' }
export const EAST = { id: 'east', kind: 'blue' }

const place = { file: 'small', line: 1, column: 1 }

export function clause(number: string, over: Partial<Clause> = {}): Clause {
  return {
    number,
    effect: 'PERMIT',
    categories: ['OFFENCE'],
    of: null,
    from: [{ kind: 'ANYONE' }],
    to: ['WORKER'],
    purposes: null,
    when: ALWAYS,
    unless: NOWHERE,
    also: [],
    instead: [],
    only: [],
    form: 'SHARE',
    as: [],
    codes: [],
    locates: null,
    aspects: null,
    freshHours: null,
    unlinked: false,
    obligations: [],
    basis: { giver: [], receiver: [], gateway: [] },
    reason: 'PROHIBITED_HERE',
    says: null,
    effective: { from: null, until: null },
    place,
    ...over,
  }
}

export const prohibition = (number: string, over: Partial<Clause> = {}): Clause =>
  clause(number, { effect: 'PROHIBIT', form: 'WITHHOLD', ...over })

export function never(number: string, over: Partial<Never> = {}): Never {
  return {
    number,
    says: 'never',
    bar: [],
    barInFull: [],
    of: null,
    from: [{ kind: 'ANYONE' }],
    to: { kind: 'ANYBODY' },
    purposes: [],
    unless: NOWHERE,
    but: [],
    reason: 'NEVER_HERE',
    place,
    ...over,
  }
}

export function smallAgreement(over: Partial<Agreement> = {}): Agreement {
  return {
    id: 'small',
    title: 'small',
    version: '1',
    status: 'DRAFT',
    from: null,
    until: null,
    reviewAfterMonths: 6,
    expiresAfterMonths: 24,
    justification: 'OPTIONAL',
    parties: [],
    documents: {},
    purposes: [
      { code: 'WHY', title: 'Why', actReason: null, investigation: false },
      { code: 'WHEREFORE', title: 'Wherefore', actReason: null, investigation: false },
    ],
    roles: [
      role('WORKER', ['WHY', 'WHEREFORE']),
      { ...role('GUEST', ['WHEREFORE']), agencies: [{ kind: 'KIND', of: 'blue' }] },
    ],
    offices: [],
    bases: [],
    gateways: [],
    obligations: [{ code: 'KEEP', text: 'Keep it to yourself.', always: false }],
    ofTheUnit: [],
    writing: [],
    nevers: [],
    clauses: [],
    ...over,
  }
}

const role = (code: string, purposes: readonly string[]): Agreement['roles'][number] => ({
  code,
  title: code,
  agencies: null,
  side: 'NEITHER',
  member: true,
  purposes,
})

export const compiledSmall = (
  over: Partial<Agreement>,
  options: CompileOptions = {},
): CompiledAgreement => compileAgreement(smallAgreement(over), [NORTH, EAST], options)

export const profileIn = (
  compiled: CompiledAgreement,
  roles: readonly string[] = ['WORKER'],
  purpose = 'WHY',
  agency = NORTH,
): Profile => profileOf(compiled, { agency, roles }, purpose)

/** Everything is TRUE but what is named; keys are `FACT` or `FACT:ARGUMENT`. */
export function standingWith(
  facts: Readonly<Record<string, Tri>> = {},
  over: Partial<Standing> = {},
): Standing {
  return {
    caseId: 'case',
    part: 'VICTIM',
    fact: ({ fact, argument }) => facts[argument === null ? fact : `${fact}:${argument}`] ?? 'TRUE',
    ...over,
  }
}

export const situationOf = (
  standings: readonly Standing[],
  over: Partial<Situation> = {},
): Situation => ({ supplier: NORTH.id, unit: false, standings, barring: standings, ...over })

export const fieldOf = (
  category: (typeof CATEGORIES)[number] = 'OFFENCE',
  over: Partial<Cell> = {},
): Cell => ({ category, locates: 'NOBODY', forms: [], ...over })
