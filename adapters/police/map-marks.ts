import type { Marks, Rejection } from '../../src/records/adapter.js'
import { NO_MARKS } from '../../src/records/adapter.js'
import type { Handling } from '../../src/records/graph.js'
import type { Tri } from '../../src/sharing/vocabulary.js'

/** A source code without a mapping: kept as it is and counted. */
export interface UnmappedCode {
  readonly system: string
  readonly code: string
}

const HANDLING_CODES: Readonly<Record<string, Handling>> = { P: 'OPEN', C: 'CONDITIONAL' }
const OPENNESS: readonly Handling[] = ['OPEN', 'CONDITIONAL', 'RESTRICTED']

/** P is open (also where none is said), C is conditional; a code nobody knows is treated as the strictest. */
export function handlingOf(code: string | null | undefined): Handling {
  if (code === null || code === undefined) return 'OPEN'
  return Object.hasOwn(HANDLING_CODES, code) ? (HANDLING_CODES[code] ?? 'RESTRICTED') : 'RESTRICTED'
}

/** The strictest of several marks: the high-water mark of a record and all that it is made of. */
export function highest(handlings: readonly Handling[]): Handling {
  return OPENNESS[Math.max(0, ...handlings.map((one) => OPENNESS.indexOf(one)))] ?? 'RESTRICTED'
}

export function unmappedHandling(codes: readonly (string | null | undefined)[]): UnmappedCode[] {
  return codes
    .filter(
      (code): code is string => typeof code === 'string' && !Object.hasOwn(HANDLING_CODES, code),
    )
    .map((code) => ({ system: 'HANDLING', code }))
}

/** Marks that a line itself carries. `conditionMet` counts only where the line says it. */
export function marksOf(
  line: {
    readonly released?: boolean | null | undefined
    readonly conditionMet?: boolean | null | undefined
  },
  handling: Handling,
): Marks {
  return { ...NO_MARKS, handling, pushed: tri(line.released), conditionMet: tri(line.conditionMet) }
}

export function tri(value: boolean | null | undefined): Tri {
  if (value === null || value === undefined) return 'UNKNOWN'
  return value ? 'TRUE' : 'FALSE'
}

/** A source record that does not map, kept for replay. */
export function quarantined(
  source: Rejection['source'],
  raw: unknown,
  blame: { readonly reason: string; readonly field: string | null },
): { readonly kind: 'rejected'; readonly rejection: Rejection } {
  return { kind: 'rejected', rejection: { source, ...blame, outcome: 'QUARANTINE', raw } }
}
