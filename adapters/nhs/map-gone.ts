import type { IndexedEvent, IndexedRecord, SourceId } from '../../src/records/adapter.js'
import { NO_MARKS } from '../../src/records/adapter.js'
import { EVENT_TYPES } from './map-event.js'

/** A record that is no more: its links follow, its history stays. */
export function gone(source: SourceId, replacedBy: SourceId | null): IndexedRecord {
  return {
    source,
    graphType: 'NhsRecord',
    version: 'gone',
    recordedAt: null,
    traits: {
      names: [],
      bornOn: [],
      postcodes: [],
      places: [],
      phones: [],
      emails: [],
      identifiers: [],
      sex: null,
    },
    marks: NO_MARKS,
    deleted: true,
    replacedBy,
    unmappedCodes: [],
  }
}

/** An event that is no more, of the patients it was about. */
export function goneEvent(source: SourceId, patients: readonly string[]): IndexedEvent {
  const type = EVENT_TYPES.get(source.type)
  return {
    source,
    graphType: type?.graphType ?? 'NhsEvent',
    version: 'gone',
    recordedAt: null,
    at: null,
    kind: type?.kind ?? 'OTHER',
    about: patients.map((id) => ({ type: 'Patient', id })),
    marks: NO_MARKS,
    deleted: true,
    unmappedCodes: [],
  }
}
