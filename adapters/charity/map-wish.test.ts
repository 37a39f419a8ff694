import { describe, expect, test } from '@jest/globals'
import { aWish } from '../../samples/charity/made-up.js'
import { mapWish } from './map-wish.js'

const arrivedAt = '2026-10-02T08:00:00Z'

describe('a wish', () => {
  const wish = (of: Record<string, unknown> = {}) => ({
    ...aWish({ id: 'w', client: 'A-1' }),
    ...of,
  })

  test('says who, what, why, since when and until when', () => {
    expect(mapWish(wish({ until: '2026-12-31' }), arrivedAt)).toEqual({
      kind: 'mapped',
      value: {
        source: { type: 'wish', id: 'w' },
        about: { type: 'client', id: 'A-1' },
        decision: 'GIVEN',
        recipients: ['police'],
        categories: ['LOCATION'],
        purposes: ['VICTIM_SAFETY'],
        givenAt: '2026-09-14T10:00:00.000Z',
        until: '2027-01-01T00:00:00.000Z',
      },
    })
  })

  test.each`
    decision       | givenAt         | recordedAt                | counts
    ${'GIVEN'}     | ${'2026-09-14'} | ${null}                   | ${'2026-09-14T00:00:00.000Z'}
    ${'WITHDRAWN'} | ${'2026-09-14'} | ${null}                   | ${'2026-09-14T23:59:59.999Z'}
    ${'WITHDRAWN'} | ${'2026-09-14'} | ${'2026-09-14T16:00:00Z'} | ${'2026-09-14T16:00:00.000Z'}
    ${'REFUSED'}   | ${'2026-09-14'} | ${'2026-09-15T16:00:00Z'} | ${'2026-09-14T23:59:59.999Z'}
    ${'GIVEN'}     | ${'2026-09'}    | ${null}                   | ${'2026-09-01T00:00:00.000Z'}
  `('$decision on $givenAt counts from $counts', ({ decision, givenAt, recordedAt, counts }) => {
    expect(mapWish(wish({ decision, givenAt, recordedAt }), arrivedAt)).toMatchObject({
      value: { givenAt: counts },
    })
  })

  test('a withdrawal is not lost to a slip in its form: it counts from when it came, for everybody', () => {
    const slip = wish({
      decision: 'WITHDRAWN',
      givenAt: '31/02/2026',
      recipients: 'police',
      until: 'soon',
    })
    expect(mapWish(slip, arrivedAt)).toMatchObject({
      kind: 'mapped',
      value: {
        decision: 'WITHDRAWN',
        recipients: [],
        categories: [],
        givenAt: '2026-10-02T08:00:00.000Z',
        until: null,
      },
    })
  })

  test('of a withdrawal that carries a label which is not taken, the bare no is taken; of a yes nothing', () => {
    const label = { sensitivity: ['ADOPTION'] }
    expect(mapWish(wish({ decision: 'WITHDRAWN', ...label }), arrivedAt)).toMatchObject({
      kind: 'mapped',
      value: { decision: 'WITHDRAWN', recipients: [], categories: [], purposes: [] },
    })
    expect(mapWish(wish(label), arrivedAt)).toMatchObject({
      kind: 'rejected',
      rejection: { outcome: 'REFUSE' },
    })
  })

  test('a yes with a slip in its form is no yes', () => {
    expect(mapWish(wish({ givenAt: '31/02/2026' }), arrivedAt)).toMatchObject({
      kind: 'rejected',
      rejection: { reason: 'INSTANT_UNREADABLE', field: 'givenAt' },
    })
    expect(mapWish(wish({ recipients: 'police' }), arrivedAt)).toMatchObject({ kind: 'rejected' })
  })

  test('a wish that was struck out counts as withdrawn from then on', () => {
    expect(
      mapWish(wish({ isDeleted: true, updatedAt: '2026-09-20T00:00:00Z' }), arrivedAt),
    ).toMatchObject({
      value: {
        source: { id: 'w#struck-out' },
        decision: 'WITHDRAWN',
        givenAt: '2026-09-20T00:00:00.000Z',
      },
    })
  })
})
