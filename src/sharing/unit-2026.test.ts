import { describe, expect, test } from '@jest/globals'
import { runCases } from './agreement-cases.js'
import { readAgreementFiles } from './agreement-files.js'
import { compileAgreement } from './compile.js'
import { AGENCIES, agreementFolder, loadAgreement } from './testing/load-agreement.js'

const agreement = await loadAgreement('unit-2026')
const compiled = compileAgreement(agreement, AGENCIES)
const { results, problems } = runCases(
  compiled,
  await readAgreementFiles(`${agreementFolder('unit-2026')}cases`),
)

describe('the sample agreement as data', () => {
  test('has the 75 clauses of its text, numbered as there, and 2.25, which the words of 2.15 need', () => {
    expect(agreement.clauses).toHaveLength(76)
    expect(agreement.clauses.slice(0, 3).map((one) => one.number)).toEqual(['1.1', '1.2', '1.3'])
    expect(agreement.clauses.at(-1)?.number).toBe('5.9')
  })
  test('has case files that can be read', () => expect(problems).toEqual([]))
  test.each(results.map((one) => [`${one.file}:${one.line} ${one.says}`, one] as const))(
    '%s',
    (_, one) => {
      expect(one.failures).toEqual([])
    },
  )
  test.each(agreement.clauses.map((one) => one.number))(
    'clause %s has a case in which it gives and one in which it withholds',
    (number) => {
      const cases = results.filter((one) => one.about === number)
      const gives = agreement.clauses.find((one) => one.number === number)?.effect === 'PERMIT'
      expect(cases.some((one) => one.decision.kind === 'WITHHOLD')).toBe(true)
      expect(
        cases.some((one) =>
          gives
            ? one.decision.clause === number || one.decision.logged.clauses.includes(number)
            : one.decision.kind !== 'WITHHOLD',
        ),
      ).toBe(true)
    },
  )
})
