import type { Mapped, SourceWish } from '../../src/records/adapter.js'
import { finish, type Reader } from './fhir.js'
import { patientOf, type Subjects } from './map-event.js'
import { type MapRules, openResource, recordedAt } from './map-patient.js'
import { NHS_NUMBER_SYSTEM } from './nhs-number.js'

/**
 * A FHIR Consent as the wishes it records: the base provision, and each nested provision as the
 * exception that it is. Safe readings: only the scope `patient-privacy` counts; a permission that is
 * narrower than a wish can say keeps the code as written, which matches nothing; a refusal that is
 * narrower is taken as the wider one; a permission for persons (a proxy) is none for agencies.
 */
export function mapConsent(
  resource: unknown,
  subjects: Subjects,
  rules: MapRules = {},
): Mapped<readonly SourceWish[]> {
  const opened = openResource(resource, ['Consent'], rules)
  if (opened.kind === 'rejected') return opened
  const { reader, source } = opened.value
  return finish(reader, source, () => {
    const patient = patientOf(reader.object('patient'), subjects)
    const state = STATES.get(reader.text('status') ?? '')
    if (patient === null || state === undefined || !isAboutSharing(reader)) return []
    const givenAt = saidAt(reader)
    if (givenAt === null) {
      reader.problems.push({ reason: 'WISH_TIME_MISSING', field: 'Consent.dateTime' })
      return []
    }
    return provisionsOf(reader).flatMap(({ provision, base }, at) => {
      const decision = decisionOf(provision, reader, base)
      if (decision === null || (state === 'ENDED' && decision === 'REFUSED')) return []
      const limits = limitsOf(provision, decision === 'GIVEN')
      if (limits === null) return []
      const period = provision?.object('period') ?? reader.object('provision')?.object('period')
      const saidOrRecorded = state === 'ENDED' ? (recordedAt(reader) ?? givenAt) : givenAt
      return [
        {
          source: at === 0 ? source : { type: 'Consent', id: `${source.id}#${at}` },
          about: { type: 'Patient', id: patient },
          decision: state === 'ENDED' ? ('WITHDRAWN' as const) : decision,
          ...limits,
          givenAt:
            decision === 'GIVEN' ? laterStart(period ?? null, saidOrRecorded) : saidOrRecorded,
          until: endOf(period ?? null),
        },
      ]
    })
  })
}

/** Statuses that say something; draft, proposed and rejected ones count for nothing. */
const STATES: ReadonlyMap<string, 'IN_FORCE' | 'ENDED'> = new Map([
  ['active', 'IN_FORCE'],
  ['inactive', 'ENDED'],
  ['entered-in-error', 'ENDED'],
])

function isAboutSharing(consent: Reader): boolean {
  const scopes = consent.codings('scope')
  return scopes.some(({ code }) => code === 'patient-privacy')
}

/** The base provision first (null where there is none: then the policy rule alone speaks). */
function provisionsOf(
  consent: Reader,
): { readonly provision: Reader | null; readonly base: boolean }[] {
  const base = consent.object('provision')
  const nested = base?.objects('provision') ?? []
  return [
    { provision: base, base: true },
    ...nested.map((provision) => ({ provision, base: false })),
  ]
}

function decisionOf(
  provision: Reader | null,
  consent: Reader,
  base: boolean,
): 'GIVEN' | 'REFUSED' | null {
  const type = provision?.text('type') ?? null
  if (type === 'permit') return 'GIVEN'
  if (type === 'deny') return 'REFUSED'
  if (!base) return 'REFUSED'
  const rules = consent.codings('policyRule').map(({ code }) => code)
  if (rules.includes('OPTOUT')) return 'REFUSED'
  return rules.includes('OPTIN') ? 'GIVEN' : null
}

interface Limits {
  readonly recipients: readonly string[]
  readonly categories: readonly string[]
  readonly purposes: readonly string[]
}

/** Whom, what and what for; null for a provision that is about persons only. */
function limitsOf(provision: Reader | null, isPermission: boolean): Limits | null {
  if (provision === null) return { recipients: [], categories: [], purposes: [] }
  const actors = provision.objects('actor').map((actor) => recipientOf(actor.object('reference')))
  const recipients = actors.flatMap((actor) => (actor === null ? [] : [actor]))
  if (actors.length > 0 && recipients.length === 0) return null
  const classes = ['class', 'securityLabel'].flatMap((key) =>
    provision.objects(key).flatMap((label) => label.coding()?.code ?? []),
  )
  const data = ['code', 'data', 'dataPeriod', 'action'].filter(
    (key) => provision.of[key] !== undefined,
  )
  const categories = [...classes.flatMap((code) => CATEGORIES_OF.get(code) ?? [code]), ...data]
  const purposes = provision
    .objects('purpose')
    .flatMap((purpose) => purpose.coding()?.code ?? [])
    .flatMap((code) => PURPOSES_OF.get(code) ?? [code])
  if (isPermission) return { recipients, categories, purposes }
  const isSaid = (codes: readonly string[], known: ReadonlySet<string>): boolean =>
    codes.every((code) => known.has(code))
  return {
    recipients,
    categories: isSaid(categories, KNOWN_CATEGORIES) ? categories : [],
    purposes: isSaid(purposes, KNOWN_PURPOSES) ? purposes : [],
  }
}

