import type { LogEntry } from '../access-log/entry.js'
import type { Sql } from '../platform/database.js'
import type { Asker, SubjectTag } from '../sharing/fact-source.js'
import type { Category, PartKind } from '../sharing/vocabulary.js'
import type { Reviewer } from './tasks/review.js'

/** What this room is given for one request; the wiring makes it, no rule is decided here. */
export interface CasesContext {
  readonly sql: TransactionalSql
  readonly asker: Asker
  readonly now: () => Date
  /** A random id. */
  readonly newId: () => string
  /** The agencies of the configuration, by id. */
  readonly agencies: ReadonlyMap<string, AgencyView>
  /** Which cases a list may look through at all; the decision on each comes after. */
  readonly caseScope: CaseScope
  readonly access: Access
  /** Makes a list's cursor opaque and the caller's own; `unseal` throws INPUT_INVALID for anything else. */
  seal(text: string, list: string): string
  unseal(sealed: string, list: string): string
  /** The wishes of each holder, in the order asked. */
  wishesOf(holders: readonly WishHolder[]): Promise<readonly (readonly WishView[])[]>
  readonly writing: WritingContext
}

/** What the rules say of the caller, asked in batches. */
export interface Access {
  /** For each subject whether the caller may know of an object of this type. */
  exist(tags: readonly SubjectTag[], typeName: string): Promise<readonly boolean[]>
  /** For each subject whether this field is released whole: what a filter on it may look at. */
  whole(tags: readonly SubjectTag[], typeName: string, field: string): Promise<readonly boolean[]>
}

export interface TransactionalSql extends Sql {
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>
}

/** What a change needs beside: rights, the log, and what other rooms know. */
export interface WritingContext {
  /** The header of this one change; null where none was sent. */
  readonly idempotencyKey: string | null
  /** Throws NOT_PERMITTED. `right` is a code of `WRITE_RIGHTS`. */
  mayWrite(right: WriteRight, of: WriteTarget): Promise<void>
  /** The entry of a change, in its own transaction; fills in request, caller, purpose, agreement. */
  append(tx: Sql, change: Change): Promise<void>
  /** Categories that some clause opens to this caller once the glass is broken. */
  emergencyCategories(): readonly Category[]
  /**
   * The parts, in open cases, of whoever bears this name and was born on this day by the records of the
   * caller's own agency. The caller may know of none of them yet.
   */
  partsNamed(named: {
    readonly given: string
    readonly family: string
    readonly bornOn: string
  }): Promise<readonly string[]>
  /** The agencies that must know at once of an access in an emergency: never the caller's own alone. */
  mustKnow(
    tx: Sql,
    of: { readonly caseId: string; readonly personKey: string | null },
  ): Promise<readonly string[]>
  /** The roles at these agencies that may review an access to such a part in an emergency. */
  reviewersOf(agencies: readonly string[], part: PartKind): readonly Reviewer[]
  /** Who will see what is about to be written. */
  whoWillSee(of: WriteTarget): Promise<readonly Viewer[]>
  /** Known places of the protected persons of a case, as texts. */
  whereaboutsOf(caseId: string): Promise<readonly string[]>
  /**
   * The person that a proposal of matching stands for, who is now the part's: what was said of the part is
   * theirs. Null where there is no such proposal.
   */
  personOfCandidate(
    tx: Sql,
    of: { readonly candidateId: string; readonly partId: string },
  ): Promise<string | null>
  /** Keeps a wish with the room that has them. */
  recordWish(tx: Sql, wish: WishToRecord): Promise<string>
}

export interface AgencyView {
  readonly id: string
  readonly name: string
  readonly kind: string
}

/** Whole: every case of the unit. Allocated: the caller's. Referred: those the caller's agency referred. */
export interface CaseScope {
  readonly whole: boolean
  readonly allocated: boolean
  readonly referred: boolean
}

/**
 * What an agreement gives rights to write for; RECORD counts with its category. BREAK_GLASS is no right
 * of the agreement's: whoever may state its purpose may break the glass, for themselves.
 */
export const WRITE_RIGHTS = [
  'OPEN_CASE',
  'ALLOCATE',
  'ALLOCATE_BOTH_SIDES',
  'IDENTIFY_PART',
  'RECORD',
  'WITHDRAW_WISH',
  'BREAK_GLASS',
  'SUSPEND_SUPPLY',
  'DECIDE_LINK',
] as const
export type WriteRight = (typeof WRITE_RIGHTS)[number]

/** What is about to be written: null case for one that is opened. */
export interface WriteTarget {
  readonly caseId: string | null
  readonly partId: string | null
  readonly part: PartKind | null
  readonly category: Category
  /** A narrower word of the item, where it has one: the tool of an assessment. */
  readonly aspect: string | null
}

export interface Viewer {
  readonly agency: string
  readonly role: string
  readonly purpose: string
  readonly decision: string
  readonly clause: string | null
}

/** What is logged of a change: `sections` are about cases and parts, never values. */
export interface Change {
  readonly what: string
  readonly operation: LogEntry['operation']
  readonly caseId: string
  readonly personKey: string | null
  /** `Type.field` names of what was written. */
  readonly coordinates: readonly string[]
  /** Agencies that find it among their own entries; left out: the writer's. */
  readonly toldTo?: readonly string[]
  readonly tightens: boolean
}

export interface WishHolder {
  readonly personKey: string | null
  readonly partId: string | null
}

export interface WishView {
  readonly id: string
  readonly decision: string
  readonly recipients: readonly string[]
  readonly purposes: readonly string[]
  readonly categories: readonly string[]
  readonly givenAt: Date
  readonly until: Date | null
  readonly wording: string | null
  readonly representative: string | null
  readonly agency: string
}

export interface WishToRecord extends WishHolder {
  readonly decision: 'GIVEN' | 'INFORMED' | 'REFUSED' | 'WITHDRAWN'
  readonly recipients: readonly string[]
  readonly purposes: readonly string[]
  readonly categories: readonly string[]
  /** ISO 8601. */
  readonly givenAt: string
  readonly until: string | null
  readonly wording: string | null
  readonly representative: string | null
  readonly recordedBy: string
  readonly agency: string
  readonly recordedAt: string
}

/** An object that carries whose data it is. */
export interface Tagged {
  readonly subject: SubjectTag
}
