import type { Cell } from './decision.js'
import { condition } from './facts.js'
import { ALWAYS, is, NOWHERE } from './formula.js'
import { type Bar, EVERY_PART, partSet } from './rules.js'
import { type Category, PART_KINDS } from './vocabulary.js'

/**
 * The nevers that name no agency, role or purpose, so they hold under every agreement. Numbers are
 * those of the sample agreement. N8 and the first half of N10 are not here: a table without rules keeps
 * them. N12 is kept by reasons that are constant.
 */

/** N1: with any field that locates somebody. */
const WHEREABOUTS: readonly Category[] = [
  'LOCATION',
  'CONTACT',
  'SAFE_CONTACT',
  'SAFETY_PLAN',
  'NARRATIVE',
]
/** N2: what tells that, and how, somebody is supported. */
const SUPPORT: readonly Category[] = [
  'ADVOCACY_NOTES',
  'SUPPORT_FACT',
  'COUNSELLING',
  'CONSENT_RECORD',
]
const SUPPORT_IN_FULL: readonly Category[] = ['IMPACT']

const PROTECTED =
  partSet(PART_KINDS.filter((part) => part !== 'PERPETRATOR')) | (EVERY_PART & ~partSet(PART_KINDS))
const PERPETRATOR = partSet(['PERPETRATOR'])

const bar = (id: number, number: string, over: Partial<Bar>): Bar => ({
  id,
  number,
  kind: 'NEVER',
  parts: EVERY_PART,
  when: ALWAYS,
  unless: NOWHERE,
  cap: 'WITHHOLD',
  as: [],
  locates: null,
  aspects: null,
  but: [],
  ofLocated: false,
  reason: 'VICTIM_LOCATION',
  ...over,
})
const unlessApart = { unless: is(condition('APART')) }
const whenProtected = { parts: PERPETRATOR, when: is(condition('PROTECTED_ELSEWHERE')) }

const N1 = [
  bar(-1, 'N1', { parts: PROTECTED, ofLocated: true, ...unlessApart }),
  bar(-2, 'N1', { ...whenProtected, ofLocated: true, ...unlessApart }),
]
const N2 = [
  bar(-3, 'N2', { parts: PROTECTED, ...unlessApart }),
  bar(-4, 'N2', { ...whenProtected, ...unlessApart }),
]
const N2_IN_FULL = [
  bar(-5, 'N2', { parts: PROTECTED, cap: 'GENERALISE', ...unlessApart }),
  bar(-6, 'N2', { ...whenProtected, cap: 'GENERALISE', ...unlessApart }),
]
const N9 = bar(-7, 'N9', {
  parts: partSet(['VICTIM', 'CHILD', 'SECONDARY_VICTIM']),
  unless: is(condition('WITH', 'SAFE_CONTACT')),
  reason: 'NO_RULE',
})
const N11 = bar(-8, 'N11', { unless: is(condition('NOT_IN_CASE')), reason: 'THIRD_PARTY' })

/** Numbers of the built-in nevers, for printing and for checking that an agreement does not reuse them. */
export const BUILT_IN_NEVERS: readonly { readonly number: string; readonly says: string }[] = [
  {
    number: 'N1',
    says: "Whereabouts, contact, safe contact, safety plan and narrative of a protected person, and any field that may locate one, never reach the perpetrator's side towards that person.",
  },
  {
    number: 'N2',
    says: 'Advocacy notes, support, counselling, wishes and (in full) impact of a protected person never reach that side.',
  },
  { number: 'N8', says: 'What must not be taken in is released to nobody.' },
  {
    number: 'N9',
    says: 'Contact of a victim, child or secondary victim never travels without safe contact.',
  },
  { number: 'N10', says: 'Nothing without a stated purpose.' },
  {
    number: 'N11',
    says: 'Nothing to a person in the case, or to someone acting for the alleged perpetrator.',
  },
  { number: 'N12', says: 'No reason, count, order or date differs with what is hidden.' },
]

/** The built-in nevers that stand before one field. */
export function builtInBars(cell: Cell): readonly Bar[] {
  const bars: Bar[] = []
  if (WHEREABOUTS.includes(cell.category) || cell.locates !== 'NOBODY') bars.push(...N1)
  if (SUPPORT.includes(cell.category)) bars.push(...N2)
  if (SUPPORT_IN_FULL.includes(cell.category)) bars.push(...N2_IN_FULL)
  if (cell.category === 'CONTACT') bars.push(N9)
  bars.push(N11)
  return bars
}
