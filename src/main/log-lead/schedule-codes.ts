import { SENSITIVITIES } from '../../access-log/review/schedule.js'
import type { Hub } from '../hub.js'
import { categoryOfFields } from './names-in-the-log.js'

/**
 * What a schedule for the court is made of is coarse already: an agency's id, a field with its kind of
 * data, how sensitive it is. Codes of agencies' own lists look like none of them.
 */
export function withScheduleCodes(
  coarseCodeOf: (code: string) => string | null,
  hub: Pick<Hub, 'agencies' | 'contract'>,
): (code: string) => string | null {
  return (code) => (isOfSchedule(code, hub) ? code : coarseCodeOf(code))
}

function isOfSchedule(code: string, hub: Pick<Hub, 'agencies' | 'contract'>): boolean {
  if (hub.agencies.has(code) || SENSITIVITIES.some((one) => one === code)) return true
  const match = /^(\w+\.\w+) \(([A-Z_]+)\)$/.exec(code)
  return match !== null && categoryOfFields(hub).get(match[1] ?? '') === match[2]
}
