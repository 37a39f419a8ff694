import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { runCases } from './agreement-cases.js'
import { readAgreementFiles } from './agreement-files.js'
import { checkAgreement } from './check.js'
import { compileAgreement } from './compile.js'
import { decide } from './decide.js'
import { matrixOf } from './matrix.js'
import { mayWrite } from './may-write.js'
import { profileOf } from './profile.js'
import { referenceDecide } from './reference.js'
import { aimsOf, arbitraryQuestion } from './testing/arbitrary-question.js'
import { agreementFolder, loadAgreement } from './testing/load-agreement.js'
import { CATEGORIES } from './vocabulary.js'

const AGENCIES = [
  { id: 'riverside', kind: 'local-authority' },
  { id: 'probation-north', kind: 'probation' },
  { id: 'probation-south', kind: 'probation' },
]
const agreement = await loadAgreement('pair-2026')
const compiled = compileAgreement(agreement, AGENCIES)
const { results, problems } = runCases(
  compiled,
  await readAgreementFiles(`${agreementFolder('pair-2026')}cases`),
)

describe('a second agreement, of other agencies, roles, clauses and nevers', () => {
  test('has cases that can be read', () => expect(problems).toEqual([]))
  test.each(results.map((one) => [one.says, one] as const))('%s', (_, one) => {
    expect(one.failures).toEqual([])
  })
  test('is decided as the slow reference does', () => {
    const question = arbitraryQuestion({
      agreement: fc.constant(agreement),
      agencies: AGENCIES,
      roles: agreement.roles.map((one) => one.code),
      purposes: agreement.purposes.map((one) => one.code),
      categories: CATEGORIES,
      aims: aimsOf(compiled),
    })
    fc.assert(
      fc.property(question, (asked) => {
        const decision = decide(
          profileOf(compiled, asked.caller, asked.purpose),
          asked.cell,
          asked.situation,
        )
        const wanted = referenceDecide(asked)
        expect([decision.kind, decision.form, decision.clause]).toEqual([
          wanted.kind,
          wanted.form,
          wanted.clause,
        ])
      }),
      { numRuns: 2_000 },
    )
  })
  test('reaches no never', () => {
    const { findings } = checkAgreement(compiled)
    expect(findings.filter((one) => one.severity === 'ERROR')).toEqual([])
    expect(findings.filter((one) => one.code === 'DEAD_CLAUSE')).toEqual([])
  })
  test('names one agency of a kind, and its twin gets and gives nothing by that', () => {
    const rows = matrixOf(compiled).filter((one) => one.category === 'OFFENCE')
    expect(rows.flatMap((one) => one.ways.map((way) => way.clause))).toEqual(['2.1'])
    const south = { agency: AGENCIES[2] ?? { id: '', kind: '' }, roles: ['PROBATION_OFFICER'] }
    expect(mayWrite(compiled, south, { act: 'OPEN_CASE' })).toEqual({ kind: 'MAY_NOT' })
    expect(
      mayWrite(
        compiled,
        { ...south, agency: AGENCIES[1] ?? { id: '', kind: '' } },
        { act: 'OPEN_CASE' },
      ),
    ).toEqual({ kind: 'MAY', right: 'W1', together: [] })
  })
})
