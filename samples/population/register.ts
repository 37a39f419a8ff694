import type { AgencyKind, TrueHappening } from '../world.js'
import { nhsNumberDealer, pncIdOf } from './identifiers.js'
import { phoneDealer } from './phones.js'
import type { Random } from './random.js'

/**
 * Deals what must be dealt once: ids, NHS numbers, telephone numbers. Told people have numbers of their
 * own below the first dealt here, so that they are the same at every seed and size.
 */
export interface Register {
  readonly asOf: string
  personId(): string
  nhsNumber(): string
  pncId(year: number): string
  mobile(): string
  landline(): string
  sourceId(agency: AgencyKind): string
  eventId(kind: TrueHappening['kind']): string
}

const FIRST_DRAWN = 10_000

/** The agencies' own ids: nominal number, FHIR id, client number. */
export const sourceIdOf = (agency: AgencyKind, n: number): string => {
  const digits = String(n).padStart(7, '0')
  switch (agency) {
    case 'police':
      return `NOM${digits}`
    case 'nhs':
      return `wvt-${digits}`
    case 'charity':
      return `SH-${digits}`
  }
}

const EVENT_PREFIX: Readonly<Record<TrueHappening['kind'], string>> = {
  CRIME: 'CRM',
  ARREST: 'ARR',
  ORDER: 'ORD',
  BREACH: 'BRE',
  INTELLIGENCE: 'INT',
  DIAGNOSIS: 'con',
  APPOINTMENT: 'enc',
  CARE_PLAN: 'cpl',
  RISK_ASSESSMENT: 'ras',
  REFERRAL: 'ref',
  ENGAGEMENT: 'eng',
  NEED: 'nee',
  SAFETY_MEASURE: 'saf',
  WISH: 'wis',
}
export const eventIdOf = (kind: TrueHappening['kind'], n: number): string =>
  `${EVENT_PREFIX[kind]}-${String(n).padStart(7, '0')}`

export function registerOf(random: Random, asOf: string): Register {
  const nhsNumber = nhsNumberDealer(random.fork('nhs-numbers').int(0, 998_999))
  const phones = phoneDealer()
  const next = counters()
  return {
    asOf,
    nhsNumber,
    mobile: phones.mobile,
    landline: phones.landline,
    personId: () => `p-${String(next('person')).padStart(6, '0')}`,
    pncId: (year) => pncIdOf(year, 1_000 + next('pnc') * 7),
    sourceId: (agency) => sourceIdOf(agency, next(agency)),
    eventId: (kind) => eventIdOf(kind, next('event')),
  }
}

function counters(): (name: string) => number {
  const counts = new Map<string, number>()
  return (name) => {
    const n = counts.get(name) ?? FIRST_DRAWN
    counts.set(name, n + 1)
    return n
  }
}
