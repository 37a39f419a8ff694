import type { AgencyKind, TrueHappening, TruePlace, TrueSafeContact } from '../world.js'
import { OFFENCES } from './draw-happenings.js'

/** Short forms in which the told stories say what happened. */
type Of<K extends TrueHappening['kind']> = Extract<TrueHappening, { kind: K }>
type Level = Of<'RISK_ASSESSMENT'>['level']

export const crime = (
  offence: keyof typeof OFFENCES,
  behaviours: readonly string[],
  at: { readonly place?: TruePlace; readonly outcome?: string } = {},
): Of<'CRIME'> => ({
  kind: 'CRIME',
  offenceCode: OFFENCES[offence],
  behaviours,
  outcome: at.outcome ?? null,
  place: at.place ?? null,
})
export const arrest = (
  custody: Of<'ARREST'>['custody'],
  bailConditions: string | null = null,
): Of<'ARREST'> => ({ kind: 'ARREST', custody, bailConditions })
export const order = (
  kind: Of<'ORDER'>['order'],
  of: Omit<Of<'ORDER'>, 'kind' | 'order'>,
): Of<'ORDER'> => ({ kind: 'ORDER', order: kind, ...of })
export const breach = (offence: keyof typeof OFFENCES): Of<'BREACH'> => ({
  kind: 'BREACH',
  offenceCode: OFFENCES[offence],
})
/** 3x5x2: `2B P`, or `2C C` with its condition. */
export function intelligence(
  source: 1 | 2 | 3,
  grade: 'A' | 'B' | 'C' | 'D' | 'E',
  condition: string | null = null,
): Of<'INTELLIGENCE'> {
  return {
    kind: 'INTELLIGENCE',
    grading: { source, intelligence: grade, handling: condition === null ? 'P' : 'C', condition },
  }
}
export const diagnosis = (snomed: string, display: string): Of<'DIAGNOSIS'> => ({
  kind: 'DIAGNOSIS',
  snomed,
  display,
})
export const appointment = (attended: boolean, where: TruePlace | null): Of<'APPOINTMENT'> => ({
  kind: 'APPOINTMENT',
  attended,
  place: where,
})
export const carePlan = (
  goals: readonly string[],
  crisisContact: string | null,
): Of<'CARE_PLAN'> => ({ kind: 'CARE_PLAN', goals, crisisContact })
export const referral = (to: string, reason: string): Of<'REFERRAL'> => ({
  kind: 'REFERRAL',
  to,
  reason,
})

/** Answers in order: Y, N, U (unknown). */
export const sDash = (level: Level, answered: string): Of<'RISK_ASSESSMENT'> =>
  assessment('S-DASH', { version: '2009', level, prefix: 'Q', answered })
export const sash = (level: Level, answered: string): Of<'RISK_ASSESSMENT'> =>
  assessment('SASH', { version: '2015', level, prefix: 'Q', answered })
/** Answers in order: P(resent), L (partly), A(bsent), U (unknown). */
export const srp = (level: Level, answered: string): Of<'RISK_ASSESSMENT'> =>
  assessment('SRP', { version: '1', level, prefix: 'SRP-', answered })

const ANSWER: Readonly<Record<string, string>> = {
  Y: 'YES',
  N: 'NO',
  U: 'UNKNOWN',
  P: 'PRESENT',
  L: 'PARTLY',
  A: 'ABSENT',
}
function assessment(
  instrument: Of<'RISK_ASSESSMENT'>['instrument'],
  of: {
    readonly version: string
    readonly level: Level
    readonly prefix: string
    readonly answered: string
  },
): Of<'RISK_ASSESSMENT'> {
  const items = Object.fromEntries(
    [...of.answered].map((answer, i) => [`${of.prefix}${i + 1}`, ANSWER[answer] ?? 'UNKNOWN']),
  )
  return { kind: 'RISK_ASSESSMENT', instrument, version: of.version, level: of.level, items }
}

export const engagement = (channel: string, reached = true): Of<'ENGAGEMENT'> => ({
  kind: 'ENGAGEMENT',
  channel,
  reached,
})
export const need = (what: string, met = false): Of<'NEED'> => ({ kind: 'NEED', need: what, met })
export const measure = (
  what: string,
  owner: string,
  more: { readonly due?: string; readonly emergency?: boolean } = {},
): Of<'SAFETY_MEASURE'> => ({
  kind: 'SAFETY_MEASURE',
  measure: what,
  owner,
  due: more.due ?? null,
  emergency: more.emergency ?? false,
})
export const wish = (
  decision: Of<'WISH'>['decision'],
  recipients: readonly AgencyKind[],
  categories: readonly string[],
  until: string | null = null,
): Of<'WISH'> => ({
  kind: 'WISH',
  decision,
  recipients,
  categories,
  until,
})
export const safe = (
  channel: TrueSafeContact['channel'],
  times: string,
  more: Partial<TrueSafeContact> = {},
): TrueSafeContact => ({
  channel,
  times,
  voicemail: false,
  codeWord: null,
  neverDo: null,
  ...more,
})
