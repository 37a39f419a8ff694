import type { Hub } from '../hub.js'

/** What the command line hands to its verbs. */
export interface Tools {
  /** One line to standard output. */
  readonly say: (line: string) => void
  /** Opens a hub for one verb and closes it afterwards. */
  readonly withHub: <T>(work: (hub: Hub) => Promise<T>) => Promise<T>
}

/** The option that every reporting verb has. */
export const JSON_OPTION = ['--json', 'as JSON'] as const

export const json = (value: unknown): string => JSON.stringify(value, null, 2)
