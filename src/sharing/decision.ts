import type {
  Category,
  DecisionKind,
  Generalisation,
  Locates,
  PartKind,
  Tri,
} from './vocabulary.js'

/** What a field declares of itself (`@category`): the same for every value of it. */
export interface Cell {
  readonly category: Category
  readonly locates: Locates
  /** The forms that GENERALISE may give it; none: GENERALISE withholds. */
  readonly forms: readonly Generalisation[]
  /** A narrower word within its category (VEHICLE among places), for clauses that reach no more. */
  readonly aspect?: string
}

/**
 * One way in which a person figures: a part in a case, with the facts that hold there for this
 * caller. `fact` is asked for a condition of the agreement about one cell and one value's marks;
 * it is synchronous, over facts loaded beforehand, and answers UNKNOWN where nothing is loaded.
 */
export interface Standing {
  readonly caseId: string | null
  readonly part: PartKind | null
  readonly fact: (condition: Condition, cell: Cell) => Tri
  /** For the log alone: the true reason why the condition does not hold, where more is known than the
   *  fact's own reason (CONSENT_WITHDRAWN rather than CONSENT_REFUSED); null for no more. */
  readonly why?: (condition: Condition, cell: Cell) => string | null
}

/** A condition of a clause: a fact of the closed vocabulary with its argument, where it has one. */
export interface Condition {
  readonly fact: string
  readonly argument: string | null
}

/** What a value's decision depends on beside its cell: whose it is, who supplied it. */
export interface Situation {
  /** Agency id; an item of the unit is supplied by the agency of the member who recorded it. */
  readonly supplier: string
  /** True for what the unit itself wrote (`from: unit` in a clause). */
  readonly unit: boolean
  /** A permission needs one of these in which it holds. */
  readonly standings: readonly Standing[]
  /** A prohibition or a `never` needs one of these in which it matches (all cases, all persons that
   *  the value may be about or may locate). */
  readonly barring: readonly Standing[]
  /** Persons whom the value may locate without being about them (free text): looked at only by the
   *  never that guards whereabouts. They may stand in `barring` instead, which is stricter. */
  readonly located?: readonly Standing[]
}

/** The outcome for one value, with what the caller is told and what only the log keeps. */
export interface Decision {
  readonly kind: DecisionKind
  /** Set exactly for GENERALISE. */
  readonly form: Generalisation | null
  /** Reason code as told to the caller; the same whether or not there is something. */
  readonly reason: string
  /** The clause named (lowest number), null where none matched. */
  readonly clause: string | null
  /** For the log alone: the true reason and all clauses that matched. */
  readonly logged: { readonly reason: string; readonly clauses: readonly string[] }
  /** Obligations that travel with the value. */
  readonly obligations: readonly { readonly clause: string; readonly text: string }[]
  /** Freshness limit in hours that the deciding clause sets, null for none. */
  readonly freshHours: number | null
  /** With COARSE_CODE: the only coarse codes that may be released; left out: all. */
  readonly codes?: readonly string[]
}

export const WITHHELD_BY_DEFAULT: Decision = {
  kind: 'WITHHOLD',
  form: null,
  reason: 'NO_RULE',
  clause: null,
  logged: { reason: 'NO_RULE', clauses: [] },
  obligations: [],
  freshHours: null,
}
