import { expect, test } from '@jest/globals'
import { wishConcerns } from './concerns.js'
import type { Wish } from './wish.js'

const DAY_MS = 86_400_000
const now = Date.parse('2026-11-24T12:00:00Z')
const daysOn = (days: number): Date => new Date(now + days * DAY_MS)
let next = 0
const wish = (of: Partial<Wish>): Wish => ({
  id: `w${next++}`,
  personKey: 'p',
  partId: null,
  decision: 'GIVEN',
  recipients: [],
  purposes: [],
  categories: [],
  givenAt: daysOn(-100),
  until: null,
  wording: null,
  representative: null,
  agency: 'one',
  ...of,
})
const force = { id: 'force', kind: 'police' }
const reasons = (wishes: readonly Wish[], recipients = [force]) =>
  wishConcerns(wishes, { nowMs: now, recipients }).map((one) => one.reason)

test.each([
  ['a yes without an end', [wish({})], []],
  ['one that ends in 15 days', [wish({ until: daysOn(15) })], []],
  ['one that ends in 14 days', [wish({ until: daysOn(14) })], ['WISH_EXPIRING']],
  ['one that has ended', [wish({ until: daysOn(0) })], ['WISH_EXPIRED']],
  [
    'one that has ended and was renewed',
    [wish({ until: daysOn(-1) }), wish({ givenAt: daysOn(-1) })],
    [],
  ],
  [
    'one that was taken back',
    [wish({}), wish({ decision: 'WITHDRAWN', givenAt: daysOn(-1) })],
    ['WISH_WITHDRAWN'],
  ],
  ['a refusal, which is an answer', [wish({ decision: 'REFUSED' })], []],
  ['one that is said tomorrow', [wish({ givenAt: daysOn(1) })], ['WISH_MISSING']],
  ['none', [], ['WISH_MISSING']],
  ['one about another agency', [wish({ recipients: ['nhs'] })], ['WISH_MISSING']],
  ['one about the kind of agency', [wish({ recipients: ['police'] })], []],
])('%s', (_, wishes, expected) => {
  expect(reasons(wishes)).toEqual(expected)
})

test('a withdrawal of one category leaves the yes to the others standing until it ends', () => {
  const yes = wish({ until: daysOn(3) })
  const no = wish({ decision: 'WITHDRAWN', categories: ['LOCATION'], givenAt: daysOn(-1) })
  expect(reasons([yes, no])).toEqual(['WISH_EXPIRING', 'WISH_WITHDRAWN'])
})

test("two agencies' records that say yes and no to the same are a contradiction, until one says otherwise", () => {
  const yes = wish({ agency: 'charity', givenAt: daysOn(-5) })
  const no = wish({ agency: 'trust', decision: 'REFUSED', givenAt: daysOn(-9) })
  const elsewhere = wish({
    agency: 'trust',
    decision: 'REFUSED',
    recipients: ['council'],
    givenAt: daysOn(-9),
  })
  expect(reasons([yes, no])).toContain('WISH_CONTRADICTED')
  expect(reasons([{ ...yes, recipients: ['police'] }, elsewhere])).not.toContain(
    'WISH_CONTRADICTED',
  )
  expect(reasons([yes, no, wish({ agency: 'trust', givenAt: daysOn(-1) })])).not.toContain(
    'WISH_CONTRADICTED',
  )
})

test('nobody on the case: nothing is missing', () => {
  expect(reasons([], [])).toEqual([])
})
