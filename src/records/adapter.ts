import type { AgencyRef, Tri } from '../sharing/vocabulary.js'
import type { EventKind, Handling, NameUse } from './graph.js'

/**
 * The contract of an adapter: how an agency's source records come into the shared model.
 * An adapter is made for one agency of its kind; it maps purely, quarantines what does not map, asks
 * its agency at most once for a batch, and never sees caller, purpose, decision or the hub's database.
 */

/** Which source record: the agency's own names for it. Never shown to a client. */
export interface SourceId {
  /** The agency's type of record, e.g. `Patient`, `NOMINAL`, `client`, `Condition`, `event`. */
  readonly type: string
  readonly id: string
}

/** A record or event that could not be mapped. Never carries a value in `reason` or `field`. */
export interface Rejection {
  readonly source: SourceId
  /** Code, e.g. `DATE_UNREADABLE`. */
  readonly reason: string
  /** The source field that does not map, where one is to blame. */
  readonly field: string | null
  /** QUARANTINE keeps the raw payload for replay; REFUSE keeps only id and hash (NOT_TAKEN, above OFFICIAL). */
  readonly outcome: 'QUARANTINE' | 'REFUSE'
  /** The source record as received (JSON value or text). Kept only for QUARANTINE. */
  readonly raw: unknown
}

export type Mapped<T> =
  | { readonly kind: 'mapped'; readonly value: T }
  | { readonly kind: 'rejected'; readonly rejection: Rejection }

/** What matching may compare, as supplied and already normalised where IDENTIFIERS allow. */
export interface Traits {
  readonly names: readonly {
    readonly family: string | null
    readonly given: readonly string[]
    readonly use: NameUse
  }[]
  /** PartialDate each; several where the agency holds conflicting ones. */
  readonly bornOn: readonly string[]
  readonly postcodes: readonly string[]
  /** First line of each address, in the order of `postcodes`; for recognising the same place. */
  readonly places: readonly { readonly line: string | null; readonly postcode: string | null }[]
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  /** `system` is NHS_NUMBER, PNC_ID, CRO or an agency's own; a failed check digit is kept, `valid: false`. */
  readonly identifiers: readonly {
    readonly system: string
    readonly value: string
    readonly valid: boolean
    readonly superseded: boolean
  }[]
  readonly sex: string | null
  /**
   * Everything by which the record says where the person is to be found: homes, work, school, vehicle,
   * refuges too. Never compared for matching and never kept as written; only for recognising a protected
   * person's place in somebody else's record. Left out: `places`, none of them left.
   */
  readonly whereabouts?: readonly Whereabout[]
}

/** A place, or a vehicle by its registration (as `line`). */
export interface Whereabout {
  readonly line: string | null
  readonly postcode: string | null
  /** PartialDate since when the person is not there any more; null while they are, or where it is not known. */
  readonly to: string | null
}

/** Marks that may tighten a decision; UNKNOWN where the agency did not say. */
export interface Marks {
  readonly handling: Handling
  /** NHS confidentiality flag R, V or stricter. Never given as a reason. */
  readonly restrictedPatient: Tri
  /** The agency released this of its own accord. */
  readonly pushed: Tri
  /** An order has been served; the wording is that served. */
  readonly served: Tri
  /** The report is the subject's own. */
  readonly ownReport: Tri
  /** Which office or role cleared this text for the other side (role codes). */
  readonly clearedBy: readonly string[]
  /** The handling condition is met. */
  readonly conditionMet: Tri
}
export const NO_MARKS: Marks = {
  handling: 'OPEN',
  restrictedPatient: 'UNKNOWN',
  pushed: 'UNKNOWN',
  served: 'UNKNOWN',
  ownReport: 'UNKNOWN',
  clearedBy: [],
  conditionMet: 'UNKNOWN',
}

/** The index row of a record about one person: what the hub keeps of it. */
export interface IndexedRecord {
  readonly source: SourceId
  /** The graph type that carries its detail, e.g. `PoliceRecord`. */
  readonly graphType: string
  /** Opaque version of the source (ETag, versionId, extract sequence). */
  readonly version: string
  /** Instant (ISO 8601 UTC) the agency recorded this version; null where it does not say. */
  readonly recordedAt: string | null
  readonly traits: Traits
  readonly marks: Marks
  /** Deleted at the source: links follow, history stays. */
  readonly deleted: boolean
  /** The record that replaced this one (merge, superseded number); null for none. */
  readonly replacedBy: SourceId | null
  /** The agency says that these source codes have no mapping: kept raw and counted, never dropped. */
  readonly unmappedCodes: readonly { readonly system: string; readonly code: string }[]
}

/** The index row of an event: an entry in the chronology, its detail stays with the agency. */
export interface IndexedEvent {
  readonly source: SourceId
  /** The graph type that carries its detail, e.g. `PoliceEvent`. */
  readonly graphType: string
  readonly version: string
  readonly recordedAt: string | null
  /** PartialDate; null where unknown. */
  readonly at: string | null
  readonly kind: EventKind
  /** The records (of this agency) of the people it is about. */
  readonly about: readonly SourceId[]
  readonly marks: Marks
  readonly deleted: boolean
  readonly unmappedCodes: readonly { readonly system: string; readonly code: string }[]
}

