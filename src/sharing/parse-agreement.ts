import type { z } from 'zod'
import type { Agreement } from './agreement.js'
import {
  AgreementHead,
  type ClauseText,
  type HeadText,
  Permission,
  Prohibition,
} from './agreement-schema.js'
import { checkWords, type Written, type WrittenClause } from './check-words.js'
import { FACT_CODES, FACTS, isFactCode } from './facts.js'
import { nearest } from './nearest.js'
import { normalise } from './normalise-agreement.js'
import { type AgreementFile, type Problem, readYaml, type YamlSource } from './yaml-source.js'

export type ParsedAgreement =
  | { readonly kind: 'agreement'; readonly agreement: Agreement }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }

/** The file that holds everything but the clauses. */
export const headName = 'agreement.yaml'

/**
 * An agreement from its files: `agreement.yaml` and one or more clause files. Signatures and cases are
 * other files' business. What does not fit is refused with file, line, column, clause and a way out;
 * nothing is guessed and nothing left out.
 */
export function parseAgreement(files: readonly AgreementFile[]): ParsedAgreement {
  const key = JSON.stringify(files.map(({ name, text }) => [name, text]))
  if (last?.key !== key) last = { key, parsed: parsedAnew(files) }
  return last.parsed
}

/** A start reads the same text from its folder and from the database. */
let last: { readonly key: string; readonly parsed: ParsedAgreement } | null = null

function parsedAnew(files: readonly AgreementFile[]): ParsedAgreement {
  const problems: Problem[] = []
  let head: { source: YamlSource; text: HeadText } | null = null
  const clauses: WrittenClause[] = []
  for (const file of files) {
    const read = readYaml(file)
    if (read.kind === 'refused') {
      problems.push(...read.problems)
      continue
    }
    if (file.name === headName) {
      const text = readHead(read.source, problems)
      if (text) head = { source: read.source, text }
    } else clauses.push(...readClauses(read.source, problems))
  }
  if (!files.some((file) => file.name === headName)) {
    problems.push({
      file: headName,
      line: 1,
      column: 1,
      clause: null,
      problem: `there is no \`${headName}\``,
      wayOut: 'put it beside the clause files: it names parties, purposes and roles',
    })
  }
  if (head) {
    const written: Written = { head: head.text, headSource: head.source, clauses }
    problems.push(...checkWords(written))
    if (problems.length === 0) return { kind: 'agreement', agreement: normalise(written) }
  }
  return { kind: 'refused', problems: problems.sort(byPlace) }
}

const byPlace = (one: Problem, other: Problem): number =>
  one.file < other.file
    ? -1
    : one.file > other.file
      ? 1
      : one.line - other.line || one.column - other.column

function readHead(source: YamlSource, problems: Problem[]): HeadText | null {
  const parsed = AgreementHead.safeParse(source.value)
  if (parsed.success) return parsed.data
  problems.push(...problemsOf(parsed.error, source, [], null))
  return null
}

function readClauses(source: YamlSource, problems: Problem[]): readonly WrittenClause[] {
  if (!Array.isArray(source.value)) {
    const problem = 'a clause file is a list of clauses'
    problems.push({
      ...source.placeOf([]),
      clause: null,
      problem,
      wayOut: 'begin each clause with `- clause: "…"`',
    })
    return []
  }
  return source.value.flatMap((value: unknown, index): WrittenClause[] => {
    const clause = readClause(value, source, index, problems)
    return clause ? [{ text: clause, source, path: [index] }] : []
  })
}

function readClause(
  value: unknown,
  source: YamlSource,
  index: number,
  problems: Problem[],
): ClauseText | null {
  const has = (key: string): boolean =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  const named = has('clause') ? Reflect.get(Object(value), 'clause') : null
  const number = typeof named === 'string' ? named : null
  if (has('permit') === has('prohibit')) {
    const problem = has('permit')
      ? 'a clause cannot both permit and prohibit'
      : 'a clause says neither `permit` nor `prohibit`'
    problems.push({
      ...source.placeOf([index]),
      clause: number,
      problem,
      wayOut: 'write one of them, with its categories',
    })
    return null
  }
  const parsed = has('permit') ? Permission.safeParse(value) : Prohibition.safeParse(value)
  if (parsed.success) return parsed.data
  problems.push(...problemsOf(parsed.error, source, [index], number))
  return null
}

function problemsOf(
  error: z.ZodError,
  source: YamlSource,
  under: readonly PropertyKey[],
  clause: string | null,
): readonly Problem[] {
  return error.issues.map((issue) => {
    const leaf = deepest(issue)
    const path = [...under, ...leaf.path]
    const { problem, wayOut } = explain(leaf, valueAt(source.value, path))
    return {
      ...source.placeOf(leaf.code === 'unrecognized_keys' ? [...path, leaf.keys[0] ?? ''] : path),
      clause,
      problem,
      wayOut,
    }
  })
}

type Issue = z.core.$ZodIssue

/** Of a failed union the branch that came furthest: what the writer most likely meant. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const branches = issue.errors.flatMap((branch) => {
    const first = branch[0]
    return first ? [deepest(first)] : []
  })
  const best = branches.sort((one, other) => other.path.length - one.path.length)[0]
  if (!best || (best.path.length === 0 && best.code !== 'invalid_value')) return issue
  return { ...best, path: [...issue.path, ...best.path] }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? Reflect.get(at, step)
        : undefined,
    value,
  )
}

function explain(issue: Issue, value: unknown): { problem: string; wayOut: string } {
  const place = issue.path.map(String)
  if (place.some((step) => step === 'when' || step === 'unless')) {
    const said = explainCondition(value)
    if (said) return said
  }
  const where = place.filter((step) => !/^\d+$/.test(step)).at(-1) ?? 'the file'
  if (issue.code === 'unrecognized_keys') {
    return {
      problem: `unknown key \`${issue.keys.join('`, `')}\``,
      wayOut: 'take it out, or look at schema/agreement.schema.json',
    }
  }
  if (value === undefined)
    return { problem: `\`${where}\` is missing`, wayOut: `write \`${where}:\`` }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String)
    return {
      problem: `\`${where}\` knows no \`${shown(value)}\``,
      wayOut: nearest(shown(value), allowed),
    }
  }
  return {
    problem: `\`${where}\` cannot be \`${shown(value)}\`: ${lower(issue.message)}`,
    wayOut: 'look at schema/agreement.schema.json',
  }
}

function explainCondition(value: unknown): { problem: string; wayOut: string } | null {
  const word =
    typeof value === 'string'
      ? value
      : typeof value === 'object' && value !== null
        ? (Object.keys(value)[0] ?? '')
        : null
  if (word === null || word === 'any') return null
  if (!isFactCode(word))
    return { problem: `unknown fact \`${word}\``, wayOut: nearest(word, FACT_CODES) }
  const takes = FACTS[word].argument
  if (takes === 'NONE')
    return { problem: `the fact \`${word}\` takes no argument`, wayOut: `write \`${word}\`` }
  return {
    problem: `the fact \`${word}\` needs an argument`,
    wayOut: `write \`${word}: …\` with a ${takes.toLowerCase().replaceAll('_', ' ')}`,
  }
}

const shown = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')).slice(0, 80)
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
