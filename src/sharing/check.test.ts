import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Agreement, Clause } from './agreement.js'
import { type CheckReport, checkAgreement, checkText, checkWording } from './check.js'
import { compileAgreement } from './compile.js'
import { condition, FACT_CODES } from './facts.js'
import { ALWAYS, assume, is } from './formula.js'
import { reachOfNevers } from './invariants.js'
import { proveNevers } from './prove-nevers.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'

const unit2026 = await loadAgreement('unit-2026')
const changed = (number: string, change: (clause: Clause) => Clause): Agreement => ({
  ...unit2026,
  clauses: unit2026.clauses.map((one) => (one.number === number ? change(one) : one)),
})
const reach = (agreement: Agreement) =>
  reachOfNevers(compileAgreement(agreement, AGENCIES)).counterexamples

describe('the sample agreement', () => {
  let report: CheckReport
  beforeAll(() => {
    report = checkAgreement(compileAgreement(unit2026, AGENCIES), {
      on: '2026-11-24',
      answered: new Set(FACT_CODES),
    })
  })
  test('reaches no never, over every role, purpose, part, supplier and fact, and over pairs of cases', () => {
    expect(report.findings.filter((one) => one.severity === 'ERROR')).toEqual([])
    expect(report.decided).toBeGreaterThan(1_000_000)
    expect(checkText(report)).toContain('no clause reaches a never')
  })
  test('has no dead clause, and only the right to know stands in the shadow of another, for its obligation', () => {
    expect(report.findings.filter((one) => one.code === 'DEAD_CLAUSE')).toEqual([])
    expect(
      report.findings.filter((one) => one.code === 'SHADOWED_CLAUSE').map((one) => one.sentence),
    ).toEqual([
      expect.stringMatching(
        /^clause 3\.2 releases nothing that 3\.1 .*for its obligations \(TELLS_VICTIM\)/,
      ),
    ])
  })
  test('serves every purpose but research', () => {
    expect(
      report.findings.filter((one) => one.code === 'UNSERVED_PURPOSE').map((one) => one.sentence),
    ).toEqual([expect.stringContaining('RESEARCH')])
    expect(report.findings.filter((one) => one.code === 'UNREACHED_ROLE')).toEqual([])
  })
})

describe('a clause that could reach a never is named with its facts in a sentence', () => {
  test.each`
    slip                                                   | never    | agreement
    ${'a worker on his side gets a place without apart'}   | ${'N1'}  | ${changed('3.4', (one) => ({ ...one, when: assume(one.when, condition('APART'), true) }))}
    ${'a victim’s address goes to an outreach worker'}     | ${'N1'}  | ${changed('2.7', (one) => ({ ...one, to: ['OUTREACH_WORKER'], purposes: ['CARE_COORDINATION'] }))}
    ${'a psychologist reads impact in full'}               | ${'N2'}  | ${changed('2.20', (one) => ({ ...one, form: 'SHARE' }))}
    ${'advocacy notes go to the police by another clause'} | ${'N3'}  | ${changed('2.13', (one) => ({ ...one, categories: ['ADVOCACY_NOTES'] }))}
    ${'clinical data go to the advocate'}                  | ${'N4'}  | ${changed('3.22', (one) => ({ ...one, categories: ['CLINICAL'] }))}
    ${'a victim’s clinical data go to the police'}         | ${'N5'}  | ${changed('3.21', (one) => ({ ...one, of: ['VICTIM'] }))}
    ${'a draft order leaves the police in full'}           | ${'N6'}  | ${changed('3.12', (one) => ({ ...one, form: 'SHARE' }))}
    ${'a witness is named to the advocate'}                | ${'N7'}  | ${changed('2.1', (one) => ({ ...one, of: ['WITNESS'] }))}
    ${'a number goes without how to call it'}              | ${'N9'}  | ${changed('2.4', (one) => ({ ...one, when: ALWAYS }))}
    ${'a restricted patient’s address leaves the trust'}   | ${'N13'} | ${changed('2.10', (one) => ({ ...one, when: assume(one.when, condition('NOT_RESTRICTED'), true) }))}
  `('$slip ($never)', ({ never, agreement }) => {
    const found = reach(agreement as Agreement).find((one) => one.never === never)
    expect(found?.sentence).toMatch(/^clause \d+\.\d+ would release .*: never N\d+ forbids it$/)
  })
  test('and the sample without slips has none', () => expect(reach(unit2026)).toEqual([]))
})

