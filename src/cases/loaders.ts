import DataLoader from 'dataloader'
import type { CasesContext, WishView } from './context.js'
import type { Allocation, Case } from './graph/case.js'
import type { Part } from './graph/part.js'
import { ITEM_TYPE_BY_CODE } from './items/index.js'
import {
  type AsOf,
  allocationRowsOfCases,
  caseRows,
  itemRowsOfCases,
  partRows,
  partRowsOfCases,
  partRowsOfPersons,
} from './store/rows.js'
import { allocationOf, caseOf, type ItemObject, itemOfRow, partOf } from './store/to-graph.js'

/** A thing of a case, as it stands or stood. */
export interface At {
  readonly id: string
  readonly asOf: AsOf
}
export interface ItemsAt extends At {
  readonly type: string
}

/**
 * What a request has read, and what it waits to read: everything that is asked for in one turn goes
 * to the database as one statement, whatever the number of cases.
 */
export interface Loaders {
  readonly caseById: DataLoader<At, Case | null, string>
  readonly partsOfCase: DataLoader<At, readonly Part[], string>
  readonly partById: DataLoader<At, Part | null, string>
  readonly partsOfPerson: DataLoader<string, readonly Part[]>
  readonly teamOfCase: DataLoader<At, readonly Allocation[], string>
  /** By id of the case and code of the type. */
  readonly itemsOfCase: DataLoader<ItemsAt, readonly ItemObject[], string>
  readonly wishesOfPart: DataLoader<Part, readonly WishView[]>
}

const made = new WeakMap<CasesContext, Loaders>()

/** The loaders of this request. */
export function loadersOf(context: CasesContext): Loaders {
  const known = made.get(context)
  if (known) return known
  const loaders = makeLoaders(context)
  made.set(context, loaders)
  return loaders
}

/** After a change: what this request has read no longer counts. */
export function forgetLoaded(context: CasesContext): void {
  made.delete(context)
}

const keyed = { cacheKeyFn: ({ id, asOf }: At): string => `${id} ${asOf ?? ''}` }
const keyedByType = {
  cacheKeyFn: ({ id, asOf, type }: ItemsAt): string => `${type} ${id} ${asOf ?? ''}`,
}

function makeLoaders(context: CasesContext): Loaders {
  const { sql, agencies, now } = context
  const partsOfCase: Loaders['partsOfCase'] = new DataLoader(
    (keys) =>
      byInstant(keys, async (ids, asOf) =>
        grouped(
          await partRowsOfCases(sql, ids, asOf),
          (row) => row.case_id,
          (row) => partOf(row, asOf),
        ),
      ),
    keyed,
  )
  return {
    partsOfCase,
    caseById: new DataLoader(async (keys) => {
      const lists = await byInstant(keys, async (ids, asOf) =>
        grouped(
          await caseRows(sql, ids, asOf),
          (row) => row.id,
          (row) => caseOf(row, agencies, asOf),
        ),
      )
      return lists.map(([first]) => first ?? null)
    }, keyed),
    partById: new DataLoader(async (keys) => {
      const lists = await byInstant(keys, async (ids, asOf) =>
        grouped(
          await partRows(sql, ids, asOf),
          (row) => row.id,
          (row) => partOf(row, asOf),
        ),
      )
      return lists.map(([first]) => first ?? null)
    }, keyed),
    partsOfPerson: new DataLoader(async (persons) => {
      const rows = await partRowsOfPersons(sql, persons)
      const parts = grouped(
        rows,
        (row) => row.person_key ?? '',
        (row) => partOf(row, null),
      )
      return persons.map((key) => parts.get(key) ?? [])
    }),
    teamOfCase: new DataLoader(
      (keys) =>
        byInstant(keys, async (ids, asOf) =>
          grouped(
            await allocationRowsOfCases(sql, ids, asOf ?? now().getTime()),
            (row) => row.case_id,
            (row) => allocationOf(row, agencies),
          ),
        ),
      keyed,
    ),
    itemsOfCase: new DataLoader((keys) => itemsOfCases(context, keys, partsOfCase), keyedByType),
    wishesOfPart: new DataLoader((parts) =>
      context.wishesOf(
        parts.map(({ id, person }) => ({ partId: id, personKey: person?.key ?? null })),
      ),
    ),
  }
}

/** Items with the parts they name; the parts are read whether or not there is an item to name them. */
async function itemsOfCases(
  { sql, agencies }: CasesContext,
  keys: readonly ItemsAt[],
  partsOfCase: Loaders['partsOfCase'],
): Promise<(readonly ItemObject[])[]> {
  const types = [...new Set(keys.map(({ type }) => type))].sort()
  const parts = new Map<string, Part>()
  const lists = await byInstant(keys, async (cases, asOf) => {
    const [rows, known] = await Promise.all([
      itemRowsOfCases(sql, { cases, types }, asOf),
      partsOfCase.loadMany(cases.map((id) => ({ id, asOf }))),
    ])
    for (const list of known) {
      if (list instanceof Error) throw list
      for (const part of list) parts.set(part.id, part)
    }
    return grouped(
      rows.flatMap((row) => {
        const type = ITEM_TYPE_BY_CODE.get(row.type)
        return type ? [itemOfRow(row, { type, agencies, parts })] : []
      }),
      (item) => item.caseId,
      (item) => item,
    )
  })
  return lists.map((list, at) => list.filter((item) => item.type === keys[at]?.type))
}

/** One reading for each instant asked for (nearly always one), answered in the order of the keys. */
async function byInstant<Value>(
  keys: readonly At[],
  read: (ids: readonly string[], asOf: AsOf) => Promise<ReadonlyMap<string, readonly Value[]>>,
): Promise<(readonly Value[])[]> {
  const instants = [...new Set(keys.map(({ asOf }) => asOf))]
  const readings = new Map(
    await Promise.all(
      instants.map(async (asOf) => {
        const ids = new Set(keys.filter((key) => key.asOf === asOf).map(({ id }) => id))
        return [asOf, await read([...ids], asOf)] as const
      }),
    ),
  )
  return keys.map(({ id, asOf }) => readings.get(asOf)?.get(id) ?? [])
}

function grouped<Row, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  toValue: (row: Row) => Value,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(toValue(row))
    else groups.set(key, [toValue(row)])
  }
  return groups
}
