import { append } from '../access-log/append.js'
import type { IndexedEvent, IndexedRecord } from '../records/adapter.js'
import { upsertEvents, upsertRecords } from '../records/index-store.js'
import { markReplayed, type Quarantined, showQuarantined } from '../records/quarantine.js'
import type { Hub } from './hub.js'
import { hubEntry } from './sync.js'

/** What came of replaying one quarantined record. */
export interface Replayed {
  readonly id: string
  readonly outcome: 'MAPPED' | 'STILL_UNREADABLE' | 'REFUSED' | 'GONE'
  readonly reason: string | null
}

/**
 * Maps a quarantined record again, after a mapper was mended. Safe to repeat: what maps is written as
 * the same index row, in one commit with its log entry, and is never taken in twice.
 */
export async function replay(hub: Hub, id: string): Promise<Replayed> {
  const found = await showQuarantined(hub.database, id)
  if (!found) return { id, outcome: 'GONE', reason: null }
  if (found.raw === null) return { id, outcome: 'REFUSED', reason: found.reason }
  const adapter = hub.adapters.get(found.agency)
  if (!adapter) return { id, outcome: 'STILL_UNREADABLE', reason: 'AGENCY_NOT_CONFIGURED' }
  const mapped = adapter.replay({ type: found.sourceType, id: found.sourceId }, parsed(found.raw))
  if (mapped.kind === 'rejected')
    return { id, outcome: 'STILL_UNREADABLE', reason: mapped.rejection.reason }
  await takeIn(hub, found, mapped.value)
  return { id, outcome: 'MAPPED', reason: null }
}

async function takeIn(
  hub: Hub,
  { id, agency }: Quarantined,
  value: { readonly record: IndexedRecord } | { readonly event: IndexedEvent },
): Promise<void> {
  await hub.database.transaction(async (tx) => {
    const { tightened } =
      'record' in value
        ? await upsertRecords(tx, agency, [value.record], hub.publicId)
        : await upsertEvents(tx, agency, [value.event], hub.publicId)
    await markReplayed(tx, id)
    await append(
      tx,
      hubEntry(hub, {
        what: 'QUARANTINE_REPLAYED',
        operation: 'COLLECTION',
        tightens: tightened,
        agency,
      }),
    )
  })
}

/** A payload was JSON where the agency sends JSON, else it is the text as it came. */
function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return raw
  }
}
