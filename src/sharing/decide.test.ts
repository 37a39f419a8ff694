import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Agreement } from './agreement.js'
import { compileAgreement } from './compile.js'
import { decide, holdingOf } from './decide.js'
import type { Cell, Decision, Situation, Standing } from './decision.js'
import { possible, profileOf } from './profile.js'
import type { ReferenceQuestion } from './reference.js'
import {
  aimsOf,
  arbitraryAgreement,
  arbitraryQuestion,
  arbitraryStanding,
  RANDOM_AGENCIES,
  RANDOM_PURPOSES,
  RANDOM_ROLES,
} from './testing/arbitrary-question.js'
import { alike, decideUnder, outcome, wanted } from './testing/compare-deciders.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'
import { CATEGORIES, type Tri } from './vocabulary.js'

const unit2026 = await loadAgreement('unit-2026')
const compiledSample = compileAgreement(unit2026, AGENCIES)
const runs = process.env['SOAK'] ? 200_000 : 1_500

const ofTheSample = arbitraryQuestion({
  agreement: fc.constant(unit2026),
  agencies: AGENCIES,
  roles: unit2026.roles.map((one) => one.code),
  purposes: unit2026.purposes.map((one) => one.code),
  categories: CATEGORIES,
  aims: aimsOf(compiledSample),
})
const ofAnyAgreement = arbitraryQuestion({
  agreement: arbitraryAgreement,
  agencies: RANDOM_AGENCIES,
  roles: RANDOM_ROLES,
  purposes: RANDOM_PURPOSES,
})

function decideBy(agreement: Agreement, question: ReferenceQuestion): Decision {
  if (agreement !== unit2026) return decideUnder(agreement, question)
  return decide(
    profileOf(compiledSample, question.caller, question.purpose),
    question.cell,
    question.situation,
  )
}

describe('decide says what the slow reference says', () => {
  test('of the sample agreement, whatever is asked and known', () => {
    fc.assert(
      fc.property(ofTheSample, (question) => {
        const [is, should] = [outcome(decideBy(unit2026, question)), wanted(question)]
        if (!alike(is, should)) expect(is).toEqual(should)
      }),
      { numRuns: runs },
    )
  })

  test('of any agreement, with prohibitions, caps and nevers of its own', () => {
    fc.assert(
      fc.property(ofAnyAgreement, (question) => {
        const [is, should] = [outcome(decideBy(question.agreement, question)), wanted(question)]
        if (!alike(is, should)) expect(is).toEqual(should)
      }),
      { numRuns: runs },
    )
  })
})

