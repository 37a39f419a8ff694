import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { append } from '../access-log/append.js'
import type { CaseloadReport } from '../cases/caseload/load.js'
import { loadCaseload } from '../cases/caseload/load.js'
import { recordWishes } from '../consent/index.js'
import { personsForRecords } from '../matching/store.js'
import type { Sql } from '../platform/database.js'
import { addToCohort } from '../records/index-store.js'
import type { Hub } from './hub.js'
import { hubEntry } from './sync.js'

interface Named {
  readonly agency: string
  readonly type: string
  readonly id: string
}

/** Loads a unit's caseload from NDJSON lines: members, cases, and the people that their records stand for. */
export function loadCaseloadInto(
  hub: Hub,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<CaseloadReport> {
  const recordId = ({ agency, type, id }: Named): string =>
    hub.publicId('record', agency, { type, id })
  const operator = [...hub.agencies.keys()][0] ?? ''
  return loadCaseload(lines, {
    sql: hub.database,
    now: hub.now,
    newId: randomUUID,
    agencies: new Set(hub.agencies.keys()),
    personForRecords: async (tx, groups) => {
      await intoCohort(tx, groups.flat())
      const keys = await personsForRecords(
        tx,
        groups.map((group) =>
          group.map((one) => ({
            recordId: recordId(one),
            agency: one.agency,
            confirmedBy: one.confirmedBy,
          })),
        ),
      )
      return keys.map((key) => {
        if (key === null) throw new TypeError('a person is made of at least one record')
        return key
      })
    },
    knownPersonOf: async (tx, records) => {
      const rows = await tx.query<{ record_id: string; person_key: string }>(
        'select record_id, person_key from matching.membership where record_id = any($1::text[])',
        [records.map(recordId)],
      )
      const keys = new Map(rows.map((row) => [row.record_id, row.person_key]))
      return records.map((one) => keys.get(recordId(one)) ?? null)
    },
    recordWishes: (tx, wishes) => recordWishes(tx, wishes),
    append: (tx) =>
      append(
        tx,
        hubEntry(hub, {
          what: 'CASELOAD_LOADED',
          operation: 'COLLECTION',
          tightens: true,
          agency: operator,
        }),
      ),
  })
}

async function intoCohort(tx: Sql, records: readonly Named[]): Promise<void> {
  const byAgency = new Map<string, Named[]>()
  for (const one of records) byAgency.set(one.agency, [...(byAgency.get(one.agency) ?? []), one])
  for (const [agency, sources] of byAgency) await addToCohort(tx, agency, sources)
}

/** The lines of a caseload file. */
export function linesOf(file: string): AsyncIterable<string> {
  return createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
}
