import { coded } from '../errors.js'

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** True for what could be an id of this room's; everything else is of nothing. */
export function isId(text: string): boolean {
  return ID.test(text)
}

/** The id, or NOT_FOUND: the same for what is no id at all. */
export function idOrNotFound(text: string, field: string): string {
  if (isId(text)) return text
  throw coded('NOT_FOUND', undefined, field)
}
