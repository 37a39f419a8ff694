import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import {
  makeWorld,
  plantMarkers,
  plantNotTaken,
  plantOutsiders,
  protectedPeople,
} from '../population/index.js'
import type { World } from '../world.js'
import type { CaseDocument, MemberDocument } from './documents.js'
import { caseloadDocuments, caseloadLines, writeCaseload } from './index.js'

const SIZE = { seed: 7, police: 10, nhs: 10, charity: 10, cases: 300 }
const NOW = new Date('2026-11-01T18:30:00Z')
const OPTIONS = { unit: 'unit', now: NOW }
const schema: object = JSON.parse(
  readFileSync(new URL('../../schema/formats/caseload.schema.json', import.meta.url), 'utf8'),
)
const fits = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)

interface Loaded {
  readonly members: readonly MemberDocument[]
  readonly cases: readonly CaseDocument[]
}
function load(world: World, now = NOW): Loaded {
  const documents = [...caseloadDocuments(world, { unit: 'unit', now })]
  return {
    members: documents.filter((one): one is MemberDocument => one.kind === 'member'),
    cases: documents.filter((one): one is CaseDocument => one.kind === 'case'),
  }
}
const world = makeWorld(SIZE)
const { members, cases } = load(world)
const told = (n: number): CaseDocument => {
  const found = cases.find(({ reference }) => reference === `ASU-${String(n).padStart(5, '0')}`)
  if (found === undefined) throw new Error(`case ${n} is not told`)
  return found
}
const TOLD = Array.from({ length: 14 }, (_, i) => i + 1)
const typesOf = ({ items }: CaseDocument) => new Set(items.map(({ type }) => type))
const personaOf = (subject: string) => subject.split('@')[0]

const worlds: readonly (readonly [string, () => World])[] = [
  ['as it is made', () => world],
  ['of another seed and day', () => makeWorld({ ...SIZE, seed: 99, asOf: '2024-02-29' })],
  ['with planted whereabouts', () => plantMarkers(world).world],
  ['with outsiders', () => plantOutsiders(world, 20).world],
  ['with records to be refused', () => plantNotTaken(world).world],
]

describe.each(worlds)('the caseload of a world %s', (_, made) => {
  const lines = [...caseloadLines(made(), OPTIONS)]
  const documents = lines.map((one): MemberDocument | CaseDocument => JSON.parse(one))

  test('fits the format, line by line', () => {
    const wrong = lines.flatMap((one, i) =>
      fits(JSON.parse(one)) ? [] : [`${i}: ${JSON.stringify(fits.errors?.slice(0, 3))}`],
    )
    expect(wrong).toEqual([])
  })

  test('names only members, parts and records that there are', () => {
    const known = new Set(documents.flatMap((one) => (one.kind === 'member' ? one.subject : [])))
    const records = new Set(made().holdings.map(({ sourceId }) => sourceId))
    const strangers: string[] = []
    for (const one of documents) {
      if (one.kind === 'member') continue
      const keys = new Set(one.parts.map(({ key }) => key))
      const people = [
        one.openedBy.subject,
        ...one.stages.map(({ by }) => by),
        ...one.allocations.map(({ subject }) => subject),
        ...[...one.parts, ...one.items, ...one.wishes].map(({ recordedBy }) => recordedBy),
        ...one.parts.flatMap((part) => part.records.flatMap((it) => it.confirmedBy ?? [])),
      ]
      strangers.push(...people.filter((subject) => !known.has(subject)))
      const named = [
        ...one.wishes.map(({ of }) => of),
        ...one.items.flatMap(({ of, body }) => [of, body['against'], body['to']]),
      ]
      for (const key of named)
        if (typeof key === 'string' && key.length <= 2 && !keys.has(key)) strangers.push(key)
      for (const part of one.parts)
        strangers.push(...part.records.map(({ id }) => id).filter((id) => !records.has(id)))
    }
    expect(strangers).toEqual([])
  })
})

test('every case of the world is there once, and a record stands in one person’s part only', () => {
  expect(cases.map(({ reference }) => reference)).toEqual(world.cases.map((one) => one.reference))
  const owner = new Map(world.holdings.map((one) => [one.sourceId, one.personId]))
  for (const [i, one] of cases.entries())
    for (const [j, { records }] of one.parts.entries())
      for (const { id } of records) expect(owner.get(id)).toBe(world.cases[i]?.parts[j]?.personId)
})

test('the same world gives the same lines, also to a file', async () => {
  const lines = [...caseloadLines(makeWorld(SIZE), OPTIONS)]
  expect([...caseloadLines(makeWorld(SIZE), OPTIONS)]).toEqual(lines)
  const folder = await mkdtemp(join(tmpdir(), 'caseload-'))
  const file = join(folder, 'caseload.ndjson')
  await writeCaseload(world, { ...OPTIONS, file })
  expect(await readFile(file, 'utf8')).toBe(`${lines.join('\n')}\n`)
  await rm(folder, { recursive: true })
})

