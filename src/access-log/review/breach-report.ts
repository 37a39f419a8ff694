import type { BreachBasis, BreachSummary } from './breach.js'

/** UK GDPR Art 33(1) and DPA 2018 s.67(1): without undue delay and, where feasible, within this. */
export const reportWithinHours = 72

/** What the text needs beside the numbers. Times are instants; `names` gives an agency's name. */
export interface ReportSetting {
  readonly basis: BreachBasis
  readonly reader: string
  readonly from: string | null
  readonly to: string | null
  readonly becameAwareAt: Date
  readonly names: (agency: string) => string
}

const WRONG: Readonly<Record<BreachBasis['kind'], string>> = {
  CLAUSE: 'a clause of the information-sharing agreement',
  WISH: 'a recorded wish of a person',
  LINK: 'a confirmed link between records of two agencies',
}

export function reportDue(becameAwareAt: Date): Date {
  return new Date(becameAwareAt.getTime() + reportWithinHours * 3_600_000)
}

/**
 * The report to the supervisory authority as far as the log can write it (UK GDPR Art 33(3), DPA 2018
 * s.67(4)). What only the controller knows is left to fill in, between square brackets. It names no
 * person whose data it is about, and no member of staff.
 */
export function breachReport(summary: BreachSummary, setting: ReportSetting): string {
  const { basis, becameAwareAt, names } = setting
  const span = [
    setting.from === null ? null : `from ${setting.from}`,
    setting.to === null ? null : `until ${setting.to}`,
  ].filter((one) => one !== null)
  return [
    `Personal data breach: report of ${names(setting.reader)}`,
    `Became aware: ${becameAwareAt.toISOString()}. To be reported by: ${reportDue(becameAwareAt).toISOString()} (${reportWithinHours} hours).`,
    '',
    '1. Nature of the breach',
    `${capital(WRONG[basis.kind])}${basis.kind === 'CLAUSE' ? ` (${basis.clause})` : ''} turned out to have been wrong. The access log was searched${span.length > 0 ? ` ${span.join(' ')}` : ', all of it'}.`,
    `Data that rested on it were released in ${counted(summary.requests, 'request')}, ${counted(summary.values, 'value')} in all, about ${counted(summary.persons, 'person', 'people')}.`,
    `Kinds of data: ${listed(summary.categories)}.`,
    '',
    '2. To whom',
    ...(summary.recipients.length === 0
      ? ['To nobody.']
      : summary.recipients.map((one) => line(one, names))),
    '',
    '3. Contact point: [name and contact details of the data protection officer]',
    '4. Likely consequences: [for the controller to assess; consider whether a protected person can now be found]',
    '5. Measures taken or proposed: [what was done to the rule, the wish or the link; what the recipients were asked to delete]',
    '6. Told to the people concerned: [whether and when; UK GDPR Art 34, DPA 2018 s.68]',
  ].join('\n')
}

function line(one: BreachSummary['recipients'][number], names: (agency: string) => string): string {
  return `- ${names(one.agency)} (${listed(one.roles)}; for ${listed(one.purposes)}): ${counted(one.requests, 'request')} between ${one.firstAt.toISOString()} and ${one.lastAt.toISOString()}; ${listed(one.categories)}; supplied by ${listed(one.suppliers.map(names))}.`
}

const listed = (all: readonly string[]): string => (all.length === 0 ? 'none' : all.join(', '))
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
