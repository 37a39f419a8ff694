import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { SourceUnavailable } from '../../src/records/adapter.js'
import { isFhirObject, own } from './fhir.js'

/**
 * How an NHS agency is reached: FHIR over HTTP with a bearer token or none. Every call has a
 * deadline, a body limit and few retries; what is not FHIR JSON is BAD_ANSWER, and no failure is
 * anything but `SourceUnavailable`. The token goes to the configured origin and nowhere else.
 */
export interface SourceSetting {
  readonly agency: string
  readonly baseUrl: string
  readonly token: string | null
  readonly bodyBytesMax: number
  readonly retriesMax: number
  readonly now: () => Date
}

/** Until when an answer is of use (milliseconds of the clock), and who may call it off before. */
export interface Ask {
  readonly signal: AbortSignal
  readonly until: number
  /** The hub's request that this is for; none where the hub asks for itself. */
  readonly request?: string
}

export interface Answer {
  readonly status: number
  /** The parsed body of a 2xx answer; undefined for any other. */
  readonly body: unknown
  readonly etag: string | null
  /** 404 or 410, said by a FHIR server in an OperationOutcome: there is no such resource (any more). */
  readonly isGone: boolean
}

export interface Request {
  readonly method?: 'GET' | 'POST'
  /** Relative to the base (`Patient/1`), or absolute on the same origin (a `next` link). */
  readonly url: string
  readonly body?: unknown
  readonly etag?: string | undefined
}

/** Failures in a row after which the agency is left alone for a while. */
const breakerFailures = 5
const breakerOpenMs = 10_000
const backOffMs = 200
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** A server is the agency's FHIR server once it has answered with a resource in this run. */
export class Source {
  private failures = 0
  private isFhir = false
  private openUntil = 0
  private readonly base: URL

  constructor(private readonly setting: SourceSetting) {
    this.base = new URL(`${setting.baseUrl.replace(/\/+$/, '')}/`)
  }

  /** Answers with any status but 401, 403 (of a GET) and what is still refused after the retries. */
  async ask(request: Request, ask: Ask): Promise<Answer> {
    const url = this.resolve(request.url)
    if (this.setting.now().getTime() < this.openUntil) throw this.unavailable('OPEN_BREAKER')
    try {
      const answer = await this.withRetries(url, request, ask)
      this.failures = 0
      return answer
    } catch (error) {
      if (!(error instanceof SourceUnavailable) || error.reason === 'UNAUTHORISED') throw error
      if (!ask.signal.aborted) this.noteFailure()
      throw error
    }
  }

  /**
   * Demands that something FHIR answers at the base: what a wrong base says of a resource is no word
   * about that resource. Throws BAD_ANSWER where neither an answer so far nor `metadata` proves it.
   */
  async requireFhir(ask: Ask): Promise<void> {
    if (!this.isFhir) await this.probe(ask)
  }

  /** Asks what the server is, whether or not it has told before. */
  async probe(ask: Ask): Promise<void> {
    await this.ask({ url: 'metadata' }, ask)
    if (!this.isFhir) throw this.unavailable('BAD_ANSWER')
  }

  unavailable(reason: string): SourceUnavailable {
    return new SourceUnavailable(this.setting.agency, reason)
  }

  private noteFailure(): void {
    this.failures += 1
    if (this.failures >= breakerFailures) {
      this.openUntil = this.setting.now().getTime() + breakerOpenMs
    }
  }

  /** A `next` link may lead anywhere on the same origin; the token is sent to no other. */
  private resolve(relative: string): URL {
    if (relative === '') return new URL(this.base.href.replace(/\/$/, '')) // the base itself: a batch
    if (!URL.canParse(relative, this.base.href)) throw this.unavailable('BAD_ANSWER')
    const url = new URL(relative, this.base)
    if (url.origin !== this.base.origin) throw this.unavailable('BAD_ANSWER')
    return url
  }

