import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Flaw, Holding, TruePerson, World } from '../world.js'
import { OFFENCES } from './draw-happenings.js'
import { isNhsNumber, isPncId, nhsNumberOf, pncIdOf } from './identifiers.js'
import { cohortOf, makeWorld, STAFF, trueMatches } from './index.js'
import { isDramaNumber } from './phones.js'
import { at } from './random.js'

const world = makeWorld({ seed: 2026 })
const small = (seed: number): World =>
  makeWorld({ seed, police: 300, nhs: 300, charity: 60, cases: 40 })
const heldBy = (of: World, agency: Holding['agency']): number =>
  of.holdings.filter((one) => one.agency === agency).length
const personOf = new Map(world.people.map((person) => [person.id, person]))

describe('a seed makes one world', () => {
  test('the same seed gives the same world, to the letter', () =>
    expect(JSON.stringify(small(7))).toBe(JSON.stringify(small(7))))

  test('another seed gives another world', () =>
    expect(JSON.stringify(small(7))).not.toBe(JSON.stringify(small(8))))

  test('more people outside cases leave the cases as they were', () => {
    const grown = makeWorld({ seed: 7, police: 400, nhs: 350, charity: 70, cases: 40 })
    expect(grown.cases).toEqual(small(7).cases)
    expect(grown.events).toEqual(small(7).events)
  })
})

describe('its size is what was asked for', () => {
  test('by default 5,000, 5,000 and 500 source records and 300 cases', () =>
    expect([
      heldBy(world, 'police'),
      heldBy(world, 'nhs'),
      heldBy(world, 'charity'),
      world.cases.length,
    ]).toEqual([5_000, 5_000, 500, 300]))

  test('cases that need more records than were asked for get them', () => {
    const crowded = makeWorld({ seed: 1, police: 10, nhs: 10, charity: 10, cases: 120 })
    expect(crowded.cases).toHaveLength(120)
    expect(heldBy(crowded, 'police')).toBeGreaterThan(120)
  })

  test('most people are in no case', () =>
    expect(cohortOf(world).size * 4).toBeLessThan(world.people.length))

  test('a day on which the told children were not born is refused', () =>
    expect(() => makeWorld({ seed: 1, asOf: '2020-01-01' })).toThrow(RangeError))
})

