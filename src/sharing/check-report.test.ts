import { describe, expect, test } from '@jest/globals'
import type { Agreement } from './agreement.js'
import { type CheckReport, checkAgreement, checkText, checkWording } from './check.js'
import { error, note, warning } from './check-finding.js'
import { condition, FACT_CODES } from './facts.js'
import { all, is } from './formula.js'
import { factsMax } from './invariants.js'
import { provedFactsMax } from './prove-nevers.js'
import {
  clause,
  compiledSmall,
  fieldOf,
  NORTH,
  never,
  smallAgreement,
} from './testing/small-agreement.js'
import { CATEGORIES } from './vocabulary.js'

const [worker] = smallAgreement().roles
if (!worker) throw new Error('the small agreement has a worker')
const basis = { giver: ['LAW'], receiver: ['LAW'], gateway: [] }
const bases = [{ code: 'LAW', title: 'Law', source: 'x', from: '2026-01-01', until: null }]
/** One role of one agency for one purpose, and clauses about its own data, each with a basis. */
const small = (over: Partial<Agreement>) => {
  const [purpose] = smallAgreement().purposes
  if (!purpose) throw new Error('the small agreement has a purpose')
  const agencies = [{ kind: 'KIND', of: 'red' } as const]
  return compiledSmall({
    purposes: [purpose],
    roles: [{ ...worker, side: 'PERPETRATOR', agencies, purposes: ['WHY'] }],
    bases,
    ...over,
  })
}
const own = { from: [{ kind: 'AGENCY', id: 'north' } as const], basis }
const decidedBy = (count: number) =>
  all(Array.from({ length: count }, (_, index) => is(condition('DECIDED_BY', `OFFICE_${index}`))))
const fields = [
  {
    coordinate: 'Warning.detail',
    cell: fieldOf('WARNING', { locates: 'OTHERS' }),
    origins: [{ supplier: NORTH, unit: false }],
  },
]
const codes = (report: { readonly findings: CheckReport['findings'] }): readonly string[] =>
  report.findings.map((one) => `${one.severity} ${one.code} ${one.clause}`)

describe('what an agreement is told before it is signed', () => {
  test('nothing is wrong with a clause that keeps to what it may', () => {
    const clauses = [clause('1.1', { ...own, categories: ['WARNING'] })]
    const report = checkAgreement(small({ clauses }), { fields, on: '2026-03-01' })
    expect(report).toMatchObject({ agreement: 'small@1', clauses: 1, cells: 1, compared: 1 })
    expect(report.decided).toBe(48 ** 2 + 48 * 24)
    expect(codes(report)).toEqual(['NOTE NARROWED_BY_NEVER 1.1', 'NOTE UNREACHED_CATEGORY null'])
  })
  test('without a schema a plain field of each category is looked at, as if it could locate anybody', () => {
    const report = checkAgreement(small({ clauses: [clause('1.1', own)] }))
    expect(report.cells).toBe(CATEGORIES.length)
    expect(report.decided).toBe(12 ** 2 + 48 ** 2 + 48 * 24)
  })
  test('fields with one cell are looked at once', () => {
    const [field] = fields
    if (!field) throw new Error('there is a field')
    const twice = [field, { ...field, coordinate: 'Warning.other' }]
    expect(checkAgreement(small({ clauses: [] }), { fields: twice }).cells).toBe(1)
  })
  test('a clause that reaches a never is an error', () => {
    const clauses = [clause('1.1', { ...own, categories: ['LOCATION'] })]
    const [first] = checkAgreement(small({ clauses }), { fields }).findings
    expect(first).toEqual(
      error(
        'REACHES_NEVER',
        '1.1',
        'clause 1.1 would release LOCATION of a VICTIM, supplied by `north`, to WORKER for WHY whatever is known: never N1 forbids it',
      ),
    )
  })
  test('so is one that cannot be compared, for the facts that it depends on', () => {
    const clauses = [clause('1.1', { ...own, when: decidedBy(factsMax + 1) })]
    const { findings } = checkAgreement(small({ clauses }), { fields })
    expect(findings.filter((one) => one.severity === 'ERROR')).toEqual([
      error(
        'TOO_MANY_FACTS',
        '1.1',
        `clause 1.1 against never N11 depends on ${factsMax + 1} facts, more than ${factsMax}`,
      ),
    ])
  })
  test('so is a place that cannot be proven', () => {
    const unless = decidedBy(provedFactsMax / 2)
    const clauses = [clause('1.1', { ...own, when: unless })]
    const compiled = small({ clauses, nevers: [never('N20', { bar: ['OFFENCE'], unless })] })
    const { findings } = checkAgreement(compiled)
    expect(findings.filter((one) => one.severity === 'ERROR')).toEqual([
      error(
        'TOO_MANY_FACTS',
        null,
        'OFFENCE from `north` to WORKER for WHY depends on more facts than can be enumerated',
      ),
    ])
  })
  test('so is a release that breaks a never, as a table decides that has forgotten it', () => {
    const unless = is(condition('ALLOCATED'))
    const compiled = small({
      clauses: [clause('1.1', { ...own, when: unless })],
      nevers: [never('N20', { bar: ['OFFENCE'], unless })],
    })
    const entriesFor: typeof compiled.entriesFor = (caller, purpose) =>
      compiled.entriesFor(caller, purpose).map((one) => ({ ...one, bars: [] }))
    const cells = [{ ...fields[0], coordinate: 'Offence.name', cell: fieldOf(), origins: [] }]
    const { findings } = checkAgreement({ ...compiled, entriesFor }, { fields: cells })
    expect(findings.filter((one) => one.severity === 'ERROR')).toEqual([
      error('BREAKS_NEVER', null, expect.stringMatching(/never N20 forbids it$/) as never),
    ])
  })
})

