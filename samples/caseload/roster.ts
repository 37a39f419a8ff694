import { SAMPLE_AGENCIES } from '../agencies.js'
import { addDays, earlier, later } from '../population/dates.js'
import type { AgencyKind, Staff, World } from '../world.js'
import type { MemberDocument, RecordRef, Side, StaffRef } from './documents.js'

/** Who works in the unit: the people of the sample, and as many more as the caseload needs. */

export interface Colleague extends StaffRef {
  readonly persona: string
  readonly role: string
  readonly name: string
  readonly side: Side
}

export interface Roster {
  /** By role; the first is the persona whom the sample names. */
  of(role: WorkingRole): readonly Colleague[]
  /** Throws a RangeError where nobody is called so. */
  named(persona: string): Colleague
  /** The first on the list who has the role, or the member with the subject; throws where nobody is. */
  first(role: string): Colleague
  member(subject: string): Colleague
  readonly members: readonly Colleague[]
}

export type WorkingRole =
  | 'DETECTIVE'
  | 'PSYCHOLOGIST'
  | 'OUTREACH_WORKER'
  | 'ADVOCATE'
  | 'SUPPORT_OFFICER'

/** Cases that one person works on, about; the agency; how a further one is called. */
const WORK: Readonly<
  Record<
    WorkingRole,
    { readonly load: number; readonly agency: AgencyKind; readonly persona: string; side: Side }
  >
> = {
  DETECTIVE: { load: 20, agency: 'police', persona: 'detective', side: 'NEITHER' },
  PSYCHOLOGIST: { load: 30, agency: 'nhs', persona: 'psychologist', side: 'PERPETRATOR' },
  OUTREACH_WORKER: { load: 20, agency: 'nhs', persona: 'outreach', side: 'PERPETRATOR' },
  ADVOCATE: { load: 25, agency: 'charity', persona: 'advocate', side: 'VICTIM' },
  SUPPORT_OFFICER: { load: 60, agency: 'police', persona: 'support-officer', side: 'NEITHER' },
}
const ROLES: readonly WorkingRole[] = [
  'DETECTIVE',
  'PSYCHOLOGIST',
  'OUTREACH_WORKER',
  'ADVOCATE',
  'SUPPORT_OFFICER',
]
const EACH_AT_LEAST = 3

const GIVEN =
  'Aled Bronwen Chidi Dorcas Emrys Farah Glenys Hamish Ines Jalal Kerry Lorcan Mwamba Nesta Olu Petra Quentin Roisin Sol Tegan'.split(
    ' ',
  )
const FAMILY =
  'Ashworth Bellis Corrigan Dacre Eze Fenwick Gathercole Hulme Ingham Jessop Kinsella Lathom Mostyn Naylor Osei Penketh Quayle Rimmer Saxon Tarrant'.split(
    ' ',
  )

export function rosterOf(world: World): Roster {
  const named = world.staff.map(colleague)
  const byRole = new Map(ROLES.map((role) => [role, together(role, named, world.cases.length)]))
  const known = new Set(named.map(({ subject }) => subject))
  const more = [...byRole.values()].flat().filter(({ subject }) => !known.has(subject))
  const members = [...named, ...more]
  return {
    members,
    of: (role) => byRole.get(role) ?? [],
    named: lookUp(members, ({ persona }) => persona),
    first: lookUp([...members].reverse(), ({ role }) => role),
    member: lookUp(members, ({ subject }) => subject),
  }
}

/** Where several have one name the last is found. */
function lookUp(members: readonly Colleague[], by: (one: Colleague) => string) {
  const known = new Map(members.map((one) => [by(one), one]))
  return (name: string): Colleague => {
    const found = known.get(name)
    if (found === undefined) throw new RangeError(`nobody in the unit is ${name}`)
    return found
  }
}

const colleague = (one: Staff): Colleague => ({
  agency: SAMPLE_AGENCIES[one.agency].id,
  subject: one.subject,
  persona: one.persona,
  role: one.roles.join(),
  name: one.name,
  side: one.side,
})

function together(role: WorkingRole, named: readonly Colleague[], cases: number): Colleague[] {
  const { load, agency, persona, side } = WORK[role]
  const known = named.filter((one) => one.role === role)
  const count = Math.max(EACH_AT_LEAST, Math.ceil(cases / load))
  const domain = known[0]?.subject.split('@')[1] ?? `${SAMPLE_AGENCIES[agency].id}.example`
  const further = Array.from({ length: Math.max(0, count - known.length) }, (_, i) => {
    const called = `${persona}-${known.length + i + 1}`
    return {
      agency: SAMPLE_AGENCIES[agency].id,
      subject: `${called}@${domain}`,
      persona: called,
      role,
      name: nameOf(ROLES.indexOf(role) * 7 + i),
      side,
    }
  })
  return [...known, ...further]
}

function nameOf(n: number): string {
  const given = GIVEN[n % GIVEN.length] ?? ''
  return `${given} ${FAMILY[(n * 3 + Math.floor(n / GIVEN.length)) % FAMILY.length] ?? ''}`
}

const OUTSIDE: ReadonlySet<string> = new Set([
  'DUTY_OFFICER',
  'DISCLOSURE_OFFICER',
  'OVERSIGHT',
  'IG_LEAD',
])

/** The member list, with conflicts by persona. Nobody's vetting ends within two years of the world's day. */
export function memberDocuments(
  roster: Roster,
  of: {
    readonly asOf: string
    readonly conflicts: ReadonlyMap<string, { kind: 'KIN' | 'COLLEAGUE'; record: RecordRef }[]>
  },
): MemberDocument[] {
  const from = `${earlier('2024-01-01', addDays(of.asOf, -1_100))}T00:00:00Z`
  const vettedUntil = `${later('2028-12-31', addDays(of.asOf, 730))}T00:00:00Z`
  const trainedUntil = `${later('2028-06-30', addDays(of.asOf, 730))}T00:00:00Z`
  return roster.members.map((one) => {
    const conflicts = of.conflicts.get(one.persona) ?? []
    const { agency, subject, role, name } = one
    const listed = { kind: 'member' as const, subject, agency, roles: [role], name, from }
    if (role === 'SYSTEM') return { ...listed, membership: 'SYSTEM' as const }
    return {
      ...listed,
      membership: OUTSIDE.has(role) ? ('OUTSIDE' as const) : ('MEMBER' as const),
      workContact: subject,
      vettedUntil,
      trainedUntil,
      ...(conflicts.length > 0 ? { conflicts } : {}),
    }
  })
}