describe('what must always hold of a decision', () => {
  const rank = (kind: string): number => ['WITHHOLD', 'GENERALISE', 'SHARE'].indexOf(kind)

  test('a fact that becomes unknown never releases more', () => {
    fc.assert(
      fc.property(fc.oneof(ofTheSample, ofAnyAgreement), fc.nat(), (question, which) => {
        const asked = new Set<string>()
        const spying = (of: readonly Standing[]): readonly Standing[] =>
          of.map((one, at) => ({
            ...one,
            fact: (condition, cell) => {
              asked.add(`${at}|${condition.fact}|${condition.argument}`)
              return one.fact(condition, cell)
            },
          }))
        const { standings } = question.situation
        const before = decideBy(question.agreement, {
          ...question,
          situation: { ...question.situation, standings: spying(standings) },
        })
        const one = [...asked][which % Math.max(1, asked.size)]
        const losing = standings.map(
          (standing, at): Standing => ({
            ...standing,
            fact: (condition, cell) =>
              `${at}|${condition.fact}|${condition.argument}` === one
                ? 'UNKNOWN'
                : standing.fact(condition, cell),
          }),
        )
        const after = decideBy(question.agreement, {
          ...question,
          situation: { ...question.situation, standings: losing },
        })
        expect(rank(after.kind)).toBeLessThanOrEqual(rank(before.kind))
      }),
      { numRuns: runs },
    )
  })

  test('nothing is released that was called never possible', () => {
    fc.assert(
      fc.property(fc.oneof(ofTheSample, ofAnyAgreement), (question) => {
        const compiled =
          question.agreement === unit2026
            ? compiledSample
            : compileAgreement(question.agreement, question.agencies)
        const profile = profileOf(compiled, question.caller, question.purpose)
        const supplier = question.agencies.find((one) => one.id === question.situation.supplier)
        if (
          !supplier ||
          possible(profile, question.cell, supplier, question.situation.unit) === 'FACTS'
        )
          return
        expect(decide(profile, question.cell, question.situation).kind).toBe('WITHHOLD')
      }),
      { numRuns: runs },
    )
  })

  test('what the caller is told of a withheld value depends on no fact and no standing', () => {
    fc.assert(
      fc.property(ofTheSample, fc.array(arbitraryStanding, { maxLength: 2 }), (question, other) => {
        const situation = { ...question.situation, standings: other, barring: other }
        const [one, two] = [
          decideBy(unit2026, question),
          decideBy(unit2026, { ...question, situation }),
        ]
        if (one.kind !== 'WITHHOLD' || two.kind !== 'WITHHOLD') return
        expect([one.reason, one.clause]).toEqual([two.reason, null])
        expect([two.obligations, two.freshHours]).toEqual([[], null])
      }),
      { numRuns: runs },
    )
  })
})

const tri = (text: string | undefined): Tri =>
  text === 'TRUE' || text === 'FALSE' ? text : 'UNKNOWN'
const standing = (
  facts: Readonly<Record<string, Tri>>,
  part: Standing['part'] = 'VICTIM',
): Standing => ({
  caseId: 'case',
  part,
  fact: ({ fact }) => facts[fact] ?? 'TRUE',
})
const cell = (category: Cell['category'], over: Partial<Cell> = {}): Cell => ({
  category,
  locates: 'NOBODY',
  forms: [],
  ...over,
})
const by = (roles: readonly string[], kind: string, purpose: string) =>
  profileOf(
    compiledSample,
    { agency: AGENCIES.find((one) => one.kind === kind) ?? { id: '', kind }, roles },
    purpose,
  )
const from = (supplier: string, ...standings: readonly Standing[]): Situation => ({
  supplier,
  unit: false,
  standings,
  barring: standings,
})

describe('the new address of a victim', () => {
  test.each`
    role                 | kind         | purpose                | wish         | apart      | decision      | logged
    ${'DETECTIVE'}       | ${'police'}  | ${'VICTIM_SAFETY'}     | ${'TRUE'}    | ${'TRUE'}  | ${'SHARE'}    | ${'PERMITTED'}
    ${'DETECTIVE'}       | ${'police'}  | ${'VICTIM_SAFETY'}     | ${'FALSE'}   | ${'TRUE'}  | ${'WITHHOLD'} | ${'CONSENT_REFUSED'}
    ${'DETECTIVE'}       | ${'police'}  | ${'VICTIM_SAFETY'}     | ${'UNKNOWN'} | ${'TRUE'}  | ${'WITHHOLD'} | ${'CONSENT_REFUSED'}
    ${'DETECTIVE'}       | ${'police'}  | ${'VICTIM_SAFETY'}     | ${'TRUE'}    | ${'FALSE'} | ${'WITHHOLD'} | ${'VICTIM_LOCATION'}
    ${'DETECTIVE'}       | ${'police'}  | ${'INVESTIGATION'}     | ${'TRUE'}    | ${'TRUE'}  | ${'WITHHOLD'} | ${'PURPOSE'}
    ${'DETECTIVE'}       | ${'charity'} | ${'VICTIM_SAFETY'}     | ${'TRUE'}    | ${'TRUE'}  | ${'WITHHOLD'} | ${'ROLE'}
    ${'OUTREACH_WORKER'} | ${'nhs'}     | ${'CARE_COORDINATION'} | ${'TRUE'}    | ${'FALSE'} | ${'WITHHOLD'} | ${'ROLE'}
    ${'NOBODY'}          | ${'police'}  | ${'VICTIM_SAFETY'}     | ${'TRUE'}    | ${'TRUE'}  | ${'WITHHOLD'} | ${'ROLE'}
    ${'DETECTIVE'}       | ${'police'}  | ${''}                  | ${'TRUE'}    | ${'TRUE'}  | ${'WITHHOLD'} | ${'PURPOSE'}
  `(
    'of $kind as $role for $purpose, wish $wish, apart $apart: $decision ($logged)',
    ({ role, kind, purpose, wish, apart, decision, logged }) => {
      const facts: Record<string, Tri> = {
        WISH_YES: tri(wish),
        APART: tri(apart),
        RISK_HIGH: 'FALSE',
      }
      const made = decide(
        by([role ?? ''], kind ?? '', purpose ?? ''),
        cell('LOCATION', { locates: 'SUBJECT' }),
        from('a-charity', standing(facts)),
      )
      expect(made.kind).toBe(decision)
      expect(made.logged.reason).toBe(logged)
    },
  )
})

