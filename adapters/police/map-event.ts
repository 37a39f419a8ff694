import { unreachable } from '../../src/errors.js'
import type { Mapped, Marks, SourceId } from '../../src/records/adapter.js'
import type { EventKind } from '../../src/records/graph.js'
import { type EventLine, eventSchema, locationSchema } from './format.js'
import type { PoliceEvent, PolicePlace, PoliceReport } from './graph.js'
import { mapCustody } from './map-conduct.js'
import { mapIntelligence } from './map-intelligence.js'
import {
  handlingOf,
  highest,
  marksOf,
  quarantined,
  type UnmappedCode,
  unmappedHandling,
} from './map-marks.js'
import { mapOrder, mapOrderDraft } from './map-order.js'
import { mapPlace } from './map-place.js'
import { type Blame, blamedDate, dateOf, listOf, shapeOf, textOf } from './map-shape.js'
import { offenceOf } from './offence-codes.js'
import { parseUkInstant } from './uk-date.js'

/** What the store knows of one event: its line, the people and the place that links tie to it. */
export interface EventSource {
  readonly id: string
  readonly raw: unknown
  readonly version: string
  readonly people: readonly { readonly reason: string; readonly person: string }[]
  readonly places: readonly unknown[]
}

/**
 * One entry in the chronology. A crime of which a victim told gives two: what somebody did (about the
 * suspect), and the report (about the victim), so that each is shared by the clauses for its person.
 */
export interface EventView {
  readonly source: SourceId
  readonly graphType: string
  readonly kind: EventKind
  readonly recordedAt: string | null
  readonly at: string | null
  /** Nominals it is about; `otherwise`, those it is about as long as none of the former is in a case. */
  readonly about: readonly string[]
  readonly otherwise: readonly string[]
  readonly marks: Marks
  readonly data: Readonly<Record<string, unknown>>
  readonly unmappedCodes: readonly UnmappedCode[]
}

const DOING = ['SUSPECT', 'UNKNOWN_SUSPECT', 'SUBJECT']

/**
 * An event of the extract in the shared model. Never throws: what does not map comes back as a
 * rejection that names the field, never its value.
 */
export function mapEvent(source: EventSource): Mapped<readonly EventView[]> {
  const from = { type: 'EVENT', id: source.id }
  const shaped = shapeOf(eventSchema, source.raw)
  const blame = shaped.kind === 'blamed' ? shaped.blame : blameOf(shaped.line)
  if (shaped.kind === 'blamed' || blame)
    return quarantined(from, source.raw, blame ?? { reason: 'SHAPE', field: null })
  const { line } = shaped
  const deed = deedOf(line, source)
  return {
    kind: 'mapped',
    value: hasReport(line, source) ? [deed, reportOf(line, source)] : [deed],
  }
}

function blameOf(line: EventLine): Blame | null {
  if (line.kind === 'ORDER' && !line.order) return { reason: 'FIELD_MISSING', field: 'order' }
  if (line.kind === 'INTELLIGENCE' && !line.grading)
    return { reason: 'FIELD_MISSING', field: 'grading' }
  if (line.kind === 'INTELLIGENCE' && !line.handling)
    return { reason: 'FIELD_MISSING', field: 'handling' }
  return (
    blamedDate({
      occurredOn: line.occurredOn,
      'custody.releaseOn': line.custody?.releaseOn,
      'order.hearingOn': line.order?.hearingOn,
      'order.servedOn': line.order?.servedOn,
      'order.from': line.order?.from,
      'order.to': line.order?.to,
    }) ?? blamedDate({ recordedAt: line.recordedAt }, parseUkInstant)
  )
}

/** What every view of one line shares. */
function common(line: EventLine, source: EventSource) {
  const handling = highest([line.handling, ...placesOf(source).handlings].map(handlingOf))
  const unknownOffence = line.offenceCode && offenceOf(line.offenceCode) === null
  return {
    recordedAt: dateOf(line.recordedAt, parseUkInstant),
    at: dateOf(line.occurredOn),
    marks: marksOf(line, handling),
    otherwise: [],
    unmappedCodes: [
      ...(unknownOffence ? [{ system: 'HOME_OFFICE_OFFENCE', code: line.offenceCode ?? '' }] : []),
      ...unmappedHandling([line.handling]),
    ],
  }
}

