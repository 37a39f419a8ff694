import { describe, expect, test } from '@jest/globals'
import type { TrueEvent, TrueHappening } from '../../world.js'
import { makeWorld } from '../index.js'
import { caseReference } from '../tell.js'
import { STORIES } from './index.js'

const tiny = { police: 120, nhs: 120, charity: 60, cases: 14 }
const world = makeWorld({ seed: 1, ...tiny })
const told = world.cases.filter(({ story }) => story !== null)
const eventsOf = (reference: string): readonly TrueEvent[] =>
  world.events.filter((event) => event.case === reference)
const held = (personId: string) => world.holdings.filter((one) => one.personId === personId)
const agenciesOf = (personId: string) =>
  [...new Set(held(personId).map(({ agency }) => agency))].sort()

describe('twelve cases are told', () => {
  test('each has a plain title and three to five sentences', () => {
    expect(told).toHaveLength(12)
    for (const { story, title } of told) {
      expect(title).toMatch(/^[A-Z]/)
      const sentences = (story ?? '').split(/[.?!](?:\s|$)/).filter((part) => part.trim() !== '')
      expect(sentences.length).toBeGreaterThanOrEqual(3)
      expect(sentences.length).toBeLessThanOrEqual(5)
    }
  })

  test('they are the same at every seed and every size', () => {
    const other = makeWorld({ seed: 99, police: 600, nhs: 400, charity: 100, cases: 40 })
    const first = (of: typeof world) => [
      of.cases.slice(0, 14),
      of.events.slice(0, world.events.length),
      of.people.filter(({ id }) => id.startsWith('told-')),
      of.holdings.filter(({ personId }) => personId.startsWith('told-')),
    ]
    expect(first(other)).toEqual(first(world))
  })

  test('they keep their distance from the day of the world', () => {
    const later = makeWorld({ seed: 1, ...tiny, asOf: '2026-11-11' })
    expect(later.cases[0]?.openedOn).toBe('2026-01-30')
    expect(later.events.find(({ what }) => what.kind === 'ORDER')?.what).toMatchObject({
      servedOn: '2026-04-22',
      to: '2028-04-20',
    })
    expect(later.people[0]?.bornOn).toBe(world.people[0]?.bornOn)
  })

  test('every agency records something of all but the early concern', () => {
    for (const { reference } of told.slice(0, 11))
      expect(new Set(eventsOf(reference).map(({ agency }) => agency)).size).toBe(3)
  })

  test('their number is their order', () =>
    expect(STORIES.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))
})

type Kind = TrueHappening['kind']
test.each<[string, string, readonly Kind[]]>([
  [
    'ASU-00001',
    'a former husband',
    [
      'CRIME',
      'ARREST',
      'ORDER',
      'BREACH',
      'INTELLIGENCE',
      'RISK_ASSESSMENT',
      'CARE_PLAN',
      'APPOINTMENT',
      'ENGAGEMENT',
      'WISH',
      'SAFETY_MEASURE',
    ],
  ],
  ['ASU-00002', 'a stranger', ['CRIME', 'ARREST', 'ORDER', 'RISK_ASSESSMENT', 'WISH']],
  ['ASU-00003', 'a colleague', ['CRIME', 'INTELLIGENCE', 'REFERRAL', 'NEED']],
  [
    'ASU-00004',
    'an account online',
    ['CRIME', 'INTELLIGENCE', 'ARREST', 'RISK_ASSESSMENT', 'WISH'],
  ],
  ['ASU-00005', 'a patient', ['CRIME', 'ARREST', 'ORDER', 'DIAGNOSIS', 'APPOINTMENT', 'WISH']],
  ['ASU-00006', 'each the other', ['CRIME', 'ORDER', 'RISK_ASSESSMENT', 'WISH']],
  ['ASU-00007', 'child contact', ['CRIME', 'ORDER', 'BREACH', 'RISK_ASSESSMENT', 'SAFETY_MEASURE']],
  [
    'ASU-00008',
    'moved in secret',
    ['CRIME', 'ORDER', 'BREACH', 'INTELLIGENCE', 'WISH', 'SAFETY_MEASURE'],
  ],
  ['ASU-00009', 'psychosis', ['CRIME', 'ARREST', 'DIAGNOSIS', 'CARE_PLAN', 'APPOINTMENT']],
  ['ASU-00010', 'a repeat offender', ['CRIME', 'ARREST', 'ORDER', 'BREACH', 'WISH']],
  ['ASU-00011', 'consent withdrawn', ['CRIME', 'ARREST', 'WISH']],
  ['ASU-00012', 'an early concern', ['INTELLIGENCE', 'ENGAGEMENT', 'WISH']],
])('%s, %s, has the events that it tells', (reference, _, kinds) => {
  const happened = new Set(eventsOf(reference).map(({ what }) => what.kind))
  expect(kinds.filter((kind) => !happened.has(kind))).toEqual([])
})

