import type { IndexedEvent, SourceId } from '../../src/records/adapter.js'
import type { EventView } from './map-event.js'
import { marksOf } from './map-marks.js'

/** The index row of one view of an event. */
export function indexedEvent(
  view: EventView,
  row: { readonly about: readonly string[]; readonly version: string; readonly deleted: boolean },
): IndexedEvent {
  const { source, graphType, recordedAt, at, kind, marks, unmappedCodes } = view
  const about = row.about.map((id) => ({ type: 'NOMINAL', id }))
  return {
    source,
    graphType,
    version: row.version,
    recordedAt,
    at,
    kind,
    about,
    marks,
    deleted: row.deleted,
    unmappedCodes,
  }
}

/** The index row of an event that is no more, or no more about anybody in a case: only its id is left. */
export function goneEvent(source: SourceId, version: string): IndexedEvent {
  return {
    source,
    graphType: source.type === 'REPORT' ? 'PoliceReport' : 'PoliceEvent',
    version,
    recordedAt: null,
    at: null,
    kind: 'OTHER',
    about: [],
    marks: marksOf({}, 'OPEN'),
    deleted: true,
    unmappedCodes: [],
  }
}

/**
 * Whom a view is about among the people of cases: those who did it, or, as long as none of them is in a
 * case, those it was done to.
 */
export function aboutAmong(view: EventView, people: ReadonlySet<string>): readonly string[] {
  const about = view.about.filter((id) => people.has(id))
  return about.length > 0 ? about : view.otherwise.filter((id) => people.has(id))
}
