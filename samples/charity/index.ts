import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { World } from '../world.js'
import type { SampleClient } from './format.js'
import { clientsOf } from './from-world.js'
import { Problem, pageOf, readListing, sent } from './listing.js'
import { search } from './search.js'

/** A charity's case system for samples and tests: REST, in memory (docs/agencies/charity.md). */

export interface CharityServer {
  /** Root of the interface; the `baseUrl` of the agency's settings. */
  readonly url: string
  close(): Promise<void>
  /** Every request that arrived, oldest first, refused ones too. */
  calls(): readonly { readonly method: string; readonly url: string }[]
  /** Answers that much later from now on; 0 at once. */
  hold(ms: number): void
  /** Answers with that status from now on (`times` requests, else for good); null as usual again. */
  fail(
    status: number | null,
    options?: { readonly retryAfter?: string; readonly times?: number },
  ): void
  /** Sends these bytes instead of an answer, with status 200; null as usual again. */
  say(body: Buffer | string | null): void
  /** Adds or replaces a client, as given: `version` and `updatedAt` are the caller's to move. */
  put(client: SampleClient): void
  /** Forgets a client without a trace. */
  forget(caseNumber: string): void
  client(caseNumber: string): SampleClient | undefined
}

export interface CharityServerOptions {
  readonly world?: World
  /** Instead of a world, or beside it. */
  readonly clients?: readonly SampleClient[]
  /** 0: any free one. */
  readonly port?: number
  readonly host?: string
  readonly apiKey: string
  readonly now?: () => Date
}

interface Switches {
  holdMs: number
  failure: { readonly status: number; readonly retryAfter: string | null; left: number } | null
  body: Buffer | string | null
}

const searchSchema = z.object({
  people: z
    .array(
      z.object({
        names: z
          .array(
            z.object({
              given: z
                .string()
                .nullish()
                .transform((it) => it ?? null),
              family: z
                .string()
                .nullish()
                .transform((it) => it ?? null),
            }),
          )
          .default([]),
        birthDates: z.array(z.string()).default([]),
        postcodes: z.array(z.string()).default([]),
        phones: z.array(z.string()).default([]),
        emails: z.array(z.string()).default([]),
      }),
    )
    .max(100),
  limit: z.int().min(1).max(50).default(10),
})

function problem(
  reply: FastifyReply,
  status: number,
  title: string,
  more: Record<string, unknown> = {},
): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title, status, ...more })
}

const sameKey = (one: string, other: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** What every request passes first: counted, held, failed on purpose, and the key. */
function guard(
  server: FastifyInstance,
  switches: Switches,
  around: { readonly apiKey: string; readonly calls: { method: string; url: string }[] },
): void {
  server.addHook('onRequest', async (request, reply) => {
    around.calls.push({ method: request.method, url: request.url })
    if (switches.holdMs > 0) await sleep(switches.holdMs, undefined, { ref: false })
    const { failure } = switches
    if (failure !== null && failure.left > 0) {
      failure.left -= 1
      if (failure.retryAfter !== null) reply.header('retry-after', failure.retryAfter)
      return problem(reply, failure.status, 'failing on purpose')
    }
    if (switches.body !== null) return reply.type('application/json').send(switches.body)
    const key = request.headers['x-api-key']
    if (typeof key !== 'string' || !sameKey(key, around.apiKey))
      return problem(reply, 401, 'no valid key: send `X-Api-Key`')
  })
}

/** Sends with its ETag, or 304 where the asker has it already. */
function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  of: { readonly tag: string; readonly body: unknown },
): FastifyReply {
  reply.header('etag', of.tag)
  return request.headers['if-none-match'] === of.tag ? reply.code(304).send() : reply.send(of.body)
}

function routes(
  server: FastifyInstance,
  clients: ReadonlyMap<string, SampleClient>,
  now: () => Date,
): void {
  server.get('/clients', (request, reply) => {
    const page = pageOf(clients, readListing(request.query), now().toISOString())
    const digest = createHash('sha256')
      .update(JSON.stringify({ ...page, asOf: null }))
      .digest('base64url')
    return sendTagged(request, reply, { tag: `"${digest}"`, body: page })
  })
  server.get<{ Params: { caseNumber: string } }>('/clients/:caseNumber', (request, reply) => {
    const client = clients.get(request.params.caseNumber)
    if (client === undefined) return problem(reply, 404, 'no such client')
    if (client.isDeleted || client.mergedInto !== null)
      return problem(reply, 410, 'not held any more', { mergedInto: client.mergedInto })
    const listing = readListing(request.query)
    return sendTagged(request, reply, {
      tag: `"${client.version}"`,
      body: sent(client, listing.include ?? []),
    })
  })
  server.post('/clients/search', (request, reply) => {
    const asked = searchSchema.safeParse(request.body)
    if (!asked.success) return problem(reply, 400, 'not understood: people')
    const { people, limit } = asked.data
    const include = ['identity', 'addresses', 'contacts']
    return reply.send({
      results: people.map((sought) => ({
        candidates: search(clients.values(), sought, limit).map((it) => sent(it, include)),
      })),
    })
  })
}

function serverOf(): FastifyInstance {
  const server = Fastify({ forceCloseConnections: true, bodyLimit: 1_048_576 })
  server.setNotFoundHandler((_, reply) => problem(reply, 404, 'no such resource'))
  server.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    if (error instanceof Problem) return problem(reply, error.status, error.title)
    const status = error.statusCode ?? 500
    return problem(
      reply,
      status,
      status < 500 ? 'not understood: the request' : 'something went wrong here',
    )
  })
  return server
}

/** Starts a charity's system; a taken port rejects. */
export async function startCharityServer(options: CharityServerOptions): Promise<CharityServer> {
  const now = options.now ?? (() => new Date())
  const all = [...(options.world ? clientsOf(options.world) : []), ...(options.clients ?? [])]
  const clients = new Map(all.map((client) => [client.caseNumber, client]))
  const calls: { method: string; url: string }[] = []
  const switches: Switches = { holdMs: 0, failure: null, body: null }
  const server = serverOf()
  guard(server, switches, { apiKey: options.apiKey, calls })
  routes(server, clients, now)
  const url = await server.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  return {
    url,
    close: () => server.close(),
    calls: () => [...calls],
    hold(ms) {
      switches.holdMs = ms
    },
    fail(status, { retryAfter, times } = {}) {
      switches.failure =
        status === null
          ? null
          : { status, retryAfter: retryAfter ?? null, left: times ?? Number.POSITIVE_INFINITY }
    },
    say(body) {
      switches.body = body
    },
    put(client) {
      clients.set(client.caseNumber, client)
    },
    forget(caseNumber) {
      clients.delete(caseNumber)
    },
    client: (caseNumber) => clients.get(caseNumber),
  }
}
