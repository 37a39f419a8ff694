import type { Marks } from '../../src/records/adapter.js'
import type { EventLine } from './format.js'
import type { PoliceIntelligence } from './graph.js'
import { textOf } from './map-shape.js'

/**
 * An intelligence report (3x5x2; College of Policing). The format has no field for who told it, and a
 * line that has one all the same was refused. The marks name who cleared the sanitised text.
 */
export function mapIntelligence(line: EventLine, marks: Marks) {
  const data: Omit<PoliceIntelligence, 'id'> = {
    summary: textOf(line.summary),
    grading: line.grading ? `${line.grading.source}${line.grading.intelligence}` : null,
    handlingCondition: line.handlingCondition?.trim() || null,
    sanitised: line.sanitised?.text.trim() || null,
  }
  return {
    graphType: 'PoliceIntelligence',
    kind: 'INTELLIGENCE' as const,
    marks: { ...marks, clearedBy: line.sanitised?.clearedBy ?? [] },
    data: { ...data },
  }
}
