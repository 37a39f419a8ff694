import { decisionsOf, type LoggedDecision } from './logged-decision.js'

/**
 * What the log shows to the IG lead of one agency: every way out goes through here. GraphQL, and whoever
 * reports from it, is *told* sections; exports and proofs *open* them, and an opening shows all that a
 * section says. `own` stands for the lead's agency, as a parameter of a statement.
 *
 * | section | told | opened |
 * |---|---|---|
 * | of the agency's own data, whoever asked | whole | whole |
 * | of another agency's data that were released to own staff | with the reasons that the caller was told | never |
 * | of another agency's data that were withheld from own staff | never | never |
 * | the head of an entry with one of the first, or of own staff's | whole | whole |
 */

/** That something was released: content is canonical JSON, so a decision has one spelling. */
const releases = (section: string): string =>
  `(${section}.content like '%"decision":"SHARE"%' or ${section}.content like '%"decision":"GENERALISE"%')`

/**
 * Sections `s` of entries `e` that are told: so that what another agency holds and withheld is not told
 * by a section's being there; and the head of an entry of own staff of which nothing else is told.
 */
export function toldTo(own: string): string {
  const told = (s: string): string =>
    `${s}.ordinal > 0 and (${s}.agency = ${own} or (e.caller_agency = ${own} and ${releases(s)}))`
  return `((${told('s')}) or (s.ordinal = 0 and e.caller_agency = ${own} and not exists (
    select 1 from access_log.section o where o.entry_index = e.index and ${told('o')})))`
}

/**
 * Sections `z` of entries `e` that are opened. Of others' data none, though its release was told: it
 * would show their true reasons; and where only those without a hidden reason were opened, that one
 * stays closed would tell of it (docs/decisions/0020-proofs-open-own-data.md).
 */
export function openedTo(own: string): string {
  return `((z.ordinal > 0 and z.agency = ${own}) or (z.ordinal = 0 and ${concerns(own)}))`
}

/** Entries `e` of which a lead is shown anything. */
export function concerns(own: string): string {
  return `(e.caller_agency = ${own} or exists (
    select 1 from access_log.section o where o.entry_index = e.index and o.ordinal > 0 and o.agency = ${own}))`
}

/** Decisions `d` of sections `s` that name a clause, as far as the lead may know which. */
export function namesClause(clause: string, own: string): string {
  return `(d->>'clause' = ${clause} or (s.agency = ${own} and d->'clauses' ? ${clause}::text))`
}

/** A section: whose data it is about, and its content. */
interface SupplierAndContent {
  readonly agency: string | null
  readonly content: string | null
}

/** Reasons that depend on the agreement and the asker alone; others could tell what is hidden. */
const TELLS_NOTHING: ReadonlySet<string> = new Set(['NO_RULE', 'ROLE', 'PURPOSE'])

/**
 * The decisions of a row as the lead of `reader` may know them. The log keeps the true reason and all
 * clauses, for the agency whose data it is; of other agencies' data the lead of the caller's agency
 * learns what the caller was told.
 */
export function toldDecisions(row: SupplierAndContent, reader: string): readonly LoggedDecision[] {
  const decisions = decisionsOf(row)
  return row.agency === reader ? decisions : decisions.map(asCallerWasTold)
}

function asCallerWasTold(one: LoggedDecision): LoggedDecision {
  const isSafe = one.decision !== 'WITHHOLD' || TELLS_NOTHING.has(one.reason)
  return {
    ...one,
    reason: isSafe ? one.reason : 'NO_RULE',
    clauses: one.clause === null ? [] : [one.clause],
  }
}

/** What a change wrote is no release. */
const WRITTEN = 'WRITTEN'

/** The decisions of a row by which something left, whole or shortened. */
export function releasedIn(row: SupplierAndContent, reader: string): readonly LoggedDecision[] {
  return toldDecisions(row, reader).filter(
    (one) => one.decision !== 'WITHHOLD' && one.reason !== WRITTEN,
  )
}
