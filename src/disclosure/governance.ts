import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql'
import type { Cell } from '../sharing/decision.js'
import {
  CATEGORIES,
  type Category,
  GENERALISATIONS,
  type Generalisation,
  LOCATES,
  type Locates,
  SUBJECTS,
  type Subject,
} from '../sharing/vocabulary.js'

/** A field that the agreement governs. Equal declarations share one cell (by reference). */
export interface GovernedField {
  readonly coordinate: string
  readonly cell: Cell
  /** Position of the cell in `Governance.cells`: what decisions are remembered by. */
  readonly cellIndex: number
  /** The field leads to objects with a subject of their own (items of a case, records of a person). */
  readonly leadsOn: boolean
}

export interface TypeGovernance {
  readonly name: string
  readonly subject: Subject | null
  /** Every field that carries data; ids, keys and open fields are not in it. */
  readonly fields: ReadonlyMap<string, GovernedField>
}

/**
 * What the schema declares, over all subgraphs: for each type its subject and the cell of each field.
 * A type that several subgraphs carry is one type here; a field has one category for good.
 */
export class Governance {
  readonly cells: Cell[] = []
  private readonly cellIndexes = new Map<string, number>()
  private readonly types = new Map<string, TypeGovernance>()
  private readonly existence = new Map<string, readonly number[]>()
  private readonly presence = new Map<string, readonly number[]>()

  constructor(schemas: readonly GraphQLSchema[]) {
    for (const schema of schemas) {
      for (const type of Object.values(schema.getTypeMap())) {
        if (isObjectType(type) && !type.name.startsWith('_')) this.add(type, schema)
      }
    }
    for (const type of this.types.values()) {
      const cells = existenceCells(type, this.cells)
      this.existence.set(type.name, cells)
      if (type.subject === 'RECORD')
        this.presence.set(
          type.name,
          cells.filter((index) => this.cells[index]?.category === TOLD_BY_PRESENCE),
        )
    }
  }

  type(name: string): TypeGovernance | undefined {
    return this.types.get(name)
  }

  /**
   * Cells that prove existence: an object is there for a caller exactly when something of itself is
   * released. What it leads on to decides for itself, and proves nothing of the object it hangs on.
   */
  existenceCells(typeName: string): readonly number[] {
    return this.existence.get(typeName) ?? []
  }

  /**
   * Cells that an object of this type tells by being there at all: a record that can say that somebody
   * is supported says so by existing (N2 and N12 of the sample agreement).
   */
  toldByPresence(typeName: string): readonly number[] {
    return this.presence.get(typeName) ?? []
  }

  allTypes(): IterableIterator<TypeGovernance> {
    return this.types.values()
  }

  private add(
    type: GraphQLNamedType & { getFields(): Record<string, GraphQLField<unknown, unknown>> },
    schema: GraphQLSchema,
  ): void {
    const known = this.types.get(type.name)
    const fields = new Map(known?.fields)
    for (const field of Object.values(type.getFields())) {
      const cell = widened(field)
      if (!cell) continue
      const cellIndex = this.intern(cell)
      const shared = this.cells[cellIndex]
      if (shared)
        fields.set(field.name, {
          coordinate: `${type.name}.${field.name}`,
          cell: shared,
          cellIndex,
          leadsOn: leadsOn(field, schema),
        })
    }
    this.types.set(type.name, {
      name: type.name,
      subject: known?.subject ?? subjectOf(type),
      fields,
    })
  }

  private intern(cell: Cell): number {
    const key = `${cell.category}|${cell.locates}|${cell.forms.join(',')}|${cell.aspect ?? ''}`
    const known = this.cellIndexes.get(key)
    if (known !== undefined) return known
    this.cells.push(cell)
    this.cellIndexes.set(key, this.cells.length - 1)
    return this.cells.length - 1
  }
}

function leadsOn(field: GraphQLField<unknown, unknown>, schema: GraphQLSchema): boolean {
  const type = getNamedType(field.type)
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
  return possible.some((one) => isObjectType(one) && subjectOf(one) !== null)
}

/**
 * A field that holds a value type (names, addresses) and lists no form of its own takes the forms of
 * that type's fields of the same category: shortened, it is entered, and each part shortens itself.
 */
function widened(field: GraphQLField<unknown, unknown>): Cell | null {
  const cell = cellOf(field)
  const type = getNamedType(field.type)
  if (!cell || cell.forms.length > 0 || !isObjectType(type) || subjectOf(type)) return cell
  const inner = Object.values(type.getFields()).flatMap((one) => {
    const part = cellOf(one)
    return part?.category === cell.category ? part.forms : []
  })
  return { ...cell, forms: GENERALISATIONS.filter((form) => inner.includes(form)) }
}

