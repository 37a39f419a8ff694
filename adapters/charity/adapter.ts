import type {
  Adapter,
  AdapterSetting,
  Candidate,
  ChangePage,
  Detail,
  Mapped,
  Rejection,
  SourceId,
  Traits,
  Wanted,
} from '../../src/records/adapter.js'
import { SourceUnavailable } from '../../src/records/adapter.js'
import { identifier, PART_NAMES, type Part } from './format.js'
import { CLIENT, mapClient } from './map-client.js'
import { mapClientDetail, partsFor } from './map-client-detail.js'
import { isEntryKind, mapEntry, mapEntryDetail } from './map-entry.js'
import { mapPage } from './map-page.js'
import { asObject, quarantined } from './map-rejection.js'
import type { CharitySettings } from './settings.js'
import { type CharitySource, type Limits, makeSource, pathOf } from './source.js'
import { digestOf, NOTHING_YET, readMark, writeMark } from './sync-mark.js'

/** What the index is made of; detail is asked for when somebody who may see it asks. */
const INDEXED_PARTS: readonly Part[] = [
  'identity',
  'addresses',
  'contacts',
  'places',
  'engagements',
  'sdash',
  'safety-plan',
  'wishes',
]
/** Longest path and query sent; beyond it a batch takes a second call. */
const pathLengthMax = 8000
/** Ids in one call, by the interface. */
const idsMax = 500
/** People in one search, by the interface. */
const searchedMax = 100

const isId = (id: string): boolean => identifier.safeParse(id).success

type Ids = { readonly ids?: readonly string[]; readonly entries?: readonly string[] }

/** As few queries as carry these ids: each of at most `idsMax` in a path of at most `pathLengthMax`. */
function split(all: {
  readonly ids: readonly string[]
  readonly entries: readonly string[]
}): readonly Ids[] {
  const roomMax =
    pathLengthMax -
    pathOf({ include: PART_NAMES, limit: idsMax, updatedSince: new Date(0).toISOString() }).length
  const queries: { ids: string[]; entries: string[] }[] = []
  let room = 0
  for (const [list, id] of [
    ...all.ids.map((it) => ['ids', it] as const),
    ...all.entries.map((it) => ['entries', it] as const),
  ]) {
    const length = encodeURIComponent(id).length + 1
    const last = queries.at(-1)
    if (last !== undefined && length <= room && last[list].length < idsMax) last[list].push(id)
    else {
      queries.push({ ids: list === 'ids' ? [id] : [], entries: list === 'entries' ? [id] : [] })
      room = roomMax
    }
    room -= length
  }
  return queries.map(({ ids, entries }) => ({
    ...(ids.length > 0 && { ids }),
    ...(entries.length > 0 && { entries }),
  }))
}

/** An adapter for one charity; asks its system live. */
export function makeAdapter(setting: AdapterSetting, settings: CharitySettings): Adapter {
  const source = makeSource(settings, { agency: setting.agency.id, now: setting.now })
  const limitsOf = (signal: AbortSignal) => ({ signal, deadlineMs: setting.deadlineMs })
  return {
    agency: { id: setting.agency.id, kind: setting.agency.kind },
    changes: (ask) => changes(source, settings, ask),
    holds: (people, { candidatesMax, signal }) =>
      holds(source, { agency: setting.agency.id, people, candidatesMax }, limitsOf(signal)),
    read: (wanted, { signal, request }) =>
      read(source, wanted, { ...limitsOf(signal), ...(request !== undefined && { request }) }),
    probe: ({ signal }) => probe(source, limitsOf(signal)),
    replay,
    receive: () => Promise.resolve({ applied: 0, rejections: [] }),
    close: () => Promise.resolve(),
  }
}

/**
 * First whoever is new in the cohort, whole; then whoever was in it, since the mark less the overlap.
 * Every page but the last carries the mark that it started from: a run that breaks off starts again.
 */
async function* changes(
  source: CharitySource,
  settings: CharitySettings,
  ask: Parameters<Adapter['changes']>[0],
): AsyncGenerator<ChangePage> {
  const mark = readMark(ask.since)
  const ids = [
    ...new Set(ask.cohort.filter((it) => it.type === CLIENT && isId(it.id)).map((it) => it.id)),
  ]
  const cohort = new Set(ids)
  const isKnown = (id: string): boolean => mark.since !== null && mark.known.has(digestOf(id))
  const limits = { signal: ask.signal, deadlineMs: settings.syncDeadlineMs }
  const from =
    mark.since === null
      ? null
      : new Date(Date.parse(mark.since) - settings.overlapS * 1000).toISOString()
  const queries = [
    ...split({ ids: ids.filter((id) => !isKnown(id)), entries: [] }).map((batch) => ({
      ...batch,
      updatedSince: null,
    })),
    ...split({ ids: ids.filter(isKnown), entries: [] }).map((batch) => ({
      ...batch,
      updatedSince: from,
    })),
  ]
  let since: string | null = null
  for (const query of queries)
    for await (const page of source.pages(
      { ...query, include: INDEXED_PARTS, limit: settings.pageSize },
      limits,
    )) {
      const asOf = new Date(page.asOf).toISOString()
      if (since === null || asOf < since) since = asOf
      yield { ...mapPage(page, cohort), mark: ask.since ?? writeMark(NOTHING_YET) }
    }
  const next = writeMark({ since: since ?? mark.since, known: new Set(ids.map(digestOf)) })
  yield { records: [], events: [], wishes: [], rejections: [], mark: next }
}

