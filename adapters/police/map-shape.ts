import type { z } from 'zod'
import type { Text } from '../../src/records/graph.js'
import { parseUkDate, type ReadDate } from './uk-date.js'

/** What is wrong with a line: a code, and the field of the format that is to blame. Never a value. */
export interface Blame {
  readonly reason: string
  readonly field: string | null
}
export type Shaped<Line> =
  | { readonly kind: 'line'; readonly line: Line }
  | { readonly kind: 'blamed'; readonly blame: Blame }

/** Reads a line by its schema; keys that the schema does not name are gone afterwards. */
export function shapeOf<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
): Shaped<z.infer<Schema>> {
  const read = schema.safeParse(raw)
  if (read.success) return { kind: 'line', line: read.data }
  const issue = read.error.issues[0]
  const reason = issue?.code === 'too_big' ? 'VALUE_TOO_LONG' : 'SHAPE'
  return { kind: 'blamed', blame: { reason, field: issue?.path.join('.') || null } }
}

/** The first unreadable one among dates of a line, null where all can be read. */
export function blamedDate(
  dates: Readonly<Record<string, string | null | undefined>>,
  parse: (text: string) => ReadDate = parseUkDate,
): Blame | null {
  for (const [field, text] of Object.entries(dates)) {
    if (text === null || text === undefined) continue
    const read = parse(text)
    if (read.kind === 'unreadable') return { reason: read.reason, field }
  }
  return null
}

/** A date that was found readable before; null where there is none. */
export function dateOf(
  text: string | null | undefined,
  parse: (text: string) => ReadDate = parseUkDate,
): string | null {
  if (text === null || text === undefined) return null
  const read = parse(text)
  return read.kind === 'date' ? read.date : null
}

export function textOf(value: string | null | undefined): Text | null {
  const trimmed = value?.trim()
  return trimmed ? { value: trimmed, present: true } : null
}

/** Trimmed, without empty ones and repetitions; null for an empty list. */
export function listOf(
  values: readonly (string | null | undefined)[] | null | undefined,
): string[] | null {
  const kept = [...new Set((values ?? []).map((value) => value?.trim() ?? ''))].filter(
    (value) => value !== '',
  )
  return kept.length > 0 ? kept : null
}