describe('what makes each story hard is in the records', () => {
  test('an unknown account is identified later, and its handles are kept', () =>
    expect(world.cases[3]?.parts[1]).toMatchObject({
      personId: 'told-04-luke',
      identifiedOn: '2026-09-10',
      description: { handles: expect.arrayContaining(['paper_lantern_true']) },
    }))

  test('the trust holds patient and clinician, the former husband and his former wife', () => {
    for (const id of ['told-05-sinead', 'told-05-raymond', 'told-01-hannah', 'told-01-mark'])
      expect(agenciesOf(id)).toContain('nhs')
  })

  test('each is the other’s victim', () => {
    const parts = (n: number) =>
      world.cases
        .find(({ reference }) => reference === caseReference(n))
        ?.parts.map(({ as, personId }) => `${as} ${personId}`)
    expect(parts(6)).toEqual(['VICTIM told-06-kelly', 'PERPETRATOR told-06-darren'])
    expect(parts(13)).toEqual(['VICTIM told-06-darren', 'PERPETRATOR told-06-kelly'])
  })

  test('one perpetrator has two victims in two cases', () =>
    expect(
      world.cases
        .filter(({ parts }) =>
          parts.some(({ as, personId }) => as === 'PERPETRATOR' && personId === 'told-10-craig'),
        )
        .map(({ reference }) => reference),
    ).toEqual(['ASU-00010', 'ASU-00014']))

  test('children are parts of their own, with a school', () => {
    const children = world.cases[6]?.parts
      .filter(({ as }) => as === 'CHILD')
      .map(({ personId }) => personId)
    expect(children).toEqual(['told-07-iqra', 'told-07-hamza'])
    expect(held('told-07-iqra').some(({ school }) => school != null)).toBe(true)
  })

  test('the refuge stands in the charity’s record and, restricted, in the trust’s; not with the police', () => {
    const where = (agency: string) => held('told-08-rhian').find((one) => one.agency === agency)
    const isRefuge = (agency: string) =>
      where(agency)?.addresses.some(({ kind }) => kind === 'REFUGE')
    expect([isRefuge('charity'), isRefuge('nhs'), isRefuge('police')]).toEqual([true, true, false])
    expect(where('nhs')?.nhsFlag).toBe('R')
  })

  test('a wish is given, then withdrawn', () => {
    const said = eventsOf('ASU-00011').flatMap(({ what }) =>
      what.kind === 'WISH' ? [what.decision] : [],
    )
    expect(said).toEqual(['GIVEN', 'WITHDRAWN'])
  })

  test('the early concern has no crime, and its stage says so', () => {
    expect(eventsOf('ASU-00012').filter(({ what }) => what.kind === 'CRIME')).toEqual([])
    expect(world.cases[11]?.stage).toBe('CONCERN')
  })

  test('orders are served and unserved, intelligence is graded P and C, appointments kept and missed', () => {
    const whats = world.events.map(({ what }) => what)
    expect(
      new Set(whats.flatMap((what) => (what.kind === 'ORDER' ? [what.servedOn === null] : [])))
        .size,
    ).toBe(2)
    expect(
      new Set(
        whats.flatMap((what) => (what.kind === 'INTELLIGENCE' ? [what.grading.handling] : [])),
      ),
    ).toEqual(new Set(['P', 'C']))
    expect(
      new Set(whats.flatMap((what) => (what.kind === 'APPOINTMENT' ? [what.attended] : []))).size,
    ).toBe(2)
  })

  test('texts in the perpetrator’s records name where the victim is', () => {
    const texts = world.events
      .filter(
        ({ agency, about }) =>
          agency === 'nhs' &&
          about.some(({ sourceId }) =>
            held('told-01-mark').some((one) => one.sourceId === sourceId),
          ),
      )
      .map(({ text }) => text ?? '')
    expect(texts.some((text) => text.includes('Canal Street'))).toBe(true)
    expect(held('told-01-mark').some(({ note }) => note?.includes('Bramley Road'))).toBe(true)
  })

  test('all five parts occur', () =>
    expect(new Set(told.flatMap(({ parts }) => parts.map(({ as }) => as)))).toEqual(
      new Set(['VICTIM', 'PERPETRATOR', 'CHILD', 'WITNESS', 'SECONDARY_VICTIM']),
    ))
})
