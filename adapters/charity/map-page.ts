import type { ChangePage, Rejection, SourceId } from '../../src/records/adapter.js'
import { isInstant } from '../../src/sharing/scalars.js'
import type { Page } from './format.js'
import { bare, CLIENT, mapClient, missingClient } from './map-client.js'
import { ENTRIES, mapEntry } from './map-entry.js'
import { asList, asObject, quarantined, refusalOf, refused, sourceIdOf } from './map-rejection.js'
import { mapWish, WISH } from './map-wish.js'

type Changes = { -readonly [Key in Exclude<keyof ChangePage, 'mark'>]: ChangePage[Key][number][] }

/**
 * A page of clients as changes of the index. Each client, entry and wish stands alone: one that does
 * not map costs only itself. Nobody outside the cohort is reported, neither as a client nor as
 * somebody whom an entry is about too. Pure.
 */
export function mapPage(page: Page, cohort: ReadonlySet<string>): Omit<ChangePage, 'mark'> {
  const changes: Changes = { records: [], events: [], wishes: [], rejections: [] }
  for (const raw of page.items) {
    const { caseNumber } = asObject(raw)
    if (typeof caseNumber === 'string' && cohort.has(caseNumber))
      addClient(changes, raw, { page, cohort, caseNumber })
    else if (typeof caseNumber !== 'string')
      changes.rejections.push(
        quarantined(sourceIdOf(CLIENT, null, bare(raw)), {
          reason: 'ID_UNREADABLE',
          field: 'caseNumber',
          raw: null,
        }),
      )
  }
  for (const id of page.missing)
    if (cohort.has(id)) changes.records.push(missingClient({ type: CLIENT, id }))
  return changes
}

interface Around {
  readonly page: Page
  readonly cohort: ReadonlySet<string>
  readonly caseNumber: string
}

function addClient(changes: Changes, raw: unknown, around: Around): void {
  const record = mapClient(raw)
  if (record.kind === 'mapped') changes.records.push(record.value)
  else changes.rejections.push(record.rejection)
  if (refusalOf(raw) !== null) return
  const client = asObject(raw)
  for (const { key } of Object.values(ENTRIES))
    for (const entry of asList(client[key])) addEntry(changes, entry, around)
  const { updatedAt } = client
  const arrivedAt =
    typeof updatedAt === 'string' && isInstant(updatedAt) ? updatedAt : around.page.asOf
  for (const wish of asList(client['wishes'])) addWish(changes, wish, { ...around, arrivedAt })
}

/** Filed under one client and said to be another's, perhaps somebody's whom the hub does not know. */
function misfiled(source: SourceId, raw: unknown): Rejection {
  return { ...refused(source, 'OWNER_DIFFERS', raw), field: 'client' }
}

function addEntry(changes: Changes, raw: unknown, { cohort, caseNumber }: Around): void {
  const entry = asObject(raw)
  const inCohort = (id: unknown): boolean => typeof id === 'string' && cohort.has(id)
  const narrowed = Array.isArray(entry['about'])
    ? { ...entry, about: entry['about'].filter(inCohort) }
    : raw
  const event = mapEntry(narrowed)
  if (event.kind === 'rejected') changes.rejections.push(event.rejection)
  else if (entry['client'] !== caseNumber)
    changes.rejections.push(misfiled(event.value.source, narrowed))
  else changes.events.push(event.value)
}

function addWish(
  changes: Changes,
  raw: unknown,
  around: Around & { readonly arrivedAt: string },
): void {
  const wish = mapWish(raw, around.arrivedAt)
  if (wish.kind === 'rejected') changes.rejections.push(wish.rejection)
  else if (wish.value.about.id !== around.caseNumber)
    changes.rejections.push(misfiled(sourceIdOf(WISH, asObject(raw)['id'], raw), raw))
  else changes.wishes.push(wish.value)
}