/** The category that a record of a person tells by being there. */
const TOLD_BY_PRESENCE: Category = 'SUPPORT_FACT'

function existenceCells(type: TypeGovernance, cells: readonly Cell[]): readonly number[] {
  const own = [...type.fields.values()].filter((field) => !field.leadsOn)
  const indexes = new Set(own.map((field) => field.cellIndex))
  return [...indexes].filter((index) => cells[index]?.category !== 'HOLDING')
}

function argumentsOf(directive: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries(
    (directive.arguments ?? []).map((one) => [one.name.value, valueFromASTUntyped(one.value)]),
  )
}

function directiveOf(
  nodes: readonly ConstDirectiveNode[] | undefined,
  name: string,
): Record<string, unknown> | null {
  const node = nodes?.find((one) => one.name.value === name)
  return node ? argumentsOf(node) : null
}

const isOneOf = <T extends string>(list: readonly T[], value: unknown): value is T =>
  (list as readonly unknown[]).includes(value)

/** The cell that a field declares by `@category`; null where it declares none. Throws on an unknown word. */
export function cellOf(field: GraphQLField<unknown, unknown>): Cell | null {
  const directive = directiveOf(field.astNode?.directives, 'category')
  if (!directive) return null
  const category = directive['is']
  const locates = directive['locates'] ?? 'NOBODY'
  const named = directive['generalise']
  const forms = named === undefined ? [] : Array.isArray(named) ? named : [named]
  if (!isOneOf<Category>(CATEGORIES, category))
    throw new Error(`\`${field.name}\`: \`${String(category)}\` is no category`)
  if (!isOneOf<Locates>(LOCATES, locates))
    throw new Error(`\`${field.name}\`: \`${String(locates)}\` is not whom a value may locate`)
  if (!forms.every((form): form is Generalisation => isOneOf(GENERALISATIONS, form)))
    throw new Error(`\`${field.name}\`: unknown form in \`generalise\``)
  const aspect = directive['aspect']
  return { category, locates, forms, ...(typeof aspect === 'string' && { aspect }) }
}

function subjectOf(type: GraphQLNamedType): Subject | null {
  const directive = directiveOf(type.astNode?.directives, 'subject')
  const subject = directive?.['is']
  return isOneOf<Subject>(SUBJECTS, subject) ? subject : null
}

/**
 * What is wrong with a subgraph's declarations, one sentence each; empty when all is well. A field of
 * an object has exactly one of `@category` and `@open` (ids, keys, `PageInfo`, roots and interfaces need
 * neither), a governed field is nullable, an entity says whose data it is.
 */
export function checkGovernance(schema: GraphQLSchema): readonly string[] {
  const problems: string[] = []
  const roots = new Set([
    schema.getQueryType()?.name,
    schema.getMutationType()?.name,
    schema.getSubscriptionType()?.name,
  ])
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('_') || roots.has(type.name) || type.name === 'PageInfo') continue
    if (isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        if (directiveOf(field.astNode?.directives, 'category'))
          problems.push(`\`${type.name}.${field.name}\`: an interface's field carries no category`)
      }
    } else if (isObjectType(type)) problems.push(...checkType(type))
  }
  return problems
}

/** The type that holds the name by which the other party already knows somebody. */
const KNOWN_NAME = 'KnownName'

function checkType(
  type: GraphQLNamedType & { getFields(): Record<string, GraphQLField<unknown, unknown>> },
): string[] {
  const problems: string[] = []
  let governed = 0
  for (const field of Object.values(type.getFields())) {
    if (field.name.startsWith('_')) continue
    const coordinate = `${type.name}.${field.name}`
    const isKey =
      String(getNamedType(field.type)) === 'ID' && (field.name === 'id' || field.name === 'key')
    const open = directiveOf(field.astNode?.directives, 'open')
    const cell = cellOf(field)
    if (cell) governed += 1
    if (cell && open) problems.push(`\`${coordinate}\` has both @category and @open`)
    if (!cell && !open && !isKey)
      problems.push(
        `\`${coordinate}\` has neither @category nor @open: say what kind of data it holds`,
      )
    if (cell && isNonNullType(field.type))
      problems.push(`\`${coordinate}\` is governed and so must be nullable`)
    if (cell?.forms.includes('KNOWN_AS') && type.name !== KNOWN_NAME)
      problems.push(
        `\`${coordinate}\` allows KNOWN_AS, which tells a value as it is: only \`${KNOWN_NAME}\` may, that holds nothing but such a name`,
      )
  }
  const isEntity =
    type.astNode?.kind === 'ObjectTypeDefinition' &&
    type.astNode.directives?.some((one) => one.name.value === 'key')
  if (governed > 0 && isEntity && !subjectOf(type))
    problems.push(`\`${type.name}\` has governed fields and no @subject`)
  return problems
}
