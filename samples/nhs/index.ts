import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { FhirRouter } from '@medplum/fhir-router'
import type { World } from '../world.js'
import { capabilityStatement } from './capability-statement.js'
import type { FhirResource } from './fhir-json.js'
import { renderEvent } from './render-event.js'
import { renderPatient, renderWarnings } from './render-patient.js'
import { SampleRepository } from './repository.js'

/** One line of the trust's own access log. */
export interface Access {
  readonly at: string
  /** The header `X-Correlation-Id`; null where the asker named none. */
  readonly request: string | null
}

/** One call as the server saw it; a batch counts once. */
export interface Call {
  readonly method: string
  /** Path and query, without the base. */
  readonly url: string
}

/** An answer in place of the server's own, for trying out what fails in life. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly delayMs?: number
}

export interface NhsServerOptions {
  /** Address to listen on; this machine alone where left out. */
  readonly host?: string
  readonly world?: World
  /** More resources, or all there are: examples from files. */
  readonly resources?: Iterable<FhirResource>
  /** 0 or none: any free port. */
  readonly port?: number
  /** Then every call needs `Authorization: Bearer <token>`. */
  readonly token?: string
  /** Answers in the server's place; null lets it answer itself. */
  readonly intercept?: (call: Call) => Reply | null
}

export interface NhsServer {
  /** The FHIR base, as an agency's `baseUrl`. */
  readonly url: string
  calls(): readonly Call[]
  /** The trust's own access log: when it was asked, and for which request of the asker's. */
  accessLog(): readonly Access[]
  forgetCalls(): void
  /** Takes in a resource or a new version of it, with the version and time it says. */
  put(resource: FhirResource): Promise<void>
  remove(type: string, id: string): Promise<void>
  close(): Promise<void>
}

/** A sample NHS trust: a FHIR R4 server over HTTP, on a repository in memory. */
export async function startNhsServer(options: NhsServerOptions = {}): Promise<NhsServer> {
  const repository = new SampleRepository()
  if (options.world) await repository.load(renderWorld(options.world))
  if (options.resources) await repository.load(options.resources)
  const router = new FhirRouter()
  const calls: Call[] = []
  const accesses: Access[] = []
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = { method: request.method ?? 'GET', url: (request.url ?? '').slice(BASE.length) }
    calls.push(call)
    accesses.push({
      at: new Date().toISOString(),
      request: [request.headers['x-correlation-id'] ?? null].flat()[0] ?? null,
    })
    const body = await readBody(request)
    const reply = options.intercept?.(call) ?? null
    if (reply !== null) return sendReply(response, reply)
    const isKnown =
      options.token === undefined || request.headers.authorization === `Bearer ${options.token}`
    if (!isKnown) return send(response, 401, outcome('login'))
    if (!request.url?.startsWith(BASE)) return send(response, 404, outcome('not-found'))
    await route(call, body, request, response)
  }
  const route = async (
    call: Call,
    body: unknown,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    if (call.url === '/metadata') return send(response, 200, capabilityStatement())
    const [result, resource] = await router.handleRequest(
      {
        method: methodOf(call.method),
        url: call.url || '/',
        pathname: '',
        body,
        params: {},
        query: {},
      },
      repository,
    )
    const status =
      STATUSES[result.id ?? 'ok'] ?? (result.issue[0]?.severity === 'error' ? 400 : 200)
    const version = resource?.meta?.versionId
    const etag = version === undefined ? null : `W/"${version}"`
    if (etag !== null && request.headers['if-none-match'] === etag) return send(response, 304, null)
    send(response, status, resource ?? result, etag)
  }
  const port = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1')
  return {
    url: `http://127.0.0.1:${port}${BASE}`,
    calls: () => [...calls],
    accessLog: () => [...accesses],
    forgetCalls: () => calls.splice(0),
    put: (resource) => repository.load([resource]),
    remove: (type, id) => repository.deleteResource(type, id),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

/** What the trust holds of a world: patients, warnings and events, none that it has deleted. */
export function* renderWorld(world: World): Generator<FhirResource> {
  for (const holding of world.holdings) {
    if (holding.agency !== 'nhs' || holding.deleted) continue
    yield renderPatient(holding)
    yield* renderWarnings(holding)
  }
  for (const event of world.events) {
    if (event.agency !== 'nhs') continue
    const resource = renderEvent(event)
    if (resource !== null) yield resource
  }
}

const BASE = '/fhir/R4'
const bodyBytesMax = 10_000_000
const STATUSES: Readonly<Record<string, number>> = {
  ok: 200,
  created: 201,
  'not-found': 404,
  gone: 410,
  unauthorized: 401,
  forbidden: 403,
}

function methodOf(method: string): 'GET' | 'POST' | 'PUT' | 'DELETE' {
  return method === 'POST' || method === 'PUT' || method === 'DELETE' ? method : 'GET'
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > bodyBytesMax) throw new Error('the request body is too large')
    chunks.push(chunk)
  }
  return length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  etag: string | null = null,
): void {
  response.writeHead(status, {
    'content-type': 'application/fhir+json; charset=utf-8',
    'cache-control': 'no-store',
    ...(etag !== null && { etag }),
  })
  response.end(body === null ? undefined : JSON.stringify(body))
}

async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.delayMs !== undefined) await sleep(reply.delayMs, undefined, { ref: false })
  response.writeHead(reply.status, reply.headers ?? { 'content-type': 'application/fhir+json' })
  response.end(reply.body)
}

function outcome(code: string): unknown {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] }
}

function listen(
  server: ReturnType<typeof createServer>,
  port: number,
  host: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve(address.port)
      else reject(new Error('the server has no port'))
    })
  })
}
