import {
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { cellOf } from '../disclosure/governance.js'
import type { Category } from '../sharing/vocabulary.js'

/** The categories of data that an operation asks for, whatever subgraph answers them. */
export function categoriesOf(document: DocumentNode, schema: GraphQLSchema): ReadonlySet<Category> {
  const found = new Set<Category>()
  const info = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        const parent = info.getParentType()
        const types = parent && isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent]
        for (const type of types) {
          const field =
            isObjectType(type) || isInterfaceType(type)
              ? type.getFields()[node.name.value]
              : undefined
          const cell = field ? cellOf(field) : null
          if (cell) found.add(cell.category)
        }
      },
    }),
  )
  return found
}
