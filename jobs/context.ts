/** What a job's run is given: the rooms' work as functions, wired by `main`. A job schedules; the room decides. */
export interface JobContext {
  /** Asks every agency what has changed of the cohort. */
  readonly sync: (signal: AbortSignal) => Promise<void>
  /** Asks the agencies whom else they hold and proposes links; ends maybes. */
  readonly match: (signal: AbortSignal) => Promise<void>
  /** Raises and settles tasks about wishes, of one case or (null) of all. */
  readonly checkWishes: (caseId: string | null, signal: AbortSignal) => Promise<void>
  /** Raises and settles tasks about orders that end or must be notified. */
  readonly checkOrders: (signal: AbortSignal) => Promise<void>
  /** Raises and settles tasks about measures whose review is due. */
  readonly checkSafetyPlans: (signal: AbortSignal) => Promise<void>
  /** Flags what is unusual in the access log. */
  readonly watchLog: (signal: AbortSignal) => Promise<void>
}
