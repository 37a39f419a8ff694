import type { LogRow } from '../query.js'
import { releasedIn } from '../shown-to-lead.js'

/** What a person decided about a reply. Without all three no draft is shown. */
export const REPLY_MATTERS = ['THIRD_PARTIES', 'EXEMPTIONS', 'CONFIRMATION'] as const
export type ReplyMatter = (typeof REPLY_MATTERS)[number]

/**
 * RELEASE: it may be said. WITHHOLD: these kinds of data are left out. NEITHER_CONFIRM_NOR_DENY: the
 * reply says that it neither confirms nor denies that more is held (DPA 2018 s.45(4), (5); Sch 2).
 */
export const REPLY_WORDS = ['RELEASE', 'WITHHOLD', 'NEITHER_CONFIRM_NOR_DENY'] as const
export type ReplyWord = (typeof REPLY_WORDS)[number]

export interface ReplyDecision {
  readonly word: ReplyWord
  /** Kinds of data that are left out. */
  readonly categories: readonly string[]
  /** The exemption that is claimed, as the officer cites it; null for none. */
  readonly exemption: string | null
  readonly by: string
  /** ISO 8601. */
  readonly at: string
}
export type ReplyDecisions = Partial<Record<ReplyMatter, ReplyDecision>>

/** One line of the reply: that on a day an agency saw these kinds of data, for a purpose. No staff. */
export interface ReplyLine {
  /** Calendar day, UTC. */
  readonly day: string
  readonly agency: string
  readonly purpose: string
  readonly categories: readonly string[]
}

/** What is left out of a reply whatever is decided, by the side on which the applicant stands. */
export interface ReplyGuard {
  /** Whether the applicant is a perpetrator in any case, ended or not. */
  readonly isPerpetrator: boolean
  /** Whether an agency has people on the victims' side. */
  readonly isOnVictimsSide: (agency: string) => boolean
}

/** Reading the log about somebody is no look at their data; that a record is held follows from the rest. */
const LEFT_OUT: ReadonlySet<string> = new Set(['LOG_RECORD', 'HOLDING'])

/**
 * Who saw the applicant's data as one agency supplied them (CJEU C-579/21): dates, agencies, purposes
 * and kinds of data, not staff. To a perpetrator nothing that the victims' side did or holds is told,
 * whatever is decided: the lines are the same whether or not anybody on that side knows of them.
 */
export function replyLines(
  rows: Iterable<LogRow>,
  of: {
    readonly agency: string
    readonly guard: ReplyGuard
    readonly withheld: ReadonlySet<string>
    readonly categoryOf: ReadonlyMap<string, string>
  },
): readonly ReplyLine[] {
  const { agency, guard } = of
  const isHidden = (one: string) => guard.isPerpetrator && guard.isOnVictimsSide(one)
  if (isHidden(agency)) return []
  const lines = new Map<
    string,
    { day: string; agency: string; purpose: string; categories: Set<string> }
  >()
  for (const row of rows) {
    if (row.agency !== agency || row.person === null || isHidden(row.caller_agency)) continue
    const day = row.at.toISOString().slice(0, 10)
    const purpose = row.purpose ?? ''
    for (const { coordinate } of releasedIn(row, agency)) {
      const category = of.categoryOf.get(coordinate)
      if (category === undefined || LEFT_OUT.has(category) || of.withheld.has(category)) continue
      const key = JSON.stringify([day, row.caller_agency, purpose])
      const line = lines.get(key) ?? {
        day,
        agency: row.caller_agency,
        purpose,
        categories: new Set(),
      }
      line.categories.add(category)
      lines.set(key, line)
    }
  }
  return [...lines]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, line]) => ({ ...line, categories: [...line.categories].sort() }))
}

/** Kinds of data that the decisions leave out. */
export function withheldBy(decisions: ReplyDecisions): ReadonlySet<string> {
  return new Set(
    REPLY_MATTERS.flatMap((matter) => {
      const decision = decisions[matter]
      return decision === undefined || decision.word === 'RELEASE' ? [] : decision.categories
    }),
  )
}

/** Matters on which nobody has decided yet; always asked for, whatever is held. */
export function openMatters(decisions: ReplyDecisions): readonly ReplyMatter[] {
  return REPLY_MATTERS.filter((matter) => decisions[matter] === undefined)
}

/** The words of the draft. `purposeTitle` and `agencyName` give the words of the agreement. */
export function replyText(
  lines: readonly ReplyLine[],
  of: {
    readonly agency: string
    readonly receivedOn: string
    readonly decisions: ReplyDecisions
    readonly agencyName: (agency: string) => string
    readonly purposeTitle: (purpose: string) => string
  },
): string {
  const { agencyName, purposeTitle, decisions } = of
  const isNeither = decisions.CONFIRMATION?.word === 'NEITHER_CONFIRM_NOR_DENY'
  const exemptions = REPLY_MATTERS.flatMap((matter) => decisions[matter]?.exemption ?? [])
  return [
    `DRAFT, for the controller's officer to decide. Not to be sent as it is.`,
    '',
    `${agencyName(of.agency)}: reply to your request of ${of.receivedOn} for your personal data (UK GDPR Art 15, DPA 2018 s.45)`,
    '',
    'What we supplied about you to the people who worked on it, by day:',
    ...(lines.length === 0
      ? ['- nothing that we can tell you of.']
      : lines.map(
          (one) =>
            `- ${one.day}: ${agencyName(one.agency)}, for: ${purposeTitle(one.purpose)}. Kinds of data: ${one.categories.map(inWords).join(', ')}.`,
        )),
    '',
    'We do not name members of staff. Data about other people are not part of this reply.',
    ...(isNeither
      ? ['We neither confirm nor deny that we hold or shared anything else about you.']
      : []),
    ...(exemptions.length === 0
      ? []
      : [`Where something is left out we rely on: ${[...new Set(exemptions)].join('; ')}.`]),
    'You may complain to the Information Commissioner (ico.org.uk) or apply to a court.',
  ].join('\n')
}

const inWords = (code: string): string => code.toLowerCase().replaceAll('_', ' ')
