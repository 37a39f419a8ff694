import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
} from 'yaml'
import type { Place } from './agreement.js'

/** A file of an agreement, as read: its name for messages, and its text. */
export interface AgreementFile {
  readonly name: string
  readonly text: string
}

/** What is wrong with an agreement, where, and how to get out of it. */
export interface Problem extends Place {
  /** Number of the clause, never or right it stands in; null outside of them. */
  readonly clause: string | null
  readonly problem: string
  readonly wayOut: string
}

/** Bigger files are refused unread. */
export const fileBytesMax = 1_000_000

/** A YAML file with the place of every node in it. */
export interface YamlSource {
  readonly name: string
  readonly value: unknown
  placeOf(path: readonly PropertyKey[]): Place
}

export type ReadYaml =
  | { readonly kind: 'read'; readonly source: YamlSource }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }

/**
 * Reads one YAML file strictly: one document, no anchors, aliases, merge keys, tags or doubled keys,
 * which can make a file mean something else than it seems to say.
 */
export function readYaml(file: AgreementFile): ReadYaml {
  const at = (line: number, column: number, problem: string, wayOut: string): Problem => ({
    file: file.name,
    line,
    column,
    clause: null,
    problem,
    wayOut,
  })
  if (Buffer.byteLength(file.text, 'utf8') > fileBytesMax) {
    const problem = `the file passes ${fileBytesMax} bytes`
    return { kind: 'refused', problems: [at(1, 1, problem, 'split it into several clause files')] }
  }
  const lines = new LineCounter()
  const documents = parseAllDocuments(file.text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    version: '1.2',
    schema: 'core',
    merge: false,
  })
  const document = Array.isArray(documents) ? documents[0] : undefined
  if (!document || documents.length !== 1) {
    const problem = document ? 'the file holds several YAML documents' : 'the file is empty'
    return { kind: 'refused', problems: [at(1, 1, problem, 'write exactly one document')] }
  }
  const placeAt = (offset: number): { line: number; col: number } => lines.linePos(offset)
  const problems = document.errors.map((error) => {
    const { line, col } = placeAt(error.pos[0])
    return at(
      line,
      col,
      `not readable as YAML: ${error.message.split('\n')[0] ?? ''}`,
      'mend the line',
    )
  })
  for (const { offset, what } of smuggled(document)) {
    const { line, col } = placeAt(offset)
    problems.push(at(line, col, `${what} are not allowed`, 'write the text out where it is meant'))
  }
  if (problems.length > 0) return { kind: 'refused', problems }
  return { kind: 'read', source: sourceOf(file.name, document, placeAt) }
}

function smuggled(document: Document): readonly { offset: number; what: string }[] {
  const found: { offset: number; what: string }[] = []
  visit(document, {
    Node: (_, node) => {
      const offset = node.range?.[0] ?? 0
      if (isAlias(node)) found.push({ offset, what: 'YAML aliases' })
      else if (node.anchor) found.push({ offset, what: 'YAML anchors' })
      if (node.tag !== undefined && !STANDARD_TAG.test(node.tag))
        found.push({ offset, what: 'YAML tags' })
    },
    Pair: (_, pair) => {
      const key = isScalar(pair.key) ? pair.key.value : null
      const offset = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
      if (key === '<<') found.push({ offset, what: 'YAML merge keys' })
      else if (typeof key !== 'string') found.push({ offset, what: 'keys that are not text' })
      else if (key === '__proto__') found.push({ offset, what: 'keys named __proto__' })
    },
  })
  return found
}
const STANDARD_TAG = /^tag:yaml\.org,2002:(map|seq|str|int|float|bool|null)$/

function sourceOf(
  name: string,
  document: Document,
  placeAt: (offset: number) => { line: number; col: number },
): YamlSource {
  return {
    name,
    value: document.toJS({ maxAliasCount: 0 }),
    placeOf(path) {
      for (let depth = path.length; depth >= 0; depth -= 1) {
        const steps = path.slice(0, depth)
        const node = depth === 0 ? document.contents : document.getIn(steps, true)
        const offset = keyOffset(document, steps) ?? (isNode(node) ? node.range?.[0] : undefined)
        if (offset === undefined) continue
        const { line, col } = placeAt(offset)
        return { file: name, line, column: col }
      }
      return { file: name, line: 1, column: 1 }
    },
  }
}

/** Where the key stands that the last step of the path names, if it names one. */
function keyOffset(document: Document, path: readonly PropertyKey[]): number | undefined {
  const last = path.at(-1)
  if (typeof last !== 'string') return undefined
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find((one) => isScalar(one.key) && one.key.value === last)
  return pair && isNode(pair.key) ? pair.key.range?.[0] : undefined
}
