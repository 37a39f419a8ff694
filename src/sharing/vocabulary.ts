/**
 * The words that schema, agreement, decisions and log share. Closed lists: an agreement uses them
 * and adds none. Codes are compared exactly: no case folding, no trimming.
 */

/** The kinds of data a field may hold. HOLDING (that an agency has something at all) is derived. */
export const CATEGORIES = [
  'IDENTITY',
  'IDENTIFIER',
  'DESCRIPTOR',
  'CONTACT',
  'SAFE_CONTACT',
  'LOCATION',
  'ACCESS_NEEDS',
  'RELATIONSHIP',
  'CASE_STATUS',
  'TEAM',
  'INCIDENT',
  'NARRATIVE',
  'CLEARED_TEXT',
  'OFFENCE',
  'CUSTODY',
  'INVESTIGATION',
  'INTELLIGENCE',
  'ORDER_TERMS',
  'ORDER_DRAFT',
  'WARNING',
  'RISK_LEVEL',
  'RISK_ITEMS',
  'FORMULATION',
  'CLINICAL',
  'SERVICE_USE',
  'THERAPY_NOTES',
  'COUNSELLING',
  'ADVOCACY_NOTES',
  'SUPPORT_FACT',
  'SAFETY_PLAN',
  'IMPACT',
  'CHILD_CONCERN',
  'INTERVENTION',
  'DECISION',
  'MEETING',
  'MINUTES',
  'SIGNAL',
  'CONSENT_RECORD',
  'MATCH_EVIDENCE',
  'LOG_RECORD',
  'STATISTIC',
  'NOT_TAKEN',
  'HOLDING',
] as const
export type Category = (typeof CATEGORIES)[number]

/** Whom a value locates: the subject of its object, somebody else (all free text), or nobody. */
export const LOCATES = ['NOBODY', 'SUBJECT', 'OTHERS'] as const
export type Locates = (typeof LOCATES)[number]

/** The forms that GENERALISE may give a value. A field lists those it allows, a clause names one. */
export const GENERALISATIONS = [
  'YEAR',
  'MONTH',
  'AGE_BAND',
  'OUTWARD_CODE',
  'LOCAL_AUTHORITY',
  'INITIALS',
  'KNOWN_AS',
  'PRESENCE',
  'BAND',
  'COARSE_CODE',
] as const
export type Generalisation = (typeof GENERALISATIONS)[number]

/** Whose data an object is, as its type declares. */
export const SUBJECTS = ['PERSON', 'PART', 'CASE', 'RECORD', 'EVENT', 'CALLER'] as const
export type Subject = (typeof SUBJECTS)[number]

/** How a person figures in a case. */
export const PART_KINDS = ['VICTIM', 'PERPETRATOR', 'CHILD', 'WITNESS', 'SECONDARY_VICTIM'] as const
export type PartKind = (typeof PART_KINDS)[number]

export const SIDES = ['VICTIM', 'PERPETRATOR', 'NEITHER', 'BOTH'] as const
export type Side = (typeof SIDES)[number]

/** Ordered: what is released grows from left to right. */
export const DECISIONS = ['WITHHOLD', 'GENERALISE', 'SHARE'] as const
export type DecisionKind = (typeof DECISIONS)[number]

/** A fact may be unknown: that fails a permission and fires a prohibition. */
export type Tri = 'TRUE' | 'FALSE' | 'UNKNOWN'

/** An agency of the configuration: `id` names one controller, `kind` what its records look like. */
export interface AgencyRef {
  readonly id: string
  readonly kind: string
}

/** Whether a text is the code of a category. */
export function isCategory(text: string): text is Category {
  return (CATEGORIES as readonly string[]).includes(text)
}
