import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Cell, Situation } from '../sharing/decision.js'
import { WITHHELD_BY_DEFAULT } from '../sharing/decision.js'
import { condition } from '../sharing/facts.js'
import { Basis } from './basis.js'
import { Governance } from './governance.js'
import { Ledger } from './request.js'
import { NO_FACTS, recordOf, SHARED, smallSchema } from './small-schema.fixture.js'
import { Together } from './together.js'

let governance: Governance
beforeAll(() => {
  governance = new Governance([smallSchema()])
})

const WITH_IDENTITY = condition('WITH', 'IDENTITY')
/** Places travel only together with who it is; all else is shared. */
const profile = {
  key: '',
  decide: (cell: Cell, { standings }: Situation) =>
    cell.category !== 'LOCATION' ||
    standings.some((one) => one.fact(WITH_IDENTITY, cell) === 'TRUE')
      ? SHARED
      : WITHHELD_BY_DEFAULT,
  isNever: () => false,
  restsOn: ({ category }: Cell) => (category === 'LOCATION' ? [WITH_IDENTITY] : []),
}

const basisOfAll = () =>
  new Basis(
    profile,
    governance,
    ['PaperRecord'],
    governance.cells.map((_, at) => at),
  )

async function ledgerOf(before?: ReadonlySet<string>, basis = basisOfAll()) {
  const together = new Together(before)
  const ledger = new Ledger({ ...NO_FACTS, together }, profile, governance)
  const [her, him] = [recordOf('a'), recordOf('b')]
  await ledger.ensure([her, him])
  const field = governance.type('PaperRecord')?.fields.get('addresses')
  if (!field) throw new Error('the fixture has changed')
  const placeOf = (tag: typeof her) => ledger.stateOf(tag, basis).decide(field, 'PaperRecord').kind
  return { ledger, her, him, placeOf }
}

describe('what travels only together with something else of the person', () => {
  test('is released where that comes, for that person alone', async () => {
    const { ledger, her, him, placeOf } = await ledgerOf()
    ledger.tell(her, 'IDENTITY')
    expect([placeOf(her), placeOf(him)]).toEqual(['SHARE', 'WITHHOLD'])
    expect(ledger.isComplete()).toBe(true)
  })
  test('is not released for another category of the same person', async () => {
    const { ledger, her, placeOf } = await ledgerOf()
    ledger.tell(her, 'NARRATIVE')
    expect(placeOf(her)).toBe('WITHHOLD')
  })
  test('is not released for what an object of several people holds', async () => {
    const { ledger, her, placeOf } = await ledgerOf()
    ledger.tell({ ...her, persons: ['a', 'b'] }, 'IDENTITY')
    expect(placeOf(her)).toBe('WITHHOLD')
  })
  test('is not remembered as released where it came between looking and deciding', async () => {
    const basis = basisOfAll()
    const first = await ledgerOf(undefined, basis)
    first.ledger.stateOf(first.her, basis)
    first.ledger.tell(first.her, 'IDENTITY')
    expect([first.placeOf(first.her), first.ledger.isComplete()]).toEqual(['WITHHOLD', false])
    const another = await ledgerOf(undefined, basis)
    expect(another.placeOf(another.him)).toBe('WITHHOLD')
  })
  test('comes after all: decided again with what had come, it is released', async () => {
    const first = await ledgerOf()
    expect(first.placeOf(first.her)).toBe('WITHHOLD')
    expect(first.ledger.isComplete()).toBe(true)
    first.ledger.tell(first.her, 'IDENTITY')
    expect(first.ledger.isComplete()).toBe(false)
    expect(first.ledger.wanting()).toEqual(['IDENTITY a'])
    const again = await ledgerOf(first.ledger.together.notes)
    expect(again.placeOf(again.her)).toBe('SHARE')
    expect(again.ledger.isComplete()).toBe(false)
    again.ledger.tell(again.her, 'IDENTITY')
    expect(again.ledger.isComplete()).toBe(true)
  })
  test('what comes late for somebody of whom nothing was withheld changes nothing', async () => {
    const { ledger, her, him, placeOf } = await ledgerOf()
    placeOf(her)
    ledger.tell(him, 'IDENTITY')
    expect(ledger.isComplete()).toBe(true)
  })
  test('what a subgraph elsewhere lacked and what has come since are set against each other', async () => {
    const { ledger, her } = await ledgerOf()
    ledger.together.take({ told: [], wanting: ['IDENTITY a'] })
    expect(ledger.isComplete()).toBe(true)
    ledger.tell(her, 'IDENTITY')
    expect(ledger.isComplete()).toBe(false)
  })
  test('what a subgraph elsewhere is told to rely on must come', async () => {
    const { ledger, her } = await ledgerOf(new Set(['IDENTITY a']))
    expect(ledger.isComplete()).toBe(true)
    expect(ledger.together.handOn()).toEqual(['IDENTITY a'])
    expect(ledger.isComplete()).toBe(false)
    ledger.tell(her, 'IDENTITY')
    expect(ledger.isComplete()).toBe(true)
  })
})
