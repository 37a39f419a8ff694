import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import { coded } from '../errors.js'

/**
 * Limits on one operation. Cost is the number of fields that an answer may hold, lists counted by `first`
 * or, where it is left out, by its default.
 */
export interface OperationLimits {
  readonly depthMax: number
  readonly costMax: number
  readonly aliasesMax: number
}

/** What a list is taken to hold, at least, whose `first` is a variable. */
const listGuess = 10
const directivesMax = 50

interface Measured {
  depth: number
  cost: number
  aliases: number
  directives: number
}
const nothing = (): Measured => ({ depth: 0, cost: 0, aliases: 0, directives: 0 })

/**
 * A validation rule that refuses operations past the limits before anything is planned. Fragments are
 * measured once each, so a document cannot make measuring itself dear; cycles are another rule's
 * business and end here.
 */
export function operationLimits(
  limits: OperationLimits,
): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const measuring = new Measuring(context)
    const report = (limit: string, max: number): void => {
      const error = coded('OPERATION_TOO_LARGE', { limit, max })
      context.reportError(
        new GraphQLError(error.message, { originalError: error, extensions: { code: error.code } }),
      )
    }
    return {
      OperationDefinition(node) {
        const root = context.getSchema().getRootType(node.operation)
        const measured = measuring.set(node.selectionSet, root)
        measured.directives += node.directives?.length ?? 0
        if (measured.depth > limits.depthMax) report('depth', limits.depthMax)
        if (measured.cost > limits.costMax) report('cost', limits.costMax)
        if (measured.aliases > limits.aliasesMax) report('aliases', limits.aliasesMax)
        if (measured.directives > directivesMax) report('directives', directivesMax)
        return false
      },
    }
  }
}

class Measuring {
  private readonly fragments = new Map<string, Measured>()
  private readonly open = new Set<string>()

  constructor(private readonly context: ValidationContext) {}

  /** Of an unknown type, which another rule refuses, no list is known. */
  set(set: SelectionSetNode, type: GraphQLNamedType | null | undefined): Measured {
    const total = nothing()
    for (const selection of set.selections) {
      total.directives += selection.directives?.length ?? 0
      switch (selection.kind) {
        case Kind.FIELD:
          add(total, this.field(selection, type))
          break
        case Kind.INLINE_FRAGMENT:
          add(total, this.set(selection.selectionSet, this.on(selection, type)))
          break
        case Kind.FRAGMENT_SPREAD:
          add(total, this.fragment(selection.name.value))
      }
    }
    return total
  }

  private on(
    { typeCondition }: Pick<Partial<FragmentDefinitionNode>, 'typeCondition'>,
    type: GraphQLNamedType | null | undefined,
  ): GraphQLNamedType | null | undefined {
    return typeCondition ? this.context.getSchema().getType(typeCondition.name.value) : type
  }

  private field(node: FieldNode, type: GraphQLNamedType | null | undefined): Measured {
    const aliases = node.alias ? 1 : 0
    if (!node.selectionSet) return { depth: 1, cost: 1, aliases, directives: 0 }
    const field =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined
    const below = this.set(node.selectionSet, field && getNamedType(field.type))
    return {
      depth: below.depth + 1,
      cost: 1 + below.cost * times(node, field),
      aliases: aliases + below.aliases,
      directives: below.directives,
    }
  }

  private fragment(name: string): Measured {
    const known = this.fragments.get(name)
    if (known) return known
    const fragment: FragmentDefinitionNode | null | undefined = this.context.getFragment(name)
    if (!fragment || this.open.has(name)) return nothing()
    this.open.add(name)
    const measured = this.set(fragment.selectionSet, this.on(fragment, null))
    this.open.delete(name)
    this.fragments.set(name, measured)
    return measured
  }
}

function times(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): number {
  const usual = usualOf(field?.args.find((one) => one.name === 'first'))
  const first = node.arguments?.find((one) => one.name.value === 'first')
  if (!first) return usual
  return first.value.kind === Kind.INT
    ? Math.max(1, Number(first.value.value))
    : Math.max(listGuess, usual)
}

/** The page size of a list that is not asked for another; what is no list counts once. */
function usualOf(first: GraphQLArgument | undefined): number {
  const usual: unknown = first?.defaultValue
  return typeof usual === 'number' ? Math.max(1, usual) : 1
}

function add(total: Measured, one: Measured): void {
  total.depth = Math.max(total.depth, one.depth)
  total.cost += one.cost
  total.aliases += one.aliases
  total.directives += one.directives
}
