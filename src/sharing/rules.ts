import type { Clause } from './agreement.js'
import type { Decision } from './decision.js'
import type { Formula } from './formula.js'
import {
  type Category,
  type Generalisation,
  type Locates,
  PART_KINDS,
  type PartKind,
} from './vocabulary.js'

/** Compiled clauses: what `decide` walks through. Objects are interned, so equal rules are identical. */

/** A set of parts as bits; the last bit stands for what has no part (an item of a whole case). */
export type PartSet = number
const noPart = 1 << PART_KINDS.length
export const EVERY_PART: PartSet = noPart * 2 - 1
const BIT_OF: ReadonlyMap<PartKind | null, PartSet> = new Map<PartKind | null, PartSet>([
  ...PART_KINDS.map((part, index): [PartKind, PartSet] => [part, 1 << index]),
  [null, noPart],
])
/** Null is what has no part, not any part. */
export const bitOf = (part: PartKind | null): PartSet => BIT_OF.get(part) ?? 0
export const PARTS_AND_NONE: readonly (PartKind | null)[] = [...PART_KINDS, null]

/** Null means any part and none. */
export function partSet(parts: readonly PartKind[] | null): PartSet {
  return parts === null ? EVERY_PART : parts.reduce((set, part) => set | bitOf(part), 0)
}

/** One way in which a clause releases a category from one supplier to one profile. */
export interface Permission {
  readonly id: number
  readonly clause: Clause
  readonly parts: PartSet
  /** Own conditions, without OWN (settled) and without what every clause demands. */
  readonly when: Formula
  readonly obligations: Decision['obligations']
}

/** What stops or caps: a prohibition of the agreement, one of its nevers, or a built-in never. */
export interface Bar {
  readonly id: number
  readonly number: string
  readonly kind: 'NEVER' | 'PROHIBITION'
  readonly parts: PartSet
  /** Fires unless FALSE. */
  readonly when: Formula
  /** Silent exactly where TRUE. */
  readonly unless: Formula
  readonly cap: 'WITHHOLD' | 'GENERALISE'
  readonly as: readonly Generalisation[]
  readonly locates: readonly Locates[] | null
  readonly aspects: readonly string[] | null
  /** Clauses that it lets stand. */
  readonly but: readonly string[]
  /** Also looks at those whom the value may locate, not only at those it is about. */
  readonly ofLocated: boolean
  readonly reason: string
}

/** All rules for one category from one supplier to one profile, before a field narrows them. */
export interface Entry {
  readonly category: Category
  readonly supplier: string
  readonly unit: boolean
  readonly own: boolean
  readonly permissions: readonly Permission[]
  readonly bars: readonly Bar[]
  /** Reason for withholding where no rule is left; constant, so it tells nothing. */
  readonly barren: 'NO_RULE' | 'ROLE' | 'PURPOSE' | 'SUSPENDED' | 'NOT_IN_FORCE'
}
