import { createHash } from 'node:crypto'
import type { Adapter, ChangePage, IndexedEvent, IndexedRecord } from '../../src/records/adapter.js'
import { aboutAmong, goneEvent, indexedEvent } from './indexed-event.js'
import { mapEvent } from './map-event.js'
import { deletedPerson, mapPerson } from './map-person.js'
import {
  changedEvents,
  changedPersons,
  cohortWithSurvivors,
  concerningRejections,
  eventSources,
  personSources,
  type Span,
  type StoredEvent,
  type StoredPerson,
} from './store-read.js'
import { batchSizeMax, type Query } from './store-tables.js'

interface Reporting {
  readonly query: Query
  readonly ask: Parameters<Adapter['changes']>[0]
  readonly loaded: () => Promise<number>
  readonly yearNow: number
}

/**
 * What drops applied since the mark changed of the cohort. The mark names the store's revision and the
 * cohort it was told of: another cohort is told everything. Pages before the last repeat the old mark,
 * so that who stops half-way starts again where this began.
 */
export async function* reportChanges(of: Reporting): AsyncGenerator<ChangePage> {
  const upTo = await of.loaded()
  const cohort = of.ask.cohort
    .filter((source) => source.type === 'NOMINAL')
    .map((source) => source.id)
  const people = await cohortWithSurvivors(of.query, cohort)
  const start = readMark(of.ask.since, people, upTo)
  const span: Span = { people, since: start, upTo }
  const begun = markOf(start, people)
  const persons = batches(await changedPersons(of.query, span))
  for (const ids of persons) {
    of.ask.signal.throwIfAborted()
    const records = (await personSources(of.query, ids)).flatMap((source) =>
      recordOf(source, of.yearNow),
    )
    yield { records, events: [], wishes: [], rejections: [], mark: begun }
  }
  const among = new Set(people)
  for (const ids of batches(await changedEvents(of.query, span))) {
    of.ask.signal.throwIfAborted()
    const events = (await eventSources(of.query, ids)).flatMap((source) => eventsOf(source, among))
    yield { records: [], events, wishes: [], rejections: [], mark: begun }
  }
  const rejections = await concerningRejections(of.query, span)
  yield { records: [], events: [], wishes: [], rejections, mark: markOf(upTo, people) }
}

/** A nominal that cannot be read now keeps its row in the index; its detail is withheld until it can. */
function recordOf(source: StoredPerson, yearNow: number): IndexedRecord[] {
  if (source.deleted) return [deletedPerson(source)]
  if (source.rejection) return []
  const mapped = mapPerson(source, yearNow)
  return mapped.kind === 'mapped' ? [mapped.value.record] : []
}

/** What ties people to the views of an event: whom each view can be about, by the kind of event. */
const WITH_REPORT = ['CRIME', 'INCIDENT']
const DOING = ['SUSPECT', 'UNKNOWN_SUSPECT', 'SUBJECT']

function eventsOf(source: StoredEvent, among: ReadonlySet<string>): IndexedEvent[] {
  if (source.rejection && !source.deleted) return []
  const mapped = source.deleted ? null : mapEvent(source)
  if (mapped?.kind === 'rejected') return []
  const live = (mapped?.value ?? []).flatMap((view) => {
    const about = aboutAmong(view, among)
    return about.length > 0
      ? [indexedEvent(view, { about, version: source.version, deleted: false })]
      : []
  })
  const isLive = (type: string) => live.some((event) => event.source.type === type)
  return [...live, ...onceAbout(source, among).filter((event) => !isLive(event.source.type))]
}

/** The views of an event that a link, since ended or not, ever made to be about these people: as gone. */
function onceAbout(
  { id, version, kind, ever }: StoredEvent,
  among: ReadonlySet<string>,
): IndexedEvent[] {
  const reasons = ever.filter((one) => among.has(one.person)).map((one) => one.reason)
  const toVictim = WITH_REPORT.includes(kind ?? '') && reasons.includes('VICTIM')
  const isDeed = toVictim || reasons.some((reason) => DOING.includes(reason))
  return [
    ...(isDeed ? [goneEvent({ type: 'EVENT', id }, version)] : []),
    ...(toVictim ? [goneEvent({ type: 'REPORT', id }, version)] : []),
  ]
}

function markOf(revision: number, people: readonly string[]): string {
  return `${revision}.${createHash('sha256').update(JSON.stringify(people)).digest('base64url').slice(0, 22)}`
}

/** The revision after which to report: none (0) for another cohort, or for what is no mark of this store. */
function readMark(mark: string | null, people: readonly string[], upTo: number): number {
  const revision = Number(mark?.split('.')[0])
  const isOurs = Number.isSafeInteger(revision) && revision <= upTo
  return isOurs && mark === markOf(revision, people) ? revision : 0
}

function batches(ids: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / batchSizeMax)
  return Array.from({ length: count }, (_, n) =>
    ids.slice(n * batchSizeMax, (n + 1) * batchSizeMax),
  )
}
