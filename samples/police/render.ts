import { createHash } from 'node:crypto'
import type { Holding, LooseDate, TrueEvent, TrueHappening, TruePlace, World } from '../world.js'

/** The lines of an extract by file, each under its id: a force's view of the world in its own format. */
export interface Extract {
  readonly persons: Lines
  readonly locations: Lines
  readonly objects: Lines
  readonly events: Lines
  readonly links: Lines
}
export type Lines = ReadonlyMap<string, object>
type End = 'NOMINAL' | 'EVENT' | 'LOCATION' | 'OBJECT'
type Marking = Pick<Holding, 'protectiveMarking' | 'notTaken'>

/** What the force holds: its nominals but for those deleted, and its events, POLE-wise. */
export function renderExtract(world: World): Extract {
  const extract = {
    persons: new Map<string, object>(),
    locations: new Map<string, object>(),
    objects: new Map<string, object>(),
    events: new Map<string, object>(),
    links: new Map<string, object>(),
  }
  const link = (from: [End, string], to: [End, string], reason: string, dates: object = {}) => {
    const id = shortId('L', [from, to, reason])
    extract.links.set(id, { id, ...marking({}), from: end(from), to: end(to), reason, ...dates })
  }
  const location = (place: TruePlace): [End, string] => {
    const id = shortId('A', [place.lines, place.postcode])
    extract.locations.set(id, { id, ...marking({}), lines: place.lines, postcode: place.postcode })
    return ['LOCATION', id]
  }
  const object = (kind: string, value: string, description: string | null): [End, string] => {
    const id = shortId('O', [kind, value])
    extract.objects.set(id, { id, ...marking({}), kind, value, description })
    return ['OBJECT', id]
  }
  for (const holding of world.holdings) {
    if (holding.agency !== 'police' || holding.deleted) continue
    const nominal: [End, string] = ['NOMINAL', holding.sourceId]
    extract.persons.set(holding.sourceId, personLine(holding))
    if (isRefused(holding)) continue
    for (const address of holding.addresses)
      link(nominal, location(address), 'HOME', {
        start: ukDate(address.from),
        end: ukDate(address.to),
      })
    if (holding.workplace) link(nominal, location(holding.workplace), 'WORK')
    if (holding.school) link(nominal, location(holding.school), 'SCHOOL')
    for (const phone of holding.phones) link(nominal, object('PHONE', phone, null), 'USER')
    for (const email of holding.emails) link(nominal, object('EMAIL', email, null), 'USER')
    if (holding.vehicle)
      link(
        nominal,
        object('VEHICLE', holding.vehicle.registration, holding.vehicle.description),
        'OWNER',
      )
  }
  for (const event of world.events) {
    if (event.agency !== 'police') continue
    const id: [End, string] = ['EVENT', event.sourceId]
    extract.events.set(event.sourceId, eventLine(event))
    for (const { sourceId, as } of reportedBy(event)) link(['NOMINAL', sourceId], id, as)
    if (event.what.kind === 'CRIME' && event.what.place && !isRefused(event))
      link(id, location(event.what.place), 'PLACE')
  }
  return extract
}

function end([type, id]: [End, string]): object {
  return { type, id }
}

/** A line that the hub refuses takes nothing along that hangs on it. */
function isRefused(of: Marking): boolean {
  return of.notTaken !== undefined || !(of.protectiveMarking ?? 'OFFICIAL').startsWith('OFFICIAL')
}

function marking(of: Marking): object {
  return {
    classification: of.protectiveMarking ?? 'OFFICIAL',
    ...(of.notTaken && { restrictions: [of.notTaken] }),
  }
}

const SEXES = { female: 'F', male: 'M', other: 'X' } as const

function personLine(holding: Holding): object {
  return {
    id: holding.sourceId,
    ...marking(holding),
    handling: 'P',
    recordedAt: holding.recordedAt,
    names: holding.names.map((name) => ({
      surname: name.family,
      forenames: name.given,
      type: name.use,
    })),
    dateOfBirth: ukDate(holding.bornOn),
    sex: holding.sex === null ? null : SEXES[holding.sex],
    pncId: holding.pncId,
    warnings: holding.warnings.map((code) => ({ code })),
    language: holding.language,
    note: holding.note,
    mergedInto: holding.replacedBy,
  }
}

function eventLine(event: TrueEvent): object {
  const isTold = event.what.kind === 'CRIME' && event.about.some(({ as }) => as === 'VICTIM')
  return {
    id: event.sourceId,
    ...marking(event),
    recordedAt: event.recordedAt,
    occurredOn: ukDate(event.at),
    ...happening(event.what, event.sourceId),
    ...(isTold ? { account: event.text } : { summary: event.text }),
    ...(event.intelligenceSource === undefined ? {} : { sourceIdentity: event.intelligenceSource }),
  }
}

function happening(what: TrueHappening, reference: string): object {
  switch (what.kind) {
    case 'CRIME':
      return {
        kind: 'CRIME',
        crimeReference: reference,
        offenceCode: what.offenceCode,
        behaviours: what.behaviours,
        outcome: what.outcome,
      }
    case 'ARREST': {
      const bailConditions = what.bailConditions === null ? [] : [what.bailConditions]
      return { kind: 'ARREST', custody: { status: what.custody, bailConditions } }
    }
    case 'ORDER': {
      const { order, servedOn, from, to, prohibitions, requirements } = what
      const dates = { servedOn: ukDate(servedOn), from: ukDate(from), to: ukDate(to) }
      const stage = servedOn === null ? 'APPLIED' : 'MADE'
      return { kind: 'ORDER', order: { kind: order, stage, ...dates, prohibitions, requirements } }
    }
    case 'BREACH':
      return { kind: 'BREACH', offenceCode: what.offenceCode }
    case 'INTELLIGENCE': {
      const { source, intelligence, handling, condition } = what.grading
      return {
        kind: 'INTELLIGENCE',
        grading: { source, intelligence },
        handling,
        handlingCondition: condition,
      }
    }
    default:
      return { kind: 'INCIDENT' }
  }
}

/** Who told the police is written down; where nobody is named, the victim did. */
function reportedBy(event: TrueEvent): TrueEvent['about'] {
  const victims = event.about.filter(({ as }) => as === 'VICTIM')
  const isNamed = event.about.some(({ as }) => as === 'REPORTING_PERSON')
  if (isNamed || event.what.kind !== 'CRIME') return event.about
  return [
    ...event.about,
    ...victims.map(({ sourceId }) => ({ sourceId, as: 'REPORTING_PERSON' as const })),
  ]
}

/** `2026-03-04` as `04/03/2026`, `2026-03` as `03/2026`: also of a day that the calendar has not. */
function ukDate(date: LooseDate | null): string | null {
  return date === null ? null : date.split('-').reverse().join('/')
}

function shortId(prefix: string, of: unknown): string {
  return `${prefix}-${createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 16)}`
}
