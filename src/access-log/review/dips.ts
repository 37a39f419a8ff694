import type { Sql } from '../../platform/database.js'
import { toldTo } from '../shown-to-lead.js'

/** What a lead found of a look-up: it was right, or the right to look was misused. */
export const VERDICTS = ['UPHELD', 'MISUSED'] as const
export type Verdict = (typeof VERDICTS)[number]

/** A look-up that somebody is asked to explain. */
export interface DipRow {
  readonly id: string
  readonly request: string
  readonly caller: string
  readonly at: Date
  readonly purpose: string | null
  readonly caseId: string | null
  readonly askedAt: Date
  readonly dueAt: Date
  readonly answer: Buffer | null
  readonly answeredAt: Date | null
  readonly verdict: Verdict | null
  readonly verdictBy: string | null
}

const COLUMNS = `id, request, caller, at, purpose, case_id as "caseId", asked_at as "askedAt", due_at as "dueAt",
  answer, answered_at as "answeredAt", verdict, verdict_by as "verdictBy"`

/** Days within which somebody is to say why they looked. */
const dueDays = 7

export interface NewDips {
  readonly agency: string
  readonly askedBy: string
  readonly now: Date
  readonly from: string
  readonly to: string
  /** How many are drawn; of `requests`, all of them. */
  readonly count: number
  readonly requests: readonly string[] | null
}

/**
 * Draws look-ups of an agency's own staff by chance (each request is as likely as any other, whoever
 * made it), or takes the ones that are named, of those of which the lead is told whom or what they were
 * about. One's own are not drawn, and none is asked about twice.
 */
export async function askToExplain(tx: Sql, of: NewDips): Promise<number> {
  const rows = await tx.query<{ id: string }>(
    `insert into access_log.dip (id, agency, request, caller, at, purpose, case_id, asked_by, asked_at, due_at)
     select gen_random_uuid(), $1, e.request, e.caller_subject, e.at, e.purpose,
       (select min(s.case_id) from access_log.section s where s.entry_index = e.index and ${toldTo('$1')}), $2, $3, $4
     from access_log.entry e
     where e.caller_agency = $1 and e.caller_subject <> $2 and e.what = 'QUERY' and e.at >= $5 and e.at < $6
       and ($7::text[] is null or e.request = any($7))
       and exists (select 1 from access_log.section s where s.entry_index = e.index and s.ordinal > 0
                   and (s.person is not null or s.case_id is not null) and ${toldTo('$1')})
       and not exists (select 1 from access_log.dip d where d.agency = $1 and d.request = e.request)
     order by random() limit $8
     on conflict (agency, request) do nothing returning id`,
    [
      of.agency,
      of.askedBy,
      of.now,
      new Date(of.now.getTime() + dueDays * 86_400_000),
      of.from,
      of.to,
      of.requests,
      of.requests?.length ?? of.count,
    ],
  )
  return rows.length
}

const dipsMax = 500

/** Those of one agency, the newest first; of one caller only where one is named. */
export function dipsOf(
  sql: Sql,
  of: { readonly agency: string; readonly caller: string | null; readonly isOpen: boolean | null },
): Promise<readonly DipRow[]> {
  return sql.query<DipRow>(
    `select ${COLUMNS} from access_log.dip
     where agency = $1 and ($2::text is null or caller = $2) and ($3::boolean is null or (verdict is null) = $3)
     order by asked_at desc, id limit ${dipsMax}`,
    [of.agency, of.caller, of.isOpen],
  )
}

/** Keeps what somebody said of their own look-up, once; false where there is nothing of theirs to answer. */
export async function answerDip(
  tx: Sql,
  of: {
    readonly id: string
    readonly agency: string
    readonly caller: string
    readonly answer: Buffer
    readonly now: Date
  },
): Promise<boolean> {
  const rows = await tx.query(
    `update access_log.dip set answer = $4, answered_at = $5
     where id::text = $1 and agency = $2 and caller = $3 and answer is null and verdict is null returning id`,
    [of.id, of.agency, of.caller, of.answer, of.now],
  )
  return rows.length > 0
}

/** Keeps a lead's verdict, once, and not on themselves; false where there is nothing to be judged. */
export async function judge(
  tx: Sql,
  table: 'dip' | 'flag',
  of: {
    readonly id: string
    readonly agency: string
    readonly by: string
    readonly verdict: Verdict
    readonly now: Date
  },
): Promise<boolean> {
  const rows = await tx.query(
    `update access_log.${table} set verdict = $4, verdict_by = $3, verdict_at = $5
     where id::text = $1 and agency = $2 and caller <> $3 and verdict is null returning id`,
    [of.id, of.agency, of.by, of.verdict, of.now],
  )
  return rows.length > 0
}
