import type { DecisionKind } from '../sharing/vocabulary.js'

/** DPA 2018 s.62(1): the six operations that are logged. */
export const LOG_OPERATIONS = [
  'COLLECTION',
  'ALTERATION',
  'CONSULTATION',
  'DISCLOSURE',
  'COMBINATION',
  'ERASURE',
] as const
export type LogOperation = (typeof LOG_OPERATIONS)[number]
export const LOG_OUTCOMES = ['ANSWERED', 'PARTIAL', 'REFUSED', 'FAILED'] as const
export type LogOutcome = (typeof LOG_OUTCOMES)[number]

/** What an entry says of one agency's data and one person or case. No values, ever. */
export interface LogSection {
  /** The supplying agency. */
  readonly agency: string
  /** Person key; null where the section is about a case. */
  readonly person: string | null
  /** The person's pseudonym for this agency: kept in place of the key, so that the log names nobody. */
  readonly alias?: string
  readonly caseId: string | null
  readonly decisions: readonly {
    readonly coordinate: string
    readonly decision: DecisionKind
    /** The true reason. */
    readonly reason: string
    readonly clause: string | null
    readonly clauses: readonly string[]
    readonly count: number
  }[]
}

/** The log that was ended, as the entry after its end names it. Sizes are decimal. */
export interface FollowedLog {
  readonly origin: string
  readonly sealedSize: string
  /** Base64. */
  readonly sealedRoot: string
  readonly heldSize: string
  readonly sameSize: string
  readonly lostRequests: number
  /** SHA-256 of the signed statement's text, in hex. */
  readonly statement: string
}

/** One line of the log: a request at one answering process, or a change. */
export interface LogEntry {
  /** Minted at append (UUID v7 is not used: ids tell no time). */
  readonly entryId: string
  readonly request: string
  readonly operation: LogOperation
  /** What was done, as a code: QUERY, SYNC, WISH_WITHDRAWN, ALLOCATED, LINK_CONFIRMED, AGREEMENT_SWITCHED, ... */
  readonly what: string
  readonly caller: {
    readonly subject: string
    readonly agency: string
    readonly roles: readonly string[]
    readonly client: string | null
    readonly onBehalfOf: string | null
  }
  readonly purpose: string | null
  /** Free text; stored apart, encrypted, erasable. */
  readonly justification: string | null
  /** `<id>@<version>`, null where none was in force. */
  readonly agreement: string | null
  readonly outcome: LogOutcome
  /** Error code of a refusal or failure. */
  readonly code: string | null
  readonly sections: readonly LogSection[]
  /** Of the first entry of a log that follows one that was ended: what ended it, and with what loss. */
  readonly follows?: FollowedLog
  /** True for every change that may tighten a decision: raises `factsEpoch` in the same commit. */
  readonly tightens: boolean
}
