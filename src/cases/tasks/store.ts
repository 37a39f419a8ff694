import type { Sql } from '../../platform/database.js'

export const TASK_KINDS = ['CONSENT', 'ORDER', 'SAFETY_PLAN', 'BREAK_GLASS', 'IDENTITY'] as const
export type TaskKind = (typeof TASK_KINDS)[number]

/** What somebody has to see to. */
export interface NewTask {
  /** Names the occasion for good: raised twice, it is there once. */
  readonly key: string
  /** Code, or the id of the access that is to be reviewed; says more than `kind` does, and is governed more strictly. */
  readonly reason: string
  readonly caseId: string
  readonly partId: string | null
  /** Whose task: an agency and, where one is to see to it, a role there. */
  readonly agency: string
  readonly role: string | null
  /** PartialDate; null for at once. */
  readonly due: string | null
}

/**
 * Makes the open tasks of one kind in these cases exactly those given: raises what is new, opens again
 * what came back, settles what is no longer so. Gives back the cases in which anything changed.
 */
export async function setTasks(
  tx: Sql,
  of: {
    readonly kind: TaskKind
    readonly caseIds: readonly string[]
    readonly tasks: readonly NewTask[]
    readonly now: Date
  },
): Promise<readonly string[]> {
  const { kind, caseIds, tasks, now } = of
  const settled = await tx.query<{ id: string }>(
    `update cases.task set state = 'DONE', settled_at = $4
     where kind = $1 and state = 'OPEN' and case_id = any($2::uuid[]) and not key = any($3::text[])
     returning case_id as id`,
    [kind, caseIds, tasks.map((one) => one.key), now],
  )
  const raised = await tx.query<{ id: string }>(
    `insert into cases.task (key, kind, reason, case_id, part_id, agency, role, due, raised_at)
     select t->>'key', $1, t->>'reason', (t->>'caseId')::uuid, (t->>'partId')::uuid, t->>'agency', t->>'role',
            t->>'due', $3
     from jsonb_array_elements($2::jsonb) as t
     on conflict (key) do update set state = 'OPEN', settled_at = null, raised_at = excluded.raised_at,
       agency = excluded.agency, role = excluded.role, due = excluded.due
     where cases.task.state = 'DONE'
       or (cases.task.agency, cases.task.role, cases.task.due) is distinct from (excluded.agency, excluded.role, excluded.due)
     returning case_id as id`,
    [kind, JSON.stringify(tasks), now],
  )
  return [...new Set([...settled, ...raised].map((row) => row.id))]
}

export interface TaskRow {
  readonly id: string
  readonly kind: TaskKind
  readonly reason: string
  readonly caseId: string
  readonly partId: string | null
  readonly agency: string
  readonly role: string | null
  readonly due: string | null
  readonly raisedAt: Date
}

/**
 * Open tasks in the order of their random ids, after the one named; of one agency or (null) of all, of
 * some roles or (null) of all. To review an emergency is for the asker's own agency and roles alone,
 * whatever else they see to.
 */
export async function openTasks(
  sql: Sql,
  of: {
    readonly agency: string | null
    readonly roles: readonly string[] | null
    readonly asker: { readonly agency: string; readonly roles: readonly string[] }
    readonly after: string | null
    readonly limit: number
  },
): Promise<readonly TaskRow[]> {
  return sql.query<TaskRow>(
    `select id, kind, reason, case_id as "caseId", part_id as "partId", agency, role, due, raised_at as "raisedAt"
     from cases.task
     where state = 'OPEN' and ($1::text is null or agency = $1) and ($2::uuid is null or id > $2)
       and ($4::text[] is null or role is null or role = any($4))
       and (kind <> 'BREAK_GLASS' or (agency = $5 and role = any($6::text[])))
     order by id limit $3`,
    [of.agency, of.after, of.limit, of.roles, of.asker.agency, of.asker.roles],
  )
}