describe('everything refers to something', () => {
  test('ids of people, source records and events are given once', () => {
    const ids = [
      world.people.map(({ id }) => id),
      world.holdings.map(({ agency, sourceId }) => `${agency}/${sourceId}`),
      world.events.map(({ sourceId }) => sourceId),
      world.cases.map(({ reference }) => reference),
    ]
    for (const list of ids) expect(new Set(list).size).toBe(list.length)
  })

  test('an event is about records in force at its own agency', () => {
    const inForce = new Set(
      world.holdings
        .filter(({ deleted, replacedBy }) => !deleted && replacedBy === null)
        .map(({ agency, sourceId }) => `${agency}/${sourceId}`),
    )
    const dangling = world.events.flatMap(({ agency, about }) =>
      about.filter(({ sourceId }) => !inForce.has(`${agency}/${sourceId}`)),
    )
    expect(dangling).toEqual([])
    expect(world.events.every(({ about }) => about.length > 0)).toBe(true)
  })

  test('a replaced record names one of the same person at the same agency', () => {
    const byId = new Map(world.holdings.map((one) => [`${one.agency}/${one.sourceId}`, one]))
    const replaced = world.holdings.filter(({ replacedBy }) => replacedBy !== null)
    expect(replaced.length).toBeGreaterThan(50)
    for (const one of replaced)
      expect(byId.get(`${one.agency}/${one.replacedBy}`)?.personId).toBe(one.personId)
  })

  test('cases name people of the world, and nobody twice', () => {
    for (const { parts } of world.cases) {
      const ids = parts.flatMap(({ personId }) => personId ?? [])
      expect(ids.filter((id) => !personOf.has(id))).toEqual([])
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  test('offences are among the codes of the Home Office list that the sample uses', () => {
    const known = new Set<string>(Object.values(OFFENCES))
    const used = world.events.flatMap(({ what }) =>
      what.kind === 'CRIME' || what.kind === 'BREACH' ? [what.offenceCode] : [],
    )
    expect(used.filter((code) => !known.has(code))).toEqual([])
  })
})

describe('nothing in it belongs to anybody', () => {
  test('every telephone number is one that is kept for drama', () => {
    const phones = [...world.people, ...world.holdings].flatMap((one) => one.phones)
    expect(phones.length).toBeGreaterThan(5_000)
    expect(phones.filter((phone) => !isDramaNumber(phone))).toEqual([])
  })

  test('every NHS number is of the range that is never issued, and checks unless mistyped', () => {
    for (const { nhsNumber, supersededNhsNumbers, flaws } of world.holdings) {
      for (const number of [...(nhsNumber === null ? [] : [nhsNumber]), ...supersededNhsNumbers]) {
        expect(number.startsWith('999')).toBe(true)
        expect(isNhsNumber(number)).toBe(
          !(number === nhsNumber && has(flaws, 'NHS_NUMBER_MISTYPED')),
        )
      }
    }
  })

  test('no two people share an NHS number unless the record says that it is borrowed', () => {
    const owners = new Map<string, string>(world.people.map(({ id, nhsNumber }) => [nhsNumber, id]))
    expect(owners.size).toBe(world.people.length)
    const shared = world.holdings.filter(
      ({ nhsNumber, personId, flaws }) =>
        nhsNumber !== null &&
        (owners.get(nhsNumber) ?? personId) !== personId &&
        !has(flaws, 'NHS_NUMBER_OF_ANOTHER'),
    )
    expect(shared).toEqual([])
  })

  test('PNC ids carry their check letter', () =>
    expect(world.people.filter(({ pncId }) => pncId !== null && !isPncId(pncId))).toEqual([]))

  test('postcodes are well formed', () => {
    const postcodes = world.holdings.flatMap(({ addresses }) =>
      addresses.flatMap(({ postcode }) => postcode ?? []),
    )
    expect(
      postcodes
        .filter((one) => one !== 'ZZ99 3VZ')
        .filter((postcode) => !/^[A-Z]{1,2}[0-9]{1,2} [0-9][ABD-HJLNP-UW-Z]{2}$/.test(postcode)),
    ).toEqual([])
  })
})

test.each(['2026-11-01', '2026-12-20', '2024-02-29'])(
  'nothing that happened is dated after %s',
  (asOf) => {
    const then = makeWorld({ seed: 3, police: 500, nhs: 500, charity: 100, cases: 60, asOf })
    const dates = [
      ...then.events.flatMap(({ at: on, recordedAt }) => [on, recordedAt.slice(0, 10)]),
      ...then.holdings.flatMap(({ recordedAt, bornOn, addresses }) => [
        recordedAt.slice(0, 10),
        bornOn ?? '',
        ...addresses.flatMap(({ from, to }) => [from, to ?? '']),
      ]),
      ...then.cases.flatMap(({ openedOn, closedOn, parts }) => [
        openedOn,
        closedOn ?? '',
        ...parts.map(({ identifiedOn }) => identifiedOn ?? ''),
      ]),
      ...then.people.map(({ bornOn }) => bornOn),
    ]
    expect(dates.filter((date) => date > asOf)).toEqual([])
  },
)

describe('records are as wrong as in life, and the truth knows how', () => {
  const flaws: readonly Flaw[] = [
    'MISSPELLED',
    'NICKNAME',
    'MAIDEN_NAME',
    'NAMES_SWAPPED',
    'UNACCENTED',
    'BIRTH_DATE_MISSING',
    'BIRTH_DATE_SWAPPED',
    'BIRTH_DATE_WRONG',
    'BIRTH_DATE_IMPOSSIBLE',
    'MOVED',
    'ADDRESS_MISSING',
    'NHS_NUMBER_MISSING',
    'NHS_NUMBER_SUPERSEDED',
    'NHS_NUMBER_MISTYPED',
    'DUPLICATE',
    'MERGED',
    'DELETED',
  ]
  test.each(flaws)('%s occurs', (flaw) =>
    expect(world.holdings.some((one) => has(one.flaws, flaw))).toBe(true),
  )

  test.each<[Flaw, (holding: Holding, person: TruePerson) => boolean]>([
    [
      'MISSPELLED',
      (h, p) =>
        h.names[0]?.family !== p.names[0]?.family || h.names[0]?.given[0] !== p.names[0]?.given[0],
    ],
    ['BIRTH_DATE_MISSING', (h) => h.bornOn === null],
    ['BIRTH_DATE_SWAPPED', (h, p) => h.bornOn === swapped(p.bornOn)],
    ['BIRTH_DATE_IMPOSSIBLE', (h) => h.bornOn?.endsWith('-02-31') === true],
    ['BIRTH_DATE_WRONG', (h, p) => h.bornOn !== p.bornOn],
    ['MOVED', (h, p) => h.addresses[0]?.postcode === p.addresses.at(-2)?.postcode],
    ['ADDRESS_MISSING', (h) => h.addresses.length === 0],
    ['NHS_NUMBER_MISSING', (h) => h.nhsNumber === null],
    ['NHS_NUMBER_SUPERSEDED', (h) => h.supersededNhsNumbers.length > 0],
    ['DELETED', (h) => h.deleted],
    ['MERGED', (h) => h.replacedBy !== null],
  ])('%s says what is wrong with the record', (flaw, isSo) => {
    const labelled = world.holdings.filter((one) => has(one.flaws, flaw))
    const wrong = labelled.filter((one) => {
      const person = personOf.get(one.personId)
      return (
        person === undefined ||
        !(isSo(one, person) || (flaw === 'BIRTH_DATE_WRONG' && person.bornOn.endsWith('-01-01')))
      )
    })
    expect(wrong).toEqual([])
  })

  test('a birth date that no flaw names is the true one', () => {
    const unlabelled = world.holdings.filter(
      ({ flaws: named, personId }) =>
        !personId.startsWith('told-') &&
        !(named ?? []).some((flaw) => flaw.startsWith('BIRTH_DATE')),
    )
    expect(
      unlabelled.filter(({ personId, bornOn }) => personOf.get(personId)?.bornOn !== bornOn),
    ).toEqual([])
  })

  test('twins, couples, shared telephones, no fixed abode, restricted patients and accents occur', () => {
    const count = (key: (person: TruePerson) => string) =>
      Math.max(...counted(world.people.map(key)).values())
    expect(
      count(
        ({ names, bornOn, addresses }) =>
          `${names[0]?.family}/${bornOn}/${addresses.at(-1)?.postcode}`,
      ),
    ).toBeGreaterThan(1)
    expect(count(({ phones, id }) => phones.at(-1) ?? id)).toBeGreaterThan(1)
    expect(world.people.some(({ addresses }) => addresses.at(-1)?.postcode === 'ZZ99 3VZ')).toBe(
      true,
    )
    const restricted = world.holdings.filter(({ nhsFlag }) => nhsFlag === 'R')
    expect(restricted.length).toBeGreaterThan(15)
    expect(restricted.some(({ addresses }) => addresses.length > 0)).toBe(true)
    expect(world.people.some(({ names }) => /[^\p{ASCII}]/u.test(names[0]?.family ?? ''))).toBe(
      true,
    )
    expect(world.people.some(({ names }) => names[0]?.family.includes("'"))).toBe(true)
  })
})

test('who is who names every source record once, under its person', () => {
  const matches = trueMatches(world)
  expect(matches.flatMap(({ holdings }) => holdings)).toHaveLength(world.holdings.length)
  const first = at(world.holdings, 0)
  expect(matches.find(({ personId }) => personId === first.personId)?.holdings).toContainEqual({
    agency: first.agency,
    sourceId: first.sourceId,
  })
})

test('the trust holds both sides of some cases, and somebody stands on both sides', () => {
  const patients = new Set(
    world.holdings.filter(({ agency }) => agency === 'nhs').map(({ personId }) => personId),
  )
  const both = world.cases.filter(({ parts }) =>
    (['VICTIM', 'PERPETRATOR'] as const).every((side) =>
      parts.some(({ as, personId }) => as === side && personId !== null && patients.has(personId)),
    ),
  )
  expect(both.length).toBeGreaterThan(30)
  const victims = new Set(
    world.cases.flatMap(({ parts }) =>
      parts.filter(({ as }) => as === 'VICTIM').map(({ personId }) => personId),
    ),
  )
  const crossed = world.cases.filter(({ parts }) =>
    parts.some(
      ({ as, personId }) => as === 'PERPETRATOR' && personId !== null && victims.has(personId),
    ),
  )
  expect(crossed.length).toBeGreaterThanOrEqual(2)
})

test('every persona of the sample has a subject of its own at its agency', () => {
  expect(new Set(STAFF.map(({ subject }) => subject)).size).toBe(STAFF.length)
  expect(STAFF.find(({ persona }) => persona === 'detective')).toMatchObject({
    subject: 'detective@mersey-vale-police.example',
    roles: ['DETECTIVE'],
    side: 'NEITHER',
  })
})

describe('made-up identifiers', () => {
  test('one wrong digit makes an NHS number fail its check', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (serial, position, off) => {
          const number = nhsNumberOf(serial)
          if (number === null) return
          const digit = (Number(number[position]) + off) % 10
          expect(isNhsNumber(number)).toBe(true)
          expect(
            isNhsNumber(`${number.slice(0, position)}${digit}${number.slice(position + 1)}`),
          ).toBe(false)
        },
      ),
    ))

  test.each([
    [1981, 34, '1981/0000034U'],
    [2002, 73319, '2002/0073319Z'],
    [1979, 163001, '1979/0163001B'],
    [1967, 9893091, '1967/9893091D'],
  ])('a PNC id of %d, serial %d, is %s', (year, serial, id) =>
    expect(pncIdOf(year, serial)).toBe(id),
  )
})

const has = (flaws: readonly Flaw[] | undefined, flaw: Flaw): boolean =>
  flaws?.includes(flaw) === true
const swapped = (day: string): string => day.replace(/-(\d\d)-(\d\d)$/, '-$2-$1')
function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
