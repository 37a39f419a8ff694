import { batchOf, type Page, type Query, queryUrl, readBatch, readPage } from './bundle.js'
import { isFhirId, isFhirObject, own } from './fhir.js'
import type { Ask, Source } from './source.js'

/** What a search gave, or that this server cannot do it. */
export type Found =
  | { readonly kind: 'found'; readonly resources: readonly unknown[] }
  | { readonly kind: 'cannot' }

const CANNOT: Found = { kind: 'cannot' }
const lanes = 4
/** Most searches in one batch Bundle. */
const batchEntriesMax = 200

/**
 * Several searches as one call where the server takes a batch Bundle, else one after the other; it
 * is remembered for the life of the adapter what the server could not do.
 */
export class Searches {
  private takesBatch = true

  constructor(
    readonly source: Source,
    private readonly limits: { readonly pageSize: number; readonly pagesMax: number },
  ) {}

  noBatch(): void {
    this.takesBatch = false
  }

  async all(queries: readonly Query[], ask: Ask): Promise<readonly Found[]> {
    const [first] = queries
    if (first === undefined) return []
    if (queries.length > batchEntriesMax && this.takesBatch) {
      const found: Found[] = []
      for (const some of chunks(queries, batchEntriesMax))
        found.push(...(await this.all(some, ask)))
      return found
    }
    if (queries.length > 1 && this.takesBatch) {
      const found = await this.batch(queries, ask)
      if (found !== null) return found
      this.takesBatch = false
    }
    return inLanes(queries, lanes, (query) => this.one(query, ask))
  }

  /**
   * A single resource by its id, with what the server answered. Absent is only what a FHIR server says
   * is not there; any other refusal is BAD_ANSWER, so that a wrong address deletes nothing.
   */
  async readOne(
    type: string,
    id: string,
    ask: Ask,
    etag?: string,
  ): Promise<
    | { readonly kind: 'found'; readonly resource: unknown; readonly etag: string | null }
    | { readonly kind: 'unchanged' | 'absent' }
  > {
    if (!isFhirId(id)) return { kind: 'absent' }
    const answer = await this.source.ask({ url: `${type}/${id}`, etag }, ask)
    if (answer.status === 304) return { kind: 'unchanged' }
    if (answer.body === undefined) {
      if (!answer.isGone) throw this.source.unavailable('BAD_ANSWER')
      await this.source.requireFhir(ask)
      return { kind: 'absent' }
    }
    return { kind: 'found', resource: answer.body, etag: answer.etag }
  }

  private async one(query: Query, ask: Ask): Promise<Found> {
    const answer = await this.source.ask({ url: queryUrl(query, this.limits.pageSize) }, ask)
    return answer.body === undefined ? CANNOT : this.follow(answer.body, query, ask)
  }

  private async batch(queries: readonly Query[], ask: Ask): Promise<readonly Found[] | null> {
    const answer = await this.source.ask(
      { method: 'POST', url: '', body: batchOf(queries, this.limits.pageSize) },
      ask,
    )
    const parts = readBatch(answer.body, queries.length)
    if (parts === null) return null
    const busy = parts.find(({ status }) => status === 429 || status >= 500)
    if (busy && busy.status !== 501) {
      throw this.source.unavailable(busy.status === 429 ? 'TOO_MANY_REQUESTS' : 'REFUSED')
    }
    return inLanes([...parts.keys()], lanes, (at) => {
      const part = parts[at]
      const query = queries[at]
      if (part === undefined || query === undefined || part.status >= 300) return CANNOT
      return this.follow(part.body, query, ask)
    })
  }

  /** Follows `next` from the first page on; stops at the first page that shows a search ignored. */
  private async follow(body: unknown, query: Query, ask: Ask): Promise<Found> {
    const resources: unknown[] = []
    const seen = new Set<string>()
    for (let page = this.page(body, query); ; ) {
      if (page.isDoubtful || isOverfull(page, query)) return CANNOT
      for (const resource of page.resources) resources.push(resource)
      if (page.next === null) return { kind: 'found', resources }
      if (seen.has(page.next) || seen.size >= this.limits.pagesMax) {
        throw this.source.unavailable('BAD_ANSWER')
      }
      seen.add(page.next)
      const answer = await this.source.ask({ url: page.next }, ask)
      page = this.page(answer.body, query)
    }
  }

  private page(body: unknown, query: Query): Page {
    const page = readPage(body, query)
    if (page === null) throw this.source.unavailable('BAD_ANSWER')
    return page
  }
}

/** A server that does not know `_id` and passes over it answers with everybody: that is no answer. */
function isOverfull(page: Page, query: Query): boolean {
  const ids = query.params['_id']
  if (ids === undefined) return false
  const asked = new Set(ids.split(','))
  return page.resources.some((resource) => {
    if (!isFhirObject(resource) || own(resource, 'resourceType') !== query.type) return false
    const id = own(resource, 'id')
    return typeof id === 'string' && !asked.has(id)
  })
}

/** Works on the items in order, at most `width` at a time. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result> | Result,
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  const waiting = items.entries()
  const lane = async (): Promise<void> => {
    for (const [at, item] of waiting) results[at] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  return results
}

export function chunks<Item>(items: readonly Item[], sizeMax: number): Item[][] {
  const made: Item[][] = []
  for (let at = 0; at < items.length; at += sizeMax) made.push(items.slice(at, at + sizeMax))
  return made
}
