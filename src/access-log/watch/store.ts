import type { Sql } from '../../platform/database.js'
import { sinceMonthOf } from '../query-filter.js'
import type { Verdict } from '../review/dips.js'
import { dayOf, type Flag, type Look } from './unusual.js'

const looksMax = 500_000

/** Requests from an instant on, of all agencies: what log-watch looks through. Pseudonyms stand for people. */
export async function looksFrom(sql: Sql, from: Date): Promise<readonly Look[]> {
  return sql.query<Look>(
    `select e.request, e.at, e.caller_subject as caller, e.caller_agency as agency, e.caller_roles as roles, e.purpose,
       e.outcome = 'REFUSED' as "isRefused",
       array(select distinct s.person from access_log.section s
             where s.entry_index = e.index and s.person is not null) as persons
     from access_log.entry e
     where e.at >= $1 and ${sinceMonthOf('e.month', '$1')} and (e.what in ('QUERY', 'MUTATION') or e.outcome = 'REFUSED')
     order by e.index limit ${looksMax}`,
    [from],
  )
}

export interface FlagRow extends Omit<Flag, 'from' | 'to' | 'agency'> {
  readonly id: string
  readonly from: Date
  readonly to: Date
  readonly raisedAt: Date
  readonly verdict: Verdict | null
  readonly verdictBy: string | null
}

/** Keeps flags; one of the same rule, caller and day is brought up to date until it is judged. Gives back how many are new or changed. */
export async function keepFlags(tx: Sql, flags: readonly Flag[], now: Date): Promise<number> {
  const rows = await tx.query(
    `insert into access_log.flag (id, key, agency, caller, rule, says, requests, from_at, to_at, raised_at)
     select gen_random_uuid(), f->>'key', f->>'agency', f->>'caller', f->>'rule', f->>'says',
       array(select jsonb_array_elements_text(f->'requests')), (f->>'from')::timestamptz, (f->>'to')::timestamptz, $2
     from jsonb_array_elements($1::jsonb) as f
     on conflict (key) do update set says = excluded.says, requests = excluded.requests,
       from_at = excluded.from_at, to_at = excluded.to_at
     where access_log.flag.verdict is null and access_log.flag.requests is distinct from excluded.requests
     returning id`,
    [
      JSON.stringify(
        flags.map((one) => ({
          ...one,
          key: JSON.stringify([one.rule, one.agency, one.caller, dayOf(one)]),
        })),
      ),
      now,
    ],
  )
  return rows.length
}

const flagsMax = 500

/** Flags about an agency's own staff, the newest first. */
export async function flagsOf(
  sql: Sql,
  of: { readonly agency: string; readonly isOpen: boolean | null },
): Promise<readonly FlagRow[]> {
  return sql.query<FlagRow>(
    `select id, caller, rule, says, requests, from_at as "from", to_at as "to", raised_at as "raisedAt", verdict,
       verdict_by as "verdictBy"
     from access_log.flag where agency = $1 and ($2::boolean is null or (verdict is null) = $2)
     order by raised_at desc, id limit ${flagsMax}`,
    [of.agency, of.isOpen],
  )
}
