import { isFhirObject, own } from './fhir.js'
import type { Ask, Source } from './source.js'

/** What a server says of itself in its CapabilityStatement; where it says nothing, nothing is held against it. */
export interface Capability {
  /** Types it serves; null where it does not say. */
  readonly types: ReadonlySet<string> | null
  /** False only where it lists its interactions without batch and transaction. */
  readonly takesBatch: boolean
  /** Search parameters by type, as far as listed. */
  readonly searches: ReadonlyMap<string, ReadonlySet<string>>
}
const SAYS_NOTHING: Capability = { types: null, takesBatch: true, searches: new Map() }

export async function readCapability(source: Source, ask: Ask): Promise<Capability> {
  const answer = await source.ask({ url: 'metadata' }, ask)
  return answer.body === undefined ? SAYS_NOTHING : parseCapability(answer.body)
}

export function parseCapability(body: unknown): Capability {
  if (!isFhirObject(body) || own(body, 'resourceType') !== 'CapabilityStatement')
    return SAYS_NOTHING
  const rest = objects(own(body, 'rest'))[0]
  if (rest === undefined) return SAYS_NOTHING
  const interactions = objects(own(rest, 'interaction')).map((entry) => own(entry, 'code'))
  const types = new Set<string>()
  const searches = new Map<string, ReadonlySet<string>>()
  for (const resource of objects(own(rest, 'resource'))) {
    const type = own(resource, 'type')
    if (typeof type !== 'string') continue
    types.add(type)
    const names = objects(own(resource, 'searchParam')).flatMap((param) => {
      const name = own(param, 'name')
      return typeof name === 'string' ? [name] : []
    })
    if (names.length > 0) searches.set(type, new Set(names))
  }
  return {
    types: types.size > 0 ? types : null,
    takesBatch:
      interactions.length === 0 ||
      interactions.some((code) => code === 'batch' || code === 'transaction'),
    searches,
  }
}

function objects(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isFhirObject) : []
}
