import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { invariant } from '../errors.js'
import type { Category } from '../sharing/vocabulary.js'
import type { Governance, GovernedField } from './governance.js'
import {
  cannotBeShown,
  type IsNever,
  itemTypesOf,
  type Pruning,
  rewrite,
  saysSubject,
} from './pruned-document.js'

/**
 * What the agreement makes of one operation for one profile, worked out once: the document that is
 * really run (fields that can never be shared are cut out, the hidden subject is asked for) and, beside
 * it, a map of the answer that says for each field what governs it.
 */
export interface DisclosurePlan {
  readonly document: DocumentNode
  readonly root: TypePlan
  /** Response keys of the hidden fields, unused by the operation itself. */
  readonly typenameKey: string
  readonly subjectKey: string
  /** Every place of the answer that holds objects of one type; each knows its position here. */
  readonly types: readonly TypePlan[]
  /** Cells of all that the plan decides about field by field. */
  readonly cells: ReadonlySet<number>
  /** Whether a response key is `__proto__`, which not every engine keeps apart. */
  readonly namesPrototype: boolean
  /** Fields that the operation asks for, by type: what an adapter may be asked at all. */
  readonly selected: ReadonlyMap<string, ReadonlySet<string>>
  /** By type the categories that are asked of it and that something else may only travel together with. */
  readonly together: ReadonlyMap<string, ReadonlySet<Category>>
  /** Rough size in bytes, for bounding the cache. */
  readonly size: number
}

export interface TypePlan {
  /** Position in the plan's `types`. */
  readonly index: number
  readonly name: string
  readonly hasSubject: boolean
  /** Fields under which some object says whose data it is. */
  readonly towardsSubjects: readonly FieldPlan[]
  readonly fields: readonly FieldPlan[]
  /** Some of them are of a category that something else may only travel together with. */
  readonly bringsTogether: boolean
}

export interface FieldPlan {
  readonly responseKey: string
  readonly name: string
  readonly governed: GovernedField | null
  /** Its category, where something else may only travel together with it. */
  readonly together: Category | null
  /** Cut out of the document: can never be shared with this profile. */
  readonly pruned: boolean
  /** Null for a leaf; else one plan for each possible type. */
  readonly children: ReadonlyMap<string, TypePlan> | null
  /** The one plan, where all objects of this field are of one type; else they name their type. */
  readonly only: TypePlan | null
  /**
   * Where a governed list holds objects that say whose data they are: for each of their types the cells
   * of the list's own category. Withheld as the holder's, the list still shows what these cells release
   * as the item's own: what is decided does not depend on the way by which it is reached.
   */
  readonly itemCells: ReadonlyMap<string, readonly number[]> | null
  /** The objects of this field must exist for the caller, for no decision stands above them. */
  readonly guardsExistence: boolean
  readonly scalar: string
}

/** Values of the Boolean variables of `@skip` and `@include`, by name. */
export type Switches = ReadonlyMap<string, boolean>

interface Making extends Pruning {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly switches: Switches
  readonly types: TypePlan[]
  readonly cells: Set<number>
  readonly selected: Map<string, Set<string>>
  readonly travelling: ReadonlySet<string>
  readonly together: Map<string, Set<Category>>
}

/** Compiles a validated document; throws nothing that depends on data. */
export function planDisclosure(
  schema: GraphQLSchema,
  governance: Governance,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  isNever: IsNever,
  switches: Switches = new Map(),
  /** Categories that some rule names in WITH. */
  travelling: ReadonlySet<string> = new Set(),
): DisclosurePlan {
  const rootType = schema.getRootType(operation.operation)
  invariant(rootType, 'a validated operation has a root type')
  const names = usedNames(document)
  const making: Making = {
    schema,
    governance,
    isNever,
    fragments: new Map(
      document.definitions.flatMap((one) =>
        one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
      ),
    ),
    typenameKey: unused('type', names),
    subjectKey: unused('subject', names),
    switches,
    types: [],
    cells: new Set(),
    selected: new Map(),
    travelling,
    together: new Map(),
  }
  const root = typePlan(making, rootType, [operation.selectionSet])
  const definitions = document.definitions.map((one) => {
    if (one === operation)
      return { ...operation, selectionSet: rewrite(making, rootType, operation.selectionSet) }
    if (one.kind !== Kind.FRAGMENT_DEFINITION) return one
    const on = schema.getType(one.typeCondition.name.value)
    return isCompositeType(on)
      ? { ...one, selectionSet: rewrite(making, on, one.selectionSet) }
      : one
  })
  return {
    document: { kind: Kind.DOCUMENT, definitions },
    root,
    typenameKey: making.typenameKey,
    subjectKey: making.subjectKey,
    types: making.types,
    cells: making.cells,
    namesPrototype: names.has('__proto__'),
    selected: making.selected,
    together: making.together,
    size: sizeOf(root) + 2 * (document.loc?.source.body.length ?? 1000),
  }
}

function usedNames(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>()
  JSON.stringify(document, (key, value: unknown) => {
    if (key === 'value' && typeof value === 'string') names.add(value)
    return value
  })
  return names
}

