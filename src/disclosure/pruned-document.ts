import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Governance, GovernedField, TypeGovernance } from './governance.js'

/** What of a plan's making the document depends on. */
export interface Pruning {
  readonly schema: GraphQLSchema
  readonly governance: Governance
  readonly isNever: IsNever
  readonly typenameKey: string
  readonly subjectKey: string
}

/** Whether a profile can never be shown a field; the plan asks it once for each field. */
export type IsNever = (typeName: string, field: GovernedField) => boolean

/** The selection that is really run: without the fields that can never be shown, and with the hidden ones. */
export function rewrite(
  making: Pruning,
  type: GraphQLCompositeType,
  set: SelectionSetNode,
): SelectionSetNode {
  const selections = set.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection]
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const on = selection.typeCondition
        ? making.schema.getType(selection.typeCondition.name.value)
        : type
      return isCompositeType(on)
        ? [{ ...selection, selectionSet: rewrite(making, on, selection.selectionSet) }]
        : []
    }
    if (isCutOut(making, type, selection.name.value)) return []
    if (!selection.selectionSet) return [selection]
    const field =
      isObjectType(type) || isInterfaceType(type)
        ? type.getFields()[selection.name.value]
        : undefined
    const named = field && getNamedType(field.type)
    return named && isCompositeType(named)
      ? [{ ...selection, selectionSet: rewrite(making, named, selection.selectionSet) }]
      : [selection]
  })
  const all = [...selections, ...hidden(making, type)]
  return {
    kind: Kind.SELECTION_SET,
    selections: all.length > 0 ? all : [asks(making.typenameKey, '__typename')],
  }
}

/** A field of an abstract type is cut out only when none of the possible types may ever show it. */
function isCutOut(making: Pruning, type: GraphQLCompositeType, name: string): boolean {
  const possible = isAbstractType(type) ? making.schema.getPossibleTypes(type) : [type]
  return (
    possible.length > 0 &&
    possible.every((one) => {
      const governed = making.governance.type(one.name)?.fields.get(name)
      const field = isObjectType(one) ? one.getFields()[name] : undefined
      return governed !== undefined && cannotBeShown(making, one.name, governed, field?.type)
    })
  )
}

function hidden(making: Pruning, type: GraphQLCompositeType): SelectionNode[] {
  const fields = isAbstractType(type) ? [asks(making.typenameKey, '__typename')] : []
  if ((isObjectType(type) || isInterfaceType(type)) && saysSubject(type))
    fields.push(asks(making.subjectKey, '_subject'))
  return fields
}

function asks(alias: string, name: string): FieldNode {
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: alias },
    name: { kind: Kind.NAME, value: name },
  }
}

/** Whether this subgraph's own type says whose data it is; a reference to another subgraph's entity need not. */
export function saysSubject(type: GraphQLObjectType | GraphQLInterfaceType): boolean {
  return Object.hasOwn(type.getFields(), '_subject')
}

/** Never as the holder's, and (of a list whose items decide for themselves) never as an item's own. */
export function cannotBeShown(
  making: Pruning,
  typeName: string,
  governed: GovernedField,
  fieldType: GraphQLOutputType | undefined,
): boolean {
  if (!making.isNever(typeName, governed)) return false
  return itemTypesOf(making, governed, fieldType).every((item) =>
    [...item.fields.values()].every(
      (one) => one.cell.category !== governed.cell.category || making.isNever(item.name, one),
    ),
  )
}

/** The types of a list's objects, where these say whose data they are. (HOLDING is decided by its items anyway.) */
export function itemTypesOf(
  making: Pruning,
  { cell }: GovernedField,
  fieldType: GraphQLOutputType | undefined,
): readonly TypeGovernance[] {
  if (!fieldType || cell.category === 'HOLDING' || !isListType(getNullableType(fieldType)))
    return []
  const named = getNamedType(fieldType)
  const possible = isAbstractType(named) ? making.schema.getPossibleTypes(named) : [named]
  return possible.flatMap((one) => {
    const known = making.governance.type(one.name)
    return known?.subject ? [known] : []
  })
}