/** An agency as written: `system|value` or the reference; null for a person. */
function recipientOf(reference: Reader | null): string | null {
  if (reference === null) return 'UNREADABLE'
  const identifier = reference.object('identifier')
  const system = identifier?.text('system') ?? null
  const text = reference.text('reference')
  const isPerson =
    system === NHS_NUMBER_SYSTEM || /(?:^|\/)(?:Patient|RelatedPerson|Person)\//.test(text ?? '')
  if (isPerson) return null
  const value = identifier?.text('value') ?? null
  if (value !== null) return system === null ? value : `${system}|${value}`
  return text ?? 'UNREADABLE'
}

const CATEGORIES_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ['LOCIS', ['LOCATION']],
  ['LIVARG', ['LOCATION']],
  ['DEMO', ['IDENTITY']],
  ['DOB', ['IDENTITY']],
  ['PSYTHPN', ['THERAPY_NOTES']],
  ['Patient', ['IDENTITY', 'IDENTIFIER', 'CONTACT', 'LOCATION']],
  ['RelatedPerson', ['RELATIONSHIP']],
  ['Appointment', ['SERVICE_USE']],
  ['Condition', ['CLINICAL']],
  ['Encounter', ['CLINICAL']],
  ['CarePlan', ['CLINICAL']],
  ['MedicationStatement', ['CLINICAL']],
  ['RiskAssessment', ['RISK_LEVEL', 'RISK_ITEMS']],
])
const KNOWN_CATEGORIES: ReadonlySet<string> = new Set([...CATEGORIES_OF.values()].flat())

/** HL7 v3 ActReason, as the agreement's purposes. */
const PURPOSES_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ['THREAT', ['VICTIM_SAFETY', 'RISK_ASSESSMENT', 'SAFEGUARDING_CHILD']],
  ['HLEGAL', ['INVESTIGATION', 'ORDER_APPLICATION', 'COURT_DISCLOSURE']],
  ['TREAT', ['PERPETRATOR_TREATMENT']],
  ['CAREMGT', ['CARE_COORDINATION']],
  ['SUPNWK', ['ADVOCACY']],
  ['ETREAT', ['EMERGENCY']],
  ['BTG', ['EMERGENCY']],
  ['PATRQT', ['SUBJECT_ACCESS']],
  ['HCOMPL', ['LOG_AUDIT']],
  ['HRESCH', ['RESEARCH']],
])
const KNOWN_PURPOSES: ReadonlySet<string> = new Set([...PURPOSES_OF.values()].flat())

/** When it was said: `dateTime`; of a day without a time, its start, or when it was recorded that day. */
function saidAt(consent: Reader): string | null {
  const text = consent.text('dateTime')
  const recorded = recordedAt(consent)
  if (text === null) return recorded
  if (text.includes('T')) return consent.instant('dateTime')
  const day = consent.date('dateTime')
  if (day === null) return null
  if (recorded?.startsWith(day) === true) return recorded
  return `${padded(day, 'first')}T00:00:00.000Z`
}

/** A permission that begins later counts from then on. */
function laterStart(period: Reader | null, saidAt: string): string {
  const start = period?.text('start') ?? null
  if (period === null || start === null) return saidAt
  const day = period.date('start')
  if (day === null) return saidAt
  const begins = start.includes('T')
    ? period.instant('start')
    : `${padded(day, 'first')}T00:00:00.000Z`
  return begins !== null && begins > saidAt ? begins : saidAt
}

/** The end of a period, its last day included. */
function endOf(period: Reader | null): string | null {
  const end = period?.text('end') ?? null
  if (period === null || end === null) return null
  if (end.includes('T')) return period.instant('end')
  const day = period.date('end')
  return day === null ? null : `${padded(day, 'last')}T23:59:59.999Z`
}

/** `2026` or `2026-03` as the first or last day that it may mean. */
function padded(date: string, which: 'first' | 'last'): string {
  const [year = '', month, day] = date.split('-')
  if (day !== undefined) return date
  if (which === 'first') return `${year}-${month ?? '01'}-01`
  const last = new Date(Date.UTC(Number(year), Number(month ?? '12'), 0)).getUTCDate()
  return `${year}-${month ?? '12'}-${String(last).padStart(2, '0')}`
}
