/** A place in the client's answer, from the leaf up; `ROOT` is the answer itself. */
export interface ClientPath {
  readonly above: ClientPath | null
  readonly key: string | number
}

export const ROOT: ClientPath = { above: null, key: '' }

/** The path as GraphQL errors carry it. */
export function pathArray(path: ClientPath): (string | number)[] {
  const keys: (string | number)[] = []
  for (let at = path; at.above !== null; at = at.above) keys.push(at.key)
  return keys.reverse()
}

/** `case.parts.0.person`, as `extensions` and comparisons use it; empty for the root. */
export function textOf(path: ClientPath): string {
  return pathArray(path).join('.')
}