function unused(stem: string, names: ReadonlySet<string>): string {
  for (let n = 0; ; n += 1) if (!names.has(`c${n}_${stem}`)) return `c${n}_${stem}`
}

interface Gathered {
  readonly node: FieldNode
  readonly sets: SelectionSetNode[]
}

function typePlan(
  making: Making,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): TypePlan {
  const gathered = new Map<string, Gathered>()
  for (const set of sets) gather(making, type, set, gathered)
  const fields = [...gathered].map(([responseKey, one]) =>
    fieldPlan(making, type, responseKey, one),
  )
  const made = {
    index: making.types.length,
    name: type.name,
    hasSubject: saysSubject(type),
    fields,
    towardsSubjects: fields.filter(leadsToSubjects),
    bringsTogether: fields.some((one) => one.together !== null),
  }
  making.types.push(made)
  return made
}

function leadsToSubjects({ children }: FieldPlan): boolean {
  return [...(children?.values() ?? [])].some(
    (one) => one.hasSubject || one.towardsSubjects.length > 0,
  )
}

function gather(
  making: Making,
  type: GraphQLObjectType,
  set: SelectionSetNode,
  into: Map<string, Gathered>,
): void {
  for (const selection of set.selections) {
    if (!isShown(selection, making.switches)) continue
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value
      const known = into.get(key)
      const sets = selection.selectionSet ? [selection.selectionSet] : []
      if (known) known.sets.push(...sets)
      else into.set(key, { node: selection, sets })
      continue
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? making.fragments.get(selection.name.value)
        : selection
    if (fragment && applies(making.schema, fragment.typeCondition?.name.value, type))
      gather(making, type, fragment.selectionSet, into)
  }
}

function applies(
  schema: GraphQLSchema,
  condition: string | undefined,
  type: GraphQLObjectType,
): boolean {
  if (condition === undefined || condition === type.name) return true
  const on = schema.getType(condition)
  return isAbstractType(on) && schema.isSubType(on, type)
}

function isShown(selection: SelectionNode, switches: Switches): boolean {
  return (selection.directives ?? []).every((directive) => {
    const name = directive.name.value
    if (name !== 'skip' && name !== 'include') return true
    const value = directive.arguments?.[0]?.value
    const holds =
      value?.kind === Kind.VARIABLE
        ? switches.get(value.name.value) === true
        : value?.kind === Kind.BOOLEAN && value.value
    return holds === (name === 'include')
  })
}

/** The names of the variables that decide `@skip` and `@include` anywhere in a document, sorted. */
export function switchNames(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  visit(document, {
    enter: (node) => {
      if (node.kind !== Kind.DIRECTIVE || !['skip', 'include'].includes(node.name.value)) return
      const value = node.arguments?.[0]?.value
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names].sort()
}

function fieldPlan(
  making: Making,
  type: GraphQLObjectType,
  responseKey: string,
  gathered: Gathered,
): FieldPlan {
  const name = gathered.node.name.value
  const governed = making.governance.type(type.name)?.fields.get(name) ?? null
  if (governed) {
    making.cells.add(governed.cellIndex)
    addTo(making.selected, type.name, name)
  }
  const category = governed?.cell.category
  const together = category !== undefined && making.travelling.has(category) ? category : null
  if (together !== null) addTo(making.together, type.name, together)
  const field = type.getFields()[name]
  const named = field ? getNamedType(field.type) : null
  const children = isCompositeType(named) ? childPlans(making, named, gathered.sets) : null
  const itemCells = governed === null ? null : itemCellsOf(making, governed, field?.type)
  for (const cells of itemCells?.values() ?? []) for (const one of cells) making.cells.add(one)
  return {
    responseKey,
    name,
    governed,
    together,
    pruned: governed !== null && cannotBeShown(making, type.name, governed, field?.type),
    itemCells,
    children,
    only: isObjectType(named) ? (children?.get(named.name) ?? null) : null,
    guardsExistence: governed === null && name !== '_entities',
    scalar: named?.name ?? 'String',
  }
}

function addTo<Value>(sets: Map<string, Set<Value>>, name: string, value: Value): void {
  const known = sets.get(name)
  if (known) known.add(value)
  else sets.set(name, new Set([value]))
}

function itemCellsOf(
  making: Making,
  governed: GovernedField,
  fieldType: GraphQLOutputType | undefined,
): FieldPlan['itemCells'] {
  const types = itemTypesOf(making, governed, fieldType)
  if (types.length === 0) return null
  return new Map(
    types.map(({ name, fields }) => [
      name,
      [...fields.values()]
        .filter((one) => one.cell.category === governed.cell.category)
        .map((one) => one.cellIndex),
    ]),
  )
}

function childPlans(
  making: Making,
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
): ReadonlyMap<string, TypePlan> {
  const possible = isAbstractType(type) ? making.schema.getPossibleTypes(type) : [type]
  return new Map(possible.map((one) => [one.name, typePlan(making, one, sets)]))
}

function sizeOf(plan: TypePlan): number {
  let size = 64
  for (const field of plan.fields) {
    size += 160
    for (const child of field.children?.values() ?? []) size += sizeOf(child)
  }
  return size
}