describe('several standings', () => {
  const detective = by(['DETECTIVE'], 'police', 'VICTIM_SAFETY')
  test('a permission needs one case in which it holds whole', () => {
    const half = standing({ WISH_YES: 'TRUE', ALLOCATED: 'FALSE', RISK_HIGH: 'FALSE' })
    const otherHalf = standing({ WISH_YES: 'FALSE', ALLOCATED: 'TRUE', RISK_HIGH: 'FALSE' })
    expect(decide(detective, cell('LOCATION'), from('a-charity', half, otherHalf)).kind).toBe(
      'WITHHOLD',
    )
    expect(decide(detective, cell('LOCATION'), from('a-charity', half, standing({}))).kind).toBe(
      'SHARE',
    )
  })
  test('a never needs one case in which it matches, even where nobody thought of barring', () => {
    const situation: Situation = {
      ...from('a-charity', standing({}), standing({ APART: 'UNKNOWN' })),
      barring: [],
    }
    expect(decide(detective, cell('LOCATION'), situation).logged.clauses).toContain('N1')
  })
  test('free text is kept back for those whom it may locate, and for nothing else', () => {
    const text = cell('CASE_STATUS', { locates: 'OTHERS' })
    const situation: Situation = {
      supplier: 'a-force',
      unit: true,
      standings: [standing({}, null)],
      barring: [],
      located: [standing({ APART: 'FALSE' })],
    }
    expect(decide(detective, text, situation).kind).toBe('WITHHOLD')
    expect(decide(detective, { ...text, locates: 'NOBODY' }, situation).kind).toBe('SHARE')
  })
  test('an alleged perpetrator who is protected elsewhere is guarded like a victim', () => {
    const him = (elsewhere: Tri): Standing =>
      standing({ APART: 'FALSE', PROTECTED_ELSEWHERE: elsewhere }, 'PERPETRATOR')
    const warning = cell('WARNING', { locates: 'SUBJECT' })
    const officer = by(['SUPPORT_OFFICER'], 'police', 'STAFF_SAFETY')
    expect(decide(officer, warning, from('a-force', him('FALSE'))).kind).toBe('SHARE')
    expect(decide(officer, warning, from('a-force', him('TRUE'))).kind).toBe('WITHHOLD')
    expect(decide(officer, warning, from('a-force', him('UNKNOWN'))).kind).toBe('WITHHOLD')
  })
})

