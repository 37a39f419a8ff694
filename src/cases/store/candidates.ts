import type { Sql } from '../../platform/database.js'
import type { Asker } from '../../sharing/fact-source.js'
import type { CaseScope } from '../context.js'
import type { CaseStage } from '../graph/enums.js'

export interface CandidateQuestion {
  readonly asker: Asker
  readonly scope: CaseScope
  readonly stages: readonly CaseStage[] | null
  /** Cases after this id; null: from the beginning. */
  readonly after: string | null
  readonly limit: number
  readonly now: Date
}

/**
 * Ids of cases that a list may show, in the order of their random ids, which tells nothing. What the
 * caller has no way to is left out before it is ordered and limited, so that a page costs the same
 * however many cases there are.
 */
export async function candidateCases(
  sql: Sql,
  question: CandidateQuestion,
): Promise<readonly string[]> {
  const { asker, scope, stages, after, limit, now } = question
  const rows = await sql.query<{ id: string }>(
    `select f.id from cases.case_file f
     join cases.case_state s on s.case_id = f.id and s.superseded_at is null
     where ($1::uuid is null or f.id > $1)
       and ($2::text[] is null or s.stage = any($2))
       and ($3 or f.id = any(array(
           select a.case_id from cases.allocation a
           where $4 and a.subject = $6 and a.member_agency = $7 and a.from_at <= $8
             and (a.to_at is null or a.to_at > $8)
           union
           select i.case_id from cases.item i
           where $5 and i.type = 'REFERRAL' and i.superseded_at is null and i.body->>'from' = $7)))
       and (not s.restricted or exists (
           select from cases.allocation a where a.case_id = f.id and a.subject = $6
             and a.member_agency = $7 and a.from_at <= $8 and (a.to_at is null or a.to_at > $8))
         or s.named @> jsonb_build_array(jsonb_build_object('agency', $7::text, 'subject', $6::text)))
     order by f.id limit $9`,
    [
      after,
      stages,
      scope.whole,
      scope.allocated,
      scope.referred,
      asker.subject,
      asker.agency.id,
      now,
      limit,
    ],
  )
  return rows.map(({ id }) => id)
}
