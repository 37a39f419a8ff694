import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { ConfigurationProblem } from './config-problem.js'

export type Path = readonly (string | number)[]

/** A parsed YAML file that knows where each of its values stands. */
export interface ConfigurationText {
  readonly value: unknown
  /** What is wrong with the text itself. */
  readonly problems: readonly ConfigurationProblem[]
  has(path: Path): boolean
  /** A problem at the value (or the key) of a path, or at the nearest thing above that exists. */
  problem(path: Path, reason: string, wayOut: string, of?: 'key' | 'value'): ConfigurationProblem
}

/** Parses YAML 1.2 without aliases, merge keys or custom tags: what one reads is what is meant. */
export function readYaml(_file: string, source: string): ConfigurationText {
  const lines = new LineCounter()
  const document = parseDocument(source, {
    lineCounter: lines,
    merge: false,
    prettyErrors: false,
    uniqueKeys: true,
  })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const problems: ConfigurationProblem[] = [...document.errors, ...document.warnings].map(
    (error) => ({
      path: 'the text',
      at: at(error.pos[0]),
      reason: `is not readable as YAML (${error.code})`,
      wayOut: 'mend the line',
    }),
  )
  visit(document, (_key, node) => {
    if (isAlias(node) || (isNode(node) && 'anchor' in node && node.anchor !== undefined))
      problems.push({
        path: 'the text',
        at: at(node.range?.[0] ?? 0),
        reason: 'uses an anchor or an alias',
        wayOut: 'write the value out',
      })
  })
  const offsetOf = (path: Path, of: 'key' | 'value'): number => {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
    if (of === 'key' || !isNode(node)) {
      const parent: unknown =
        path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true)
      const pair = isMap(parent)
        ? parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1))
        : undefined
      if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0] ?? 0
      return path.length === 0 ? 0 : offsetOf(path.slice(0, -1), 'value')
    }
    return node.range?.[0] ?? 0
  }
  return {
    value: problems.length > 0 ? null : ((document.toJS({ maxAliasCount: 0 }) as unknown) ?? {}),
    problems,
    has: (path) => path.length === 0 || document.hasIn(path),
    problem: (path, reason, wayOut, of = 'value') => ({
      path: written(path),
      at: at(offsetOf(path, of)),
      reason,
      wayOut,
    }),
  }
}

function written(path: Path): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return text.replace(/^\./, '') || 'the file'
}
