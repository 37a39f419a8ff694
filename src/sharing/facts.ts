import type { Condition } from './decision.js'

/**
 * The closed vocabulary of facts that a decision may depend on: the only place that names them.
 * A clause's `when` and `unless` use these words and no others; each room offers some of them in
 * batches. A fact has three values, and one that nobody answers is UNKNOWN: it fails a permission and
 * fires a prohibition. To add one: a line here, and a room that answers it.
 */

/** What stands beside a fact: nothing, a role or office, a category, or a number of hours. */
export type ArgumentKind = 'NONE' | 'ROLE_OR_OFFICE' | 'CATEGORY' | 'HOURS'

/** What a fact is a fact about; tells the room that answers it how to batch. */
export type FactScope = 'CALLER' | 'CASE' | 'PERSON' | 'VALUE' | 'REQUEST'

export interface FactMeaning {
  readonly says: string
  readonly argument: ArgumentKind
  readonly scope: FactScope
  /** What the log says when a permission fails on it, unless the standing knows better. */
  readonly reason: string
}

const fact = (
  says: string,
  scope: FactScope,
  reason = 'NO_RULE',
  argument: ArgumentKind = 'NONE',
): FactMeaning => ({ says, scope, reason, argument })

export const FACTS = {
  // who the caller is to this case
  ALLOCATED: fact('the caller is allocated to this case', 'CASE', 'NOT_ALLOCATED'),
  OWN: fact("the caller's own agency supplied it (the engine knows; nobody is asked)", 'VALUE'),
  REFERRED: fact("the caller's agency referred this person", 'CASE'),
  ATTENDED: fact('the caller attended that item of the meeting', 'VALUE'),
  OWN_SIDE: fact("the text was written for the caller's own side", 'VALUE'),
  OWN_DATA_OR_STAFF: fact("the entry is about data or staff of the caller's own agency", 'VALUE'),
  APART: fact(
    'the person is no protected person towards anyone on whose side the caller is, in any case; ' +
      'for an item of a whole case: none of its protected persons is',
    'PERSON',
    'VICTIM_LOCATION',
  ),
  PROTECTED_ELSEWHERE: fact(
    'alleged perpetrator here, but a protected person in another open case',
    'PERSON',
    'VICTIM_LOCATION',
  ),
  // what the person wishes
  WISH_YES: fact(
    'a wish in force says yes to this recipient, category and purpose',
    'PERSON',
    'CONSENT_REFUSED',
  ),
  NOT_REFUSED: fact(
    'the person was asked or told, and has not refused',
    'PERSON',
    'CONSENT_REFUSED',
  ),
  NOT_REFUSED_FOR_RECIPIENT: fact(
    'no refusal towards this recipient is in force, asked or not',
    'PERSON',
    'CONSENT_REFUSED',
  ),
  // what people decided
  DECIDED_BY: fact(
    'a named holder of this role or office decided this release: reason, harm weighed, consent ' +
      'sought or why not, end date not passed',
    'PERSON',
    'NO_RULE',
    'ROLE_OR_OFFICE',
  ),
  CLEARED_BY: fact(
    'a named holder of this role or office wrote or cleared the text for the other side',
    'VALUE',
    'NO_RULE',
    'ROLE_OR_OFFICE',
  ),
  VICTIM_REQUEST: fact(
    'a victim information request is on file, notice given or exception recorded',
    'PERSON',
    'COUNSELLING_NEEDS_REQUEST',
  ),
  VICTIM_REQUEST_COUNSELLING: fact(
    'a victim information request at the counselling test, with senior approval',
    'PERSON',
    'COUNSELLING_NEEDS_REQUEST',
  ),
  EXEMPTIONS_DECIDED: fact(
    'a person decided on third parties and exemptions in this reply',
    'VALUE',
    'THIRD_PARTY',
  ),
  RELEASED_TO_INVESTIGATION: fact('it was released to the investigation before', 'VALUE'),
  BREAK_GLASS: fact(
    'break-glass in force: reason, person, category, up to 12 h, reviewed afterwards',
    'PERSON',
  ),
  // what is known of person and value
  RISK_HIGH: fact('the risk level in force is high', 'CASE'),
  CHILD: fact('the person is under 18', 'PERSON'),
  APPLICANT_PROVEN: fact('the applicant is this person, identity proven', 'PERSON'),
  NOT_RESTRICTED: fact('not a restricted patient (flag known)', 'PERSON', 'RESTRICTED_PATIENT'),
  PUSHED: fact('the supplier released it of its own accord; it was not pulled', 'VALUE'),
  SERVED: fact('the order was served, and this is the wording served', 'VALUE'),
  HANDLING_MET: fact('handling is open, or its condition is met', 'VALUE', 'HANDLING_C'),
  OWN_REPORT: fact("it is the person's own report", 'VALUE'),
  FRESH: fact('supplied within this many hours', 'VALUE', 'NO_RULE', 'HOURS'),
  WITH: fact(
    'travels only together with this category of the same person (none recorded is an answer)',
    'REQUEST',
    'NO_RULE',
    'CATEGORY',
  ),
  // what every clause demands
  MEMBER: fact(
    'a current member of the unit, or holder of the named outside role, vetted and trained to date',
    'CALLER',
    'ROLE',
  ),
  NOT_IN_CASE: fact(
    'neither a person in the case, nor declared kin or colleague of one, nor acting for one',
    'CASE',
    'THIRD_PARTY',
  ),
  NOT_EXCLUDED: fact('the case is not restricted, or the caller is named in it', 'CASE'),
  LINK_CONFIRMED: fact("people confirmed the person's link across agencies", 'PERSON'),
  OFFICIAL: fact('not classified above OFFICIAL', 'VALUE', 'CLASSIFICATION'),
  RETAINED: fact('within retention', 'VALUE', 'RETENTION_REVIEW_DUE'),
} as const satisfies Record<string, FactMeaning>

