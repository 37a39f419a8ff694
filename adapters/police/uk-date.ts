import { isPartialDate } from '../../src/sharing/scalars.js'

/** What a date or instant of a police system says; `reason` is a rejection code without the value. */
export type ReadDate =
  | { readonly kind: 'date'; readonly date: string }
  | { readonly kind: 'unreadable'; readonly reason: 'DATE_UNREADABLE' | 'DATE_IMPOSSIBLE' }

const ISO_DATE = /^(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T.*)?$/
const UK_DATE = /^(?:(?:(\d{1,2})\/)?(\d{1,2})\/)?(\d{4})(?: \d{2}:\d{2}(?::\d{2})?)?$/
const UK_INSTANT = /^(\d{1,2}\/\d{1,2}\/\d{4}) (\d{2}):(\d{2})(?::(\d{2}))?$/
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

/**
 * `14/03/1990`, `03/1990`, `1990`, or ISO (`1990-03-14`, `1990-03`), each with or without a time, as
 * a PartialDate. A year of two digits is unreadable; a day that the calendar has not is impossible.
 */
export function parseUkDate(text: string): ReadDate {
  const trimmed = text.trim()
  const uk = UK_DATE.exec(trimmed)
  const iso = ISO_DATE.exec(trimmed)
  const date = uk ? isoOf(uk[3], uk[2], uk[1]) : iso?.[1]
  if (date === undefined) return { kind: 'unreadable', reason: 'DATE_UNREADABLE' }
  if (!isPartialDate(date)) return { kind: 'unreadable', reason: 'DATE_IMPOSSIBLE' }
  return { kind: 'date', date }
}

function isoOf(year?: string, month?: string, day?: string): string {
  return [year, month?.padStart(2, '0'), day?.padStart(2, '0')]
    .filter((part) => part !== undefined)
    .join('-')
}

/**
 * An instant as ISO 8601 in UTC: ISO with a zone, or `14/03/2026 09:30` in UK local time (in the hour
 * that comes twice in October, the later one: never earlier than it was recorded).
 */
export function parseUkInstant(text: string): ReadDate {
  const trimmed = text.trim()
  const local = UK_INSTANT.exec(trimmed)
  if (local) return ukLocal(local)
  if (!ISO_INSTANT.test(trimmed)) return { kind: 'unreadable', reason: 'DATE_UNREADABLE' }
  const millis = Date.parse(trimmed)
  if (Number.isNaN(millis) || !isPartialDate(trimmed.slice(0, 10)))
    return { kind: 'unreadable', reason: 'DATE_IMPOSSIBLE' }
  return { kind: 'date', date: new Date(millis).toISOString() }
}

function ukLocal(match: RegExpExecArray): ReadDate {
  const day = parseUkDate(match[1] ?? '')
  if (day.kind === 'unreadable') return day
  const asUtc = Date.parse(`${day.date}T${match[2]}:${match[3]}:${match[4] ?? '00'}Z`)
  if (Number.isNaN(asUtc)) return { kind: 'unreadable', reason: 'DATE_IMPOSSIBLE' }
  const summer = asUtc - 3_600_000
  const millis = offsetHours(summer) === 1 && offsetHours(asUtc) === 1 ? summer : asUtc
  return { kind: 'date', date: new Date(millis).toISOString() }
}

const LONDON_HOUR = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: '2-digit',
  hourCycle: 'h23',
})

/** Hours by which UK local time is ahead of UTC at an instant: 0 or 1 (also 1 all through 1968–71). */
function offsetHours(millis: number): number {
  return (Number(LONDON_HOUR.format(millis)) - new Date(millis).getUTCHours() + 24) % 24
}
