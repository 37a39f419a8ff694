import type { DecisionKind } from '../sharing/vocabulary.js'
import type { LogOutcome } from './entry.js'
import { namesClause } from './shown-to-lead.js'

/**
 * That a row lies in the month of an instant or a later one. The log's month never falls, whatever the
 * clock does: so whatever was written from the instant on lies there, and earlier partitions are not read.
 * (Of the end of a time there is no such rule: where a clock was put back, an earlier time lies in a later month.)
 */
export function sinceMonthOf(column: string, instant: string): string {
  return `${column} >= to_char(${instant}::timestamptz at time zone 'UTC', 'YYYYMM')::int`
}

/** Whom or what sections are about: any of these pseudonyms, or this case. */
export interface LogAbout {
  readonly persons: readonly string[]
  readonly caseId: string | null
}

/** What a reader of the log looks for; null: whatever it is. Times are instants, ISO 8601. */
export interface LogFilter {
  readonly about: LogAbout | null
  readonly caller: string | null
  readonly callerAgency: string | null
  readonly role: string | null
  readonly purpose: string | null
  /** Any of these; `purpose` must fit as well. */
  readonly purposes: readonly string[] | null
  readonly supplier: string | null
  readonly what: string | null
  readonly outcomes: readonly LogOutcome[] | null
  /** Decisions that name this clause. */
  readonly clause: string | null
  /** Decisions about one of these fields (`Type.field`). */
  readonly coordinates: readonly string[] | null
  readonly decision: DecisionKind | null
  /** Included. */
  readonly from: string | null
  /** Not included. */
  readonly to: string | null
}

export const ANYTHING: LogFilter = {
  about: null,
  caller: null,
  callerAgency: null,
  role: null,
  purpose: null,
  purposes: null,
  supplier: null,
  what: null,
  outcomes: null,
  clause: null,
  coordinates: null,
  decision: null,
  from: null,
  to: null,
}

/** A condition under construction: SQL with the values that its `$n` stand for. */
export class Parameters {
  readonly values: unknown[] = []

  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/**
 * A filter as conditions on `s` and `e`, and on `d`, a decision of the section, where it speaks of one.
 * Of other agencies' data only the clause that the caller was told is looked at.
 */
export function conditionsOf(
  filter: LogFilter,
  agency: string,
  parameters: Parameters,
): { readonly rows: readonly string[]; readonly decisions: readonly string[] } {
  const rows: string[] = []
  const equal = (column: string, value: unknown): void => {
    if (value !== null) rows.push(`${column} = ${parameters.add(value)}`)
  }
  const { about } = filter
  if (about !== null) {
    rows.push(isAbout(about, parameters))
  }
  equal('e.caller_agency', filter.callerAgency)
  equal('e.caller_subject', filter.caller)
  equal('e.purpose', filter.purpose)
  equal('e.what', filter.what)
  if (filter.purposes !== null)
    rows.push(`e.purpose = any(${parameters.add(filter.purposes)}::text[])`)
  if (filter.supplier !== null)
    rows.push(`s.ordinal > 0 and s.agency = ${parameters.add(filter.supplier)}`)
  if (filter.role !== null) rows.push(`${parameters.add(filter.role)} = any(e.caller_roles)`)
  if (filter.outcomes !== null)
    rows.push(`e.outcome = any(${parameters.add(filter.outcomes)}::text[])`)
  if (filter.from !== null) {
    const from = parameters.add(filter.from)
    rows.push(`e.at >= ${from}::timestamptz`)
    rows.push(sinceMonthOf('e.month', from), sinceMonthOf('s.month', from))
  }
  if (filter.to !== null) rows.push(`e.at < ${parameters.add(filter.to)}::timestamptz`)
  rows.push(...mentions(filter, parameters))
  return { rows, decisions: decisionConditions(filter, agency, parameters) }
}

/** Sealed sections are found by index; those that are not sealed yet are few. */
function isAbout(about: LogAbout, parameters: Parameters): string {
  const persons = parameters.add(about.persons)
  const caseId = about.caseId === null ? null : parameters.add(about.caseId)
  const found = [`person = any(${persons}::text[])`]
  if (caseId !== null) found.push(`case_id = ${caseId}`)
  const sealed = found.map(
    (one) => `select entry_index, ordinal from access_log.sealed_section where ${one}`,
  )
  return `(s.entry_index, s.ordinal) in (${sealed.join(' union ')} union
    select entry_index, ordinal from generate_series(
      (select size from access_log.sealed), (select size - 1 from access_log.head)) as unsealed (index)
    join access_log.section on entry_index = unsealed.index where ${found.join(' or ')})`
}

/** What a section's text must hold for any of its decisions to fit: many times cheaper than taking it apart. */
function mentions(
  { clause, coordinates, decision }: LogFilter,
  parameters: Parameters,
): readonly string[] {
  const quoted = (text: string) => parameters.add(JSON.stringify(text))
  const found = [clause, decision].flatMap((one) =>
    one === null ? [] : [`position(${quoted(one)} in s.content) > 0`],
  )
  if (coordinates !== null) {
    const any = coordinates.map((one) => `%${likeText(JSON.stringify(one))}%`)
    found.push(`s.content like any(${parameters.add(any)}::text[])`)
  }
  return found
}

/** With what `like` reads as more than itself made plain. */
const likeText = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&')

function decisionConditions(
  filter: LogFilter,
  agency: string,
  parameters: Parameters,
): readonly string[] {
  const found: string[] = []
  if (filter.clause !== null) {
    const clause = parameters.add(filter.clause)
    const own = parameters.add(agency)
    found.push(namesClause(clause, own))
  }
  if (filter.coordinates !== null)
    found.push(`d->>'coordinate' = any(${parameters.add(filter.coordinates)}::text[])`)
  if (filter.decision !== null) found.push(`d->>'decision' = ${parameters.add(filter.decision)}`)
  return found
}

/** The decisions of section `s`, one row each; none where its content was erased, or it is an entry's head. */
export const DECISIONS_OF_SECTION = `jsonb_array_elements(
  case when s.ordinal > 0 then coalesce(s.content::jsonb->'decisions', '[]'::jsonb) else '[]'::jsonb end)`
