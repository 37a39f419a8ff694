import { expect, test } from '@jest/globals'
import type { DisclosureReport } from './report.js'
import { mergeReports } from './report.js'

const nothing: DisclosureReport = { decisions: [], stale: [], unavailable: [], obligations: [] }
const withheld = (
  paths: readonly string[],
  morePaths = 0,
): DisclosureReport['decisions'][number] => ({
  coordinate: 'T.f',
  decision: 'WITHHOLD',
  reason: 'NO_RULE',
  clause: null,
  paths,
  morePaths,
})

test('what several subgraphs say alike becomes one line, in the client’s own paths', () => {
  const merged = mergeReports([
    {
      report: { ...nothing, decisions: [withheld(['_entities.0.f'])] },
      toClientPaths: () => ['a.0.f', 'b.f'],
    },
    { report: { ...nothing, decisions: [withheld(['f'])] }, toClientPaths: (path) => [path] },
  ])
  expect(merged.decisions).toEqual([withheld(['a.0.f', 'b.f', 'f'])])
})

test('at most a hundred paths are listed and the rest is counted', () => {
  const paths = Array.from({ length: 250 }, (_one, index) => `x.${index}.f`)
  const [line] = mergeReports([
    { report: { ...nothing, decisions: [withheld(paths, 7)] }, toClientPaths: (path) => [path] },
  ]).decisions
  expect(line?.paths).toHaveLength(100)
  expect(line?.morePaths).toBe(157)
})

test('the order does not tell who answered first', () => {
  const one = {
    report: {
      ...nothing,
      decisions: [withheld(['b'])],
      unavailable: [{ agency: 'z', reason: 'TIMEOUT' }],
    },
    toClientPaths: (path: string) => [path],
  }
  const other = {
    report: {
      ...nothing,
      decisions: [{ ...withheld(['a']), coordinate: 'A.f' }],
      unavailable: [
        { agency: 'a', reason: 'TIMEOUT' },
        { agency: 'z', reason: 'TIMEOUT' },
      ],
    },
    toClientPaths: (path: string) => [path],
  }
  expect(mergeReports([one, other])).toEqual(mergeReports([other, one]))
  expect(mergeReports([one, other]).unavailable.map(({ agency }) => agency)).toEqual(['a', 'z'])
})
