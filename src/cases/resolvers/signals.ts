import { Ctx, Query, Resolver } from 'type-graphql'
import type { CasesContext } from '../context.js'
import { ITEM_TYPE_BY_CODE } from '../items/index.js'
import { Signal, signal } from '../items/safety.js'
import { loadersOf } from '../loaders.js'
import { standingItemRows } from '../store/rows.js'
import { type ItemObject, itemOfRow } from '../store/to-graph.js'

const signalsMax = 500

/** The bell without content: who must speak to whom now, also for those who may see nothing of the case. */
@Resolver()
export class SignalQueries {
  @Query(() => [Signal], {
    description:
      'Signals that stand now and that you may hear, whatever else you may see of their cases.',
  })
  async signals(@Ctx() context: CasesContext): Promise<readonly ItemObject[]> {
    const { sql, now, agencies, access } = context
    const type = ITEM_TYPE_BY_CODE.get(signal.code)
    if (!type) return []
    const rows = await standingItemRows(sql, { type: type.code, now: now(), limit: signalsMax })
    const cases = [...new Set(rows.map((row) => row.case_id))]
    const lists = await loadersOf(context).partsOfCase.loadMany(
      cases.map((id) => ({ id, asOf: null })),
    )
    const parts = new Map(
      lists.flatMap((list) => {
        if (list instanceof Error) throw list
        return list.map((part) => [part.id, part] as const)
      }),
    )
    const found = rows.map((row) => itemOfRow(row, { type, agencies, parts }))
    const heard = await access.exist(
      found.map((one) => one.subject),
      type.graphName,
    )
    return found.filter((_one, index) => heard[index] === true)
  }
}
