import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { append } from '../access-log/append.js'
import type { CaseloadReport } from '../cases/caseload/load.js'
import { loadCaseload } from '../cases/caseload/load.js'
import { recordWishes } from '../consent/index.js'
import { personsForRecords } from '../matching/store.js'
import type { Sql } from '../platform/database.js'
import { enqueue } from '../platform/queue.js'
import { addToCohort } from '../records/index-store.js'
import type { Hub } from './hub.js'
import { hubEntry, takeInWaitingWishes } from './sync.js'

/** Enqueued in this order everywhere, so that two changes never wait for each other. */
const JOBS_AFTER_LOAD = ['consent-check', 'match', 'order-expiry', 'safety-plan-review', 'sync']

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
      await takeInWishes(hub, tx, groups.flat())
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
    append: async (tx) => {
      for (const job of JOBS_AFTER_LOAD) await enqueue(tx, job, {}, { dedupe: job })
      await append(
        tx,
        hubEntry(hub, {
          what: 'CASELOAD_LOADED',
          operation: 'COLLECTION',
          tightens: true,
          agency: operator,
        }),
      )
    },
  })
}

async function intoCohort(tx: Sql, records: readonly Named[]): Promise<void> {
  for (const [agency, sources] of byAgency(records)) await addToCohort(tx, agency, sources)
}

/** What agencies' systems said of people before they were known here counts from now on. */
async function takeInWishes(hub: Hub, tx: Sql, records: readonly Named[]): Promise<void> {
  for (const [agency, sources] of byAgency(records))
    await takeInWaitingWishes(hub, tx, agency, sources)
}

function byAgency(records: readonly Named[]): ReadonlyMap<string, readonly Named[]> {
  const found = new Map<string, Named[]>()
  for (const one of records) found.set(one.agency, [...(found.get(one.agency) ?? []), one])
  return found
}

/** The lines of a caseload file. */
export function linesOf(file: string): AsyncIterable<string> {
  return createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
}
