import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import { coded } from '../errors.js'

/** Limits on one operation. Cost is the number of fields that an answer may hold, lists counted by `first`. */
export interface OperationLimits {
  readonly depthMax: number
  readonly costMax: number
  readonly aliasesMax: number
}

/** What a list without `first` is taken to hold. */
const listGuess = 10
const directivesMax = 50

interface Measured {
  depth: number
  cost: number
  aliases: number
  directives: number
}

/**
 * A validation rule that refuses operations past the limits before anything is planned. Fragments are
 * measured once each, so a document cannot make measuring itself dear; cycles are another rule's
 * business and end here.
 */
export function operationLimits(
  limits: OperationLimits,
): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const fragments = new Map<string, Measured>()
    const report = (limit: string, max: number): void => {
      const error = coded('OPERATION_TOO_LARGE', { limit, max })
      context.reportError(
        new GraphQLError(error.message, { originalError: error, extensions: { code: error.code } }),
      )
    }
    return {
      OperationDefinition(node) {
        const measured = measureSet(node.selectionSet, context, fragments, new Set())
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

function measureSet(
  set: SelectionSetNode,
  context: ValidationContext,
  fragments: Map<string, Measured>,
  open: Set<string>,
): Measured {
  const total: Measured = { depth: 0, cost: 0, aliases: 0, directives: 0 }
  for (const selection of set.selections) {
    total.directives += selection.directives?.length ?? 0
    switch (selection.kind) {
      case Kind.FIELD:
        add(total, measureField(selection, context, fragments, open))
        break
      case Kind.INLINE_FRAGMENT:
        add(total, measureSet(selection.selectionSet, context, fragments, open))
        break
      case Kind.FRAGMENT_SPREAD:
        add(total, measureFragment(selection.name.value, context, fragments, open))
    }
  }
  return total
}

function measureField(
  field: FieldNode,
  context: ValidationContext,
  fragments: Map<string, Measured>,
  open: Set<string>,
): Measured {
  const aliases = field.alias ? 1 : 0
  if (!field.selectionSet) return { depth: 1, cost: 1, aliases, directives: 0 }
  const below = measureSet(field.selectionSet, context, fragments, open)
  return {
    depth: below.depth + 1,
    cost: 1 + below.cost * times(field),
    aliases: aliases + below.aliases,
    directives: below.directives,
  }
}

function times(field: FieldNode): number {
  const first = field.arguments?.find((one) => one.name.value === 'first')
  if (!first) return 1
  return first.value.kind === Kind.INT ? Math.max(1, Number(first.value.value)) : listGuess
}

function measureFragment(
  name: string,
  context: ValidationContext,
  fragments: Map<string, Measured>,
  open: Set<string>,
): Measured {
  const known = fragments.get(name)
  if (known) return known
  const nothing: Measured = { depth: 0, cost: 0, aliases: 0, directives: 0 }
  const fragment: FragmentDefinitionNode | null | undefined = context.getFragment(name)
  if (!fragment || open.has(name)) return nothing
  open.add(name)
  const measured = measureSet(fragment.selectionSet, context, fragments, open)
  open.delete(name)
  fragments.set(name, measured)
  return measured
}

function add(total: Measured, one: Measured): void {
  total.depth = Math.max(total.depth, one.depth)
  total.cost += one.cost
  total.aliases += one.aliases
  total.directives += one.directives
}
