import type { FhirResource } from '../../samples/nhs/fhir-json.js'
import type { Adapter, AgencyStore, ChangePage, Traits, Wanted } from '../../src/records/adapter.js'
import { nhs } from './index.js'

/** Starting points for tests over real HTTP. */
export const at = '2026-11-01T09:00:00.000Z'

const NO_STORE: AgencyStore = {
  query: () => Promise.reject(new Error('a live adapter has no store')),
  transaction: () => Promise.reject(new Error('a live adapter has no store')),
}

export function adapterOf(
  baseUrl: string,
  settings: object = {},
  more: { readonly deadlineMs?: number; readonly now?: () => Date } = {},
): Promise<Adapter> {
  return nhs.create({
    agency: { id: 'trust', kind: 'nhs', name: 'A trust' },
    transport: 'live',
    settings: nhs.parseSettings({ baseUrl, ...settings }),
    store: NO_STORE,
    now: more.now ?? (() => new Date()),
    deadlineMs: more.deadlineMs ?? 5_000,
  })
}

export const signal = (): AbortSignal => new AbortController().signal
export const patientId = (id: string) => ({ type: 'Patient', id })

export function wantRecord(id: string, ...fields: string[]): Wanted {
  return { source: patientId(id), graphType: 'NhsRecord', fields: new Set(fields) }
}

export function wantEvent(
  type: string,
  id: string,
  graphType: string,
  ...fields: string[]
): Wanted {
  return { source: { type, id }, graphType, fields: new Set(fields) }
}

export function aPatient(id: string, more: object = {}): FhirResource {
  return {
    resourceType: 'Patient',
    id,
    meta: { versionId: '1', lastUpdated: at, security: [{ code: 'U' }] },
    name: [{ family: `Family-${id}`, given: ['Ann'] }],
    birthDate: '1990-01-02',
    ...more,
  }
}

export function anEvent(
  type: string,
  id: string,
  patient: string,
  more: object = {},
): FhirResource {
  return {
    resourceType: type,
    id,
    meta: { versionId: '1', lastUpdated: at },
    subject: { reference: `Patient/${patient}` },
    ...more,
  }
}

export async function changesOf(
  adapter: Adapter,
  ids: readonly string[],
  since: string | null = null,
) {
  const ask = { cohort: ids.map(patientId), since, signal: signal() }
  const pages: ChangePage[] = []
  for await (const page of adapter.changes(ask)) pages.push(page)
  return {
    records: pages.flatMap(({ records }) => records),
    events: pages.flatMap(({ events }) => events),
    wishes: pages.flatMap(({ wishes }) => wishes),
    rejections: pages.flatMap(({ rejections }) => rejections),
    mark: pages.at(-1)?.mark ?? since,
  }
}

export const NOBODY: Traits = {
  names: [],
  bornOn: [],
  postcodes: [],
  places: [],
  phones: [],
  emails: [],
  identifiers: [],
  sex: null,
}
