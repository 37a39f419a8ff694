import type { Detail, Wanted } from '../../src/records/adapter.js'
import type { Tri } from '../../src/sharing/vocabulary.js'
import type { Query } from './bundle.js'
import { isFhirObject, own, Reader, sourceOf } from './fhir.js'
import { aboutOf, EVENT_TYPES, NO_SUBJECTS, strictest } from './map-event.js'
import { mapEventDetail } from './map-event-detail.js'
import { labels, restricted } from './map-marks.js'
import type { MapRules } from './map-patient.js'
import { mapPatientDetail, NEEDED_BY } from './map-patient-detail.js'
import { chunks, inLanes, type Searches } from './search.js'
import type { Ask } from './source.js'

/** Most ids in one search parameter, so that its URL stays short. */
const idsMax = 100
const lanes = 4

export interface ReadTools {
  readonly searches: Searches
  /** Types whose search by `_id` has found something, or is known to find nothing. */
  readonly idSearch: Map<string, boolean>
  readonly resourceTypes: ReadonlySet<string>
  readonly rules: MapRules
  readonly today: () => string
}

/** Resources by type and id, as one batch brought them. */
type Shelf = Map<string, Map<string, unknown>>

/**
 * The detail of records and events in the order asked: one search for each resource type that the
 * fields need, all of them one call where the server takes a batch. A type without a search by
 * `_id` is read one by one.
 */
export async function readDetails(
  wanted: readonly Wanted[],
  tools: ReadTools,
  ask: Ask,
): Promise<Detail[]> {
  const shelf: Shelf = new Map()
  const patientsFor = patientsByNeededType(wanted, tools.resourceTypes)
  const idsByType = groupIds(wanted)
  const byId = [...idsByType].filter(([type]) => tools.idSearch.get(type) !== false)
  const queries = [
    ...byId.flatMap(([type, ids]) => chunks(ids, idsMax).map((some) => idQuery(type, some))),
    ...[...patientsFor].flatMap(([type, ids]) =>
      chunks(ids, idsMax).map((some) => patientQuery(type, some)),
    ),
  ]
  const found = await tools.searches.all(queries, ask)
  for (const [at, query] of queries.entries()) {
    const answer = found[at]
    if (answer?.kind === 'found') put(shelf, answer.resources)
    const ids = query.params['_id']?.split(',')
    if (ids === undefined) continue
    if (answer?.kind !== 'found') tools.idSearch.set(query.type, false)
    else if (ids.some((id) => shelf.get(query.type)?.has(id))) tools.idSearch.set(query.type, true)
  }
  await readMissing(idsByType, shelf, tools, ask)
  await readPatientsOfEvents(wanted, shelf, tools, ask)
  return wanted.map((want) => detailOf(want, shelf, tools))
}

function idQuery(type: string, ids: readonly string[]): Query {
  const include = EVENT_TYPES.has(type) ? { _include: `${type}:patient` } : {}
  return { type, params: { _id: ids.join(','), ...include } }
}

