import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { SourceUnavailable } from '../../src/records/adapter.js'
import { makeBreaker } from './breaker.js'
import { type Page, type Part, pageSchema, searchAnswerSchema } from './format.js'
import { BadAnswer, readJson } from './read-body.js'
import type { CharitySettings } from './settings.js'

/** How to reach a charity's system: HTTP with key, deadline, retries, limits and breaker. */

/** What `GET /clients` is asked. Ids and entries: those alone. */
export interface ClientsQuery {
  readonly ids?: readonly string[]
  readonly entries?: readonly string[]
  readonly include: readonly Part[]
  readonly updatedSince?: string | null
  readonly limit: number
}
export interface Limits {
  readonly signal: AbortSignal
  /** Within which one call must be answered, retries included. */
  readonly deadlineMs: number
  /** The hub's request that this is for; none where the hub asks for itself. */
  readonly request?: string
}
export interface CharitySource {
  /** All pages of a query; one call each. */
  pages(query: ClientsQuery, limits: Limits): AsyncGenerator<Page>
  search(body: unknown, limits: Limits): Promise<z.output<typeof searchAnswerSchema>>
}

/** Pages of one reading of the list; a server that turns in circles is stopped here. */
const pagesMax = 10_000
const firstWaitMs = 100
const STATUSES_RETRIED: readonly number[] = [429, 502, 503, 504]

/** Path and query of a reading of the list, without the cursor. */
export function pathOf(query: ClientsQuery): string {
  const listed = (name: string, ids: readonly string[] | undefined): string =>
    ids === undefined ? '' : `&${name}=${ids.map(encodeURIComponent).join(',')}`
  const since =
    query.updatedSince == null ? '' : `&updatedSince=${encodeURIComponent(query.updatedSince)}`
  const include =
    query.include.length === 0 ? '' : `&include=${[...query.include].sort().join(',')}`
  return `/clients?limit=${query.limit}${listed('ids', query.ids)}${listed('entries', query.entries)}${include}${since}`
}

/** Why a status is no answer: a reason of `SourceUnavailable`; null when it is one. */
function reasonOf(status: number): string | null {
  if (status === 200) return null
  if (status === 401 || status === 403) return 'UNAUTHORISED'
  if (status === 429) return 'TOO_MANY_REQUESTS'
  return status >= 500 ? 'REFUSED' : 'BAD_ANSWER'
}

/** How long the server asks to wait (seconds or an HTTP date), else the given time. */
export function waitMsOf(retryAfter: string | null, otherwiseMs: number, now: Date): number {
  if (retryAfter === null) return otherwiseMs
  if (/^\d{1,6}$/.test(retryAfter.trim())) return Number(retryAfter) * 1000
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? otherwiseMs : Math.max(0, at - now.getTime())
}

type Attempt =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'failed'; readonly reason: string; readonly waitMs: number | null }

export function makeSource(
  settings: CharitySettings,
  { agency, now }: { readonly agency: string; readonly now: () => Date },
): CharitySource {
  const breaker = makeBreaker({
    failuresMax: settings.breakerFailuresMax,
    openMs: settings.breakerOpenMs,
    now,
  })

  async function attempt(
    path: string,
    init: RequestInit,
    signal: AbortSignal,
    backOffMs: number,
  ): Promise<Attempt> {
    try {
      const response = await fetch(`${settings.baseUrl}${path}`, {
        ...init,
        redirect: 'manual',
        signal,
      })
      const reason = reasonOf(response.status)
      if (reason === null)
        return { kind: 'answer', body: await readJson(response, settings.bodyBytesMax) }
      await response.body?.cancel()
      const waits = STATUSES_RETRIED.includes(response.status)
      const waitMs = waits ? waitMsOf(response.headers.get('retry-after'), backOffMs, now()) : null
      return { kind: 'failed', reason, waitMs }
    } catch (error) {
      if (signal.aborted) return { kind: 'failed', reason: 'TIMEOUT', waitMs: null }
      if (error instanceof BadAnswer) return { kind: 'failed', reason: 'BAD_ANSWER', waitMs: null }
      return { kind: 'failed', reason: 'REFUSED', waitMs: backOffMs } // fetch says all else as TypeError
    }
  }

  /** Tries until it is answered, the deadline would pass, or the attempts are used up. */
  async function persist(path: string, init: RequestInit, limits: Limits): Promise<unknown> {
    const startedMs = performance.now()
    const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.deadlineMs)])
    for (let tried = 1; ; tried += 1) {
      const outcome = await attempt(path, init, signal, firstWaitMs * 2 ** (tried - 1))
      if (outcome.kind === 'answer') return outcome.body
      const leftMs = limits.deadlineMs - (performance.now() - startedMs)
      if (outcome.waitMs === null || tried >= settings.attemptsMax || outcome.waitMs >= leftMs)
        throw new SourceUnavailable(agency, outcome.reason)
      await sleep(outcome.waitMs, undefined, { signal }).catch(() => {
        throw new SourceUnavailable(agency, 'TIMEOUT')
      })
    }
  }

  async function call<T extends z.ZodType>(
    ask: { readonly path: string; readonly init?: RequestInit; readonly answer: T },
    limits: Limits,
  ): Promise<z.output<T>> {
    if (limits.signal.aborted) throw new SourceUnavailable(agency, 'TIMEOUT')
    if (!breaker.mayTry()) throw new SourceUnavailable(agency, 'OPEN_BREAKER')
    const headers = {
      ...ask.init?.headers,
      ...(limits.request !== undefined && { 'x-correlation-id': limits.request }),
      'x-api-key': settings.apiKey,
      accept: 'application/json',
    }
    try {
      const read = ask.answer.safeParse(await persist(ask.path, { ...ask.init, headers }, limits))
      if (!read.success) throw new SourceUnavailable(agency, 'BAD_ANSWER')
      breaker.succeeded()
      return read.data
    } catch (error) {
      if (limits.signal.aborted) breaker.abandoned()
      else breaker.failed()
      throw error
    }
  }

  return {
    async *pages(query, limits) {
      const path = pathOf(query)
      const seen = new Set<string>()
      for (let cursor: string | null = null; seen.size < pagesMax; ) {
        const at: string = cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`
        const page: Page = await call({ path: at, answer: pageSchema }, limits)
        yield page
        if (page.next === null) return
        if (seen.has(page.next)) break
        seen.add(page.next)
        cursor = page.next
      }
      throw new SourceUnavailable(agency, 'BAD_ANSWER')
    },
    search(body, limits) {
      const init = {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }
      return call({ path: '/clients/search', init, answer: searchAnswerSchema }, limits)
    },
  }
}
