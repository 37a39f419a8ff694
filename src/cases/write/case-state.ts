import { coded } from '../../errors.js'
import type { Sql } from '../../platform/database.js'
import type { CasesContext } from '../context.js'
import type { CaseStage, LegalStatus } from '../graph/enums.js'
import type { DescriptionBody } from '../store/rows.js'
import { authorOf } from './change.js'
import { requireVersion } from './target.js'

/** A case's own fields that a change may set; whatever is left out stays. */
export interface CaseStateChange {
  readonly stage?: CaseStage
  readonly closed_on?: string | null
  readonly restricted?: boolean
  readonly named?: readonly { readonly agency: string; readonly subject: string }[]
  readonly reason?: string | null
}

/** The next version of a case's own fields, if it is still the one that was read. */
export async function nextCaseState(
  tx: Sql,
  of: { caseId: string; expectedVersion: string; mayKnow: boolean; set: CaseStateChange },
  context: CasesContext,
): Promise<void> {
  const author = authorOf(context)
  const [current] = await tx.query<
    CaseStateChange & { version: string; opened_on: string; opened_by: string }
  >(
    `select version, stage, opened_on, opened_by, closed_on, restricted, named, reason
     from cases.case_state where case_id = $1 and superseded_at is null`,
    [of.caseId],
  )
  requireVersion(current?.version, of.expectedVersion, of.mayKnow)
  const next = { ...current, ...of.set }
  await tx.query(
    'update cases.case_state set superseded_at = greatest($2, recorded_at) where case_id = $1 and superseded_at is null',
    [of.caseId, author.recorded_at],
  )
  await tx.query(
    `insert into cases.case_state (case_id, stage, opened_on, opened_by, closed_on, restricted, named, reason,
       recorded_by, agency, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      of.caseId,
      next.stage,
      next.opened_on,
      next.opened_by,
      next.closed_on ?? null,
      next.restricted ?? false,
      JSON.stringify(next.named ?? []),
      next.reason ?? null,
      author.recorded_by,
      author.agency,
      author.recorded_at,
    ],
  )
}

/** What is known of a part: its person, where the law stands, what is seen of somebody unknown. */
export interface PartState {
  readonly person_key: string | null
  readonly legal_status: LegalStatus | null
  readonly identified_on: string | null
  readonly born_on: string | null
  readonly description: DescriptionBody | null
}

/** Appends a version of a part; the one before, if any, is ended first. */
export async function appendPartState(
  tx: Sql,
  partId: string,
  state: PartState,
  context: CasesContext,
): Promise<void> {
  const author = authorOf(context)
  await tx.query(
    'update cases.part_state set superseded_at = greatest($2, recorded_at) where part_id = $1 and superseded_at is null',
    [partId, author.recorded_at],
  )
  await tx.query(
    `insert into cases.part_state (part_id, person_key, legal_status, identified_on, born_on, description,
       recorded_by, agency, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      partId,
      state.person_key,
      state.legal_status,
      state.identified_on,
      state.born_on,
      state.description === null ? null : JSON.stringify(state.description),
      author.recorded_by,
      author.agency,
      author.recorded_at,
    ],
  )
}

/** A part as it stands, read under the lock of its case. */
export async function currentPartState(
  tx: Sql,
  partId: string,
): Promise<PartState & { version: string }> {
  const [row] = await tx.query<PartState & { version: string }>(
    `select version, person_key, legal_status, identified_on, born_on, description
     from cases.part_state where part_id = $1 and superseded_at is null`,
    [partId],
  )
  if (!row) throw coded('NOT_FOUND', undefined, 'partId')
  return row
}
