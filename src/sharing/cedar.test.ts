import { createRequire } from 'node:module'
import type { AuthorizationAnswer } from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Agreement } from './agreement.js'
import { type CompiledAgreement, compileAgreement } from './compile.js'
import { decide } from './decide.js'
import type { Standing } from './decision.js'
import { condition, conditionText, FACT_CODES, FACTS } from './facts.js'
import { conditionsIn } from './formula.js'
import { formFor, profileOf } from './profile.js'
import { type Enumerated, reducedSet } from './prove-nevers.js'
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
const isSoak = process.env['SOAK'] !== undefined
/** For both agreements together; the soak asks for as long as it is given, half of it each. */
const requests = isSoak ? 1_000_000_000 : 10_000
const soakMinutes = Number(process.env['SOAK_MINUTES'] ?? 60)
/** `SEED=n` asks the same again; a failure prints its own. */
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

let loaded = 0
/** Loads an agreement into Cedar; gives the function that asks it for one standing. */
function oracleOf(agreement: Agreement) {
  const number = loaded++
  const known = new Set<string>()
  // Each policy is about one action, so that those of the others need not be looked at.
  const policiesOf = (category: Category, action: string): string => {
    const id = `agreement-${number}-${category}-${action}`
    if (known.has(id)) return id
    const ofAction = Object.entries(toCedar(agreement, category)).filter(([, policy]) =>
      policy.includes(`action == Action::"${action}"`),
    )
    const parsed = cedar.preparsePolicySet(id, { staticPolicies: Object.fromEntries(ofAction) })
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
      preparsedPolicySetId: policiesOf(cell.category, action),
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

const PAIR_AGENCIES = [
  { id: 'riverside', kind: 'local-authority' },
  { id: 'probation-north', kind: 'probation' },
  { id: 'probation-south', kind: 'probation' },
]
const BOTH = [
  ['unit-2026', AGENCIES],
  ['pair-2026', PAIR_AGENCIES],
] as const

function sayHowMany(id: string, kinds: readonly number[], seconds: number): void {
  const all = kinds.reduce((sum, count) => sum + count, 0)
  process.stdout.write(
    `${id}: ${all} requests (shared, shortened, withheld: ${kinds.join(', ')}) in ${seconds.toFixed(0)} s, ` +
      `${(all / seconds).toFixed(0)} a second, seed ${seed}\n`,
  )
}

type Question = Extract<Enumerated, { kind: 'QUESTION' }>
/** Equal for questions of one caller, purpose, field and supplier. */
const placeOf = ({ asking, cell, situation }: Question): string =>
  `${asking.agency.id}|${asking.roles.join()}|${asking.purpose}|${cell.category}|${cell.locates}|${situation.supplier}|${situation.unit}`

/**
 * The questions of `check`'s own enumeration, decided by both. A standing is asked of Cedar once for each
 * place; joining two of them is done here. `every` nth place, the first by the seed.
 */
function compareReduced(agreement: Agreement, compiled: CompiledAgreement, every: number) {
  const ask = oracleOf(agreement)
  const known = new WeakMap<Standing, Map<string, ReturnType<typeof ask>>>()
  let cedarAsked = 0
  const oracle: typeof ask = (question, standing, action, about = {}) => {
    const answers = known.get(standing) ?? new Map<string, ReturnType<typeof ask>>()
    known.set(standing, answers)
    const key = `${action}|${about.clause ?? ''}|${about.form ?? ''}|${about.onlyLocated ?? false}`
    const answer = answers.get(key) ?? ask(question, standing, action, about)
    if (!answers.has(key)) cedarAsked += 1
    answers.set(key, answer)
    return answer
  }
  const differing: string[] = []
  let asked = 0
  let place = seed % every
  let last: unknown
  for (const one of reducedSet(compiled)) {
    if (one.kind === 'REFUSED') throw new Error(one.sentence)
    if (placeOf(one) !== last) {
      last = placeOf(one)
      place += 1
    }
    if (place % every !== 0) continue
    const { asking, profile, cell, situation } = one
    asked += 1
    const { kind } = decide(profile, cell, situation)
    const byCedar = kindByCedar(oracle, {
      agreement,
      agencies: compiled.agencies,
      caller: asking,
      purpose: asking.purpose,
      cell,
      situation,
    })
    if (byCedar !== kind && differing.length < 10)
      differing.push(
        `${cell.category} (${cell.locates}) from ${situation.supplier} to ${asking.roles.join(' and ')} for ${asking.purpose}: ${kind}, Cedar ${byCedar}`,
      )
  }
  return { asked, differing, cedarAsked }
}

describe('Cedar, an engine that is not ours, decides as we do', () => {
  test.each(BOTH)(
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
      const from = performance.now()
      fc.assert(
        fc.property(asked, (question) => {
          const { kind } = decide(
            profileOf(compiled, question.caller, question.purpose),
            question.cell,
            question.situation,
          )
          seen.set(kind, (seen.get(kind) ?? 0) + 1)
          const byCedar = kindByCedar(oracle, question)
          if (byCedar !== kind) expect(byCedar).toBe(kind) // to expect takes longer than to compare
        }),
        {
          numRuns: requests / 2,
          seed,
          ...(isSoak && { interruptAfterTimeLimit: soakMinutes * 30_000 }),
        },
      )
      const kinds = ['SHARE', 'GENERALISE', 'WITHHOLD'].map((kind) => seen.get(kind) ?? 0)
      if (isSoak) sayHowMany(id, kinds, (performance.now() - from) / 1000)
      for (const count of kinds) expect(count).toBeGreaterThan(0)
    },
    7_200_000,
  )

  test.each(BOTH)(
    'on the reduced set of %s: every question it can be asked, equal ones once',
    async (id, agencies) => {
      const agreement = await loadAgreement(id)
      const compiled = compileAgreement(agreement, agencies)
      const { asked, differing, cedarAsked } = compareReduced(
        agreement,
        compiled,
        isSoak || id === 'pair-2026' ? 1 : 64,
      )
      if (isSoak)
        process.stdout.write(`${id}: reduced set ${asked}, asked of Cedar ${cedarAsked}\n`)
      expect(differing).toEqual([])
      expect(asked).toBeGreaterThan(5_000)
    },
    7_200_000,
  )

  test('and the comparison notices an engine that forgets to shorten', async () => {
    const agreement = await loadAgreement('pair-2026')
    const clauses = agreement.clauses.map((one) => ({ ...one, form: 'SHARE' as const }))
    const forgetful = compileAgreement({ ...agreement, clauses }, PAIR_AGENCIES)
    expect(compareReduced(agreement, forgetful, 1).differing).toContainEqual(
      expect.stringMatching(/^IDENTITY .*: SHARE, Cedar GENERALISE$/),
    )
  })

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
