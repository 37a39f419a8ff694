import { isFhirObject, own } from './fhir.js'

/** Reading FHIR Bundles as servers send them: an empty one has no `entry`, not every one has links. */

/** Parameters of a search; a value is one or several that are joined by commas. */
export interface Query {
  readonly type: string
  readonly params: Readonly<Record<string, string>>
}

/** A value in a search parameter: `\`, `,`, `|` and `$` have a meaning there (FHIR R4 3.1.1.4). */
export function escaped(value: string): string {
  return value.replace(/[\\,|$]/g, (character) => `\\${character}`)
}

export function queryUrl(query: Query, pageSize: number): string {
  const params = new URLSearchParams({ ...query.params, _count: String(pageSize) })
  return `${query.type}?${params}`
}

export interface Page {
  readonly resources: readonly unknown[]
  readonly next: string | null
  /** The server says, or lets see, that it did not understand the search. */
  readonly isDoubtful: boolean
}

/** One page of a searchset; null for what is no Bundle. Entries without `resource` are taken as it. */
export function readPage(body: unknown, query: Query): Page | null {
  if (!isFhirObject(body) || own(body, 'resourceType') !== 'Bundle') return null
  const entries = own(body, 'entry') ?? []
  if (!Array.isArray(entries)) return null
  const resources: unknown[] = []
  let hasOutcome = false
  for (const entry of entries) {
    const resource = isFhirObject(entry) ? (own(entry, 'resource') ?? entry) : entry
    const type = isFhirObject(resource) ? own(resource, 'resourceType') : undefined
    if (type === 'OperationOutcome') hasOutcome = true
    else resources.push(resource)
  }
  return {
    resources,
    next: linkOf(body, 'next'),
    isDoubtful: (hasOutcome && resources.length === 0) || isIgnored(linkOf(body, 'self'), query),
  }
}

/** The `self` link names the parameters that were used: one that is missing there was ignored. */
function isIgnored(self: string | null, query: Query): boolean {
  if (self === null || !self.includes('?')) return false
  const used = new URLSearchParams(self.slice(self.indexOf('?') + 1))
  return (
    Object.keys(query.params).some((name) => !name.startsWith('_') && !used.has(name)) ||
    (query.params['_id'] !== undefined && !used.has('_id'))
  )
}

function linkOf(bundle: Readonly<Record<string, unknown>>, relation: string): string | null {
  const links = own(bundle, 'link')
  if (!Array.isArray(links)) return null
  for (const link of links) {
    if (!isFhirObject(link) || own(link, 'relation') !== relation) continue
    const url = own(link, 'url')
    if (typeof url === 'string') return url
  }
  return null
}

/** The parts of a batch's answer in the order asked; null where it is none, or has not all parts. */
export function readBatch(
  body: unknown,
  count: number,
): readonly { readonly status: number; readonly body: unknown }[] | null {
  if (!isFhirObject(body) || own(body, 'resourceType') !== 'Bundle') return null
  const entries = own(body, 'entry')
  if (!Array.isArray(entries) || entries.length !== count) return null
  return entries.map((entry: unknown) => {
    if (!isFhirObject(entry)) return { status: 0, body: undefined }
    const response = own(entry, 'response')
    const status = isFhirObject(response) ? own(response, 'status') : undefined
    return {
      status: typeof status === 'string' ? Number.parseInt(status, 10) || 0 : 0,
      body: own(entry, 'resource'),
    }
  })
}

export function batchOf(queries: readonly Query[], pageSize: number): unknown {
  return {
    resourceType: 'Bundle',
    type: 'batch',
    entry: queries.map((query) => ({
      request: { method: 'GET', url: queryUrl(query, pageSize) },
    })),
  }
}
