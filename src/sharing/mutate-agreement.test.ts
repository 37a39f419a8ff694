import { describe, expect, test } from '@jest/globals'
import { readAgreementFiles } from './agreement-files.js'
import { caseCoverage, coverageText, unnoticed } from './mutate-agreement.js'
import { AGENCIES, agreementFolder, loadAgreement } from './testing/load-agreement.js'

const coverageOf = async (id: string, agencies: Parameters<typeof caseCoverage>[1]) =>
  caseCoverage(
    await loadAgreement(id),
    agencies,
    await readAgreementFiles(`${agreementFolder(id)}cases`),
  )

describe('the cases beside an agreement notice a clause made wrong', () => {
  test('every clause of the sample, whatever of it is changed', async () => {
    const coverage = await coverageOf('unit-2026', AGENCIES)
    expect(coverage.covered).toBe(76)
    expect(unnoticed(coverage)).toEqual([])
    // With one agency of the kind that supplies and receives, what is supplied by it is its own.
    expect(
      coverage.mutants.filter((one) => one.isSame).map((one) => `${one.clause} ${one.what}`),
    ).toEqual(['3.16 without OWN', '3.17 without OWN', '5.2 without OWN'])
  })
  test('every clause of the second agreement', async () => {
    const coverage = await coverageOf('pair-2026', [
      { id: 'riverside', kind: 'local-authority' },
      { id: 'probation-north', kind: 'probation' },
    ])
    expect(coverageText(coverage)).toMatch(
      /^6 of 6 clauses have cases; (\d+) of \1 wrong clauses are noticed$/,
    )
  })
  test('and without cases nothing is noticed, which is said', async () => {
    const coverage = caseCoverage(await loadAgreement('pair-2026'), [], [])
    expect(coverage.covered).toBe(0)
    expect(coverage.mutants.every((one) => !one.isNoticed)).toBe(true)
    expect(coverageText(coverage)).toContain('no case is about clause 2.1')
  })
})
