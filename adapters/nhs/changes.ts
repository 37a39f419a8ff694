import type {
  ChangePage,
  IndexedEvent,
  IndexedRecord,
  Rejection,
  SourceId,
  SourceWish,
} from '../../src/records/adapter.js'
import type { Tri } from '../../src/sharing/vocabulary.js'
import type { Query } from './bundle.js'
import type { Capability } from './capability.js'
import { isFhirObject, Reader, sourceOf } from './fhir.js'
import { mapConsent } from './map-consent.js'
import { aboutOf, EVENT_TYPES, mapEvent, type Subjects } from './map-event.js'
import { gone, goneEvent } from './map-gone.js'
import { labels, restricted } from './map-marks.js'
import { type MapRules, mapPatient, nhsNumbers, versionOf } from './map-patient.js'
import { readMark, type Seen, writeMark } from './mark.js'
import { readNhsNumber } from './nhs-number.js'
import { patientQuery } from './read.js'
import { chunks, type Found, inLanes, type Searches } from './search.js'
import type { Ask } from './source.js'

/** Most patients of the cohort asked for at once. */
const cohortChunk = 50
const lanes = 4

export interface ChangeTools {
  readonly searches: Searches
  readonly idSearch: Map<string, boolean>
  readonly resourceTypes: ReadonlySet<string>
  readonly rules: MapRules
  readonly overlapSeconds: number
  readonly now: () => Date
  /** A fresh deadline for each step: a synchronisation lasts longer than one request may. */
  readonly ask: () => Ask
  readonly capability: () => Promise<Capability>
}

/**
 * What has changed of the cohort since the mark. Searches by `_lastUpdated` with an overlap, and
 * lists ids and versions beside it, so that what is gone, what the clock hid and who is new to the
 * cohort are found too; a server without a search by `_id` is read one by one with ETags.
 */
export async function* readChanges(
  cohort: readonly SourceId[],
  since: string | null,
  tools: ChangeTools,
): AsyncGenerator<ChangePage> {
  const startedAt = tools.now()
  const capability = await tools.capability()
  if (!capability.takesBatch) tools.searches.noBatch()
  const ids = [...new Set(cohort.flatMap(({ type, id }) => (type === 'Patient' ? [id] : [])))]
  const seen = readMark(since)
  forgetOthers(seen, new Set(ids))
  const steps = chunks(ids, cohortChunk)
  for (const [at, some] of steps.entries()) {
    const step = new Step(some, seen, tools, capability)
    await step.run()
    if (at === steps.length - 1) seen.at = startedAt.toISOString()
    yield { ...step.page(), mark: writeMark(seen) }
  }
}

/** People who left the cohort leave the mark. */
function forgetOthers(seen: Seen, cohort: ReadonlySet<string>): void {
  for (const id of seen.patients.keys()) if (!cohort.has(id)) seen.patients.delete(id)
  for (const rows of seen.events.values()) {
    for (const [id, { about }] of rows) {
      if (!about.some((patient) => cohort.has(patient))) rows.delete(id)
    }
  }
}

/** One step: some patients of the cohort with everything about them. */
class Step {
  private readonly records: IndexedRecord[] = []
  private readonly events: IndexedEvent[] = []
  private readonly wishes: SourceWish[] = []
  private readonly rejections: Rejection[] = []
  private readonly flags = new Map<string, Tri>()
  private readonly byNhsNumber = new Map<string, string>()
  /** Patients whose events are all to be told again: new to the cohort, or their flag changed. */
  private readonly afresh = new Set<string>()

  constructor(
    private readonly ids: readonly string[],
    private readonly seen: Seen,
    private readonly tools: ChangeTools,
    private readonly capability: Capability,
  ) {}

  page(): Omit<ChangePage, 'mark'> {
    const { records, events, wishes, rejections } = this
    return { records, events, wishes, rejections }
  }

  async run(): Promise<void> {
    for (const id of this.ids) {
      if (!this.seen.patients.has(id)) this.afresh.add(id)
      if (readNhsNumber(id).valid) this.byNhsNumber.set(id, id) // PDS: the id is the number
    }
    await this.readPatients()
    await this.readEvents()
  }

  // ── patients

  private async readPatients(): Promise<void> {
    const oneByOne =
      this.tools.idSearch.get('Patient') === false ? this.ids : await this.searchPatients()
    await inLanes(oneByOne, lanes, (id) => this.readPatient(id))
  }

  /** Takes in what the search finds; gives back who is to be asked for by himself. */
  private async searchPatients(): Promise<readonly string[]> {
    const [found] = await this.tools.searches.all(
      [{ type: 'Patient', params: { _id: this.ids.join(',') } }],
      this.tools.ask(),
    )
    if (found?.kind !== 'found') {
      this.tools.idSearch.set('Patient', false)
      return this.ids
    }
    const here = new Set<string>()
    for (const resource of found.resources) {
      const { type, id } = sourceOf(resource)
      if (type !== 'Patient' || !this.ids.includes(id)) continue
      here.add(id)
      this.takePatient(id, resource, null)
    }
    if (here.size > 0) this.tools.idSearch.set('Patient', true)
    return this.ids.filter((id) => !here.has(id))
  }

