import {
  GraphQLError,
  type GraphQLOutputType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql'
import { type ClientPath, pathArray } from './client-path.js'
import { isTree, type Scope, type SelectedField, selectionOf, type Tree } from './scope.js'

/** Says that a value could not be given where it must not be null; travels up to the nearest nullable. */
export const FAILED = Symbol('failed')

/**
 * The state of one completion. The first pass goes without paths; only where something may not be
 * null is it done again with paths, to say where.
 */
export interface Completion {
  violations: number
  /** Called in the second pass with the place and the field that may not be null. */
  readonly report: ((path: ClientPath, name: string, problem: Problem) => void) | null
  readonly introspection: Tree | null
}

export type Problem = 'NULL' | 'SHAPE'

/** Makes the client's value from the gathered one: null, the value, or `FAILED`. */
export type Complete = (value: unknown, path: ClientPath | null, state: Completion) => unknown

/** Answers' objects: own keys only, so that an alias like `__proto__` is a key like any other. */
function Row() {}
Row.prototype = Object.create(null)
const NewRow = Row as unknown as new () => Tree // a constructor function is the only way to such objects that V8 keeps fast

/** The client's answer from the gathered tree, in selection order; `FAILED` where the root itself is null. */
export function completeObject(
  scope: Scope,
  object: Tree,
  path: ClientPath | null,
  state: Completion,
): Tree | typeof FAILED | null {
  const selection = selectionOf(scope, object)
  if (selection === null) return null
  const row = new NewRow()
  const { fields } = selection
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] as SelectedField
    const value = object[field.key]
    if (field.complete === null && value !== null && value !== undefined) {
      row[field.clientKey] = value
      continue
    }
    const done = completeField(field, value, path, state)
    if (done === FAILED) return FAILED
    row[field.clientKey] = done
  }
  return row
}

function completeField(
  field: SelectedField,
  value: unknown,
  above: ClientPath | null,
  state: Completion,
): unknown {
  const path = above === null ? null : { above, key: field.clientKey }
  const done = field.complete === null ? value : field.complete(value, path, state)
  if (!field.isNonNull) return done === FAILED || done === undefined ? null : done
  if (done === null || done === undefined) return violated(state, path, field.name, 'NULL')
  return done
}

function violated(state: Completion, path: ClientPath | null, name: string, problem: Problem) {
  state.violations++
  if (path !== null) state.report?.(path, name, problem)
  return FAILED
}

/** What has to be done with values of a field's type; null for nothing. `scope` is what is selected below. */
export function completer(
  type: GraphQLOutputType,
  scope: Scope | null,
  name: string,
): Complete | null {
  if (isNonNullType(type)) return completer(type.ofType, scope, name)
  if (isListType(type)) return listCompleter(type.ofType, scope, name)
  if (scope !== null) return objectCompleter(scope, name)
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name))
    return (value, path, state) => {
      if (value === null || value === undefined) return null
      return typeof value === 'string' && names.has(value)
        ? value
        : violated(state, path, name, 'SHAPE')
    }
  }
  return null
}

function objectCompleter(scope: Scope, name: string): Complete {
  return (value, path, state) => {
    if (value === null || value === undefined) return null
    if (!isTree(value)) return violated(state, path, name, 'SHAPE')
    return completeObject(scope, value, path, state)
  }
}

function listCompleter(itemType: GraphQLOutputType, scope: Scope | null, name: string): Complete {
  const complete = completer(itemType, scope, name)
  const isNonNull = isNonNullType(itemType)
  if (complete === null && isLeafType(itemType)) {
    return (value, path, state) =>
      value === null || value === undefined || Array.isArray(value)
        ? (value ?? null)
        : violated(state, path, name, 'SHAPE')
  }
  return (value, path, state) => {
    if (value === null || value === undefined) return null
    if (!Array.isArray(value)) return violated(state, path, name, 'SHAPE')
    const items = new Array<unknown>(value.length)
    for (let index = 0; index < value.length; index++) {
      const itemPath = path === null ? null : { above: path, key: index }
      const done = complete === null ? value[index] : complete(value[index], itemPath, state)
      if (done !== null && done !== undefined && done !== FAILED) items[index] = done
      else if (!isNonNull) items[index] = null
      else return done === FAILED ? FAILED : violated(state, itemPath, name, 'NULL')
    }
    return items
  }
}

/** The error for a value that may not be null, or is not of its type, and that no other error explains. */
export function completionError(path: ClientPath, name: string, problem: Problem): GraphQLError {
  const says =
    problem === 'NULL' ? 'has no value and may not be null' : 'has a value that is not of its type'
  return new GraphQLError(`\`${name}\` ${says}`, {
    path: pathArray(path),
    extensions: { code: 'INTERNAL' },
  })
}
