import type { Sql } from '../../platform/database.js'
import type { PartKind } from '../../sharing/vocabulary.js'
import { breakGlass } from '../items/request.js'
import { type NewTask, setTasks } from './store.js'

/** Who may review an access to a part in an emergency: a role of an agency. */
export interface Reviewer {
  readonly agency: string
  readonly role: string
}

interface OpenReview {
  readonly id: string
  readonly partId: string
  readonly partKind: PartKind
  /** The day, UTC. */
  readonly due: string
  readonly agencies: readonly string[]
}

/**
 * Makes the open tasks to review an access in an emergency, of one case, those that its items ask for: one
 * for each role that may review it, at each agency that was told of it. In the transaction of the access
 * or of its review, so that nobody is told later than at once, nor asked for what was done.
 */
export async function setReviewTasks(
  tx: Sql,
  of: {
    readonly caseId: string
    readonly reviewersOf: (agencies: readonly string[], part: PartKind) => readonly Reviewer[]
    readonly now: Date
  },
): Promise<void> {
  const { caseId, now } = of
  const open = await tx.query<OpenReview>(
    `select i.id, i.part_id as "partId", p.kind as "partKind", left(i.body->>'reviewDue', 10) as due,
       array(select n.agency from cases.emergency_notice n where n.break_glass_id = i.id order by 1) as agencies
     from cases.item i join cases.part p on p.id = i.part_id
     where i.case_id = $1 and i.type = $2 and i.superseded_at is null and i.body->>'outcome' is null`,
    [caseId, breakGlass.code],
  )
  const tasks = open.flatMap(({ id, partId, partKind, due, agencies }) =>
    of.reviewersOf(agencies, partKind).map(
      ({ agency, role }): NewTask => ({
        key: ['BREAK_GLASS', id, agency, role].join(' '),
        reason: id,
        caseId,
        partId,
        agency,
        role,
        due,
      }),
    ),
  )
  await setTasks(tx, { kind: 'BREAK_GLASS', caseIds: [caseId], tasks, now })
}
