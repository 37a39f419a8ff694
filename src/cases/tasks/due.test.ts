import { expect, test } from '@jest/globals'
import { dueOfMeasure, dueOfOrder } from './due.js'

const today = '2026-11-24'
const reasons = (body: Record<string, unknown>) =>
  dueOfOrder({ body }, today).map((one) => one.reason)

test.each([
  ['until further order', { to: null }, []],
  ['ends in 29 days', { to: '2026-12-23' }, []],
  ['ends in 28 days', { to: '2026-12-22' }, ['ORDER_ENDING']],
  ['ends today', { to: '2026-11-24' }, ['ORDER_ENDING']],
  ['ended yesterday', { to: '2026-11-23' }, ['ORDER_ENDED']],
  ['ends some day this year', { to: '2026' }, []],
  ['ended some day last year', { to: '2025' }, ['ORDER_ENDED']],
  ['ended in a month that is over', { to: '2026-10' }, ['ORDER_ENDED']],
  ['ends in this month', { to: '2026-11' }, ['ORDER_ENDING']],
  ['must be notified', { to: '2027-06-01', notificationDue: '2026-12-01' }, ['NOTIFICATION_DUE']],
  ['must be notified later', { notificationDue: '2027-12-01' }, []],
  ['has an end that is no date', { to: 'soon' }, []],
])('an order that %s', (_, body, expected) => {
  expect(reasons(body)).toEqual(expected)
})

test.each([
  ['yesterday', '2026-11-23', 'IN_PLACE', 1],
  ['today', '2026-11-24', 'IN_PLACE', 0],
  ['yesterday, of a measure that has ended', '2026-11-23', 'ENDED', 0],
  ['never', null, 'PLANNED', 0],
])('a review due %s', (_, reviewDue, state, count) => {
  expect(dueOfMeasure({ body: { reviewDue, state } }, today)).toHaveLength(count)
})
