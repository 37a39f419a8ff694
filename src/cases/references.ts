import type { CasesContext } from './context.js'
import type { Part, Person } from './graph/part.js'
import { isId } from './ids.js'
import { ITEM_TYPE_BY_CODE, ITEM_TYPES } from './items/index.js'
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

/** Loads by id, and keeps back whatever belongs to a case that may not be known. */
function ofVisibleCases<Found extends object>(
  load: (ids: readonly string[], context: CasesContext) => Promise<readonly Found[]>,
  caseOf: (found: Found) => string,
  keyOf: (found: Found) => string,
): ReferenceResolver {
  return async (references, context) => {
    const ids = [...new Set(references.map(idOf))].filter((id) => id !== '')
    const found = await load(ids, context)
    const visible = await context.casesVisible([...new Set(found.map(caseOf))])
    const byId = new Map(
      found.filter((one) => visible.has(caseOf(one))).map((one) => [keyOf(one), one]),
    )
    return references.map((reference) => byId.get(idOf(reference)) ?? null)
  }
}

const present = <Value>(values: readonly (Value | null | Error)[]): Value[] =>
  values.flatMap((value) => {
    if (value instanceof Error) throw value
    return value === null ? [] : [value]
  })
const now = (id: string) => ({ id, asOf: null })
const itsId = ({ id }: { id: string }): string => id

const cases = ofVisibleCases(
  async (ids, context) => present(await loadersOf(context).caseById.loadMany(ids.map(now))),
  itsId,
  itsId,
)
const parts = ofVisibleCases<Part>(
  async (ids, context) => present(await loadersOf(context).partById.loadMany(ids.map(now))),
  ({ caseId }) => caseId,
  itsId,
)
const allocations = ofVisibleCases(
  async (ids, { sql, agencies }) =>
    (await allocationRows(sql, ids)).map((row) => allocationOf(row, agencies)),
  ({ subject }) => subject.caseId ?? '',
  itsId,
)
const unitEvents = ofVisibleCases(
  (ids, { sql }) => unitEventsById(sql, ids),
  ({ caseId }) => caseId,
  itsId,
)

const items: ReferenceResolver = ofVisibleCases(
  async (ids, context) => {
    const rows = await itemRows(context.sql, ids)
    const known = await loadersOf(context).partsOfCase.loadMany(
      [...new Set(rows.map((row) => row.case_id))].map(now),
    )
    const parts = new Map(
      present(known).flatMap((list) => list.map((part) => [part.id, part] as const)),
    )
    return rows.flatMap((row) => {
      const type = ITEM_TYPE_BY_CODE.get(row.type)
      return type ? [itemOfRow(row, { type, agencies: context.agencies, parts })] : []
    })
  },
  ({ caseId }) => caseId,
  itsId,
)

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
  ...Object.fromEntries(
    ITEM_TYPES.map((type) => [
      type.graphName,
      async (asked: readonly Reference[], context: CasesContext) =>
        (await items(asked, context)).map((item) =>
          item && 'type' in item && item.type === type.code ? item : null,
        ),
    ]),
  ),
}
