import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { allocate, endAllocations, OTHERS } from './fence-turns.js'
import {
  close,
  disclosedInAll,
  expectKept,
  fenced,
  first,
  open,
  placeIn,
  tell,
  underLoad,
  unfenced,
  victims,
  wishOf,
  wishTurn,
} from './under-load.js'

const WITHDRAWALS = process.env['SOAK'] ? 1_000 : 80
const ENDED_ALLOCATIONS = process.env['SOAK'] ? 200 : 12
const MUTANT_ROUNDS = 12
const OTHER_FACTS = process.env['SOAK'] ? 100 : 6

beforeAll(open, 120_000)
afterAll(close)

test(`${WITHDRAWALS} withdrawals under load on two gateways: no entry after a withdrawal's discloses what it withdrew`, async () => {
  const load = await underLoad(fenced, WITHDRAWALS, wishTurn)
  expect(load.entries.filter(({ what }) => what === 'WISH_WITHDRAWN')).toHaveLength(WITHDRAWALS)
  expectKept(load, wishOf)
}, 3_600_000)

test('the check finds a log that does not ask whether the facts still stand', async () => {
  const load = await underLoad(unfenced, MUTANT_ROUNDS, wishTurn)
  expect(disclosedInAll(load, wishOf)).not.toEqual([])
}, 120_000)

test(`${ENDED_ALLOCATIONS} ended allocations under load: no entry after the end discloses what the place in the case opened`, async () => {
  for (const victim of victims) {
    await tell(first.url, victim.partId, 'GIVEN')
    await endAllocations(first.url, victim)
  }
  const load = await underLoad(fenced, ENDED_ALLOCATIONS, { open: allocate, shut: endAllocations })
  expectKept(load, placeIn)
}, 3_600_000)

test.each(OTHERS)(
  `${OTHER_FACTS} turns under load: no entry after it discloses what was shut by $fact`,
  async ({ turn, watched }) => {
    const one = victims.slice(0, 1)
    for (const victim of one) {
      await tell(first.url, victim.partId, 'GIVEN')
      await endAllocations(first.url, victim)
      await allocate(first.url, victim)
      if (watched(victim).toggles !== undefined) await turn.open(first.url, victim)
    }
    const load = await underLoad(fenced, OTHER_FACTS, turn, one)
    expectKept(load, watched, one)
    for (const victim of one) await turn.open(first.url, victim)
  },
  3_600_000,
)
