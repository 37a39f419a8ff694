import { describe, expect, test } from '@jest/globals'
import { Refusal } from '../tree/refusal.js'
import { readOwnLog } from './own-log.js'
import { reconcile } from './reconcile.js'
import type { ToldEntry } from './told.js'

const start = Date.parse('2026-03-04T10:00:00.000Z')
const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString()

function entry(request: string, minutes: number, coordinate = 'NhsRecord.names'): ToldEntry {
  const decision = { coordinate, decision: 'SHARE' as const, reason: 'RULE', clause: '1.1' }
  return {
    index: String(minutes),
    id: `entry-${minutes}`,
    leaf: '',
    at: at(minutes),
    head: {
      request,
      what: 'QUERY',
      operation: 'CONSULTATION',
      outcome: 'ANSWERED',
      code: null,
      caller: { subject: 's', agency: 'two', roles: [], client: null, onBehalfOf: null },
      purpose: null,
      agreement: null,
      tightens: false,
    },
    sections: [
      {
        ordinal: 1,
        agency: 'one',
        person: null,
        personId: null,
        caseId: null,
        decisions: [{ ...decision, clauses: [], count: 1 }],
      },
    ],
  }
}
const own = (...lines: [string | null, number][]) =>
  lines.map(([request, minutes], line) => ({
    line: line + 1,
    request,
    atMs: start + minutes * 60_000,
  }))
const of = (entries: readonly ToldEntry[]) => ({
  agency: 'one',
  entries,
  fromMs: null,
  toMs: start + 100 * 60_000,
  isAsked: (coordinate: string) => coordinate.startsWith('NhsRecord.'),
})

describe('comparing an agency’s own log with its sections', () => {
  test('finds nothing where each side has what the other has', () => {
    expect(
      reconcile(own(['a', 1], ['a', 1], ['b', 2]), of([entry('a', 1), entry('b', 2)])),
    ).toMatchObject({ matched: 2, notInLog: [], notInOwn: [] })
  })
  test('names a request that the hub asked for and did not log', () => {
    expect(reconcile(own(['a', 1], ['x', 5]), of([entry('a', 1)])).notInLog).toEqual([
      { request: 'x', at: at(5) },
    ])
  })
  test('names a release of records that the agency knows nothing of', () => {
    expect(reconcile(own(['a', 1]), of([entry('a', 1), entry('y', 7)])).notInOwn).toEqual([
      { request: 'y', at: at(7) },
    ])
  })
  test('blames nobody for what the hub holds itself, or for another agency’s sections', () => {
    const theirs = entry('c', 3)
    const other = { ...theirs, sections: theirs.sections.map((one) => ({ ...one, agency: 'two' })) }
    expect(reconcile([], of([entry('b', 2, 'Person.records'), other]))).toMatchObject({
      notInOwn: [],
    })
    expect(reconcile(own(['c', 3]), of([other])).notInLog).toHaveLength(1)
  })
  test('leaves what the export does not reach to for the next one', () => {
    const stretch = { ...of([entry('a', 50)]), fromMs: start + 50 * 60_000 }
    expect(reconcile(own(['early', 1], ['a', 50], ['late', 99.5], [null, 60]), stretch)).toEqual({
      matched: 1,
      notInLog: [],
      notInOwn: [],
      later: 1,
      earlier: 1,
      withoutRequest: 1,
    })
  })
})

describe('an own log', () => {
  async function* stream(text: string) {
    yield* text.split('\n')
  }
  test.each([
    ['NDJSON', '{"request":"a","at":"2026-03-04T10:01:00Z","ward":"x"}\n{"at":"2026-03-04"}\n'],
    ['CSV', 'at,ward,request\r\n2026-03-04T10:01:00Z,"x, y",a\r\n2026-03-04,,\r\n'],
  ])('is read as %s, with whatever else it holds', async (_, text) => {
    expect(await readOwnLog(stream(text))).toMatchObject([
      { request: 'a', atMs: start + 60_000 },
      { request: null },
    ])
  })
  test.each([
    ['request;at\na;2026-03-04', 'columns'],
    ['request,at\na,yesterday', 'line 2'],
    ['{"request":"a","at":"2026-03-04"}\nrubbish', 'line 2'],
    ['{"request":"a"}', 'line 1'],
    ['request,at\n"a,2026-03-04', 'quote'],
  ])('like `%s` is refused, and says where', async (text, says) => {
    const refused = readOwnLog(stream(text))
    await expect(refused).rejects.toThrow(Refusal)
    await expect(refused).rejects.toThrow(says)
  })
})
