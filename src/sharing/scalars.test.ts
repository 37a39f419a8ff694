import { expect, test } from '@jest/globals'
import { isInstant, isPartialDate } from './scalars.js'

test.each(['2026', '2026-12', '2026-12-31', '2024-02-29', '0001-01-01'])('`%s` is a date', (text) =>
  expect(isPartialDate(text)).toBe(true),
)
test.each(['0000', '0000-01-01', '2026-00', '2026-13', '2026-02-29', '2026-02-31', '2026-1-1'])(
  '`%s` is none',
  (text) => expect(isPartialDate(text)).toBe(false),
)

test.each([
  '2026-03-04T09:30:00Z',
  '2026-03-04T09:30:00.123456789Z',
  '2026-03-04T09:30:00+14:00',
  '2026-03-04T09:30:00-12:00',
])('`%s` is an instant', (text) => expect(isInstant(text)).toBe(true))
test.each([
  '2026-02-31T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2026-03-04T25:00:00Z',
  '2026-03-04T09:30:00+15:00',
  '2026-03-04T09:30:00-23:59',
  '2026-03-04T09:30:00',
  '2026-03-04',
])('`%s` is none, for a database or a calendar does not know it', (text) =>
  expect(isInstant(text)).toBe(false),
)
