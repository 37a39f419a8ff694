import { describe, expect, test } from '@jest/globals'
import { agenciesOfParties, everyAsking, everyTable, plainCell } from './cells-of.js'
import { clause, compiledSmall, EAST, NORTH, smallAgreement } from './testing/small-agreement.js'
import { GENERALISATIONS } from './vocabulary.js'

const [worker, guest] = smallAgreement().roles
if (!worker || !guest) throw new Error('the small agreement has two roles')

const askings = (tables: ReturnType<typeof everyTable>): readonly string[] =>
  tables.map(({ asking }) => `${asking.role} of ${asking.agency.id} for ${asking.purpose}`)

describe('a table for everybody who could ask with one role', () => {
  test('each agency that may give the role, each purpose that the role may state', () => {
    expect(askings(everyTable(compiledSmall({})))).toEqual([
      'WORKER of north for WHY',
      'WORKER of north for WHEREFORE',
      'WORKER of east for WHY',
      'WORKER of east for WHEREFORE',
      'GUEST of east for WHEREFORE',
    ])
  })
  test('an agency that is named by its id gives a role alone', () => {
    const roles = [{ ...guest, agencies: [{ kind: 'AGENCY', id: 'north' } as const] }]
    expect(askings(everyTable(compiledSmall({ roles })))).toEqual(['GUEST of north for WHEREFORE'])
  })
  test('any one of several that are named is enough', () => {
    const agencies = [{ kind: 'KIND', of: 'green' } as const, { kind: 'KIND', of: 'red' } as const]
    expect(askings(everyTable(compiledSmall({ roles: [{ ...guest, agencies }] })))).toEqual([
      'GUEST of north for WHEREFORE',
    ])
  })
  test('its rules are those of that caller and purpose', () => {
    const compiled = compiledSmall({ clauses: [clause('1.1', { purposes: ['WHY'] })] })
    const [forWhy, forWherefore] = everyTable(compiled)
    expect(forWhy?.asking).toEqual({
      agency: NORTH,
      roles: ['WORKER'],
      role: 'WORKER',
      purpose: 'WHY',
    })
    expect(forWhy?.entries.some((one) => one.permissions.length > 0)).toBe(true)
    expect(forWherefore?.entries.every((one) => one.permissions.length === 0)).toBe(true)
  })
})

describe('everybody who could ask', () => {
  test('has one role or two that one agency may give, and a purpose that either holds, once', () => {
    expect(everyAsking(compiledSmall({}))).toEqual([
      { agency: NORTH, roles: ['WORKER'], purpose: 'WHY' },
      { agency: NORTH, roles: ['WORKER'], purpose: 'WHEREFORE' },
      { agency: EAST, roles: ['WORKER'], purpose: 'WHY' },
      { agency: EAST, roles: ['WORKER'], purpose: 'WHEREFORE' },
      { agency: EAST, roles: ['WORKER', 'GUEST'], purpose: 'WHY' },
      { agency: EAST, roles: ['WORKER', 'GUEST'], purpose: 'WHEREFORE' },
      { agency: EAST, roles: ['GUEST'], purpose: 'WHEREFORE' },
    ])
  })
})

test('an agreement without a configuration is looked at with one agency for each party', () => {
  const parties = [
    { party: 'a', title: 'A', agencies: { kind: 'KIND', of: 'red' }, custodianOf: [] },
    { party: 'b', title: 'B', agencies: { kind: 'AGENCY', id: 'blue-one' }, custodianOf: [] },
  ] as const
  expect(agenciesOfParties(smallAgreement({ parties }))).toEqual([
    { id: 'red', kind: 'red' },
    { id: 'blue-one', kind: 'blue-one' },
  ])
})

test('a plain field of a category allows every form and, unless said otherwise, locates nobody', () => {
  expect(plainCell('OFFENCE')).toEqual({
    category: 'OFFENCE',
    locates: 'NOBODY',
    forms: GENERALISATIONS,
  })
  expect(plainCell('OFFENCE', 'OTHERS').locates).toBe('OTHERS')
})