test('nothing is dated after now, but what is planned', () => {
  const now = '2026-11-01T18:30:00Z'
  for (const one of cases)
    for (const { recordedAt } of [...one.parts, ...one.items, ...one.wishes])
      expect(recordedAt <= now).toBe(true)
})

describe('sides', () => {
  const served = new Map<string, Set<string>>()
  const facing = new Map<string, Set<string>>()
  for (const [i, one] of cases.entries())
    for (const { subject, side } of one.allocations) {
      if (side === 'NEITHER') continue
      for (const { as, personId } of world.cases[i]?.parts ?? []) {
        const own = (as === 'PERPETRATOR') === (side === 'PERPETRATOR')
        const to = own ? served : facing
        if (personId) to.set(subject, (to.get(subject) ?? new Set()).add(personId))
      }
    }

  test('nobody serves a person here and stands against the same person there', () => {
    for (const [subject, people] of served)
      for (const id of people)
        expect([subject, id, facing.get(subject)?.has(id) ?? false]).toEqual([subject, id, false])
  })

  test('there are people who are protected here and alleged perpetrators there', () => {
    const isProtected = protectedPeople(world)
    const accused = world.cases.flatMap(({ parts }) =>
      parts.flatMap(({ as, personId }) => (as === 'PERPETRATOR' && personId ? [personId] : [])),
    )
    expect(accused.filter((id) => isProtected.has(id)).length).toBeGreaterThan(2)
  })

  test('each report of the counter-allegation has workers of its own', () => {
    const sided = (n: number) =>
      told(n).allocations.flatMap(({ side, subject }) => (side === 'NEITHER' ? [] : [subject]))
    expect(sided(6).filter((one) => sided(13).includes(one))).toEqual([])
    expect(sided(6).map(personaOf)).toEqual(['psychologist', 'outreach', 'advocate'])
  })
})

describe('the told cases', () => {
  const EVERYWHERE = ['INTAKE', 'REFERRAL', 'RELATIONSHIP', 'SAFE_CONTACT', 'SAFETY_MEASURE']
  const FULLY = ['TIER', 'CONDUCT', 'MOTIVATION', 'ASSESSMENT', 'INTERVENTION', 'SUPPORT']
  const DECIDED = ['IMPACT', 'DECISION', 'MEETING', 'MINUTES']

  test.each(TOLD)('case %i has all that its stage asks for', (n) => {
    const all = [...EVERYWHERE, ...DECIDED, ...(n === 12 ? [] : FULLY)]
    expect(all.filter((type) => !typesOf(told(n)).has(type))).toEqual([])
    expect(told(n).wishes.some(({ of, decision }) => of === 'v' && decision === 'INFORMED')).toBe(
      true,
    )
  })

  test.each<[string, number[]]>([
    ['ORDER', [1, 2, 5, 6, 7, 8, 10]],
    ['ORDER_DRAFT', [2, 14]],
    ['CUSTODY', [1, 2, 4, 5, 6, 7, 9, 10, 11, 14]],
    ['WARNING', [1, 5, 7, 8, 9, 10, 14]],
    ['ACCESS_NEEDS', [3, 7, 11]],
    ['CHILD_CONCERN', [7]],
    ['INFORMATION_REQUEST', [11]],
    ['SIGNAL', [1, 8, 9]],
    ['RELEASE', [1, 4, 5, 7, 9, 14]],
    ['CLEARED_TEXT', [1, 2, 6, 7, 8, 9]],
  ])('%s is in the cases that tell of it', (type, stories) => {
    expect(TOLD.filter((n) => typesOf(told(n)).has(type))).toEqual(stories)
  })

  test('levels are those of the case, by the tool of each agency', () => {
    for (const n of TOLD)
      for (const { type, body } of told(n).items)
        if (type === 'ASSESSMENT')
          expect(body['level']).toBe(
            world.cases.find(({ reference }) => reference === told(n).reference)?.riskLevel,
          )
    const tools = told(1).items.flatMap(({ type, of, recordedBy, body }) =>
      type === 'ASSESSMENT' ? [[body['instrument'], of, personaOf(recordedBy)]] : [],
    )
    expect(tools).toEqual([
      ['S-DASH', 'v', 'advocate'],
      ['SASH', 'x', 'detective'],
      ['SRP', 'x', 'psychologist'],
    ])
  })

  test('the online stalker was known by handles first, and identified in September', () => {
    const part = told(4).parts.find(({ key }) => key === 'x')
    expect(part?.description?.handles?.length).toBeGreaterThan(1)
    expect(part?.identified?.on).toBe('2026-09-10')
    expect(part?.records.length).toBeGreaterThan(0)
  })

  test('she said yes and then no', () => {
    const said = told(11).wishes.flatMap(({ of, decision, categories }) =>
      of === 'v' && categories?.includes('IMPACT') ? [decision] : [],
    )
    expect(said).toEqual(['GIVEN', 'WITHDRAWN'])
  })

  test('only the case of the secret address is restricted, and names who may open it', () => {
    expect(cases.filter(({ restricted }) => restricted).map((one) => one.reference)).toEqual([
      'ASU-00008',
    ])
    expect(told(8).restricted?.named.map(({ subject }) => personaOf(subject))).not.toContain(
      'support-officer',
    )
  })

  test('personas are on different cases', () => {
    const casesOf = (persona: string) =>
      TOLD.filter((n) =>
        told(n).allocations.some(({ subject, to }) => personaOf(subject) === persona && !to),
      ).join()
    const seen = [
      'detective',
      'psychologist',
      'outreach',
      'outreach-2',
      'advocate',
      'support-officer',
    ]
    expect(new Set(seen.map(casesOf)).size).toBe(seen.length)
  })

  test('links across agencies are confirmed by two of different roles, and a few wait', () => {
    const links = TOLD.flatMap((n) =>
      told(n).parts.flatMap(({ records }) =>
        records.filter(({ agency }) => agency !== records[0]?.agency),
      ),
    )
    const waiting = links.filter(({ confirmedBy }) => confirmedBy === undefined)
    expect(waiting.length).toBe(3)
    for (const { confirmedBy } of links)
      if (confirmedBy)
        expect(confirmedBy.map(personaOf)).toEqual([expect.stringMatching(/^detective/), 'manager'])
  })
})

