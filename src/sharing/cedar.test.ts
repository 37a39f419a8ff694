import { createRequire } from 'node:module'
import type { AuthorizationAnswer } from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Agreement } from './agreement.js'
import { compileAgreement } from './compile.js'
import { decide } from './decide.js'
import type { Standing } from './decision.js'
import { condition, conditionText, FACT_CODES, FACTS } from './facts.js'
import { conditionsIn } from './formula.js'
import { formFor, profileOf } from './profile.js'
import type { ReferenceQuestion } from './reference.js'
import {
  aimsOf,
  arbitraryAgreement,
  arbitraryQuestion,
  RANDOM_AGENCIES,
  RANDOM_PURPOSES,
  RANDOM_ROLES,
} from './testing/arbitrary-question.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'
import { toCedar } from './testing/to-cedar.js'
import { CATEGORIES, type Category } from './vocabulary.js'

const cedar: typeof import('@cedar-policy/cedar-wasm/nodejs') = createRequire(import.meta.url)(
  '@cedar-policy/cedar-wasm/nodejs',
)
const requests = process.env['SOAK'] ? 1_000_000 : 10_000

let loaded = 0
/** Loads an agreement into Cedar; gives the function that asks it for one standing. */
function oracleOf(agreement: Agreement) {
  const number = loaded++
  const known = new Set<string>()
  const policiesOf = (category: Category): string => {
    const id = `agreement-${number}-${category}`
    if (known.has(id)) return id
    const parsed = cedar.preparsePolicySet(id, {
      staticPolicies: { ...toCedar(agreement, category) },
    })
    if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors.slice(0, 3)))
    known.add(id)
    return id
  }
  const conditions = conditionsOfAgreement(agreement)
  return (
    question: ReferenceQuestion,
    standing: Standing,
    action: string,
    about: { clause?: string; form?: string; onlyLocated?: boolean } = {},
  ) => {
    const { caller, cell, situation, agencies, purpose } = question
    const values = conditions.map(
      (one) => [conditionText(one).replace(': ', ':'), standing.fact(one, cell)] as const,
    )
    const answer: AuthorizationAnswer = cedar.statefulIsAuthorized({
      principal: { type: 'Caller', id: 'caller' },
      action: { type: 'Action', id: action },
      resource: { type: 'Value', id: 'value' },
      context: {
        purpose,
        clause: about.clause ?? '',
        form: about.form ?? '',
        onlyLocated: about.onlyLocated ?? false,
        yes: values.filter(([, value]) => value === 'TRUE').map(([fact]) => fact),
        no: values.filter(([, value]) => value === 'FALSE').map(([fact]) => fact),
      },
      preparsedPolicySetId: policiesOf(cell.category),
      entities: [
        {
          uid: { type: 'Caller', id: 'caller' },
          parents: [],
          attrs: { agency: caller.agency.id, kind: caller.agency.kind, roles: [...caller.roles] },
        },
        {
          uid: { type: 'Value', id: 'value' },
          parents: [],
          attrs: {
            category: cell.category,
            locates: cell.locates,
            aspect: cell.aspect ?? '',
            forms: [...cell.forms],
            hasForms: cell.forms.length > 0,
            supplier: situation.supplier,
            supplierKind: agencies.find((one) => one.id === situation.supplier)?.kind ?? '',
            unit: situation.unit,
            part: standing.part ?? 'NONE',
          },
        },
      ],
    })
    if (answer.type === 'failure' || answer.response.diagnostics.errors.length > 0)
      throw new Error(JSON.stringify(answer))
    return answer.response
  }
}

function conditionsOfAgreement({ clauses, nevers }: Agreement) {
  const plain = FACT_CODES.filter((one) => FACTS[one].argument === 'NONE' && one !== 'OWN').map(
    (one) => condition(one),
  )
  const formulas = [
    ...clauses.flatMap((one) => [
      one.when,
      one.unless,
      ...[...one.also, ...one.instead].map((more) => more.when),
    ]),
    ...nevers.map((one) => one.unless),
  ]
  return [
    ...new Set([...plain, condition('WITH', 'SAFE_CONTACT'), ...formulas.flatMap(conditionsIn)]),
  ].filter((one) => one.fact !== 'OWN')
}

