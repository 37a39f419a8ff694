import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Wish, type WishDecision, type WishQuestion, wishAmong } from './wish.js'

const AGENCY = { id: 'force', kind: 'kind-force' }
const question = (more: Partial<WishQuestion> = {}): WishQuestion => ({
  recipient: AGENCY,
  purpose: 'SAFETY',
  category: 'LOCATION',
  atMs: 1000,
  ...more,
})
const wish = (decision: WishDecision, givenAt: number, more: Partial<Wish> = {}): Wish => ({
  id: `${decision} ${givenAt}`,
  personKey: 'p',
  partId: null,
  decision,
  recipients: [],
  purposes: [],
  categories: [],
  givenAt: new Date(givenAt),
  until: null,
  wording: null,
  representative: null,
  agency: 'shelter',
  ...more,
})

test.each<{ says: string; wishes: Wish[]; ask?: Partial<WishQuestion>; state: string }>([
  { says: 'never asked', wishes: [], state: 'NONE' },
  { says: 'a yes', wishes: [wish('GIVEN', 1)], state: 'GIVEN' },
  {
    says: 'a yes, then taken back',
    wishes: [wish('GIVEN', 1), wish('WITHDRAWN', 2)],
    state: 'WITHDRAWN',
  },
  {
    says: 'taken back, then a yes again',
    wishes: [wish('WITHDRAWN', 2), wish('GIVEN', 3)],
    state: 'GIVEN',
  },
  {
    says: 'a yes and a no of one instant',
    wishes: [wish('GIVEN', 2), wish('REFUSED', 2)],
    state: 'REFUSED',
  },
  {
    says: 'an older no learnt of later',
    wishes: [wish('GIVEN', 5), wish('REFUSED', 2)],
    state: 'GIVEN',
  },
  { says: 'told and not objecting', wishes: [wish('INFORMED', 1)], state: 'INFORMED' },
  {
    says: 'a yes that has run out',
    wishes: [wish('GIVEN', 1, { until: new Date(1000) })],
    state: 'EXPIRED',
  },
  {
    says: 'a yes that has run out, over an older one without end',
    wishes: [wish('GIVEN', 1), wish('GIVEN', 2, { until: new Date(900) })],
    state: 'EXPIRED',
  },
  {
    says: 'a yes that is good for a moment more',
    wishes: [wish('GIVEN', 1, { until: new Date(1001) })],
    state: 'GIVEN',
  },
  {
    says: 'a yes to another agency',
    wishes: [wish('GIVEN', 1, { recipients: ['trust'] })],
    state: 'NONE',
  },
  {
    says: 'a yes to all agencies of this kind',
    wishes: [wish('GIVEN', 1, { recipients: ['kind-force'] })],
    state: 'GIVEN',
  },
  {
    says: 'a yes to this agency by its id',
    wishes: [wish('GIVEN', 1, { recipients: ['force'] })],
    state: 'GIVEN',
  },
  {
    says: 'a yes for another purpose',
    wishes: [wish('GIVEN', 1, { purposes: ['RESEARCH'] })],
    state: 'NONE',
  },
  {
    says: 'a yes for another category',
    wishes: [wish('GIVEN', 1, { categories: ['CONTACT'] })],
    state: 'NONE',
  },
  {
    says: 'a narrow no over a wide yes',
    wishes: [wish('GIVEN', 1), wish('REFUSED', 2, { categories: ['LOCATION'] })],
    state: 'REFUSED',
  },
  {
    says: 'a narrow no that is about something else',
    wishes: [wish('GIVEN', 1), wish('REFUSED', 2, { categories: ['CONTACT'] })],
    state: 'GIVEN',
  },
  {
    says: 'a wide no over a narrow yes',
    wishes: [wish('GIVEN', 1, { categories: ['LOCATION'] }), wish('WITHDRAWN', 2)],
    state: 'WITHDRAWN',
  },
  {
    says: 'a code in other letters',
    wishes: [wish('GIVEN', 1, { categories: ['location'] })],
    state: 'NONE',
  },
  { says: 'said only later', wishes: [wish('GIVEN', 1001)], state: 'NONE' },
])('$says comes to $state', ({ wishes, ask, state }) => {
  expect(wishAmong(wishes, question(ask))).toBe(state)
})

const anyWish = fc
  .record({
    decision: fc.constantFrom<WishDecision>('GIVEN', 'INFORMED', 'REFUSED', 'WITHDRAWN'),
    givenAt: fc.integer({ min: 0, max: 20 }),
    categories: fc.constantFrom<readonly string[]>([], ['LOCATION'], ['CONTACT']),
    recipients: fc.constantFrom<readonly string[]>([], ['force'], ['trust'], ['kind-force']),
  })
  .map(({ decision, givenAt, ...scope }) => wish(decision, givenAt, scope))

test('after a withdrawal without limits nothing older says yes, whatever was said before and in whichever order it comes', () => {
  fc.assert(
    fc.property(fc.array(anyWish), fc.nat(), (wishes, seed) => {
      const withdrawn = wish('WITHDRAWN', 20)
      const at = seed % (wishes.length + 1)
      const all = [...wishes.slice(0, at), withdrawn, ...wishes.slice(at)]
      expect(['WITHDRAWN']).toContain(wishAmong(all, question()))
    }),
  )
})

test('the order in which wishes are known does not matter', () => {
  fc.assert(
    fc.property(fc.array(anyWish, { maxLength: 8 }), (wishes) => {
      expect(wishAmong([...wishes].reverse(), question())).toBe(wishAmong(wishes, question()))
    }),
  )
})

test('a wish that does not cover the question changes nothing', () => {
  fc.assert(
    fc.property(fc.array(anyWish), anyWish, (wishes, one) => {
      const elsewhere = { ...one, categories: ['CLINICAL'] }
      expect(wishAmong([...wishes, elsewhere], question())).toBe(wishAmong(wishes, question()))
    }),
  )
})
