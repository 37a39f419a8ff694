import type { ValueMarks } from '../sharing/fact-source.js'
import type { Tri } from '../sharing/vocabulary.js'
import type { Marks } from './adapter.js'

/**
 * Marks as facts. What a record or event carries is kept with its index row, so that a decision needs
 * nothing from the agency; the live record may tighten it again, never loosen it.
 */
export function carriedFacts(marks: Marks): Readonly<Record<string, Tri>> {
  return {
    HANDLING_MET: handlingMet(marks),
    NOT_RESTRICTED: inverse(marks.restrictedPatient),
    PUSHED: marks.pushed,
    SERVED: marks.served,
    OWN_REPORT: marks.ownReport,
    OFFICIAL: 'TRUE',
    RETAINED: 'TRUE',
  }
}

function handlingMet(marks: Marks): Tri {
  if (marks.handling === 'OPEN') return 'TRUE'
  return marks.handling === 'CONDITIONAL' ? marks.conditionMet : 'FALSE'
}

function inverse(tri: Tri): Tri {
  return tri === 'TRUE' ? 'FALSE' : tri === 'FALSE' ? 'TRUE' : 'UNKNOWN'
}

/**
 * The index's facts with whatever the live record says more strictly: TRUE only where both say so. The
 * same object where it says nothing more.
 */
export function tightened(indexed: ValueMarks, live: Marks): ValueMarks {
  const stricter = Object.entries(carriedFacts(live)).filter(
    ([fact, value]) =>
      indexed.carries[fact] !== value && (value === 'FALSE' || indexed.carries[fact] === undefined),
  )
  if (stricter.length === 0) return indexed
  return { ...indexed, carries: { ...indexed.carries, ...Object.fromEntries(stricter) } }
}
