/**
 * What keeps a process from starting, told to the person at the keyboard: what is wrong and the way
 * out. Never holds a value of a record, nor a secret.
 */
export class StartupError extends Error {
  constructor(
    /** Stable code, e.g. `CONFIGURATION_INVALID`, `PORT_BUSY`, `DATA_FOLDER_FOREIGN`. */
    readonly code: string,
    what: string,
    readonly wayOut: string,
  ) {
    super(`${what}\n  way out: ${wayOut}`)
  }
}