  private async readPatient(id: string): Promise<void> {
    const before = this.seen.patients.get(id)
    const answer = await this.tools.searches.readOne(
      'Patient',
      id,
      this.tools.ask(),
      before?.etag ?? undefined,
    )
    switch (answer.kind) {
      case 'unchanged':
        if (before) this.flags.set(id, triOf(before.flag))
        return
      case 'absent':
        this.takeGonePatient(id, null)
        return
      case 'found': {
        const actual = sourceOf(answer.resource)
        // a server that answers though it could not be searched: from now on one by one
        if (actual.id === id) this.tools.idSearch.set('Patient', false)
        if (actual.type === 'Patient' && actual.id !== id && actual.id !== 'unknown') {
          this.takeGonePatient(id, actual)
          this.takePatient(actual.id, answer.resource, null)
        } else {
          this.takePatient(id, answer.resource, answer.etag)
        }
      }
    }
  }

  /** Deleted, or superseded by another record; told once. */
  private takeGonePatient(id: string, replacedBy: SourceId | null): void {
    const version = replacedBy === null ? 'gone' : `replaced by ${replacedBy.id}`
    const isKnown = this.seen.patients.get(id)?.version === version
    this.seen.patients.set(id, { version, flag: 'UNKNOWN', etag: null })
    if (!isKnown) this.records.push(gone({ type: 'Patient', id }, replacedBy))
  }

  /** Reports a patient whose version is new to us, and remembers it under the id it has. */
  private takePatient(id: string, resource: unknown, etag: string | null): void {
    const asked = { type: 'Patient', id }
    const reader = new Reader(isFhirObject(resource) ? resource : {}, 'Patient')
    const flag = restricted(labels(reader))
    this.flags.set(id, flag)
    for (const { value } of nhsNumbers(reader)) this.byNhsNumber.set(value, id)
    const before = this.seen.patients.get(id)
    const version = versionOf(reader)
    if (before !== undefined && before.flag !== flag) this.afresh.add(id)
    if (this.ids.includes(id)) this.seen.patients.set(id, { version, flag, etag })
    if (before?.version === version && before.flag === flag) return
    const made = mapPatient(resource, { ...this.tools.rules, asked })
    if (made.kind === 'mapped') this.records.push(made.value)
    else this.rejections.push(made.rejection)
  }

  // ── events and wishes

  private async readEvents(): Promise<void> {
    const types = [...EVENT_TYPES.keys(), 'Consent'].filter(
      (type) => this.tools.resourceTypes.has(type) && (this.capability.types?.has(type) ?? true),
    )
    const known = this.ids.filter((id) => !this.afresh.has(id) && this.flags.has(id))
    const fresh = this.ids.filter((id) => this.afresh.has(id) && this.flags.has(id))
    const plan = types.flatMap((type) => this.queriesOf(type, fresh, known))
    const found = await this.tools.searches.all(
      plan.map(({ query }) => query),
      this.tools.ask(),
    )
    for (const type of types) await this.takeEvents(type, plan, found, known)
  }

  private queriesOf(
    type: string,
    fresh: readonly string[],
    known: readonly string[],
  ): { readonly type: string; readonly use: 'CONTENT' | 'LIST'; readonly query: Query }[] {
    const parameter = this.patientParameter(type)
    const named = (ids: readonly string[], more: Readonly<Record<string, string>>): Query =>
      renamed(patientQuery(type, ids, more), parameter)
    const plan = []
    if (fresh.length > 0) plan.push({ type, use: 'CONTENT' as const, query: named(fresh, {}) })
    if (known.length > 0) {
      if (this.seen.at !== null) {
        const from = Date.parse(this.seen.at) - this.tools.overlapSeconds * 1_000
        const more = { _lastUpdated: `ge${new Date(from).toISOString()}` }
        plan.push({ type, use: 'CONTENT' as const, query: named(known, more) })
      }
      const elements = { _elements: 'id,meta,subject,patient,participant' }
      plan.push({ type, use: 'LIST' as const, query: named(known, elements) })
    }
    return plan
  }

  /** The parameter by which this server searches a type for patients. */
  private patientParameter(type: string): string {
    const listed = this.capability.searches.get(type)
    if (listed === undefined || listed.has('patient')) return 'patient'
    return ['subject', 'actor'].find((name) => listed.has(name)) ?? 'patient'
  }

