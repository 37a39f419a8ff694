import { StartupError } from '../../platform/startup-error.js'
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

export const today = (): string => new Date().toISOString().slice(0, 10)

/** A calendar day as it was typed; throws where there is no such day. */
export function day(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null
  if (at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)) return text
  throw new StartupError('BAD_ARGUMENT', `\`${text}\` is no day`, 'write it like 2026-03-04')
}
