import type { Marks } from '../../src/records/adapter.js'
import type { EventLine } from './format.js'
import type { PoliceOrder, PoliceOrderDraft } from './graph.js'
import { dateOf, listOf, textOf } from './map-shape.js'

/** An order with a date of service: its terms are in the hands of the person bound by it. */
export function mapOrder(line: EventLine, marks: Marks) {
  const data: Omit<PoliceOrder, 'id'> = {
    summary: textOf(line.summary),
    order: line.order?.kind ?? null,
    servedOn: dateOf(line.order?.servedOn),
    from: dateOf(line.order?.from),
    to: dateOf(line.order?.to),
    prohibitions: listOf(line.order?.prohibitions),
    requirements: listOf(line.order?.requirements),
  }
  return {
    graphType: 'PoliceOrder',
    kind: 'ORDER' as const,
    marks: { ...marks, served: 'TRUE' as const },
    data: { ...data },
  }
}

/** An order without a date of service is a draft, whatever stage it has reached. */
export function mapOrderDraft(line: EventLine, marks: Marks) {
  const data: Omit<PoliceOrderDraft, 'id'> = {
    summary: textOf(line.summary),
    order: line.order?.kind ?? null,
    stage: line.order?.stage ?? null,
    hearingOn: dateOf(line.order?.hearingOn),
    prohibitions: listOf(line.order?.prohibitions),
    requirements: listOf(line.order?.requirements),
  }
  return {
    graphType: 'PoliceOrderDraft',
    kind: 'ORDER' as const,
    marks: { ...marks, served: 'FALSE' as const },
    data: { ...data },
  }
}