export function patientQuery(
  type: string,
  patientIds: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Query {
  return { type, params: { patient: patientIds.map((id) => `Patient/${id}`).join(','), ...more } }
}

function groupIds(wanted: readonly Wanted[]): Map<string, string[]> {
  const ids = new Map<string, Set<string>>()
  for (const { source } of wanted) {
    const known = source.type === 'Patient' || EVENT_TYPES.has(source.type)
    if (known) ids.set(source.type, (ids.get(source.type) ?? new Set()).add(source.id))
  }
  return new Map([...ids].map(([type, set]) => [type, [...set]]))
}

function patientsByNeededType(
  wanted: readonly Wanted[],
  served: ReadonlySet<string>,
): Map<string, string[]> {
  const patients = new Map<string, Set<string>>()
  for (const { source, fields } of wanted) {
    if (source.type !== 'Patient') continue
    for (const type of [...fields].flatMap((field) => NEEDED_BY.get(field) ?? [])) {
      if (served.has(type)) patients.set(type, (patients.get(type) ?? new Set()).add(source.id))
    }
  }
  return new Map([...patients].map(([type, set]) => [type, [...set]]))
}

function put(shelf: Shelf, resources: readonly unknown[]): void {
  for (const resource of resources) {
    const { type, id } = sourceOf(resource)
    const row = shelf.get(type) ?? new Map<string, unknown>()
    shelf.set(type, row.set(id, resource))
  }
}

/** An id that a proven search did not find is absent; else it is asked for by itself. */
async function readMissing(
  idsByType: ReadonlyMap<string, readonly string[]>,
  shelf: Shelf,
  tools: ReadTools,
  ask: Ask,
): Promise<void> {
  const missing = [...idsByType].flatMap(([type, ids]) =>
    tools.idSearch.get(type) === true
      ? []
      : ids.filter((id) => shelf.get(type)?.has(id) !== true).map((id) => ({ type, id })),
  )
  await inLanes(missing, lanes, async ({ type, id }) => {
    const answer = await tools.searches.readOne(type, id, ask)
    if (answer.kind !== 'found') return
    // kept under the id asked for: a superseded number answers with the record that replaced it
    shelf.set(type, (shelf.get(type) ?? new Map<string, unknown>()).set(id, answer.resource))
    if (sourceOf(answer.resource).id === id) tools.idSearch.set(type, false)
  })
}

/** The flag of an event's patient decides too: whoever did not come along is asked for. */
async function readPatientsOfEvents(
  wanted: readonly Wanted[],
  shelf: Shelf,
  tools: ReadTools,
  ask: Ask,
): Promise<void> {
  const ids = wanted
    .filter(({ source }) => source.type !== 'Patient')
    .flatMap(({ source }) => patientIdsOf(shelf.get(source.type)?.get(source.id)))
    .filter((id) => shelf.get('Patient')?.has(id) !== true)
  const missing = [...new Set(ids)]
  if (missing.length === 0) return
  if (tools.idSearch.get('Patient') !== false) {
    const queries = chunks(missing, idsMax).map((some) => idQuery('Patient', some))
    for (const answer of await tools.searches.all(queries, ask)) {
      if (answer.kind === 'found') put(shelf, answer.resources)
    }
  }
  await readMissing(new Map([['Patient', missing]]), shelf, tools, ask)
}

function patientIdsOf(resource: unknown): string[] {
  if (!isFhirObject(resource)) return []
  return aboutOf(new Reader(resource, 'event'), NO_SUBJECTS).map(({ id }) => id)
}

function detailOf(want: Wanted, shelf: Shelf, tools: ReadTools): Detail {
  const resource = shelf.get(want.source.type)?.get(want.source.id)
  if (resource === undefined) return { kind: 'absent' }
  const rules = { ...tools.rules, asked: want.source }
  const made =
    want.source.type === 'Patient'
      ? mapPatientDetail(
          fileOf(want.source.id, resource, shelf),
          {
            fields: want.fields,
            today: tools.today(),
          },
          rules,
        )
      : mapEventDetail(
          resource,
          {
            graphType: want.graphType,
            fields: want.fields,
            subjectRestricted: flagOf(patientIdsOf(resource), shelf),
          },
          rules,
        )
  if (made.kind === 'rejected') return made
  return made.value === null ? { kind: 'absent' } : { kind: 'found', ...made.value }
}

function flagOf(patientIds: readonly string[], shelf: Shelf): Tri {
  return strictest(
    patientIds.map((id) => {
      const patient = shelf.get('Patient')?.get(id)
      return isFhirObject(patient) ? restricted(labels(new Reader(patient, 'Patient'))) : undefined
    }),
  )
}

function fileOf(id: string, patient: unknown, shelf: Shelf) {
  const about = (type: string): unknown[] =>
    [...(shelf.get(type)?.values() ?? [])].filter(
      (resource) => isFhirObject(resource) && patientIdsOf(resource).includes(id),
    )
  return {
    patient,
    flags: about('Flag').filter((flag) => isFhirObject(flag) && own(flag, 'status') === 'active'),
    related: about('RelatedPerson'),
    appointments: about('Appointment'),
    referrals: about('ServiceRequest'),
  }
}