export type FactCode = keyof typeof FACTS
export const FACT_CODES = Object.keys(FACTS) as readonly FactCode[]

/**
 * What a fact's answer for one caller and request may vary with: STANDING, the person's place in a case
 * alone (and what else of that person comes in the answer); SUPPLIER, that and which agency supplied the
 * value; VALUE, the value's own marks, whoever it is about; BOTH, standing and marks. A source that answers by more than is said
 * here would have one subject decided as another.
 */
export type FactBasis = 'STANDING' | 'SUPPLIER' | 'VALUE' | 'BOTH'
interface FactVaries {
  readonly by: FactBasis
  /** Whether it also varies with the category that is asked for. */
  readonly byCategory: boolean
}

const varies = (by: FactBasis, byCategory = false): FactVaries => ({ by, byCategory })

const VARIES: Readonly<Record<FactCode, FactVaries>> = {
  ALLOCATED: varies('STANDING'),
  OWN: varies('VALUE'),
  REFERRED: varies('STANDING'),
  ATTENDED: varies('VALUE'),
  OWN_SIDE: varies('BOTH'),
  OWN_DATA_OR_STAFF: varies('VALUE'),
  APART: varies('STANDING'),
  PROTECTED_ELSEWHERE: varies('STANDING'),
  WISH_YES: varies('STANDING', true),
  NOT_REFUSED: varies('STANDING', true),
  NOT_REFUSED_FOR_RECIPIENT: varies('STANDING', true),
  DECIDED_BY: varies('SUPPLIER', true),
  CLEARED_BY: varies('VALUE'),
  VICTIM_REQUEST: varies('STANDING', true),
  VICTIM_REQUEST_COUNSELLING: varies('STANDING', true),
  EXEMPTIONS_DECIDED: varies('BOTH', true),
  RELEASED_TO_INVESTIGATION: varies('BOTH', true),
  BREAK_GLASS: varies('STANDING', true),
  RISK_HIGH: varies('STANDING'),
  CHILD: varies('STANDING'),
  APPLICANT_PROVEN: varies('BOTH', true),
  NOT_RESTRICTED: varies('VALUE'),
  PUSHED: varies('VALUE'),
  SERVED: varies('VALUE'),
  HANDLING_MET: varies('VALUE'),
  OWN_REPORT: varies('VALUE'),
  FRESH: varies('VALUE'),
  WITH: varies('STANDING'),
  MEMBER: varies('STANDING'),
  NOT_IN_CASE: varies('STANDING'),
  NOT_EXCLUDED: varies('STANDING'),
  LINK_CONFIRMED: varies('VALUE'),
  OFFICIAL: varies('VALUE'),
  RETAINED: varies('VALUE'),
}
const VARIES_BY_ALL = varies('BOTH', true)

/** What the answer to a condition may vary with; by everything, where the fact is not known. */
export function variesBy({ fact: code }: Condition): FactVaries {
  return isFactCode(code) ? VARIES[code] : VARIES_BY_ALL
}

export function isFactCode(text: string): text is FactCode {
  return Object.hasOwn(FACTS, text)
}

const interned = new Map<string, Condition>()

/** The one object for this condition: equal conditions are identical, so they may be keys. */
export function condition(code: FactCode, argument: string | null = null): Condition {
  const key = argument === null ? code : `${code}:${argument}`
  const known = interned.get(key)
  if (known) return known
  const made: Condition = Object.freeze({ fact: code, argument })
  interned.set(key, made)
  return made
}

/** `DECIDED_BY: CHARITY_LEAD`, `ALLOCATED`: as an agreement writes it. */
export function conditionText({ fact: code, argument }: Condition): string {
  return argument === null ? code : `${code}: ${argument}`
}

/** What every clause demands beside its own conditions, for its standing to count. */
export const GENERAL: readonly Condition[] = [
  condition('MEMBER'),
  condition('NOT_IN_CASE'),
  condition('NOT_EXCLUDED'),
  condition('OFFICIAL'),
  condition('RETAINED'),
]

/** Demanded too, unless the value is the caller's own agency's or the unit's own. */
export const LINKED: Condition = condition('LINK_CONFIRMED')

/** Why the log says a permission failed on this condition. */
export function reasonOf({ fact: code }: Condition): string {
  return isFactCode(code) ? FACTS[code].reason : 'NO_RULE'
}