  private async takeEvents(
    type: string,
    plan: readonly { readonly type: string; readonly use: 'CONTENT' | 'LIST' }[],
    found: readonly Found[],
    known: readonly string[],
  ): Promise<void> {
    const rows = this.seen.events.get(type) ?? new Map()
    this.seen.events.set(type, rows)
    const answers = found.filter((_, at) => plan[at]?.type === type)
    if (answers.some(({ kind }) => kind === 'cannot')) return
    const uses = plan.filter((entry) => entry.type === type).map(({ use }) => use)
    const content = resourcesOf(answers, uses, 'CONTENT')
    const listed = resourcesOf(answers, uses, 'LIST')
    for (const resource of content) this.takeEvent(type, resource)
    const told = new Set(content.map((resource) => sourceOf(resource).id))
    const missed = listed.filter((resource) => {
      const { id } = sourceOf(resource)
      const isNew = rows.get(id)?.version !== versionOf(readerOf(resource))
      return isNew && !told.has(id) && this.isOurs(resource)
    })
    await this.readMissed(
      type,
      missed.map((resource) => sourceOf(resource).id),
    )
    this.takeGone(
      type,
      new Set([...content, ...listed].map((resource) => sourceOf(resource).id)),
      known,
    )
  }

  private isOurs(resource: unknown): boolean {
    return this.patientsOf(resource).length > 0
  }

  /** The patients of this step that a resource is about; nobody else is reported. */
  private patientsOf(resource: unknown): string[] {
    return aboutOf(readerOf(resource), this.subjects())
      .map(({ id }) => id)
      .filter((id) => this.ids.includes(id))
  }

  private subjects(): Subjects {
    return { byNhsNumber: this.byNhsNumber, restricted: this.flags }
  }

  private async readMissed(type: string, ids: readonly string[]): Promise<void> {
    const queries = chunks(ids, cohortChunk).map((some) => ({
      type,
      params: { _id: some.join(',') },
    }))
    const found = await this.tools.searches.all(queries, this.tools.ask())
    const here = new Set<string>()
    for (const answer of found) {
      if (answer.kind !== 'found') continue
      for (const resource of answer.resources) {
        here.add(sourceOf(resource).id)
        this.takeEvent(type, resource)
      }
    }
    await inLanes(
      ids.filter((id) => !here.has(id)),
      lanes,
      async (id) => {
        const answer = await this.tools.searches.readOne(type, id, this.tools.ask())
        if (answer.kind === 'found') this.takeEvent(type, answer.resource)
      },
    )
  }

  private takeEvent(type: string, resource: unknown): void {
    const source = sourceOf(resource)
    const about = this.patientsOf(resource)
    if (source.type !== type || about.length === 0) return
    const rows = this.seen.events.get(type)
    const version = versionOf(readerOf(resource))
    const isKnown = rows?.get(source.id)?.version === version
    rows?.set(source.id, { version, about })
    if (isKnown && !about.some((id) => this.afresh.has(id))) return
    if (type === 'Consent') this.takeConsent(resource)
    else this.takeOther(resource)
  }

  private takeOther(resource: unknown): void {
    const made = mapEvent(resource, this.subjects(), this.tools.rules)
    if (made.kind === 'rejected') {
      this.rejections.push(made.rejection)
      return
    }
    const about = made.value.about.filter(({ id }) => this.ids.includes(id))
    this.events.push({ ...made.value, about })
  }

  private takeConsent(resource: unknown): void {
    const made = mapConsent(resource, this.subjects(), this.tools.rules)
    if (made.kind === 'mapped') {
      this.wishes.push(...made.value)
      return
    }
    this.rejections.push(made.rejection)
    // a wish cannot be replayed, so it is told again until it maps
    this.seen.events.get('Consent')?.delete(made.rejection.source.id)
  }

  /** What was here for a patient who is still looked at, and is listed no more, is gone. */
  private takeGone(type: string, here: ReadonlySet<string>, known: readonly string[]): void {
    const rows = this.seen.events.get(type)
    for (const [id, { about }] of rows ?? []) {
      const patients = about.filter(
        (patient) => known.includes(patient) || this.afresh.has(patient),
      )
      if (here.has(id) || patients.length === 0) continue
      rows?.delete(id)
      if (type === 'Consent') this.takeConsentGone(id, patients)
      else this.events.push(goneEvent({ type, id }, patients))
    }
  }

  /** A consent that was taken away permits nothing any more. */
  private takeConsentGone(id: string, patients: readonly string[]): void {
    for (const patient of patients) {
      this.wishes.push({
        source: { type: 'Consent', id },
        about: { type: 'Patient', id: patient },
        decision: 'WITHDRAWN',
        recipients: [],
        categories: [],
        purposes: [],
        givenAt: this.tools.now().toISOString(),
        until: null,
      })
    }
  }
}

function readerOf(resource: unknown): Reader {
  return new Reader(isFhirObject(resource) ? resource : {}, sourceOf(resource).type)
}

function triOf(flag: string): Tri {
  return flag === 'TRUE' || flag === 'FALSE' ? flag : 'UNKNOWN'
}

function renamed(query: Query, parameter: string): Query {
  const { patient = '', ...more } = query.params
  return { type: query.type, params: { [parameter]: patient, ...more } }
}

function resourcesOf(
  answers: readonly Found[],
  uses: readonly ('CONTENT' | 'LIST')[],
  use: 'CONTENT' | 'LIST',
): unknown[] {
  return answers.flatMap((answer, at) =>
    answer.kind === 'found' && uses[at] === use ? answer.resources : [],
  )
}
