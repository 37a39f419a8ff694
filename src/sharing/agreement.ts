import type { Formula } from './formula.js'
import type { Category, Generalisation, Locates, PartKind, Side } from './vocabulary.js'

/** A sharing agreement as the engine holds it: parsed, checked, every word known. */
export interface Agreement {
  readonly id: string
  readonly title: string
  readonly version: string
  readonly status: 'DRAFT' | 'FINAL'
  /** Calendar dates between which it may be in force; null for not limited. */
  readonly from: string | null
  readonly until: string | null
  readonly reviewAfterMonths: number
  readonly expiresAfterMonths: number
  readonly justification: 'REQUIRED' | 'OPTIONAL'
  readonly parties: readonly Party[]
  readonly documents: Readonly<Record<string, string>>
  readonly purposes: readonly Purpose[]
  readonly roles: readonly Role[]
  readonly offices: readonly Titled[]
  readonly bases: readonly Basis[]
  readonly gateways: readonly string[]
  readonly obligations: readonly Obligation[]
  /** What the unit writes together: no clause reaches it as one agency's, and it is nobody's own. */
  readonly ofTheUnit: readonly Category[]
  readonly writing: readonly WritingRight[]
  readonly nevers: readonly Never[]
  /** In the order of their numbers. */
  readonly clauses: readonly Clause[]
}

/** Which agencies: all of a kind, or one by its id. */
export type AgencySelector =
  | { readonly kind: 'KIND'; readonly of: string }
  | { readonly kind: 'AGENCY'; readonly id: string }

/** Where data comes from: an agency (also what its member wrote in the unit), the unit, anywhere. */
export type SourceSelector =
  | AgencySelector
  | { readonly kind: 'UNIT' }
  | { readonly kind: 'ANYONE' }

export interface Party {
  readonly party: string
  readonly title: string
  readonly agencies: AgencySelector
  /** What the unit writes and this party keeps when the agreement ends. */
  readonly custodianOf: readonly Category[]
}
export interface Titled {
  readonly code: string
  readonly title: string
}
export interface Purpose extends Titled {
  /** HL7 v3 ActReason code; null where none fits. */
  readonly actReason: string | null
  /** What is released for it is on the schedule for the court. */
  readonly investigation: boolean
}
export interface Role extends Titled {
  /** Which agencies may give it; null: any. */
  readonly agencies: readonly AgencySelector[] | null
  readonly side: Side
  /** A member of the unit; else an outside role or a system. */
  readonly member: boolean
  readonly purposes: readonly string[]
}
export interface Basis extends Titled {
  readonly source: string
  readonly from: string | null
  readonly until: string | null
}
export interface Obligation {
  readonly code: string
  readonly text: string
  /** It goes with every release, not only where a clause names it. */
  readonly always: boolean
}

/** Which of a clause's cells a line of `also`, `instead` or `only` is about; null: all of them. */
export interface Selector {
  readonly categories: readonly Category[] | null
  readonly of: readonly PartKind[] | null
  readonly from: readonly SourceSelector[] | null
  readonly to: readonly string[] | null
  readonly purposes: readonly string[] | null
}

/** Where a text stands, for errors: 1-based. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface Clause {
  readonly number: string
  readonly effect: 'PERMIT' | 'PROHIBIT'
  readonly categories: readonly Category[]
  /** Parts it is about; null: any, and what belongs to a case as a whole. */
  readonly of: readonly PartKind[] | null
  readonly from: readonly SourceSelector[]
  readonly to: readonly string[]
  /** null: any purpose the role holds. */
  readonly purposes: readonly string[] | null
  /** What must hold. In a prohibition: it bars unless this is known to be false. */
  readonly when: Formula
  /** A prohibition is silent exactly where this is known to be true. */
  readonly unless: Formula
  /** Further conditions for some of its cells. */
  readonly also: readonly (Selector & { readonly when: Formula })[]
  /** Other conditions for some of its cells; the first that fits counts. */
  readonly instead: readonly (Selector & { readonly when: Formula })[]
  /** Roles that it reaches only for some parts. */
  readonly only: readonly { readonly to: readonly string[]; readonly of: readonly PartKind[] }[]
  /** PERMIT: what it gives. PROHIBIT: what it leaves at most. */
  readonly form: 'SHARE' | 'GENERALISE' | 'WITHHOLD'
  /** Forms of GENERALISE, the first that the field allows counts; empty: the field's first. */
  readonly as: readonly Generalisation[]
  /** With COARSE_CODE: the only coarse codes released; empty: all. */
  readonly codes: readonly string[]
  /** Only fields that locate so; null: all. */
  readonly locates: readonly Locates[] | null
  /** Only fields of this aspect of their category (a vehicle among places); null: all. */
  readonly aspects: readonly string[] | null
  /** Older is shown as stale, with its time. */
  readonly freshHours: number | null
  /** Holds also before people confirmed the link across agencies: what they decide upon. */
  readonly unlinked: boolean
  readonly obligations: readonly { readonly code: string; readonly to: readonly string[] | null }[]
  readonly basis: {
    readonly giver: readonly string[]
    readonly receiver: readonly string[]
    readonly gateway: readonly string[]
  }
  /** True reason that the log gives when a prohibition bars. */
  readonly reason: string
  /** The form in the words of the agreement, where the form needs words. */
  readonly says: string | null
  readonly effective: { readonly from: string | null; readonly until: string | null }
  readonly place: Place
}

/** What no clause, wish, emergency or ownership lifts. */
export interface Never {
  readonly number: string
  readonly says: string
  /** Nothing of these. */
  readonly bar: readonly Category[]
  /** Of these at most a generalised form. */
  readonly barInFull: readonly Category[]
  readonly of: readonly PartKind[] | null
  readonly from: readonly SourceSelector[]
  /** Whom it stops: anybody, callers of these agencies, all but these agencies, or any of these roles. */
  readonly to:
    | { readonly kind: 'ANYBODY' }
    | { readonly kind: 'AGENCIES'; readonly agencies: readonly AgencySelector[] }
    | { readonly kind: 'OUTSIDE'; readonly agencies: readonly AgencySelector[] }
    | { readonly kind: 'ROLES'; readonly roles: readonly string[] }
  /** Purposes that it bars whole. */
  readonly purposes: readonly string[]
  /** Silent exactly where this is known to be true. */
  readonly unless: Formula
  /** Clauses that it lets stand. */
  readonly but: readonly string[]
  readonly reason: string
  readonly place: Place
}

/** What a writing right lets one do. RECORD is entering or changing an item of a category. */
export const WRITING_ACTS = [
  'OPEN_CASE',
  'ALLOCATE',
  'ALLOCATE_BOTH_SIDES',
  'IDENTIFY_PART',
  'RECORD',
  'WITHDRAW_WISH',
  'DECIDE_LINK',
  'SUSPEND_SUPPLY',
] as const
export type WritingAct = (typeof WRITING_ACTS)[number]

export interface WritingRight {
  readonly number: string
  readonly acts: readonly WritingAct[]
  /** For RECORD: of these categories. */
  readonly categories: readonly Category[]
  readonly aspects: readonly string[] | null
  readonly of: readonly PartKind[] | null
  /** Roles that may; null: any member of the unit. */
  readonly by: readonly string[] | null
  /** Others who must take part: a word of each of these roles or offices. */
  readonly together: readonly string[]
  readonly says: string
}

/** Clause numbers in their natural order: 2.9 before 2.10, N2 before N13. */
export function compareNumbers(one: string, other: string): number {
  return natural.compare(one, other)
}
const natural = new Intl.Collator('en', { numeric: true })
