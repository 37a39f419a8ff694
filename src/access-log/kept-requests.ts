import type { Sql } from '../platform/database.js'
import { decisionsOf, type LoggedDecision } from './logged-decision.js'
import { sinceMonthOf } from './query-filter.js'

/** One request as the log keeps it, over all its sections; for whoever answers for the whole log. */
export interface KeptRequest {
  readonly index: number
  readonly request: string
  readonly at: Date
  readonly what: string
  readonly outcome: string
  readonly code: string | null
  readonly subject: string
  readonly agency: string
  readonly roles: readonly string[]
  readonly purpose: string | null
  readonly agreement: string | null
  readonly sections: readonly {
    /** The supplier. */
    readonly agency: string
    readonly person: string | null
    readonly caseId: string | null
    /** Null: erased. */
    readonly decisions: readonly LoggedDecision[] | null
  }[]
}

interface Row {
  readonly index: string
  readonly request: string
  readonly at: Date
  readonly what: string
  readonly outcome: string
  readonly code: string | null
  readonly subject: string
  readonly caller_agency: string
  readonly roles: string[]
  readonly purpose: string | null
  readonly agreement: string | null
  readonly sections: readonly {
    readonly agency: string
    readonly person: string | null
    readonly case_id: string | null
    readonly content: string | null
  }[]
}

const SELECT = `select e.index::text, e.request, e.at, e.what, e.outcome, e.code, e.caller_subject as subject,
       e.caller_agency, e.caller_roles as roles, e.purpose, e.agreement,
       coalesce((select jsonb_agg(jsonb_build_object('agency', s.agency, 'person', s.person, 'case_id', s.case_id,
                                                     'content', s.content) order by s.ordinal)
                 from access_log.section s
                 where s.entry_index = e.index and s.ordinal > 0 and s.agency is not null), '[]') as sections
  from access_log.entry e`

/** Entries of one request id, oldest first: one for each process that answered a part of it. */
export async function keptRequest(sql: Sql, request: string): Promise<readonly KeptRequest[]> {
  return (await sql.query<Row>(`${SELECT} where e.request = $1 order by e.index`, [request])).map(
    read,
  )
}

const pageRows = 500

/** Requests for data since an instant, oldest first, read a page at a time. */
export async function* keptRequests(
  sql: Sql,
  of: { readonly since: Date; readonly what: readonly string[] },
): AsyncGenerator<KeptRequest> {
  for (let after = -1; ; ) {
    const rows = await sql.query<Row>(
      `${SELECT} where e.at >= $1 and ${sinceMonthOf('e.month', '$1')} and e.what = any($2) and e.index > $3 order by e.index limit $4`,
      [of.since, of.what, after, pageRows],
    )
    for (const row of rows) yield read(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageRows) return
    after = Number(last.index)
  }
}

function read(row: Row): KeptRequest {
  return {
    ...row,
    index: Number(row.index),
    agency: row.caller_agency,
    sections: row.sections.map((one) => ({
      agency: one.agency,
      person: one.person,
      caseId: one.case_id,
      decisions: one.content === null ? null : decisionsOf(one),
    })),
  }
}
