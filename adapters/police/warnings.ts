import type { PersonLine } from './format.js'
import type { UnmappedCode } from './map-marks.js'

/** Warnings by code, in the words that whoever meets the person reads. */
const WARNINGS: Readonly<Record<string, string>> = {
  DRUGS: 'misuse of drugs',
  ESCAPER: 'may try to escape',
  FIREARMS: 'may have firearms',
  LONE_VISIT: 'do not visit alone',
  OFFENDS_AGAINST_VULNERABLE: 'offends against vulnerable people',
  SELF_HARM: 'risk of self-harm',
  STALKING: 'stalking behaviour',
  SUICIDE: 'risk of suicide',
  VIOLENCE: 'violence',
  VIOLENCE_TO_POLICE: 'violence to police',
  VIOLENCE_TO_STAFF: 'violence to staff',
  WEAPONS: 'may carry weapons',
}

/**
 * The warnings of a nominal. A code the list does not know stands as it is written: a warning is never
 * lost for want of a word.
 */
export function mapWarnings(line: Pick<PersonLine, 'warnings'>): {
  readonly warnings: readonly string[]
  readonly unmapped: readonly UnmappedCode[]
} {
  const codes = (line.warnings ?? []).map((warning) => warning.code)
  const isKnown = (code: string): boolean => Object.hasOwn(WARNINGS, code)
  return {
    warnings: codes.map((code) => (isKnown(code) ? (WARNINGS[code] ?? code) : code)),
    unmapped: codes.filter((code) => !isKnown(code)).map((code) => ({ system: 'WARNING', code })),
  }
}
