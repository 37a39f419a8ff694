import { describe, expect, test } from '@jest/globals'
import { GuardedPlaces, withoutGuarded } from './guarded-places.js'
import { markedPlaces, placeMarks } from './place-marks.js'

const mark = placeMarks(Buffer.from('a secret of this test'))
const traits = {
  names: [],
  bornOn: [],
  postcodes: [],
  places: [],
  phones: [],
  emails: [],
  identifiers: [],
  sex: null,
}
const places = markedPlaces(
  {
    ...traits,
    whereabouts: [
      { line: '14 Harvest Road', postcode: 'M32 0HA', to: null },
      { line: 'MV19 KLT', postcode: null, to: null },
    ],
  },
  mark,
)
const guarded = new GuardedPlaces(places, mark)

describe('a place of a protected person', () => {
  test('is left out of anybody’s list of addresses, however it is written', () => {
    const data = {
      addresses: [
        { lines: ['14 HARVEST ROAD.', 'Stretham'], postcode: 'm320ha', from: null, to: null },
        { lines: ['3 Foundry Way'], postcode: 'M32 0HB', from: null, to: null },
      ],
      place: { lines: ['14 Harvest Road'], postcode: null },
    }
    expect(withoutGuarded(data, guarded)).toEqual({
      addresses: [{ lines: ['3 Foundry Way'], postcode: 'M32 0HB', from: null, to: null }],
      place: null,
    })
  })

  test('is not the neighbour’s, who has the same postcode', () => {
    const data = { addresses: [{ lines: ['16 Harvest Road'], postcode: 'M32 0HA' }] }
    expect(withoutGuarded(data, guarded)).toEqual(data)
  })

  test.each([
    'She sleeps at 14, Harvest Road since May.',
    'Seen near m32-0ha twice',
    'Drives MV19KLT: a blue one',
  ])('is found in words: %s', (text) => {
    expect(guarded.areNamedIn(text)).toBe(true)
  })

  test.each(['He walks along Harvest Road', 'M32 is where he works', 'KLT', ''])(
    'is not found where only a part of it stands: %s',
    (text) => {
      expect(guarded.areNamedIn(text)).toBe(false)
    },
  )

  test('is kept as a mark from which no address can be read', () => {
    expect(JSON.stringify(places)).not.toMatch(/harvest|m32|mv19/i)
  })
})

test('where a record says nothing of whereabouts, its places stand for them', () => {
  const told = markedPlaces({ ...traits, places: [{ line: '1 A Street', postcode: null }] }, mark)
  expect(new GuardedPlaces(told, mark).holds(['1 a street'], 'M1 1AA')).toBe(true)
})