/** What Cedar makes of a question: it decides in each standing, and only joining them is done here. */
function kindByCedar(oracle: ReturnType<typeof oracleOf>, question: ReferenceQuestion): string {
  const { agreement, cell, situation, agencies } = question
  if (!agencies.some((one) => one.id === situation.supplier)) return 'WITHHOLD'
  const about = [...situation.standings, ...situation.barring]
  const allows = (action: string, clause: string, form = ''): boolean =>
    about.every((one) => oracle(question, one, action, { clause, form }).decision === 'allow') &&
    (situation.located ?? []).every(
      (one) =>
        oracle(question, one, action, { clause, form, onlyLocated: true }).decision === 'allow',
    )
  const holding = new Set<string>()
  for (const one of situation.standings) {
    const { decision, diagnostics } = oracle(question, one, 'permit')
    if (decision === 'allow')
      for (const id of diagnostics.reason) holding.add(id.split('/')[0] ?? id)
  }
  let kind = 'WITHHOLD'
  for (const clause of agreement.clauses.filter((one) => holding.has(one.number))) {
    if (!allows('whole', clause.number)) continue
    const isFull = allows('full', clause.number)
    if (isFull && clause.form === 'SHARE') return 'SHARE'
    const form = formFor(clause.as, cell.forms)
    const forms = clause.form === 'SHARE' ? cell.forms : form === null ? [] : [form]
    if (isFull ? forms.length > 0 : forms.some((one) => allows('form', clause.number, one)))
      kind = 'GENERALISE'
  }
  return kind
}

describe('Cedar, an engine that is not ours, decides as we do', () => {
  test.each([
    ['unit-2026', AGENCIES],
    [
      'pair-2026',
      [
        { id: 'riverside', kind: 'local-authority' },
        { id: 'probation-north', kind: 'probation' },
        { id: 'probation-south', kind: 'probation' },
      ],
    ],
  ] as const)(
    'on generated requests under %s',
    async (id, agencies) => {
      const agreement = await loadAgreement(id)
      const oracle = oracleOf(agreement)
      const compiled = compileAgreement(agreement, agencies)
      const asked = arbitraryQuestion({
        agreement: fc.constant(agreement),
        agencies,
        roles: agreement.roles.map((one) => one.code),
        purposes: agreement.purposes.map((one) => one.code),
        categories: CATEGORIES,
        aims: aimsOf(compiled),
      })
      const seen = new Map<string, number>()
      fc.assert(
        fc.property(asked, (question) => {
          const { kind } = decide(
            profileOf(compiled, question.caller, question.purpose),
            question.cell,
            question.situation,
          )
          seen.set(kind, (seen.get(kind) ?? 0) + 1)
          expect(kindByCedar(oracle, question)).toBe(kind)
        }),
        {
          numRuns: requests / 2,
          ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }),
        },
      )
      for (const kind of ['SHARE', 'GENERALISE', 'WITHHOLD'])
        expect(seen.get(kind)).toBeGreaterThan(0)
    },
    600_000,
  )

  test('on agreements made at random, with caps, exceptions and nevers of their own', () => {
    const asked = arbitraryQuestion({
      agreement: arbitraryAgreement,
      agencies: RANDOM_AGENCIES,
      roles: RANDOM_ROLES,
      purposes: RANDOM_PURPOSES,
    })
    fc.assert(
      fc.property(asked, (question) => {
        const compiled = compileAgreement(question.agreement, question.agencies)
        const { kind } = decide(
          profileOf(compiled, question.caller, question.purpose),
          question.cell,
          question.situation,
        )
        expect(kindByCedar(oracleOf(question.agreement), question)).toBe(kind)
      }),
      { numRuns: 300 },
    )
  }, 600_000)
})
