import type { Cell, Condition } from './decision.js'
import type { AgencyRef, PartKind, Tri } from './vocabulary.js'

/**
 * How the rooms answer what a decision depends on. `sharing` names the facts, each room offers a
 * source over its own tables, `main` hands all of them to `disclosure`, which loads them in one batch
 * per request and answers synchronously from memory.
 */

/** Who asks, as far as facts need to know. */
export interface Asker {
  readonly agency: AgencyRef
  /** The token's `sub`; of a system acting for a person, that person's. */
  readonly subject: string
  readonly roles: readonly string[]
  readonly purpose: string
}

/** A person in a case: the unit of every fact. Null person: not identified yet; null case: in none. */
export interface StandingRef {
  readonly caseId: string | null
  readonly partId: string | null
  readonly part: PartKind | null
  readonly personKey: string | null
  readonly caseIsOpen: boolean
}

/** Marks of one value's item or record that facts may depend on. */
export interface ValueMarks {
  /** Agency id of the supplier. */
  readonly supplier: string
  readonly unit: boolean
  /** Id of the record, event or unit item; null for a person, part or case itself. */
  readonly itemId: string | null
  /** Facts that the value itself carries, e.g. `SERVED: 'TRUE'`, `PUSHED: 'FALSE'`; by fact code. */
  readonly carries: Readonly<Record<string, Tri>>
  /** Roles or offices that cleared this text. */
  readonly clearedBy: readonly string[]
  /** Instant (ms) the value was supplied, for freshness; null unknown. */
  readonly suppliedAtMs: number | null
}

/**
 * Whose data an object of the answer is. Resolvers put it on every object of a type with `@subject`
 * as the property `subject`; disclosure reads it through a hidden field and never releases it.
 */
export interface SubjectTag {
  readonly kind: 'PERSON' | 'PART' | 'CASE' | 'RECORD' | 'EVENT' | 'CALLER'
  /** Person key(s), for PERSON, RECORD, EVENT (an event may be about several). */
  readonly persons?: readonly string[]
  readonly partId?: string
  readonly caseId?: string
  readonly marks: ValueMarks
}

/** What is loaded at once for one request. */
export interface FactQuestion {
  readonly asker: Asker
  readonly standings: readonly StandingRef[]
  readonly values: readonly ValueMarks[]
  readonly nowMs: number
  /** Codes of the facts that can be asked for: what only others rest on need not be read. Left out: all. */
  readonly asked?: ReadonlySet<string>
  /** Reads something once for all batches of one reading of the facts; where it is left out, each time. */
  readonly once?: <T>(name: string, read: () => Promise<T>) => Promise<T>
}

export interface LoadedFacts {
  /** Synchronous; UNKNOWN for whatever was not loaded. */
  fact(condition: Condition, cell: Cell, standing: StandingRef, value: ValueMarks): Tri
  /** The earliest instant (ms) at which one of the loaded facts ends by time; null for none. */
  readonly untilMs: number | null
}

export interface FactSource {
  /** Codes of the facts that this source answers; each fact has exactly one source. */
  readonly facts: readonly string[]
  load(question: FactQuestion): Promise<LoadedFacts>
}
