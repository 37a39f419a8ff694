import { expect, test } from '@jest/globals'
import type { FactSource, SubjectTag } from '../sharing/fact-source.js'
import { condition } from '../sharing/facts.js'
import { FactStore } from './fact-store.js'
import { NO_FACTS } from './small-schema.fixture.js'

const marks = {
  supplier: 'one',
  unit: true,
  itemId: null,
  carries: {},
  clearedBy: [],
  suppliedAtMs: null,
}
const OF_A_CASE: SubjectTag = { kind: 'CASE', caseId: 'c', marks }
const OF_NO_CASE: SubjectTag = { kind: 'CALLER', marks }
const CELL = { category: 'CASE_STATUS', locates: 'NOBODY', forms: [] } as const

/** A store whose one source knows that the caller is a member; `asked` gathers of how many it was asked. */
function storeOf(asked: number[]): FactStore {
  const membership: FactSource = {
    facts: ['MEMBER'],
    load: ({ standings }) => {
      asked.push(standings.length)
      return Promise.resolve({ fact: () => 'TRUE', untilMs: null })
    },
  }
  return new FactStore({ ...NO_FACTS, sources: [membership] })
}

test.each([
  { first: 'nothing', before: [] },
  { first: 'a case', before: [OF_A_CASE] },
])(
  'what is of no case has its facts, also when $first was asked for before it',
  async ({ before }) => {
    const asked: number[] = []
    const store = storeOf(asked)
    await store.ensure(before)
    await store.ensure([OF_NO_CASE])
    await store.ensure([OF_NO_CASE])
    const standings = store.figuringOf(OF_NO_CASE).flatMap(({ here }) => here)
    expect(standings.map((one) => store.fact(condition('MEMBER'), CELL, one, marks))).toEqual([
      'TRUE',
    ])
    expect(asked).toEqual([1])
  },
)