function deedOf(line: EventLine, source: EventSource): EventView {
  const base = {
    ...common(line, source),
    source: { type: 'EVENT', id: source.id },
    about: peopleAs(source, DOING),
  }
  switch (line.kind) {
    case 'CRIME':
    case 'INCIDENT':
      return { ...conductOf(line, source, base), otherwise: peopleAs(source, ['VICTIM']) }
    case 'ARREST':
    case 'CUSTODY':
    case 'BREACH':
      return conductOf(line, source, base)
    case 'INTELLIGENCE':
      return { ...base, ...mapIntelligence(line, base.marks) }
    case 'ORDER':
      return {
        ...base,
        ...(line.order?.servedOn ? mapOrder(line, base.marks) : mapOrderDraft(line, base.marks)),
      }
    default:
      return unreachable(line.kind)
  }
}

const KINDS: Readonly<Record<string, EventKind>> = {
  CRIME: 'CRIME',
  INCIDENT: 'ALLEGATION',
  ARREST: 'ARREST',
  CUSTODY: 'ARREST',
  BREACH: 'BREACH',
}

function conductOf(
  line: EventLine,
  source: EventSource,
  base: Omit<EventView, 'graphType' | 'kind' | 'data'>,
): EventView {
  const known = offenceOf(line.offenceCode ?? '')
  const data: Omit<PoliceEvent, 'id'> = {
    summary: textOf(line.summary),
    offence: known?.code ?? line.offenceCode?.trim() ?? null,
    offenceDescription: known?.description ?? null,
    offenceGroup: known?.group ?? null,
    outcome: line.outcome?.trim() || null,
    behaviours: listOf(line.behaviours),
    place: placesOf(source).place,
    custody: mapCustody(line),
    crimeReference: line.crimeReference?.trim() || null,
  }
  return { ...base, graphType: 'PoliceEvent', kind: KINDS[line.kind] ?? 'OTHER', data: { ...data } }
}

function hasReport(line: EventLine, source: EventSource): boolean {
  return (
    (line.kind === 'CRIME' || line.kind === 'INCIDENT') && peopleAs(source, ['VICTIM']).length > 0
  )
}

/** It is the victim's own report when each victim it is about is said to have reported it. */
function reportOf(line: EventLine, source: EventSource): EventView {
  const victims = peopleAs(source, ['VICTIM'])
  const reporting = peopleAs(source, ['REPORTING_PERSON'])
  const isOwn = victims.every((victim) => reporting.includes(victim))
  const base = common(line, source)
  const data: Omit<PoliceReport, 'id'> = {
    summary: textOf(line.account),
    behaviours: listOf(line.behaviours),
    place: placesOf(source).place,
    crimeReference: line.crimeReference?.trim() || null,
  }
  return {
    ...base,
    source: { type: 'REPORT', id: source.id },
    graphType: 'PoliceReport',
    kind: 'ALLEGATION',
    about: victims,
    marks: {
      ...base.marks,
      ownReport: reporting.length === 0 ? 'UNKNOWN' : isOwn ? 'TRUE' : 'FALSE',
    },
    data: { ...data },
  }
}

function peopleAs(source: EventSource, reasons: readonly string[]): string[] {
  return [
    ...new Set(
      source.people.filter((one) => reasons.includes(one.reason)).map((one) => one.person),
    ),
  ]
}

function placesOf(source: EventSource): {
  place: PolicePlace | null
  handlings: (string | null | undefined)[]
} {
  const read = source.places.flatMap((raw) => {
    const location = locationSchema.safeParse(raw)
    return location.success ? [location.data] : []
  })
  const [first] = read
  return { place: first ? mapPlace(first) : null, handlings: read.map((one) => one.handling) }
}
