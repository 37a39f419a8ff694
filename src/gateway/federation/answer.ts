import type { GraphQLError } from 'graphql'
import { type ClientPath, pathArray, ROOT, textOf } from './client-path.js'
import { completeObject, completionError, FAILED } from './complete.js'
import type { Run } from './execute-plan.js'
import type { Tree } from './scope.js'

/** The client's data and errors out of what a run gathered. */
export function answerOf<C>(
  run: Run<C>,
  introspection: Tree | null,
): { data: Tree | null; errors: GraphQLError[] } {
  const errors = run.errors.flat()
  const state = { violations: 0, report: null, introspection }
  const completed = completeObject(run.root, run.data, null, state)
  if (state.violations > 0) errors.push(...unexplained(run, errors, introspection))
  return { data: completed === FAILED ? null : completed, errors }
}

/** The errors for missing values that no error of a subgraph explains. */
function unexplained<C>(
  run: Run<C>,
  known: readonly GraphQLError[],
  introspection: Tree | null,
): GraphQLError[] {
  const exact = new Set(known.map(({ path }) => path?.join('.') ?? ''))
  const above = new Set(
    known.flatMap(({ path }) =>
      (path ?? []).map((_, at) => path?.slice(0, at + 1).join('.') ?? ''),
    ),
  )
  const isExplained = (path: ClientPath): boolean => {
    const text = textOf(path)
    if (above.has(text) || run.excused.has(text)) return true
    const keys = pathArray(path)
    return keys.some((_, at) => at > 0 && exact.has(keys.slice(0, at).join('.')))
  }
  const found: GraphQLError[] = []
  completeObject(run.root, run.data, ROOT, {
    violations: 0,
    introspection,
    report: (path, name, problem) => {
      if (!isExplained(path)) found.push(completionError(path, name, problem))
    },
  })
  return found
}