describe('people of the unit', () => {
  test('nobody has more cases than a person can carry', () => {
    const counts = new Map<string, number>()
    for (const { allocations } of cases)
      for (const { subject } of allocations) counts.set(subject, (counts.get(subject) ?? 0) + 1)
    const detectives = [...counts].filter(([subject]) => subject.startsWith('detective'))
    for (const [, count] of detectives) expect(count).toBeLessThan(45)
    expect(detectives.length).toBeGreaterThan(10)
  })

  test('members and holders of outside roles are vetted and trained; a system needs neither', () => {
    for (const { membership, vettedUntil, trainedUntil } of members) {
      const until = membership === 'SYSTEM' ? undefined : expect.stringMatching(/^2028/)
      expect([vettedUntil, trainedUntil]).toEqual([until, until])
    }
    expect(new Set(members.map(({ membership }) => membership)).size).toBe(3)
  })

  test('a colleague of the victim is allocated to her case, and declares it', () => {
    const declared = members.flatMap(({ subject, conflicts }) =>
      (conflicts ?? []).map(({ kind, record }) => [personaOf(subject), kind, record.type]),
    )
    expect(declared).toEqual([
      ['outreach-2', 'COLLEAGUE', 'Patient'],
      ['support-officer', 'KIN', 'NOMINAL'],
    ])
    expect(told(5).allocations.map(({ subject }) => personaOf(subject))).toContain('outreach-2')
  })
})

describe('whereabouts', () => {
  const planted = load(plantMarkers(world).world)
  const textOf = (types: readonly string[]) =>
    JSON.stringify(
      planted.cases.flatMap(({ items }) =>
        items.filter(
          ({ type, body }) =>
            types.includes(type) && (type !== 'MINUTES' || body['side'] === 'PERPETRATOR'),
        ),
      ),
    )

  test('planted in the world, stand in safety plans, safe contact, minutes of her side and vehicles', () => {
    const all = (pick: (one: CaseDocument) => unknown) => JSON.stringify(planted.cases.map(pick))
    for (const type of ['SAFETY_MEASURE', 'SAFE_CONTACT', 'CONDUCT', 'ORDER_DRAFT'])
      expect(textOf([type])).toContain('WHEREABOUTS-')
    expect(all(({ items }) => items.filter(({ body }) => body['side'] === 'VICTIM'))).toContain(
      'WHEREABOUTS-',
    )
    expect(all(({ parts }) => parts.map(({ description }) => description))).toContain('VEHICLE')
  })

  test('never stand in what is written for the perpetrator’s side or for everybody', () => {
    const open = [
      'ORDER',
      'CLEARED_TEXT',
      'MEETING',
      'MINUTES',
      'MOTIVATION',
      'DECISION',
      'RELEASE',
    ]
    expect(textOf(open)).not.toContain('WHEREABOUTS-')
  })

  test('what the hub must not take in is not written into cases', () => {
    const { world: refused, markers } = plantNotTaken(world)
    const text = [...caseloadLines(refused, OPTIONS)].join('\n')
    expect(markers.filter(({ marker }) => text.includes(marker))).toEqual([])
  })
})

test('custody was looked up within the half day before it is loaded', () => {
  for (const at of ['2026-11-01T00:10:00Z', '2026-11-01T05:59:00Z', '2026-11-01T17:00:00Z'])
    for (const { items } of load(world, new Date(at)).cases.slice(0, 14))
      for (const { type, recordedAt } of items)
        if (type === 'CUSTODY') {
          const ageHours = (Date.parse(at) - Date.parse(recordedAt)) / 3_600_000
          expect(ageHours).toBeGreaterThanOrEqual(0)
          expect(ageHours).toBeLessThan(12)
        }
})
