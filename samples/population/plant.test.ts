import { describe, expect, test } from '@jest/globals'
import type { Holding, TruePlace, World } from '../world.js'
import {
  cohortOf,
  makeWorld,
  plantMarkers,
  plantNotTaken,
  plantOutsiders,
  protectedPeople,
} from './index.js'
import { placeKey } from './places.js'

const world = makeWorld({ seed: 5, police: 400, nhs: 400, charity: 120, cases: 60 })
const hunted = protectedPeople(world)
const placesOf = (holding: Pick<Holding, 'addresses' | 'workplace' | 'school'>): TruePlace[] =>
  [...holding.addresses, holding.workplace, holding.school ?? null].filter(
    (place) => place !== null,
  )
const textOf = (of: World): string => JSON.stringify([of.people, of.holdings, of.events])

describe('the whereabouts of protected people are planted', () => {
  const { world: planted, markers } = plantMarkers(world)
  const text = textOf(planted)

  test('every marker stands in the world, none stood in it before', () => {
    const before = textOf(world)
    expect(markers.length).toBeGreaterThan(1_000)
    expect(markers.filter(({ marker }) => !text.includes(marker))).toEqual([])
    expect(markers.filter(({ marker }) => before.includes(marker))).toEqual([])
  })

  test('every home, workplace, school, vehicle, practice and e-mail of a protected person is planted', () => {
    const fields = new Set(markers.map(({ field }) => field))
    const missing = world.people
      .filter(({ id }) => hunted.has(id))
      .flatMap((person) => [
        ...person.addresses.flatMap(({ kind }, i) =>
          kind === 'NO_FIXED_ABODE' ? [] : [`truth/${person.id}/addresses/${i}/lines`],
        ),
        ...person.emails.map((_, i) => `truth/${person.id}/emails/${i}`),
        ...(person.workplace ? [`truth/${person.id}/workplace/lines`] : []),
        ...(person.school ? [`truth/${person.id}/school/lines`] : []),
        ...(person.vehicle ? [`truth/${person.id}/vehicle/registration`] : []),
        ...(person.gpPractice ? [`truth/${person.id}/gpPractice/name`] : []),
      ])
      .filter((field) => !fields.has(field))
    expect(missing).toEqual([])
  })

  test('no place of a protected person is left in anybody’s record', () => {
    const real = new Set(
      world.people
        .filter(({ id }) => hunted.has(id))
        .flatMap((person) => placesOf(person))
        .filter(({ postcode }) => postcode !== 'ZZ99 3VZ')
        .map(placeKey),
    )
    const left = planted.holdings.flatMap((holding) =>
      placesOf(holding).filter((place) => real.has(placeKey(place))),
    )
    expect(left).toEqual([])
  })

  test('one place keeps one string and one postcode over all agencies', () => {
    const strings = new Map<string, Set<string>>()
    world.holdings.forEach((holding, i) => {
      const after = planted.holdings[i]
      holding.addresses.forEach((address, j) => {
        const now = after?.addresses[j]
        if (now)
          strings.set(
            placeKey(address),
            (strings.get(placeKey(address)) ?? new Set()).add(placeKey(now)),
          )
      })
    })
    expect([...strings.values()].filter((set) => set.size > 1)).toEqual([])
  })

  test('every planted string is one person’s, also where several live in the place', () => {
    const owners = new Map<string, Set<string>>()
    for (const { marker, personId } of markers)
      owners.set(marker, (owners.get(marker) ?? new Set()).add(personId))
    expect([...owners].filter(([, set]) => set.size > 1)).toEqual([])
  })

  test('an old shared home in the perpetrator’s record is planted too', () => {
    const mark = planted.holdings.find(
      ({ personId, agency }) => personId === 'told-01-mark' && agency === 'police',
    )
    expect(mark?.addresses[0]?.lines[0]).toMatch(/^WHEREABOUTS-/)
  })

  test('a home that she left is marked as former, the one she lives in is not', () => {
    const homes = markers.filter(
      ({ field, personId }) =>
        personId === 'told-01-hannah' && /^truth.*hannah.addresses.*lines$/.test(field),
    )
    expect(homes.map(({ former }) => former)).toEqual([true, undefined])
  })

  test('texts of the perpetrator’s records carry the victim’s marker', () => {
    const marks = planted.holdings.filter(({ personId }) => personId === 'told-01-mark')
    const texts = planted.events.filter(({ about }) =>
      about.some(({ sourceId }) => marks.some((one) => one.sourceId === sourceId)),
    )
    expect(texts.length).toBeGreaterThan(8)
    expect(texts.filter(({ text: written }) => !written?.includes('WHEREABOUTS-'))).toEqual([])
    expect(marks.find(({ agency }) => agency === 'police')?.note).toContain('WHEREABOUTS-')
  })

  test('terms that were served stay as they were served; unserved ones are planted', () => {
    const orders = planted.events.flatMap(({ what }) => (what.kind === 'ORDER' ? [what] : []))
    for (const order of orders)
      expect(order.prohibitions.join().includes('WHEREABOUTS-')).toBe(order.servedOn === null)
  })

  test('both people of a counter-allegation are protected', () =>
    expect(
      ['told-06-kelly', 'told-06-darren'].filter(
        (id) => !markers.some(({ personId }) => personId === id),
      ),
    ).toEqual([]))

  test('who is who and who is in which case do not change', () => {
    expect(planted.holdings.map(({ sourceId, personId }) => [sourceId, personId])).toEqual(
      world.holdings.map(({ sourceId, personId }) => [sourceId, personId]),
    )
    expect(planted.cases).toBe(world.cases)
  })
})