describe('that an agency holds a record', () => {
  const fields = [
    cell('IDENTITY', { forms: ['YEAR'] }),
    cell('LOCATION', { locates: 'SUBJECT' }),
    cell('HOLDING'),
  ]
  test('is shared exactly when some other field of it is', () => {
    const detective = by(['DETECTIVE'], 'police', 'VICTIM_SAFETY')
    expect(holdingOf(detective, fields, from('a-charity', standing({}))).kind).toBe('SHARE')
    expect(
      holdingOf(detective, fields, from('a-charity', standing({ ALLOCATED: 'FALSE' }))).kind,
    ).toBe('WITHHOLD')
    expect(holdingOf(detective, [cell('HOLDING')], from('a-charity', standing({}))).kind).toBe(
      'WITHHOLD',
    )
    expect(decide(detective, cell('HOLDING'), from('a-charity', standing({}))).kind).toBe(
      'WITHHOLD',
    )
  })
  test('is shared where a clause releases presence and nothing else', () => {
    const system = by(['SYSTEM'], 'nhs', 'LINKAGE')
    expect(holdingOf(system, fields, from('a-trust', standing({}))).kind).toBe('SHARE')
    expect(
      holdingOf(system, fields, from('a-trust', standing({ NOT_IN_CASE: 'FALSE' }))).kind,
    ).toBe('WITHHOLD')
    expect(holdingOf(system, fields, from('a-force', standing({}))).kind).toBe('WITHHOLD')
  })
})

describe('what travels with a decision', () => {
  const facts = standing({}, 'PERPETRATOR')
  test('the limit of freshness of custody, and that the advocate may tell', () => {
    const made = decide(
      by(['ADVOCATE'], 'charity', 'VICTIM_SAFETY'),
      cell('CUSTODY'),
      from('a-force', facts),
    )
    expect(made.freshHours).toBe(24)
    expect(made.obligations).toEqual([
      { clause: '3.10', text: 'The advocate may tell the victim.' },
    ])
    const toManager = decide(
      by(['MANAGER'], 'nhs', 'VICTIM_SAFETY'),
      cell('CUSTODY'),
      from('a-force', facts),
    )
    expect(toManager.obligations).toEqual([])
  })
  test('the coarse codes that the advocate may see of an offence', () => {
    const made = decide(
      by(['ADVOCATE'], 'charity', 'VICTIM_SAFETY'),
      cell('OFFENCE', { forms: ['COARSE_CODE'] }),
      from('a-force', facts),
    )
    expect(made.codes).toEqual(['VIOLENCE', 'STALKING', 'BREACH'])
  })
  test('equal outcomes are one object', () => {
    const ask = () =>
      decide(by(['ADVOCATE'], 'charity', 'VICTIM_SAFETY'), cell('CUSTODY'), from('a-force', facts))
    expect(ask()).toBe(ask())
  })
})

describe('profiles', () => {
  test('callers whose tables are equal share one', () => {
    const one = profileOf(
      compiledSample,
      { agency: AGENCIES[0] ?? { id: '', kind: '' }, roles: ['SUPPORT_OFFICER', 'NOT_A_ROLE'] },
      'INTAKE',
    )
    expect(by(['SUPPORT_OFFICER'], 'police', 'INTAKE')).toBe(one)
    expect(by(['ADVOCATE'], 'police', 'ADVOCACY')).toBe(by(['ADVOCATE'], 'nhs', 'ADVOCACY'))
  })
  test('a never that names roles binds whoever has one of them, beside any other', () => {
    const both = by(['DETECTIVE', 'DUTY_OFFICER'], 'police', 'EMERGENCY')
    const alone = by(['DETECTIVE'], 'police', 'EMERGENCY')
    const him = standing({}, 'PERPETRATOR')
    expect(decide(alone, cell('CLINICAL'), from('a-trust', him)).kind).toBe('SHARE')
    expect(decide(both, cell('CLINICAL'), from('a-trust', him)).logged.clauses).toEqual(['N4'])
    expect(decide(both, cell('CLINICAL'), from('a-trust', him)).kind).toBe('WITHHOLD')
  })
})
