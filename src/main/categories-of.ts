import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { cellOf } from '../disclosure/governance.js'
import type { Category } from '../sharing/vocabulary.js'

/**
 * The categories of data that an operation asks for, whatever subgraph answers them. What it asks for
 * only on a condition (`@skip`, `@include`) does not count: it may not come, so nothing may rest on it.
 */
export function categoriesOf(document: DocumentNode, schema: GraphQLSchema): ReadonlySet<Category> {
  const found = new Set<Category>()
  const perhaps = fragmentsPerhaps(document)
  const info = new TypeInfo(schema)
  let conditions = 0
  visit(
    document,
    visitWithTypeInfo(info, {
      enter(node) {
        if (isPerhaps(node, perhaps)) conditions += 1
        if (node.kind !== Kind.FIELD || conditions > 0) return
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
      leave(node) {
        if (isPerhaps(node, perhaps)) conditions -= 1
      },
    }),
  )
  return found
}

/** Fragments that are spread on a condition somewhere, or within what is. */
function fragmentsPerhaps(document: DocumentNode): ReadonlySet<string> {
  const perhaps = new Set<string>()
  for (let known = -1; known < perhaps.size; ) {
    known = perhaps.size
    let conditions = 0
    visit(document, {
      enter(node) {
        if (isPerhaps(node, perhaps)) conditions += 1
        if (node.kind === Kind.FRAGMENT_SPREAD && conditions > 0) perhaps.add(node.name.value)
      },
      leave(node) {
        if (isPerhaps(node, perhaps)) conditions -= 1
      },
    })
  }
  return perhaps
}

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include'])

function isPerhaps(node: ASTNode, perhaps: ReadonlySet<string>): boolean {
  switch (node.kind) {
    case Kind.FIELD:
    case Kind.INLINE_FRAGMENT:
    case Kind.FRAGMENT_SPREAD:
      return node.directives?.some((one) => CONDITIONS.has(one.name.value)) ?? false
    case Kind.FRAGMENT_DEFINITION:
      return perhaps.has(node.name.value)
    default:
      return false
  }
}
