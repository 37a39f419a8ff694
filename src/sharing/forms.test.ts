import { describe, expect, test } from '@jest/globals'
import type { Agreement, Clause } from './agreement.js'
import { compileAgreement } from './compile.js'
import { decide } from './decide.js'
import type { Standing } from './decision.js'
import { openness } from './forms.js'
import { ALWAYS } from './formula.js'
import { profileOf } from './profile.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'
import { GENERALISATIONS, type Generalisation } from './vocabulary.js'

/** From the form that tells least to the one that tells most, as the page on decisions has it. */
const FROM_LEAST_TO_MOST: readonly Generalisation[] = [
  'PRESENCE',
  'BAND',
  'COARSE_CODE',
  'INITIALS',
  'KNOWN_AS',
  'LOCAL_AUTHORITY',
  'OUTWARD_CODE',
  'AGE_BAND',
  'YEAR',
  'MONTH',
]

const unit2026 = await loadAgreement('unit-2026')
const base = unit2026.clauses.find((one) => one.number === '2.1')
if (!base) throw new Error('the sample has a clause 2.1')
const everybody: Standing = { caseId: 'case', part: 'VICTIM', fact: () => 'TRUE' }

/** What is released of a field that allows every form, under two clauses that each give one of them. */
function underBoth(first: Generalisation, second: Generalisation): Generalisation | null {
  const giving = (number: string, as: Generalisation): Clause => ({
    ...(base as Clause),
    number,
    categories: ['OFFENCE'],
    of: null,
    from: [{ kind: 'ANYONE' }],
    to: ['DETECTIVE'],
    purposes: null,
    when: ALWAYS,
    form: 'GENERALISE',
    as: [as],
  })
  const agreement: Agreement = {
    ...unit2026,
    clauses: [giving('1.1', first), giving('1.2', second)],
  }
  const profile = profileOf(
    compileAgreement(agreement, AGENCIES),
    { agency: { id: 'a-force', kind: 'police' }, roles: ['DETECTIVE'] },
    'INVESTIGATION',
  )
  return decide(
    profile,
    { category: 'OFFENCE', locates: 'NOBODY', forms: GENERALISATIONS },
    { supplier: 'a-force', unit: false, standings: [everybody], barring: [everybody] },
  ).form
}

describe('of two shortened forms the one that tells more is released', () => {
  test.each(FROM_LEAST_TO_MOST.slice(1).map((form, at) => [FROM_LEAST_TO_MOST[at], form] as const))(
    '%s and %s, whichever clause stands first',
    (less, more) => {
      if (less === undefined) throw new Error('each has one before it')
      expect(underBoth(less, more)).toBe(more)
      expect(underBoth(more, less)).toBe(more)
    },
  )
  test('every form has its place in the order, and no two the same', () => {
    const byOpenness = [...GENERALISATIONS].sort((one, other) => openness(one) - openness(other))
    expect(byOpenness).toEqual(FROM_LEAST_TO_MOST)
    expect(new Set(GENERALISATIONS.map(openness)).size).toBe(GENERALISATIONS.length)
    expect(Math.min(...GENERALISATIONS.map(openness))).toBeGreaterThanOrEqual(0)
  })
})