describe('outsiders', () => {
  const { world: planted, markers } = plantOutsiders(world, 12)

  test('are held by all three agencies and in no case', () => {
    const cohort = cohortOf(planted)
    const outsiders = planted.people.filter(({ id }) => id.startsWith('outsider-'))
    expect(outsiders).toHaveLength(12)
    for (const { id } of outsiders) {
      expect(cohort.has(id)).toBe(false)
      expect(
        new Set(
          planted.holdings.filter(({ personId }) => personId === id).map(({ agency }) => agency),
        ).size,
      ).toBe(3)
    }
  })

  test('carry strings found nowhere else', () => {
    const before = textOf(world)
    const after = textOf(planted)
    expect(
      markers.filter(({ marker }) => before.includes(marker) || !after.includes(marker)),
    ).toEqual([])
  })
})

describe('what must be refused at the door', () => {
  const { world: planted, markers } = plantNotTaken(world)
  const added = planted.events.slice(world.events.length)

  test('is about people in cases, so that the hub would ask for it', () => {
    const cohort = cohortOf(world)
    expect(markers.filter(({ personId }) => !cohort.has(personId))).toEqual([])
  })

  test('is of every kind: above OFFICIAL, not taken, source of intelligence', () => {
    expect(new Set(added.flatMap(({ protectiveMarking }) => protectiveMarking ?? []))).toEqual(
      new Set(['SECRET', 'TOP SECRET']),
    )
    expect(new Set(added.flatMap(({ notTaken }) => notTaken ?? []))).toEqual(
      new Set(['GENDER_RECOGNITION', 'ADOPTION', 'FERTILITY', 'SEXUAL_HEALTH', 'PROTECTED_PERSON']),
    )
    expect(added.some(({ intelligenceSource }) => intelligenceSource !== undefined)).toBe(true)
    expect(planted.holdings.slice(world.holdings.length).map(({ agency }) => agency)).toEqual([
      'police',
      'nhs',
      'charity',
    ])
  })

  test('carries strings found nowhere else', () => {
    const before = textOf(world)
    const after = textOf(planted)
    expect(
      markers.filter(({ marker }) => before.includes(marker) || !after.includes(marker)),
    ).toEqual([])
  })
})
