import { type CaseDocument, caseloadDocument, type MemberDocument } from './format.js'

/** What is wrong with a line: where, and why; never a value. */
export interface CaseloadProblem {
  /** From 1. */
  readonly line: number
  /** `parts.0.legalStatus`; empty for the line as a whole. */
  readonly path: string
  readonly reason: string
}

export type ParsedLine =
  | {
      readonly kind: 'document'
      readonly line: number
      readonly document: CaseDocument | MemberDocument
    }
  | { readonly kind: 'problems'; readonly problems: readonly CaseloadProblem[] }
  | { readonly kind: 'empty' }

const lineBytesMax = 10_000_000

/** One line of a caseload; a byte order mark before the first is left out. */
export function parseLine(text: string, line: number): ParsedLine {
  const trimmed = (line === 1 ? text.replace(/^\uFEFF/, '') : text).trim()
  if (trimmed === '') return { kind: 'empty' }
  if (trimmed.length > lineBytesMax) return problem(line, `longer than ${lineBytesMax} characters`)
  const value = readJson(trimmed)
  if (value === undefined) return problem(line, 'not JSON')
  const parsed = caseloadDocument.safeParse(value)
  if (parsed.success) return { kind: 'document', line, document: parsed.data }
  return {
    kind: 'problems',
    problems: parsed.error.issues
      .slice(0, 20)
      .map(({ path, message }) => ({ line, path: path.join('.'), reason: message })),
  }
}

function problem(line: number, reason: string): ParsedLine {
  return { kind: 'problems', problems: [{ line, path: '', reason }] }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
