import type { DueItem } from './read.js'

/** Days ahead in which the end of an order, or its notification, is somebody's task. */
export const orderDaysAhead = 28

export interface Due {
  readonly reason: 'ORDER_ENDING' | 'ORDER_ENDED' | 'NOTIFICATION_DUE' | 'REVIEW_DUE'
  /** PartialDate as it was written. */
  readonly due: string
}

/** What of an order is due on a day (`YYYY-MM-DD`): its end and the notification of names and address. */
export function dueOfOrder({ body }: Pick<DueItem, 'body'>, today: string): readonly Due[] {
  const found: Due[] = []
  const soon = daysAfter(today, orderDaysAhead)
  const [to, notification] = [dateOf(body['to']), dateOf(body['notificationDue'])]
  if (to !== null && lastDay(to) < today) found.push({ reason: 'ORDER_ENDED', due: to })
  else if (to !== null && lastDay(to) <= soon) found.push({ reason: 'ORDER_ENDING', due: to })
  if (notification !== null && lastDay(notification) <= soon)
    found.push({ reason: 'NOTIFICATION_DUE', due: notification })
  return found
}

/** Whether a measure that has not ended is past the day on which it was to be looked at again. */
export function dueOfMeasure({ body }: Pick<DueItem, 'body'>, today: string): readonly Due[] {
  const due = dateOf(body['reviewDue'])
  if (due === null || body['state'] === 'ENDED' || lastDay(due) >= today) return []
  return [{ reason: 'REVIEW_DUE', due }]
}

const dateOf = (value: unknown): string | null =>
  typeof value === 'string' && /^\d{4}(-\d{2}(-\d{2})?)?$/.test(value) ? value : null

/** The last day that a partial date may mean. */
function lastDay(date: string): string {
  if (date.length === 4) return `${date}-12-31`
  if (date.length === 10) return date
  const [year, month] = date.split('-').map(Number)
  return new Date(Date.UTC(year ?? 0, month ?? 0, 0)).toISOString().slice(0, 10)
}

function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