/** A wish as an agency's system recorded it; `consent` decides what it means. */
export interface SourceWish {
  readonly source: SourceId
  readonly about: SourceId
  readonly decision: 'GIVEN' | 'REFUSED' | 'WITHDRAWN'
  /** Recipient agency kinds or ids as the agency wrote them; empty: any. */
  readonly recipients: readonly string[]
  /** Category codes; empty: any. */
  readonly categories: readonly string[]
  /** Purpose codes; empty: any. */
  readonly purposes: readonly string[]
  /** Instant it was said. */
  readonly givenAt: string
  readonly until: string | null
}

/** One step of a synchronisation: what changed, and the mark to go on from. */
export interface ChangePage {
  readonly records: readonly IndexedRecord[]
  readonly events: readonly IndexedEvent[]
  readonly wishes: readonly SourceWish[]
  readonly rejections: readonly Rejection[]
  /** Opaque; handed back as `since`. Overlaps on purpose: ties on one timestamp are not lost. */
  readonly mark: string
}

/** A candidate that an agency offers for "do you hold someone like this?". */
export interface Candidate {
  readonly source: SourceId
  readonly graphType: string
  readonly traits: Traits
  readonly version: string
  readonly recordedAt: string | null
  readonly marks: Marks
}

/** What is asked of the agency about one record or event: only fields that will be released. */
export interface Wanted {
  readonly source: SourceId
  readonly graphType: string
  /** Field names of the graph type; the adapter leaves out requests that none of them needs. */
  readonly fields: ReadonlySet<string>
}

/** The detail of one wanted record or event: the graph type's data (plain object, same order as asked). */
export type Detail =
  | {
      readonly kind: 'found'
      readonly data: Readonly<Record<string, unknown>>
      readonly marks: Marks
      /** Parts of it that did not map: null in `data`, to be quarantined on their own. */
      readonly rejections?: readonly Rejection[]
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'rejected'; readonly rejection: Rejection }

/** The agency cannot be asked now. Thrown by every method below; costs only its own fields. */
export class SourceUnavailable extends Error {
  constructor(
    readonly agency: string,
    /** Code: TIMEOUT, REFUSED, UNAUTHORISED, TOO_MANY_REQUESTS, BAD_ANSWER, OPEN_BREAKER, NOT_LOADED. */
    readonly reason: string,
  ) {
    super(`\`${agency}\` could not be asked: ${reason}`)
  }
}

export interface Adapter {
  readonly agency: AgencyRef
  /**
   * What has changed of the cohort since the mark (null: everything). Yields until there is no more.
   * `cohort` are the agency's source ids of people in referrals and cases; nobody else is reported.
   */
  changes(ask: {
    readonly cohort: readonly SourceId[]
    readonly since: string | null
    readonly signal: AbortSignal
  }): AsyncIterable<ChangePage>
  /** "Do you hold someone like this?": candidates for each person asked, best first, at most `candidatesMax`. */
  holds(
    people: readonly Traits[],
    options: { readonly candidatesMax: number; readonly signal: AbortSignal },
  ): Promise<readonly (readonly Candidate[])[]>
  /**
   * The detail of records or events, in the order asked; at most one call to the agency for the batch where
   * its interface allows. `request` goes with it (HTTP: `X-Correlation-Id`), so that the agency's own log
   * can be compared with the access log.
   */
  read(
    wanted: readonly Wanted[],
    options: { readonly signal: AbortSignal; readonly request?: string },
  ): Promise<readonly Detail[]>
  /** Maps a quarantined source record again, after a mapper was mended. */
  replay(
    source: SourceId,
    raw: unknown,
  ): Mapped<{ record: IndexedRecord } | { event: IndexedEvent }>
  /** Takes in whatever waits at the agency's door (extract drops); live adapters do nothing. */
  receive(options: {
    readonly signal: AbortSignal
  }): Promise<{ readonly applied: number; readonly rejections: readonly Rejection[] }>
  /** Whether the agency can be asked now: the cheapest call it has, about nobody. */
  probe(options: { readonly signal: AbortSignal }): Promise<void>
  close(): Promise<void>
}

/** What an adapter's maker is given: its own settings, a store on the agency's ground, clock and secrets. */
export interface AdapterSetting {
  readonly agency: AgencyRef & { readonly name: string }
  readonly transport: string
  /** The agency's `settings` from the configuration, already parsed by the kind's `settings` schema. */
  readonly settings: unknown
  /** A private schema in PostgreSQL for an agency that sends extracts; null for live ones. */
  readonly store: AgencyStore
  readonly now: () => Date
  readonly deadlineMs: number
}

/** SQL over a schema of the agency's own (search_path is set to it); the adapter makes its tables itself. */
export interface AgencyStore {
  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>
  /** All or nothing. */
  transaction<T>(work: (query: AgencyStore['query']) => Promise<T>): Promise<T>
}

/** One kind of agency: what `adapters/index.ts` lists, one line a kind. */
export interface Kind {
  readonly kind: string
  readonly transports: readonly string[]
  /** Graph classes of its subgraph: the record type(s), the event type(s) and their parts. */
  readonly graph: {
    readonly records: readonly GraphClass[]
    readonly events: readonly GraphClass[]
    readonly others: readonly GraphClass[]
  }
  /** The coarser code of a code of this kind's lists (an offence's group); null where it is not known. */
  coarseCodeOf?(code: string): string | null
  /** Parses the agency's `settings`; throws an error that names path and reason. */
  parseSettings(settings: unknown): unknown
  create(setting: AdapterSetting): Promise<Adapter>
}

export type GraphClass = abstract new () => object
