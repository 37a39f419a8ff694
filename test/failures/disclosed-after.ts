import type { Database } from '../../src/platform/database.js'

/** One entry of the access log as this check reads it: nothing but what the log itself holds. */
export interface LoggedEntry {
  readonly index: number
  readonly what: string
  readonly request: string
  readonly caller: string
  readonly sections: readonly {
    readonly agency: string
    readonly person: string | null
    readonly caseId: string | null
    readonly decisions: readonly { readonly coordinate: string; readonly decision: string }[]
  }[]
}

/** Of which change the check is: the codes that open and shut, and what it is about. */
export interface Watched {
  readonly opens: string
  readonly shuts: string
  /** Whether a section of an opening or shutting entry is about the one that is watched. */
  readonly isAbout: (section: LoggedEntry['sections'][number]) => boolean
  /** Instead of two codes one: from open on, each such entry shuts what is open and opens what is shut. */
  readonly toggles?: string
  /** The value that may not be disclosed while shut: whose, and which field. */
  readonly value: { readonly agency: string; readonly person: string; readonly coordinate: string }
  readonly caller: string
}

/** Everything the log holds from `from` on, in its own order. */
export async function entriesFrom(
  database: Database,
  from: number,
): Promise<readonly LoggedEntry[]> {
  const rows = await database.query<{
    index: string
    what: string
    request: string
    caller: string
    contents: string[]
  }>(
    `select e.index, e.what, e.request, e.caller_subject as caller,
            array_agg((s.content::jsonb || jsonb_build_object('person', s.person))::text order by s.ordinal) filter (where s.ordinal > 0) as contents
     from access_log.entry e left join access_log.section s on s.entry_index = e.index
     where e.index >= $1 group by e.index, e.what, e.request, e.caller_subject order by e.index`,
    [from],
  )
  return rows.map(({ contents, index, ...row }) => ({
    ...row,
    index: Number(index),
    sections: (contents ?? []).map(
      (content) => JSON.parse(content) as LoggedEntry['sections'][number],
    ),
  }))
}

export async function logSize(database: Database): Promise<number> {
  const [head] = await database.query<{ size: string }>('select size from access_log.head')
  return Number(head?.size)
}

/** Whether the entry says that this caller was given the value. */
export function discloses(entry: LoggedEntry, { value, caller }: Watched): boolean {
  return (
    entry.caller === caller &&
    entry.sections.some(
      ({ agency, person, decisions }) =>
        agency === value.agency &&
        person === value.person &&
        decisions.some(
          ({ coordinate, decision }) => coordinate === value.coordinate && decision !== 'WITHHOLD',
        ),
    )
  )
}

/** Entries that stand after a shutting one and before the next opening one, and disclose the value all the same. */
export function disclosedAfter(
  entries: readonly LoggedEntry[],
  watched: Watched,
): readonly LoggedEntry[] {
  let isShut = false
  return entries.filter((entry) => {
    if (entry.what === watched.toggles) isShut = !isShut
    const isAbout = entry.sections.some(watched.isAbout)
    if (isAbout && entry.what === watched.shuts) isShut = true
    if (isAbout && entry.what === watched.opens) isShut = false
    return isShut && discloses(entry, watched)
  })
}
