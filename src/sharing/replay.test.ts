import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Agreement, Clause } from './agreement.js'
import { everyAsking, plainCell } from './cells-of.js'
import { compileAgreement } from './compile.js'
import { decide } from './decide.js'
import type { Condition, Decision, Standing } from './decision.js'
import { condition, GENERAL } from './facts.js'
import { openness } from './forms.js'
import { all, assume, is } from './formula.js'
import { profileOf } from './profile.js'
import { type Replayed, replayDecision } from './replay.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'
import { CATEGORIES, LOCATES, PART_KINDS, type PartKind, type Tri } from './vocabulary.js'

const sample = await loadAgreement('unit-2026')
const before = compileAgreement(sample, AGENCIES)
const change = (number: string, to: (clause: Clause) => Clause | null): Agreement => ({
  ...sample,
  clauses: sample.clauses.flatMap((one) => (one.number === number ? (to(one) ?? []) : [one])),
})
const changes: Readonly<Record<string, Agreement>> = {
  'a clause gone': change('2.8', () => null),
  'a condition gone': change('2.8', (one) => ({
    ...one,
    when: assume(one.when, condition('WISH_YES'), true),
  })),
  'a condition more': change('2.1', (one) => ({
    ...one,
    when: all([one.when, is(condition('RISK_HIGH'))]),
  })),
  'whole no longer': change('5.1', (one) => ({
    ...one,
    form: 'GENERALISE',
    as: ['YEAR', 'PRESENCE'],
  })),
  'whole from now on': change('3.8', (one) => ({ ...one, form: 'SHARE', as: [] })),
  'to more roles': change('3.11', (one) => ({ ...one, to: [...one.to, 'SUPPORT_OFFICER'] })),
  'a prohibition gone': change('2.18', () => null),
  'a never more': {
    ...sample,
    nevers: [
      ...sample.nevers,
      ...sample.nevers
        .filter((one) => one.number === 'N6')
        .map((one) => ({
          ...one,
          number: 'N30',
          bar: ['IDENTITY' as const],
          of: ['CHILD' as const],
        })),
    ],
  },
}
const askers = everyAsking(before)
const demanded = new Set([...GENERAL.map((one) => one.fact), 'LINK_CONFIRMED'])
const rank = ({ kind, form }: Pick<Decision, 'kind' | 'form'>): number =>
  kind === 'WITHHOLD' ? -1 : kind === 'SHARE' ? 1_000 : form === null ? 0 : openness(form)
const rankOf = (text: string): number => {
  const [kind, form] = text.split(' ')
  return rank({ kind, form: form ?? null } as Pick<Decision, 'kind' | 'form'>)
}

test.each(Object.entries(changes))(
  'what the log keeps is enough never to be wrong about a past decision: %s',
  (_, agreement) => {
    const after = compileAgreement(agreement, AGENCIES)
    const seen = new Map<Replayed['verdict'], number>()
    fc.assert(
      fc.property(
        fc.constantFrom(...askers),
        fc.constantFrom(...CATEGORIES),
        fc.constantFrom(...LOCATES),
        fc.constantFrom(...AGENCIES),
        fc.boolean(),
        fc.constantFrom<PartKind | null>(...PART_KINDS, null),
        fc.func(fc.constantFrom<Tri>('TRUE', 'TRUE', 'TRUE', 'FALSE', 'UNKNOWN')),
        (asking, category, locates, supplier, unit, part, fact) => {
          const cell = plainCell(category, locates)
          const standing: Standing = {
            caseId: 'case',
            part,
            fact: (one: Condition) => (demanded.has(one.fact) ? 'TRUE' : fact(one)),
          }
          const situation = {
            supplier: supplier.id,
            unit,
            standings: [standing],
            barring: [standing],
          }
          const [was, is] = [before, after].map((one) =>
            decide(profileOf(one, asking, asking.purpose), cell, situation),
          )
          if (!was || !is) throw new Error('two decisions')
          const replayed = replayDecision({
            before,
            after,
            caller: asking,
            purpose: asking.purpose,
            cell,
            supplier: supplier.id,
            unit,
            kept: { decision: was.kind, reason: was.logged.reason, clauses: was.logged.clauses },
          })
          seen.set(replayed.verdict, (seen.get(replayed.verdict) ?? 0) + 1)
          const difference = Math.sign(rank(is) - rank(was))
          expect(rank(is)).toBeGreaterThanOrEqual(rankOf(replayed.least))
          expect(rank(is)).toBeLessThanOrEqual(rankOf(replayed.most))
          if (replayed.verdict === 'SAME') expect(difference).toBe(0)
          if (replayed.verdict === 'MORE') expect(difference).toBe(1)
          if (replayed.verdict === 'LESS') expect(difference).toBe(-1)
        },
      ),
      { numRuns: process.env['SOAK'] === undefined ? 1_500 : 200_000 },
    )
    expect(seen.get('SAME')).toBeGreaterThan(0)
  },
)

test.each`
  what                                                | then                                     | verdict          | now
  ${'released under a clause that is gone'}           | ${['SHARE', 'PERMITTED', '2.8']}         | ${'LESS'}        | ${'a clause gone'}
  ${'withheld for want of a wish that is not needed'} | ${['WITHHOLD', 'CONSENT_REFUSED', null]} | ${'MAY_BE_MORE'} | ${'a condition gone'}
  ${'released where the wish is not needed any more'} | ${['SHARE', 'PERMITTED', '2.8']}         | ${'SAME'}        | ${'a condition gone'}
`('a place, $what: $verdict', ({ then, verdict, now }) => {
  const [decision, reason, clause] = then as ['SHARE' | 'WITHHOLD', string, string | null]
  const [detective] = askers.filter(
    (one) => one.roles.join() === 'DETECTIVE' && one.purpose === 'VICTIM_SAFETY',
  )
  const after = changes[now as string]
  if (!detective || !after) throw new Error('both are there')
  const replayed = replayDecision({
    before,
    after: compileAgreement(after, AGENCIES),
    caller: detective,
    purpose: detective.purpose,
    cell: plainCell('LOCATION', 'SUBJECT'),
    supplier: 'a-charity',
    unit: false,
    kept: { decision, reason, clauses: clause === null ? [] : [clause] },
  })
  expect(replayed.verdict).toBe(verdict)
})
