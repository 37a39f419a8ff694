import type { Lineage } from '../../src/records/graph.js'

/** Goes up whenever a mapper says something else of the same line. */
export const MAPPER = 'police/1'

/**
 * Where the extract says each field of a PoliceRecord. The list is the same for every nominal: one
 * that named only the fields with a value would tell of values that are withheld.
 */
const RECORD_PATHS: Readonly<Record<string, string>> = {
  names: 'persons.ndjson#/names',
  bornOn: 'persons.ndjson#/dateOfBirth',
  sex: 'persons.ndjson#/sex',
  addresses: 'locations.ndjson#/lines,postcode by links.ndjson#/reason=HOME',
  workplaces: 'locations.ndjson#/lines,postcode by links.ndjson#/reason=WORK',
  schools: 'locations.ndjson#/lines,postcode by links.ndjson#/reason=SCHOOL',
  vehicles: 'objects.ndjson#/value,description of kind=VEHICLE',
  phones: 'objects.ndjson#/value of kind=PHONE',
  emails: 'objects.ndjson#/value of kind=EMAIL',
  pncId: 'persons.ndjson#/pncId',
  cro: 'persons.ndjson#/cro',
  warnings: 'persons.ndjson#/warnings/code',
  warningNotes: 'persons.ndjson#/warnings/text',
  custody: 'events.ndjson#/custody',
  offences: 'events.ndjson#/offenceCode,outcome,occurredOn by links.ndjson#/reason=SUSPECT',
  appearance: 'persons.ndjson#/description/appearance',
  handles: 'persons.ndjson#/description/handles',
  language: 'persons.ndjson#/language',
  note: 'persons.ndjson#/note',
}

export function recordLineage(): Lineage[] {
  return Object.entries(RECORD_PATHS).map(([field, sourcePath]) => ({
    field,
    sourcePath,
    mapper: MAPPER,
  }))
}
