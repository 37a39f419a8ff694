import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { GovernedAs } from '../../sharing/governed.js'
import type { CasesContext } from '../context.js'
import { Case } from '../graph/case.js'
import { Part } from '../graph/part.js'
import { ITEM_TYPES } from '../items/index.js'
import type { ItemType } from '../items/item-type.js'
import { loadersOf } from '../loaders.js'
import type { ItemObject } from '../store/to-graph.js'

/**
 * The lists of what the unit wrote: every kind of item as a field of `Case`, those about a part as a
 * field of `Part` too. One line in the list of kinds makes field, category and loading.
 */

@Resolver(() => Case)
export class CaseItems {}

@Resolver(() => Part)
export class PartItems {}

type Listed = (root: never, context: CasesContext) => Promise<readonly ItemObject[]>

function itemsAsOf(
  context: CasesContext,
  type: ItemType,
  { id, asOf }: { id: string; asOf: number | null },
): Promise<readonly ItemObject[]> {
  const at = type.replaces ? null : asOf
  return loadersOf(context).itemsOfCase.load({ id, asOf: at, type: type.code })
}

function listField(resolver: { readonly prototype: object }, type: ItemType, list: Listed): void {
  const { prototype } = resolver
  const { name, description } = type.field
  const descriptor = { value: list, writable: true, configurable: true, enumerable: false }
  Object.defineProperty(prototype, name, descriptor)
  Root()(prototype, name, 0)
  Ctx()(prototype, name, 1)
  FieldResolver(() => [type.graph], { nullable: true, description })(prototype, name, descriptor)
  GovernedAs(type.category, 'NOBODY')(prototype, name)
}

for (const type of ITEM_TYPES) {
  listField(CaseItems, type, (root: Case, context) =>
    itemsAsOf(context, type, { id: root.id, asOf: root.asOfMs }),
  )
  if (type.about === 'PART')
    listField(PartItems, type, async (root: Part, context) => {
      const items = await itemsAsOf(context, type, { id: root.caseId, asOf: root.asOfMs })
      return items.filter(({ partId }) => partId === root.id)
    })
}
