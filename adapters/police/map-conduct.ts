import { type EventLine, eventSchema } from './format.js'
import type { PoliceCustody, PoliceOffence } from './graph.js'
import { handlingOf } from './map-marks.js'
import { dateOf, listOf } from './map-shape.js'
import { offenceOf } from './offence-codes.js'
import { parseUkInstant } from './uk-date.js'

/** An event in which a nominal figures as the one who did it. */
export interface PersonEvent {
  readonly line: EventLine
}

const DOING = ['SUSPECT', 'SUBJECT']
const OFFENDING = ['CRIME', 'BREACH']

/**
 * The events that a nominal's record is made of beside its own line. Only those of handling code P:
 * what may be shared on conditions stays on the event, which carries the mark.
 */
export function personEvents(
  linked: readonly { readonly reason: string; readonly raw: unknown }[],
): readonly PersonEvent[] {
  return linked
    .filter((one) => DOING.includes(one.reason))
    .flatMap((one) => {
      const read = eventSchema.safeParse(one.raw)
      return read.success && handlingOf(read.data.handling) === 'OPEN' ? [{ line: read.data }] : []
    })
    .sort((a, b) => whenOf(b).localeCompare(whenOf(a)) || a.line.id.localeCompare(b.line.id))
}

function whenOf({ line }: PersonEvent): string {
  return `${dateOf(line.occurredOn) ?? ''} ${dateOf(line.recordedAt, parseUkInstant) ?? ''}`
}

/** What the last arrest, bail, tag or release says; null where the force recorded none. */
export function mapCustodyNow(events: readonly PersonEvent[]): PoliceCustody | null {
  const last = events.find(({ line }) => line.custody)
  return last ? mapCustody(last.line) : null
}

export function mapCustody(line: EventLine): PoliceCustody | null {
  if (!line.custody) return null
  return {
    status: line.custody.status,
    since: dateOf(line.occurredOn),
    releaseOn: dateOf(line.custody.releaseOn),
    bailConditions: listOf(line.custody.bailConditions),
  }
}

export function mapOffences(events: readonly PersonEvent[]): PoliceOffence[] {
  return events
    .filter(({ line }) => OFFENDING.includes(line.kind) && line.offenceCode)
    .map(({ line }) => {
      const known = offenceOf(line.offenceCode ?? '')
      return {
        code: known?.code ?? line.offenceCode ?? null,
        description: known?.description ?? null,
        outcome: line.outcome?.trim() || null,
        on: dateOf(line.occurredOn),
      }
    })
}
