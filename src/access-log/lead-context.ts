import type { Sql } from '../platform/database.js'
import type { Asker, SubjectTag } from '../sharing/fact-source.js'
import type { LogEntry } from './entry.js'
import type { LogAbout } from './query-filter.js'
import type { BreachBasis, BreachSearch } from './review/breach.js'
import type { Emergency } from './review/emergencies.js'
import type { ReplyGuard } from './review/reply.js'

/** A part or a case, as whoever searches the log for it needs it. */
export interface LogTarget {
  readonly partId: string | null
  readonly caseId: string
  /** The people behind it as the log names them: every pseudonym under which they were ever entered. */
  readonly about: LogAbout
}

/** What the subgraph `access-log` needs of a request; the wiring makes it, no rule is decided here. */
export interface AccessLogContext {
  readonly sql: Sql
  readonly transaction: <T>(work: (tx: Sql) => Promise<T>) => Promise<T>
  readonly asker: Asker
  readonly now: () => Date
  readonly newId: () => string
  readonly exist: (tags: readonly SubjectTag[], typeName: string) => Promise<readonly boolean[]>
  /** Null where there is no such part. */
  readonly logTargetOfPart: (partId: string) => Promise<LogTarget | null>
  /** Null where there is no such case. */
  readonly logTargetOfCase: (caseId: string) => Promise<LogTarget | null>
  /** The pseudonym of a person for one agency: other agencies get other ones. */
  readonly pseudonym: (person: string, agency: string) => string
  readonly openJustification: (sealed: Buffer) => string
  readonly sealJustification: (text: string) => Buffer
  readonly seal: (text: string, list: string) => string
  readonly unseal: (sealed: string, list: string) => string
  /** The frame of an entry about a change of this request's. */
  readonly entry: (what: string, operation: LogEntry['operation'], tightens: boolean) => LogEntry
  readonly log: LogWords
}

/** What the agreement and the contract say that reading the log needs. */
export interface LogWords {
  /** Whether the agreement lets this caller's roles enter anything about the log. */
  readonly mayRecord: () => boolean
  /** The category of each governed field, by its coordinate `Type.field`. */
  readonly categoryOf: ReadonlyMap<string, string>
  /** Purposes of which what is released goes on the schedule for the court. */
  readonly investigationPurposes: readonly string[]
  readonly agencyName: (agency: string) => string
  /** A purpose in the words of the agreement. */
  readonly purposeTitle: (purpose: string) => string
  /** What may not be told to the person behind this part, whatever is decided. */
  readonly replyGuard: (partId: string) => Promise<ReplyGuard>
  /** Every access in an emergency, whomever it concerns. */
  readonly emergencies: () => Promise<readonly Emergency[]>
  /** Clauses that rest on one. */
  readonly emergencyClauses: ReadonlySet<string>
  /** Where to look for what rested on it; null where there is no such thing. */
  readonly breachSearch: (basis: BreachBasis) => Promise<BreachSearch | null>
}

/** What is counted over the whole log: of nobody, and by the whole unit. */
export function unitTag(agency: string): SubjectTag {
  return { kind: 'CALLER', marks: ownMarks(agency, {}) }
}

/** An entry about the reader's own data or staff; the queries give no others. */
export function ownTag(agency: string): SubjectTag {
  return { kind: 'CALLER', marks: ownMarks(agency) }
}

/** The same, searched for by a part or a case: then the reader must be no stranger to be kept from it. */
export function targetTag(agency: string, { partId, caseId }: LogTarget): SubjectTag {
  return partId === null
    ? { kind: 'CASE', caseId, marks: ownMarks(agency) }
    : { kind: 'PART', partId, caseId, marks: ownMarks(agency) }
}

/** What an agency holds about a part or a case, with the facts that are known of it. */
export function knownOf(
  agency: string,
  target: Pick<LogTarget, 'partId' | 'caseId'>,
  carries: SubjectTag['marks']['carries'],
): SubjectTag {
  const tag = targetTag(agency, { ...target, about: { persons: [], caseId: null } })
  return { ...tag, marks: ownMarks(agency, carries) }
}

function ownMarks(
  agency: string,
  carries: SubjectTag['marks']['carries'] = { OWN_DATA_OR_STAFF: 'TRUE' },
): SubjectTag['marks'] {
  return {
    supplier: agency,
    unit: true,
    itemId: null,
    carries,
    clearedBy: [],
    suppliedAtMs: null,
  }
}
