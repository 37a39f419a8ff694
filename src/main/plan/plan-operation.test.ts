import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { getOperationAST, parse } from 'graphql'
import { KINDS } from '../../../adapters/index.js'
import { decide } from '../../sharing/decide.js'
import type { Condition, Standing } from '../../sharing/decision.js'
import { GENERAL } from '../../sharing/facts.js'
import { profileOf } from '../../sharing/profile.js'
import {
  CATEGORIES,
  DECISIONS,
  PART_KINDS,
  type PartKind,
  type Tri,
} from '../../sharing/vocabulary.js'
import { makeContract } from '../contract.js'
import { openAgreement } from '../verbs/agreement-folder.js'
import { askersOf } from '../verbs/asker.js'
import { waysOf } from './field-outlook.js'
import { planOperation } from './plan-operation.js'
import { possibleTo } from './schema-for-role.js'

const contract = makeContract(KINDS)
const { compiled: agreement } = await openAgreement('agreements/unit-2026')
const police = { id: 'mersey-vale-police', kind: 'police' }
const nhs = { id: 'weaver-nhs', kind: 'nhs' }

function planOf(
  query: string,
  caller: { agency: typeof police; roles: string[] },
  purpose: string,
) {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('no operation')
  return planOperation({ contract, agreement }, { document, operation, caller, purpose })
}
const detective = { agency: police, roles: ['DETECTIVE'] }
const fieldsOf = (plan: ReturnType<typeof planOf>, coordinate: string) =>
  plan.fields.filter((one) => one.coordinate === coordinate)

describe('a plan says of each field what is sure before anybody is asked', () => {
  const ADDRESS =
    '{ cases { edges { node { parts { person { records { addresses { postcode } } } } } } } }'
  test("no clause gives the charity's address to a worker on the perpetrator's side, so it is withheld for certain", () => {
    const plan = planOf(ADDRESS, { agency: nhs, roles: ['OUTREACH_WORKER'] }, 'CARE_COORDINATION')
    const [field] = fieldsOf(plan, 'CharityRecord.addresses')
    expect(field).toMatchObject({ decision: 'WITHHOLD', clauses: [] })
  })
  test("the detective's view of the charity's address rests on the clauses that need a wish or a decision", () => {
    const [field] = fieldsOf(planOf(ADDRESS, detective, 'VICTIM_SAFETY'), 'CharityRecord.addresses')
    expect(field?.decision).toBe('BY_FACTS')
    expect(field?.clauses).toEqual(expect.arrayContaining(['2.8', '2.9']))
    const way = field?.ways.find((one) => one.of.includes('VICTIM'))
    expect(way?.rules.find((one) => one.clause === '2.8')?.when).toBe(
      'ALLOCATED and WISH_YES and LINK_CONFIRMED',
    )
  })
  test('what a value type holds is planned as that of the object around it', () => {
    const plan = planOf(ADDRESS, detective, 'VICTIM_SAFETY')
    const from = fieldsOf(plan, 'Address.postcode').map((one) =>
      one.ways.flatMap((way) => way.from),
    )
    expect(new Set(from.flat())).toEqual(new Set(agreement.agencies.map((one) => one.id)))
    expect(fieldsOf(plan, 'Address.postcode').length).toBe(agreement.agencies.length)
  })
  test('what travels only together with something that is asked for nowhere is withheld, and says what to ask along', () => {
    const phones = '... on PoliceRecord { phones }'
    const asking = (more: string) =>
      fieldsOf(
        planOf(
          `{ cases { edges { node { parts { person { records { ${phones} } } ${more} } } } } }`,
          detective,
          'VICTIM_SAFETY',
        ),
        'PoliceRecord.phones',
      )[0]?.ways.find((one) => one.of.includes('VICTIM'))
    expect(asking('')).toMatchObject({
      decision: 'WITHHOLD',
      atBest: 'WITHHOLD',
      rules: [],
      reason: 'ASK_WITH_SAFE_CONTACT',
    })
    expect(asking('safeContact { channel }')).toMatchObject({
      decision: 'BY_FACTS',
      atBest: 'SHARE',
      reason: null,
    })
  })
  test('a purpose that no role of the caller holds leaves everything withheld', () => {
    const plan = planOf('{ cases { edges { node { reference stage } } } }', detective, 'LOG_AUDIT')
    expect(plan.totals).toEqual({ SHARE: 0, GENERALISE: 0, WITHHOLD: 2, BY_FACTS: 0 })
  })
  test('a fragment that is spread twice is planned once, with both its paths', () => {
    const plan = planOf(
      'query { a: cases { ...C } b: cases { ...C } } fragment C on CaseConnection { edges { node { stage } } }',
      detective,
      'VICTIM_SAFETY',
    )
    expect(fieldsOf(plan, 'Case.stage').map((one) => one.paths)).toEqual([
      ['a.edges.node.stage', 'b.edges.node.stage'],
    ])
  })
})

const everyAsker = agreement.agreement.roles.flatMap((one) =>
  askersOf(agreement, { role: one.code }),
)
const cells = contract.governance.cells.filter((one) => one.category !== 'HOLDING')
const demanded = new Set(GENERAL.map((one) => one.fact))

test('no facts whatever make the agreement decide otherwise than a plan was sure of, nor more than its best', () =>
  fc.assert(
    fc.property(
      fc.constantFrom(...everyAsker),
      fc.constantFrom(...cells),
      fc.constantFrom(...agreement.agencies),
      fc.boolean(),
      fc.constantFrom<PartKind | null>(...PART_KINDS, null),
      fc.func(fc.constantFrom<Tri>('TRUE', 'TRUE', 'FALSE', 'UNKNOWN')),
      ({ caller, purpose }, cell, supplier, unit, part, told) => {
        const profile = profileOf(agreement, caller, purpose)
        const [way] = waysOf(
          { profile, asked: new Set(CATEGORIES) },
          cell,
          [{ supplier, unit }],
          [part],
        )
        const fact = ({ fact: code, argument }: Condition): Tri =>
          demanded.has(code) ? 'TRUE' : told(code, argument)
        const standing: Standing = { caseId: 'one', part, fact }
        const { kind } = decide(profile, cell, {
          supplier: supplier.id,
          unit,
          standings: [standing],
          barring: [standing],
        })
        expect(way).toBeDefined()
        if (!way) return
        expect(DECISIONS.indexOf(kind)).toBeLessThanOrEqual(DECISIONS.indexOf(way.atBest))
        if (way.decision !== 'BY_FACTS') expect(kind).toBe(way.decision)
      },
    ),
    { numRuns: 3000 },
  ))

test('what a role could ever receive is less than the whole schema, and holds what some facts release', () => {
  const isPossible = possibleTo(contract, agreement, { role: 'DETECTIVE' })
  expect(isPossible('Case', 'reference')).toBe(true)
  expect(isPossible('CharityRecord', 'addresses')).toBe(true)
  const outreach = possibleTo(contract, agreement, { role: 'OUTREACH_WORKER' })
  expect(outreach('CharityRecord', 'addresses')).toBe(false)
  const one = possibleTo(contract, agreement, { role: 'DETECTIVE', purpose: 'LOG_AUDIT' })
  expect(one('Case', 'reference')).toBe(false)
})
