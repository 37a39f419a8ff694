import type { CasesContext, Tagged } from './context.js'
import type { Case } from './graph/case.js'
import type { Person } from './graph/part.js'
import { isId } from './ids.js'
import { ITEM_TYPES } from './items/index.js'
import type { ItemType } from './items/item-type.js'
import { loadersOf } from './loaders.js'
import { allocationRows, itemRows } from './store/rows.js'
import { agencyOf, allocationOf, itemOfRow } from './store/to-graph.js'
import { unitEventsById } from './store/unit-events.js'
import { personSubject } from './subject.js'

/** What a federated entity is named by: `id`, of a person `key`. */
export interface Reference {
  readonly id?: string
  readonly key?: string
}
export type ReferenceResolver = (
  references: readonly Reference[],
  context: CasesContext,
) => Promise<readonly (object | null)[]>

const idOf = ({ id }: Reference): string => (id !== undefined && isId(id) ? id : '')

async function seenOf<Found extends Tagged>(
  found: readonly Found[],
  typeName: string,
  { access }: CasesContext,
): Promise<readonly Found[]> {
  const exist = await access.exist(
    found.map(({ subject }) => subject),
    typeName,
  )
  return found.filter((_, at) => exist[at] === true)
}

/** Loads by id, and keeps back whatever the caller may not know of. */
function known<Found extends Tagged & { readonly id: string }>(
  typeName: string,
  load: (ids: readonly string[], context: CasesContext) => Promise<readonly Found[]>,
): ReferenceResolver {
  return async (references, context) => {
    const ids = [...new Set(references.map(idOf))].filter((id) => id !== '')
    const seen = await seenOf(await load(ids, context), typeName, context)
    const byId = new Map(seen.map((one) => [one.id, one]))
    return references.map((reference) => byId.get(idOf(reference)) ?? null)
  }
}

const present = <Value>(values: readonly (Value | null | Error)[]): Value[] =>
  values.flatMap((value) => {
    if (value instanceof Error) throw value
    return value === null ? [] : [value]
  })
const now = (id: string) => ({ id, asOf: null })

const loadCases = async (ids: readonly string[], context: CasesContext): Promise<readonly Case[]> =>
  present(await loadersOf(context).caseById.loadMany(ids.map(now)))

/** Those of these cases of which the caller may know, each once. */
export const seenCases = async (
  ids: readonly string[],
  context: CasesContext,
): Promise<readonly Case[]> => seenOf(await loadCases([...new Set(ids)], context), 'Case', context)

const cases = known('Case', loadCases)
const parts = known('Part', async (ids, context) =>
  present(await loadersOf(context).partById.loadMany(ids.map(now))),
)
const allocations = known('Allocation', async (ids, { sql, agencies }) =>
  (await allocationRows(sql, ids)).map((row) => allocationOf(row, agencies)),
)
const unitEvents = known('UnitEvent', (ids, { sql }) => unitEventsById(sql, ids))

const items = (type: ItemType): ReferenceResolver =>
  known(type.graphName, async (ids, context) => {
    const rows = (await itemRows(context.sql, ids)).filter((row) => row.type === type.code)
    const cases = [...new Set(rows.map((row) => row.case_id))]
    const lists = present(await loadersOf(context).partsOfCase.loadMany(cases.map(now)))
    const parts = new Map(lists.flatMap((list) => list.map((part) => [part.id, part] as const)))
    return rows.map((row) => itemOfRow(row, { type, agencies: context.agencies, parts }))
  })

/** A person is whoever federation names; what the hub knows of them their fields say. */
const persons: ReferenceResolver = async (references, { asker, now: clock }) =>
  references.map(({ key }): Person | null =>
    key === undefined
      ? null
      : {
          key,
          reachedBy: null,
          subject: personSubject(key, {
            supplier: asker.agency.id,
            unit: true,
            itemId: null,
            carries: {},
            clearedBy: [],
            suppliedAtMs: clock().getTime(),
          }),
        },
  )

const agencies: ReferenceResolver = async (references, context) =>
  references.map(({ id }) =>
    id !== undefined && context.agencies.has(id) ? agencyOf(context.agencies, id) : null,
  )

/** How each entity of this subgraph is found again, for federation's `_entities`. */
export const references: Readonly<Record<string, ReferenceResolver>> = {
  Case: cases,
  Part: parts,
  Person: persons,
  Agency: agencies,
  Allocation: allocations,
  UnitEvent: unitEvents,
  ...Object.fromEntries(ITEM_TYPES.map((type) => [type.graphName, items(type)])),
}
