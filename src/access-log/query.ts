import type { Sql } from '../platform/database.js'

/** What a reader of the log asks for. Times are instants, ISO 8601. */
export interface LogAsk {
  readonly first: number
  /** The entry index and ordinal to go on after, newest first. */
  readonly after: { readonly index: number; readonly ordinal: number } | null
  /** A person, by the pseudonyms that the agencies' sections have; null for anybody. */
  readonly person: readonly string[] | null
  readonly caseId: string | null
  readonly from: string | null
  readonly to: string | null
}

/** One section with its entry's head, as one reader's agency may see it. */
export interface LogRow {
  readonly index: number
  readonly ordinal: number
  readonly entry_id: string
  readonly at: Date
  readonly request: string
  readonly what: string
  readonly operation: string
  readonly outcome: string
  readonly code: string | null
  readonly caller_subject: string
  readonly caller_agency: string
  readonly caller_roles: string[]
  readonly client: string | null
  readonly on_behalf_of: string | null
  readonly purpose: string | null
  readonly agreement: string | null
  readonly agency: string | null
  readonly person: string | null
  readonly case_id: string | null
  readonly content: string | null
  readonly justification: Buffer | null
}

/**
 * Sections of the reader's own data or own staff, newest first; one more than `first` where there is
 * more. The filter stands in the query: what another agency's lead may see costs and tells nothing here.
 * The head's own section (ordinal 0) is given only where an entry has no other: a refusal, a change.
 */
export async function logRows(sql: Sql, agency: string, ask: LogAsk): Promise<readonly LogRow[]> {
  return sql.query<LogRow>(
    `select e.index, s.ordinal, e.entry_id, e.at, e.request, e.what, e.operation, e.outcome, e.code, e.caller_subject,
            e.caller_agency, e.caller_roles, e.client, e.on_behalf_of, e.purpose, e.agreement, s.agency, s.person,
            s.case_id, s.content, j.sealed as justification
     from access_log.section s
     join access_log.entry e on e.index = s.entry_index
     left join access_log.justification j on j.entry_index = e.index
     where (s.agency = $1 or e.caller_agency = $1)
       and (s.ordinal > 0 or not exists (select 1 from access_log.section o where o.entry_index = e.index and o.ordinal > 0))
       and ($2::text[] is null or s.person = any($2))
       and ($3::text is null or s.case_id = $3)
       and ($4::timestamptz is null or e.at >= $4)
       and ($5::timestamptz is null or e.at < $5)
       and ($6::bigint is null or (e.index, s.ordinal) < ($6, $7::int))
     order by e.index desc, s.ordinal desc
     limit $8`,
    [
      agency,
      ask.person,
      ask.caseId,
      ask.from,
      ask.to,
      ask.after?.index ?? null,
      ask.after?.ordinal ?? null,
      ask.first + 1,
    ],
  )
}