interface Search {
  readonly agency: string
  readonly people: readonly Traits[]
  readonly candidatesMax: number
}

/** What the charity is told of somebody whom it may hold: only what it can compare. */
function personOf(traits: Traits): unknown {
  return {
    names: traits.names.map(({ family, given, use }) => ({
      family,
      given: given.join(' ') || null,
      use,
    })),
    birthDates: traits.bornOn,
    postcodes: traits.postcodes,
    phones: traits.phones,
    emails: traits.emails,
    sex: traits.sex,
  }
}

function candidateOf(raw: unknown): Candidate | null {
  const record = mapClient(raw)
  if (record.kind === 'rejected' || record.value.deleted || record.value.replacedBy !== null)
    return null
  const { source, graphType, traits, version, recordedAt, marks } = record.value
  return { source, graphType, traits, version, recordedAt, marks }
}

async function holds(
  source: CharitySource,
  { agency, people, candidatesMax }: Search,
  limits: Limits,
): Promise<readonly (readonly Candidate[])[]> {
  const found: (readonly Candidate[])[] = []
  for (let at = 0; at < people.length; at += searchedMax) {
    const asked = people.slice(at, at + searchedMax)
    const answer = await source.search(
      { people: asked.map(personOf), limit: candidatesMax },
      limits,
    )
    if (answer.results.length !== asked.length) throw new SourceUnavailable(agency, 'BAD_ANSWER')
    for (const { candidates } of answer.results)
      found.push(
        candidates
          .map(candidateOf)
          .filter((it) => it !== null)
          .slice(0, candidatesMax),
      )
  }
  return found
}

const keyOf = ({ type, id }: SourceId): string => `${type}/${id}`

/**
 * One call for the batch, with the parts that some wanted field needs; what a part brings for a record
 * of which it was not wanted is dropped unread.
 */
async function read(
  source: CharitySource,
  wanted: readonly Wanted[],
  limits: Limits,
): Promise<readonly Detail[]> {
  const clients = wanted.filter((it) => it.source.type === CLIENT && isId(it.source.id))
  const entries = wanted.filter((it) => isEntryKind(it.source.type) && isId(it.source.id))
  const include = [...new Set(clients.flatMap((it) => [...partsFor(it.fields)]))]
  const answered = new Map<string, unknown>()
  const idsOf = (list: readonly Wanted[]): readonly string[] => [
    ...new Set(list.map((it) => it.source.id)),
  ]
  for (const query of split({ ids: idsOf(clients), entries: idsOf(entries) }))
    for await (const page of source.pages({ ...query, include, limit: idsMax }, limits)) {
      for (const raw of page.items)
        answered.set(keyOf({ type: CLIENT, id: String(asObject(raw)['caseNumber']) }), raw)
      for (const raw of page.entries)
        answered.set(
          keyOf({ type: String(asObject(raw)['kind']), id: String(asObject(raw)['id']) }),
          raw,
        )
    }
  return wanted.map((it) => {
    const raw = answered.get(keyOf(it.source))
    return raw === undefined ? { kind: 'absent' } : detailOf(it, raw)
  })
}

/** Asks for what has changed since the end of time: nobody. */
async function probe(source: CharitySource, limits: Limits): Promise<void> {
  const updatedSince = '9999-12-31T00:00:00Z'
  for await (const _page of source.pages({ include: [], limit: 1, updatedSince }, limits)) return
}

function detailOf({ source, fields }: Wanted, raw: unknown): Detail {
  const mapped = source.type === CLIENT ? mapClientDetail(raw, fields) : mapEntryDetail(raw, fields)
  if (mapped.kind === 'rejected') return mapped
  return mapped.value === null ? { kind: 'absent' } : { kind: 'found', ...mapped.value }
}

/** Maps what was put aside again. What was part of a client is read anew at the next request. */
function replay(source: SourceId, raw: unknown): ReturnType<Adapter['replay']> {
  const value = typeof raw === 'string' ? parsed(raw) : raw
  if (source.type === CLIENT) return asReplayed(mapClient(value), (record) => ({ record }))
  if (isEntryKind(source.type)) return asReplayed(mapEntry(value), (event) => ({ event }))
  const rejection: Rejection = quarantined(source, {
    reason: 'REPLAY_UNSUPPORTED',
    field: null,
    raw,
  })
  return { kind: 'rejected', rejection }
}

function asReplayed<T, R>(mapped: Mapped<T>, wrap: (value: T) => R): Mapped<R> {
  return mapped.kind === 'rejected' ? mapped : { kind: 'mapped', value: wrap(mapped.value) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text // not JSON: the mapper says what is wrong with it
  }
}
