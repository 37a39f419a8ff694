import {
  type Adapter,
  type AdapterSetting,
  type Candidate,
  type Detail,
  type Mapped,
  type SourceId,
  SourceUnavailable,
  type Wanted,
} from '../../src/records/adapter.js'
import { reportChanges } from './changes.js'
import { indexedEvent } from './indexed-event.js'
import { mapEvent } from './map-event.js'
import { mapLine } from './map-line.js'
import { mapPerson } from './map-person.js'
import { receiveDrops } from './receive.js'
import { searchKeys } from './search-keys.js'
import type { PoliceSettings } from './settings.js'
import {
  eventSources,
  personSources,
  personsByKeys,
  type StoredEvent,
  type StoredPerson,
} from './store-read.js'
import { renewStore } from './store-renew.js'
import { migrateStore, storeState } from './store-tables.js'

/** The adapter of one force: everything is answered from its own store of what the force sent. */
export async function policeAdapter(
  setting: AdapterSetting,
  settings: PoliceSettings,
): Promise<Adapter> {
  const { store, agency } = setting
  const query = store.query.bind(store)
  const yearNow = () => setting.now().getUTCFullYear()
  await migrateStore(store)
  await store.transaction((tx) => renewStore(tx, yearNow()))

  /** Before the first drop nothing is known: that is not the same as nobody. */
  const loaded = async (): Promise<number> => {
    const { sequence, revision } = await storeState(query)
    if (sequence === null) throw new SourceUnavailable(agency.id, 'NOT_LOADED')
    return revision
  }
  const inTime = <T>(work: Promise<T>, signal: AbortSignal) =>
    beforeDeadline(work, { setting, signal })

  return {
    agency: { id: agency.id, kind: agency.kind },
    changes: (ask) => reportChanges({ query, ask, loaded, yearNow: yearNow() }),
    holds: (people, { candidatesMax, signal }) => {
      const asked = people.flatMap((traits, n) => searchKeys(traits).map((key) => ({ n, ...key })))
      const search = async () => {
        await loaded()
        const found = await personsByKeys(query, asked, candidatesMax)
        const sources = await personSources(query, [...new Set(found.map((one) => one.person))])
        const candidates = new Map(sources.flatMap((source) => candidateOf(source, yearNow())))
        return people.map((_, n) =>
          found.filter((one) => one.n === n).flatMap((one) => candidates.get(one.person) ?? []),
        )
      }
      return inTime(search(), signal)
    },
    read: (wanted, { signal }) => {
      const answer = async () => {
        await loaded()
        const persons = await personsFor(wanted)
        const events = await eventsFor(wanted)
        return wanted.map((one) => detailOf(one, { persons, events, yearNow: yearNow() }))
      }
      return inTime(answer(), signal)
    },
    probe: async ({ signal }) => {
      await inTime(loaded(), signal)
    },
    replay: (source, raw) => replay(source, raw, yearNow()),
    receive: ({ signal }) => receiveDrops({ setting, settings, signal }),
    close: async () => {},
  }

  async function personsFor(wanted: readonly Wanted[]): Promise<ReadonlyMap<string, StoredPerson>> {
    const ids = idsOf(wanted, ['NOMINAL'])
    const sources = ids.length === 0 ? [] : await personSources(query, ids)
    return new Map(sources.map((source) => [source.id, source]))
  }

  async function eventsFor(wanted: readonly Wanted[]): Promise<ReadonlyMap<string, StoredEvent>> {
    const ids = idsOf(wanted, ['EVENT', 'REPORT'])
    const sources = ids.length === 0 ? [] : await eventSources(query, ids)
    return new Map(sources.map((source) => [source.id, source]))
  }
}

function idsOf(wanted: readonly Wanted[], types: readonly string[]): string[] {
  return [
    ...new Set(wanted.filter((one) => types.includes(one.source.type)).map((one) => one.source.id)),
  ]
}

function candidateOf(source: StoredPerson, yearNow: number): [string, Candidate][] {
  const mapped = mapPerson(source, yearNow)
  if (mapped.kind === 'rejected') return []
  const { source: id, graphType, traits, version, recordedAt, marks } = mapped.value.record
  return [[source.id, { source: id, graphType, traits, version, recordedAt, marks }]]
}

interface Sources {
  readonly persons: ReadonlyMap<string, StoredPerson>
  readonly events: ReadonlyMap<string, StoredEvent>
  readonly yearNow: number
}

/** The fields asked for and no others. What the index calls by another type than it now has is absent. */
function detailOf(wanted: Wanted, { persons, events, yearNow }: Sources): Detail {
  const isPerson = wanted.source.type === 'NOMINAL'
  const source = isPerson ? persons.get(wanted.source.id) : events.get(wanted.source.id)
  if (source === undefined) return { kind: 'absent' }
  if (source.rejection) return { kind: 'rejected', rejection: source.rejection }
  if (source.deleted) return { kind: 'absent' }
  if ('linked' in source) {
    const mapped = mapPerson(source, yearNow)
    if (mapped.kind === 'rejected') return mapped
    return {
      kind: 'found',
      data: only(mapped.value.data, wanted.fields),
      marks: mapped.value.record.marks,
    }
  }
  const mapped = mapEvent(source)
  if (mapped.kind === 'rejected') return mapped
  const view = mapped.value.find(
    (one) => one.source.type === wanted.source.type && one.graphType === wanted.graphType,
  )
  return view
    ? { kind: 'found', data: only(view.data, wanted.fields), marks: view.marks }
    : { kind: 'absent' }
}

function only(data: object, fields: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([field]) => fields.has(field)))
}

/** Maps a quarantined line again; what links say of it follows with the next synchronisation. */
function replay(source: SourceId, raw: unknown, yearNow: number): ReturnType<Adapter['replay']> {
  const file = source.type === 'NOMINAL' ? 'persons.ndjson' : 'events.ndjson'
  const line = mapLine(file, source.id, raw, yearNow)
  if (line.kind === 'rejected') return line
  if (source.type === 'NOMINAL') {
    const bare = {
      id: source.id,
      raw: line.value,
      version: 'replayed',
      deleted: false,
      replacedBy: null,
      linked: [],
    }
    const person = mapPerson(bare, yearNow)
    return person.kind === 'rejected' ? person : mapped({ record: person.value.record })
  }
  const event = mapEvent({
    id: source.id,
    raw: line.value,
    version: 'replayed',
    people: [],
    places: [],
  })
  if (event.kind === 'rejected') return event
  const [view] = event.value
  if (view)
    return mapped({ event: indexedEvent(view, { about: [], version: 'replayed', deleted: false }) })
  return {
    kind: 'rejected',
    rejection: { source, reason: 'SHAPE', field: null, outcome: 'QUARANTINE', raw },
  }
}

function mapped<T>(value: T): Mapped<T> {
  return { kind: 'mapped', value }
}

/** What takes longer than the agency is given is unavailable; the store goes on with it unheard. */
async function beforeDeadline<T>(
  work: Promise<T>,
  { setting, signal }: { readonly setting: AdapterSetting; readonly signal: AbortSignal },
): Promise<T> {
  signal.throwIfAborted()
  let end = (): void => {}
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(
      () => reject(new SourceUnavailable(setting.agency.id, 'TIMEOUT')),
      setting.deadlineMs,
    )
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  })
  try {
    return await Promise.race([work, ended])
  } finally {
    end()
  }
}