describe('what an IG lead is warned of', () => {
  const findings = (agreement: Agreement, options = {}) =>
    checkWording(compileAgreement(agreement, AGENCIES), options)
  test('a clause that nobody can use, and a purpose without any', () => {
    const dead = findings(changed('3.6', (one) => ({ ...one, purposes: ['EVALUATION'] })))
    expect(dead.find((one) => one.code === 'DEAD_CLAUSE')?.clause).toBe('3.6')
  })
  test('a clause whose every release another gives as well', () => {
    const shadowed = findings(
      changed('2.9', (one) => ({
        ...one,
        when:
          changed('2.8', (same) => same).clauses.find((other) => other.number === '2.8')?.when ??
          ALWAYS,
      })),
    )
    expect(
      shadowed.filter((one) => one.code === 'SHADOWED_CLAUSE').map((one) => one.clause),
    ).toContain('2.9')
  })
  test('a fact that nothing answers', () => {
    const found = findings(unit2026, {
      answered: new Set(FACT_CODES.filter((one) => one !== 'RISK_HIGH')),
    })
    expect(found.filter((one) => one.code === 'UNANSWERED_FACT').map((one) => one.clause)).toEqual(
      expect.arrayContaining(['2.9', '3.19']),
    )
  })
  test('a basis that is not in force on the day', () => {
    expect(
      findings(unit2026, { on: '2026-01-01' }).some((one) => one.code === 'BASIS_NOT_IN_FORCE'),
    ).toBe(true)
  })
})

describe('conditions that cannot do what the clause says', () => {
  const findings = (agreement: Agreement, options = {}) =>
    checkWording(compileAgreement(agreement, AGENCIES), options)
  test('a clause that demands of somebody outside the unit what only members can be', () => {
    const found = findings(changed('2.24', (one) => ({ ...one, when: is(condition('ALLOCATED')) })))
    expect(found.filter((one) => one.code === 'NEVER_HOLDS').map((one) => one.sentence)).toEqual([
      'clause 2.24 gives DUTY_OFFICER nothing: ALLOCATED can never hold for that role',
    ])
  })
  test('contact that would travel without its conditions, because no clause gives them there', () => {
    const found = findings(
      changed('2.6', (one) => ({
        ...one,
        purposes: (one.purposes ?? []).filter((purpose) => purpose !== 'SAFEGUARDING_CHILD'),
      })),
    )
    expect(
      found.filter((one) => one.code === 'COUPLED_NOT_GIVEN').map((one) => one.sentence),
    ).toContain(
      'clause 4.3 gives IDENTITY, CONTACT, LOCATION of a CHILD to DETECTIVE for SAFEGUARDING_CHILD only together with SAFE_CONTACT, which no clause gives them there: it would travel alone',
    )
    expect(findings(unit2026).some((one) => one.code === 'COUPLED_NOT_GIVEN')).toBe(false)
  })
  test('a clause without a legal basis of the giver', () => {
    const found = findings(
      changed('2.8', (one) => ({ ...one, basis: { ...one.basis, giver: [] } })),
    )
    expect(found.filter((one) => one.code === 'NO_GIVER_BASIS').map((one) => one.clause)).toEqual([
      '2.8',
    ])
  })
})

describe('the proof looks at what the engine decides, not at what it was told', () => {
  /** The sample as an engine would hold it that has forgotten one never. */
  const forgetting = (number: string) => {
    const compiled = compileAgreement(unit2026, AGENCIES)
    const entriesFor: typeof compiled.entriesFor = (caller, purpose) =>
      compiled.entriesFor(caller, purpose).map((entry) => ({
        ...entry,
        bars: entry.bars.filter((one) => one.number !== number),
      }))
    return { ...compiled, entriesFor }
  }
  test('a never that names roles holds for whoever has one of them beside another', () => {
    const { breaches } = proveNevers(forgetting('N4'))
    expect(breaches.map((one) => one.never)).toContain('N4')
    expect(breaches.find((one) => one.never === 'N4')?.sentence).toMatch(
      /^clauses 3\.21 would release CLINICAL.* to DETECTIVE and SUPPORT_OFFICER for .*: never N4 forbids it$/,
    )
  })
  test('somebody who is a perpetrator in one case and a victim in another is both', () => {
    const { breaches } = proveNevers(forgetting('N5'))
    expect(breaches.map((one) => one.never)).toContain('N5')
    expect(breaches[0]?.sentence).toMatch(/about a PERPETRATOR .* and a VICTIM /)
  })
})

test('a field of free text is told of where a never about places keeps it from a clause', () => {
  const cell = { category: 'WARNING', locates: 'OTHERS', forms: [] } as const
  const plain = { category: 'WARNING', locates: 'NOBODY', forms: [] } as const
  const origins = AGENCIES.map((supplier) => ({ supplier, unit: false }))
  const { findings } = checkAgreement(compileAgreement(unit2026, AGENCIES), {
    fields: [
      { coordinate: 'Warning.detail', cell, origins },
      { coordinate: 'Warning.marker', cell: plain, origins },
    ],
  })
  expect(
    findings.filter((one) => one.code === 'NARROWED_BY_NEVER').map((one) => one.sentence),
  ).toContain(
    'clause 1.5 stops short of Warning.detail for PSYCHOLOGIST, OUTREACH_WORKER: free text that may locate others, which never N1 keeps back unless all of them are apart from the caller',
  )
  expect(findings.filter((one) => one.severity === 'ERROR')).toEqual([])
})
