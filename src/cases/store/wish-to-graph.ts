import type { CasesContext, WishView } from '../context.js'
import type { Part } from '../graph/part.js'
import type { Wish } from '../graph/wish.js'
import { partSubject, unitMarks } from '../subject.js'
import { agencyOf } from './to-graph.js'

/** A wish as an object of the graph; `saysYes` looks at this wish alone and the caller's own agency. */
export function wishOf(wish: WishView, part: Part, { agencies, asker, now }: CasesContext): Wish {
  const marks = unitMarks({ agency: wish.agency, recordedAt: wish.givenAt, itemId: wish.id })
  const recipients = wish.recipients
  const reaches =
    recipients.length === 0 ||
    recipients.includes(asker.agency.id) ||
    recipients.includes(asker.agency.kind)
  const isOver = wish.until !== null && wish.until.getTime() <= now().getTime()
  return {
    id: wish.id,
    decision: wish.decision,
    recipients,
    purposes: wish.purposes,
    categories: wish.categories,
    givenAt: wish.givenAt,
    until: wish.until,
    wording: wish.wording,
    representative: wish.representative,
    saysYes: reaches && !isOver ? wish.decision === 'GIVEN' || wish.decision === 'INFORMED' : null,
    supplier: agencyOf(agencies, wish.agency),
    subject: partSubject({ partId: part.id, caseId: part.caseId }, marks),
  }
}