  private async withRetries(url: URL, request: Request, ask: Ask): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      const response = await this.fetch(url, request, ask)
      if (!RETRIED.has(response.status)) return this.read(response, request)
      await response.body?.cancel()
      const reason = response.status === 429 ? 'TOO_MANY_REQUESTS' : 'REFUSED'
      const waitMs = this.waitMs(response.headers.get('retry-after'), attempt)
      if (attempt >= this.setting.retriesMax || waitMs >= this.leftMs(ask)) {
        throw this.unavailable(reason)
      }
      try {
        await sleep(waitMs, undefined, { signal: ask.signal })
      } catch {
        throw this.unavailable('TIMEOUT') // called off while waiting
      }
    }
  }

  /** `Retry-After` in seconds or as a date; without it the wait doubles. */
  private waitMs(retryAfter: string | null, attempt: number): number {
    const doubling = backOffMs * 2 ** attempt
    if (retryAfter === null) return doubling
    if (/^\d{1,6}$/.test(retryAfter)) return Number(retryAfter) * 1_000
    const at = Date.parse(retryAfter)
    return Number.isNaN(at) ? doubling : Math.max(0, at - this.setting.now().getTime())
  }

  private leftMs(ask: Ask): number {
    return Math.max(0, ask.until - this.setting.now().getTime())
  }

  private async fetch(url: URL, request: Request, ask: Ask): Promise<Response> {
    const { token } = this.setting
    const hasBody = request.body !== undefined
    const leftMs = this.leftMs(ask)
    if (leftMs === 0 || ask.signal.aborted) throw this.unavailable('TIMEOUT')
    const deadline = AbortSignal.timeout(leftMs)
    try {
      return await fetch(url, {
        method: request.method ?? 'GET',
        redirect: 'manual',
        signal: AbortSignal.any([ask.signal, deadline]),
        headers: {
          accept: 'application/fhir+json',
          prefer: 'handling=strict',
          'x-request-id': randomUUID(),
          ...(ask.request !== undefined && { 'x-correlation-id': ask.request }),
          ...(token !== null && { authorization: `Bearer ${token}` }),
          ...(hasBody && { 'content-type': 'application/fhir+json' }),
          ...(request.etag !== undefined && { 'if-none-match': request.etag }),
        },
        ...(hasBody && { body: JSON.stringify(request.body) }),
      })
    } catch {
      throw this.unavailable(deadline.aborted || ask.signal.aborted ? 'TIMEOUT' : 'REFUSED')
    }
  }

  private async read(response: Response, request: Request): Promise<Answer> {
    const { status } = response
    const etag = response.headers.get('etag')
    if (status >= 200 && status < 300) {
      const body = await this.readJson(response)
      if (isFhirObject(body) && typeof own(body, 'resourceType') === 'string') this.isFhir = true
      return { status, body, etag, isGone: false }
    }
    if (status === 404 || status === 410)
      return { status, body: undefined, etag, isGone: await this.saysGone(response) }
    await response.body?.cancel()
    const isRefusedMethod = status === 403 && request.method === 'POST'
    if (status === 401 || (status === 403 && !isRefusedMethod))
      throw this.unavailable('UNAUTHORISED')
    if (status >= 300 && status < 400 && status !== 304) throw this.unavailable('BAD_ANSWER')
    if (status >= 500 && status !== 501) throw this.unavailable('REFUSED')
    return { status, body: undefined, etag, isGone: false }
  }

  /** Anything but an OperationOutcome (a web page, nothing) comes from somebody else on the way. */
  private async saysGone(response: Response): Promise<boolean> {
    if (!isJson(response)) {
      await response.body?.cancel()
      return false
    }
    try {
      const body = await this.readJson(response)
      return isFhirObject(body) && own(body, 'resourceType') === 'OperationOutcome'
    } catch (error) {
      if (error instanceof SourceUnavailable && error.reason === 'BAD_ANSWER') return false
      throw error
    }
  }

  private async readJson(response: Response): Promise<unknown> {
    if (!isJson(response)) {
      await response.body?.cancel()
      throw this.unavailable('BAD_ANSWER')
    }
    const bytes = await this.readBytes(response)
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    } catch {
      throw this.unavailable('BAD_ANSWER') // not UTF-8 or not JSON
    }
  }

  private async readBytes(response: Response): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    let length = 0
    try {
      for await (const chunk of response.body ?? []) {
        length += chunk.length
        if (length > this.setting.bodyBytesMax) throw this.unavailable('BAD_ANSWER')
        chunks.push(chunk)
      }
    } catch (error) {
      if (error instanceof SourceUnavailable) throw error
      const isLate = error instanceof Error && /abort|timeout/i.test(error.name)
      throw this.unavailable(isLate ? 'TIMEOUT' : 'REFUSED')
    }
    return Buffer.concat(chunks)
  }
}

function isJson(response: Response): boolean {
  const type = response.headers.get('content-type') ?? ''
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(type)
}
