import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { Mapped, Marks, Rejection, SourceId } from '../../src/records/adapter.js'
import { NO_MARKS } from '../../src/records/adapter.js'
import type { Handling } from '../../src/records/graph.js'
import { identifier } from './format.js'

/** What is not taken, what does not map, and the marks of what does. Pure; nothing here throws. */

/** Classifications that are taken at all (docs/agencies/charity.md, Handling). */
const CLASSIFICATIONS_TAKEN: readonly unknown[] = [
  undefined,
  null,
  'OFFICIAL',
  'OFFICIAL-SENSITIVE',
]
/**
 * Labels that are taken. Every other one is refused, known (`ADOPTION`, `GENDER_RECOGNITION`,
 * `FERTILITY`, `SEXUAL_HEALTH`, `PROTECTED_PERSON`, ...) or not: what a label means that nobody has
 * agreed on cannot be shared safely.
 */
const SENSITIVITIES_TAKEN: readonly unknown[] = [
  'DOMESTIC_ABUSE',
  'STALKING',
  'SEXUAL_VIOLENCE',
  'CHILD',
]
const SENSITIVITIES_NOT_TAKEN: readonly unknown[] = [
  'ADOPTION',
  'GENDER_RECOGNITION',
  'FERTILITY',
  'SEXUAL_HEALTH',
  'PROTECTED_PERSON',
  'NOT_TAKEN',
]

/** The value as an object to look keys up in; anything else reads as an empty one. */
export function asObject(raw: unknown): Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
    ? (raw as Readonly<Record<string, unknown>>)
    : {}
}

export function asList(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw : []
}

/** Why this client or entry must not enter at all, or null. Looked at before anything else of it. */
export function refusalOf(raw: unknown): string | null {
  const { classification, sensitivity } = asObject(raw)
  if (!CLASSIFICATIONS_TAKEN.includes(classification)) return 'ABOVE_OFFICIAL'
  if (sensitivity === undefined || sensitivity === null) return null
  if (!Array.isArray(sensitivity)) return 'SENSITIVITY_UNREADABLE'
  if (sensitivity.some((label) => SENSITIVITIES_NOT_TAKEN.includes(label))) return 'NOT_TAKEN'
  return sensitivity.every((label) => SENSITIVITIES_TAKEN.includes(label))
    ? null
    : 'SENSITIVITY_UNKNOWN'
}

function digestOf(raw: unknown): string {
  try {
    return createHash('sha256')
      .update(JSON.stringify(raw) ?? '')
      .digest('hex')
      .slice(0, 16)
  } catch {
    return 'x' // not JSON at all: only its being unreadable can be told
  }
}

/** The source id of what arrived; where its own is unreadable, one made of its hash. */
export function sourceIdOf(type: string, id: unknown, raw: unknown): SourceId {
  const read = identifier.safeParse(id)
  return { type, id: read.success ? read.data : `unreadable-${digestOf(raw)}` }
}

export function refused(source: SourceId, reason: string, raw: unknown): Rejection {
  return { source, reason, field: null, outcome: 'REFUSE', raw }
}

export function quarantined(
  source: SourceId,
  what: { readonly reason: string; readonly field: string | null; readonly raw: unknown },
): Rejection {
  return { source, reason: what.reason, field: what.field, outcome: 'QUARANTINE', raw: what.raw }
}

/** Reads with a schema of the format; the first thing wrong becomes the reason. */
export function readWith<T extends z.ZodType>(
  schema: T,
  source: SourceId,
  raw: unknown,
): Mapped<z.output<T>> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return { kind: 'mapped', value: parsed.data }
  const issue = parsed.error.issues[0]
  const code =
    issue !== undefined && /^[A-Z_]+$/.test(issue.message) ? issue.message : 'FIELD_UNREADABLE'
  const field = issue === undefined || issue.path.length === 0 ? null : issue.path.join('.')
  return { kind: 'rejected', rejection: quarantined(source, { reason: code, field, raw }) }
}

interface Marked {
  readonly handling?: Handling | null | undefined
  readonly released?: boolean | null | undefined
  readonly clearedBy: readonly string[]
}

export function marksOf(item: Marked): Marks {
  const pushed =
    item.released === undefined || item.released === null
      ? 'UNKNOWN'
      : item.released
        ? 'TRUE'
        : 'FALSE'
  return { ...NO_MARKS, handling: item.handling ?? 'OPEN', pushed, clearedBy: item.clearedBy }
}

const ORDER: readonly Handling[] = ['OPEN', 'CONDITIONAL', 'RESTRICTED']

/** The stricter of two handling marks: what is told together is handled as its strictest part. */
export function stricter(one: Handling, other: Handling): Handling {
  return ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other
}
