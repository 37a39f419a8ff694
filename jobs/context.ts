/** What a job's run is given: the rooms' work as functions, wired by `main`. A job schedules; the room decides. */
export interface JobContext {
  /** Asks every agency what has changed of the cohort. */
  readonly sync: (signal: AbortSignal) => Promise<void>
}
