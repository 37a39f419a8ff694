import { expect, test } from '@jest/globals'
import type { ReportedDecision } from '../../disclosure/report.js'
import { sideBySide, type View } from './side-by-side.js'

const decided = (
  decision: 'GENERALISE' | 'WITHHOLD',
  clause: string | null,
  ...paths: string[]
): ReportedDecision => ({
  coordinate: 'T.f',
  decision,
  reason: 'NO_RULE',
  clause,
  paths,
  morePaths: 0,
})

const view = (found: Record<string, unknown> | null, ...decisions: ReportedDecision[]): View => ({
  case: found,
  disclosure: { decisions, stale: [] },
})

/** What each persona sees of a row, by its label. */
function row(views: readonly View[], label: string) {
  const rows = sideBySide(views).flatMap((one) => one.groups.flatMap((group) => group.rows))
  return rows
    .find((one) => one.label === label)
    ?.cells.map((cell) => cell.map((one) => ({ state: one.state, text: one.text })))
}

test('a value for one, withheld from another, nothing for a third', () => {
  const views = [
    view({ stage: 'OPEN' }),
    view({ stage: null }, decided('WITHHOLD', null, 'case.stage')),
    view({ stage: null }),
  ]
  expect(row(views, 'stage')).toEqual([
    [{ state: 'RELEASED', text: 'OPEN' }],
    [{ state: 'WITHHELD', text: '' }],
    [{ state: 'NOTHING', text: '' }],
  ])
})

test('a shorter form is told as such, also where it lies deeper than the row', () => {
  const views = [
    view(
      { home: { lines: null, postcode: 'CH1' } },
      decided('GENERALISE', '3.5', 'case.home.postcode'),
      decided('WITHHOLD', null, 'case.home.lines'),
    ),
  ]
  const line = sideBySide(views)[0]?.groups[0]?.rows[0]?.cells[0]?.[0]
  expect(line).toMatchObject({
    state: 'SHORTENED',
    text: 'CH1',
    why: { clause: '3.5' },
    without: ['lines'],
  })
})

test('a shorter form of nothing is nothing, not something withheld', () => {
  const views = [
    view({ bornOn: '1990', stage: null }, decided('GENERALISE', '1.2', 'case.stage')),
    view({ bornOn: null, stage: 'OPEN' }),
  ]
  expect(row(views, 'stage')?.[0]).toEqual([{ state: 'NOTHING', text: '' }])
})

test('the same object stands in one row, wherever a list has it; who may not know of it sees it left out', () => {
  const team = (...workers: string[]) => ({
    team: workers.map((worker) => ({ id: worker, worker })),
  })
  const views = [view(team('ann', 'bo')), view(team('bo')), view(null)]
  expect(row(views, 'bo')?.map((one) => one[0])).toEqual([
    { state: 'RELEASED', text: 'bo' },
    { state: 'RELEASED', text: 'bo' },
    { state: 'NO_CASE', text: '' },
  ])
  expect(row(views, 'ann')?.[1]).toEqual([{ state: 'LEFT_OUT', text: '' }])
})

test('a list that is withheld as a whole is withheld in each of its rows', () => {
  const views = [
    view({ team: [{ id: '1', worker: 'ann' }] }),
    view({ team: null }, decided('WITHHOLD', null, 'case.team')),
  ]
  expect(row(views, 'ann')?.[1]).toEqual([{ state: 'WITHHELD', text: '' }])
})

test('a field of which the answer lists only the first paths counts as withheld further on', () => {
  const more = {
    ...decided('WITHHOLD', null, 'case.other'),
    coordinate: 'Case.stage',
    morePaths: 3,
  }
  expect(row([view({ stage: null, tier: 'A' }, more)], 'no value for anybody')).toEqual([
    [{ state: 'WITHHELD', text: '' }],
  ])
})

test('nobody who sees nothing of the case takes the others’ rows away', () => {
  expect(sideBySide([view(null), view({ stage: 'OPEN' })])[0]?.groups[0]?.rows).toHaveLength(1)
  expect(sideBySide([view(null)])[0]?.groups[0]?.rows).toHaveLength(0)
})
