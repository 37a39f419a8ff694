import type { SubjectTag, ValueMarks } from '../sharing/fact-source.js'
import type { Tri } from '../sharing/vocabulary.js'

/** Marks of what the unit wrote: supplied by the agency of the member who recorded it. */
export function unitMarks(of: {
  readonly agency: string
  readonly recordedAt: Date
  readonly itemId?: string
  readonly carries?: Readonly<Record<string, Tri>>
  readonly clearedBy?: readonly string[]
}): ValueMarks {
  return {
    supplier: of.agency,
    unit: true,
    itemId: of.itemId ?? null,
    carries: of.carries ?? {},
    clearedBy: of.clearedBy ?? [],
    suppliedAtMs: of.recordedAt.getTime(),
  }
}

export function caseSubject(caseId: string, marks: ValueMarks): SubjectTag {
  return { kind: 'CASE', caseId, marks }
}

export function partSubject(of: { partId: string; caseId: string }, marks: ValueMarks): SubjectTag {
  return { kind: 'PART', partId: of.partId, caseId: of.caseId, marks }
}

export function personSubject(key: string, marks: ValueMarks): SubjectTag {
  return { kind: 'PERSON', persons: [key], marks }
}
