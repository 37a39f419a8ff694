import { expect, test } from '@jest/globals'
import { KINDS } from '../../adapters/index.js'
import { checkAgreement, checkWording } from '../sharing/check.js'
import { answeredFacts, checkedFields } from './checked-fields.js'
import { makeContract } from './contract.js'
import { openAgreement } from './verbs/agreement-folder.js'

const contract = makeContract(KINDS)

test.each(['unit-2026', 'pair-2026'])(
  '%s passes against every field of the contract and the facts that this hub answers: no error, no warning',
  async (id) => {
    const { compiled } = await openAgreement(`agreements/${id}`)
    const { findings, cells } = checkAgreement(compiled, {
      fields: checkedFields(contract, compiled.agencies),
      answered: answeredFacts,
      on: '2026-11-24',
    })
    expect(findings.filter((one) => one.severity !== 'NOTE')).toEqual([])
    expect(cells).toBeGreaterThan(100)
  },
)

test('what an agreement releases only once this hub answers more is said', async () => {
  const { compiled } = await openAgreement('agreements/unit-2026')
  const told = (answered: ReadonlySet<string>) =>
    checkWording(compiled, { answered }).filter((one) => one.code === 'UNANSWERED_FACT')
  expect(told(answeredFacts)).toEqual([])
  const fewer = told(new Set([...answeredFacts].filter((one) => one !== 'APPLICANT_PROVEN')))
  expect(fewer.map((one) => one.clause)).toEqual(['5.8'])
  expect(fewer[0]?.sentence).toContain('it releases nothing here')
})