describe('its wording', () => {
  const found = (over: Partial<Agreement>, options: Parameters<typeof checkWording>[1] = {}) =>
    checkWording(small(over), options)
      .filter((one) => one.code !== 'UNREACHED_CATEGORY')
      .map((one) => `${one.severity} ${one.code} ${one.clause}`)
  test('a clause that nobody can use, one whose facts cannot hold, one in the shadow of another', () => {
    const outside = [{ ...worker, member: false, purposes: ['WHY'] }]
    expect(found({ clauses: [clause('1.1', { ...own, purposes: ['WHEREFORE'] })] })).toEqual([
      'WARNING DEAD_CLAUSE 1.1',
      'WARNING UNREACHED_ROLE null',
      'NOTE UNSERVED_PURPOSE null',
    ])
    const allocated = clause('1.1', { ...own, when: is(condition('ALLOCATED')) })
    expect(found({ roles: outside, clauses: [allocated] })).toEqual(['WARNING NEVER_HOLDS 1.1'])
    expect(found({ clauses: [clause('1.1', own), clause('1.2', own)] })).toEqual([
      'WARNING SHADOWED_CLAUSE 1.2',
    ])
  })
  test('what travels only together with what nobody gives', () => {
    const when = is(condition('WITH', 'SAFE_CONTACT'))
    const alone = clause('1.1', { ...own, categories: ['CONTACT'], of: ['VICTIM'], when })
    expect(found({ clauses: [alone] })).toEqual(['WARNING COUPLED_NOT_GIVEN 1.1'])
  })
  test('fields that nobody could be given, where there is a schema', () => {
    const clauses = [clause('1.1', { ...own, categories: ['WARNING'], form: 'GENERALISE' })]
    expect(found({ clauses }, { fields })).toEqual(['NOTE UNREACHED_FIELD null'])
    expect(found({ clauses })).toEqual([])
  })
  test('bases that are missing or not in force on the day', () => {
    const none = { giver: [], receiver: [], gateway: [] }
    const clauses = [clause('1.1', { ...own, basis: none }), clause('1.2', { ...own, to: [] })]
    expect(found({ clauses }, { on: '2025-12-31' })).toEqual([
      'WARNING DEAD_CLAUSE 1.2',
      'WARNING NO_GIVER_BASIS 1.1',
      'WARNING BASIS_NOT_IN_FORCE 1.2',
      'WARNING BASIS_NOT_IN_FORCE 1.2',
    ])
  })
  test('facts that no room answers, where it is known which do', () => {
    const clauses = [clause('1.1', { ...own, when: is(condition('RISK_HIGH')) })]
    const but = new Set(FACT_CODES.filter((one) => one !== 'RISK_HIGH'))
    expect(found({ clauses }, { answered: but })).toEqual(['NOTE UNANSWERED_FACT 1.1'])
    expect(found({ clauses })).toEqual([])
  })
})

describe('as lines for a terminal', () => {
  const counts = { agreement: 'small@1', clauses: 3, cells: 4, compared: 5, decided: 6 }
  const text = (...findings: CheckReport['findings']) => checkText({ ...counts, findings })
  const last = 'small@1: 3 clauses, 4 kinds of field, 5 comparisons and 6 decisions enumerated'
  test('what is worst comes first, and the last line counts', () => {
    expect(
      text(
        note('UNSERVED_PURPOSE', null, 'a note'),
        warning('DEAD_CLAUSE', '1.1', 'a warning'),
        error('REACHES_NEVER', '1.2', 'an error'),
      ),
    ).toBe(
      [
        'error: an error [REACHES_NEVER]',
        'warning: a warning [DEAD_CLAUSE]',
        'note: a note [UNSERVED_PURPOSE]',
        `${last}; 1 error: it cannot be loaded; 1 warning, 1 notes`,
      ].join('\n'),
    )
  })
  test('nothing found, and much', () => {
    expect(text()).toBe(`${last}; no clause reaches a never; 0 warnings, 0 notes`)
    const failed = error('BREAKS_NEVER', null, 'x')
    const warned = warning('DEAD_CLAUSE', '1.1', 'y')
    expect(text(failed, failed, warned, warned).split('\n').at(-1)).toBe(
      `${last}; 2 errors: it cannot be loaded; 2 warnings, 0 notes`,
    )
  })
})
