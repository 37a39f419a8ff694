import { randomUUID } from 'node:crypto'
import { append } from '../access-log/append.js'
import type { LogEntry } from '../access-log/entry.js'
import { recordSourceWishes } from '../consent/index.js'
import type { Sql } from '../platform/database.js'
import { enqueue } from '../platform/queue.js'
import type { SourceId, SourceWish } from '../records/adapter.js'
import { personsOfSources, type SyncReport, syncAgency } from '../records/sync.js'
import { keepWaitingWishes, takeWaitingWishes } from '../records/waiting-wishes.js'
import type { Hub } from './hub.js'

/** Synchronises the agencies named (all where none is), each by itself: one that is down costs only its own. */
export async function syncAgencies(
  hub: Hub,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly SyncReport[]> {
  const wanted = [...hub.adapters.values()].filter(
    (one) => ids.length === 0 || ids.includes(one.agency.id),
  )
  return Promise.all(
    wanted.map((adapter) =>
      syncAgency(adapter, {
        database: hub.database,
        log: hub.log,
        publicId: hub.publicId,
        now: hub.now,
        signal,
        keepWishes: (tx, agency, wishes) => keepWishes(hub, tx, agency, wishes),
        append: async (tx, of) => {
          if (of.records > 0) await enqueue(tx, 'match', {}, { dedupe: 'match' })
          await append(
            tx,
            hubEntry(hub, {
              what: 'SYNC',
              operation: 'COLLECTION',
              tightens: of.tightens,
              agency: of.agency,
            }),
          )
        },
      }),
    ),
  )
}

async function keepWishes(
  hub: Hub,
  tx: Sql,
  agency: string,
  wishes: readonly SourceWish[],
): Promise<number> {
  if (wishes.length === 0) return 0
  const persons = await personsOfSources(
    tx,
    agency,
    wishes.map((one) => one.about),
  )
  const keyOf = (one: SourceWish): string | undefined =>
    persons.get(`${one.about.type}|${one.about.id}`)
  await keepWaitingWishes(
    tx,
    agency,
    wishes.filter((one) => keyOf(one) === undefined),
  )
  const known = wishes.flatMap((one) => {
    const personKey = keyOf(one)
    return personKey === undefined ? [] : [{ ...one, agency, personKey }]
  })
  const count = await recordSourceWishes(tx, known, hub.now())
  if (count > 0) await enqueue(tx, 'consent-check', {}, { dedupe: 'consent-check' })
  return count
}

/** The wishes that waited for these records: their person is known now, so they count. */
export async function takeInWaitingWishes(
  hub: Hub,
  tx: Sql,
  agency: string,
  sources: readonly SourceId[],
): Promise<void> {
  await keepWishes(hub, tx, agency, await takeWaitingWishes(tx, agency, sources))
}

/** An entry of what the hub itself does, at nobody's request. */
export function hubEntry(
  hub: Hub,
  of: Pick<LogEntry, 'what' | 'operation' | 'tightens'> & { readonly agency: string },
): LogEntry {
  return {
    entryId: randomUUID(),
    request: randomUUID(),
    what: of.what,
    operation: of.operation,
    tightens: of.tightens,
    caller: { subject: 'hub', agency: of.agency, roles: [], client: null, onBehalfOf: null },
    purpose: null,
    justification: null,
    agreement: hub.agreement.version,
    outcome: 'ANSWERED',
    code: null,
    sections: [],
  }
}
