import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  type BaseContext,
  HeaderMap,
} from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
} from 'graphql'
import { z } from 'zod'
import { CodedError, coded, type ErrorCode, extensionsOf } from '../errors.js'
import { type OperationLimits, operationLimits } from './operation-limits.js'

/** What the door has made of one HTTP request before any operation in it: who asks, why, and with what headers. */
export interface Session {
  readonly idempotencyKey: string | null
}

/** One operation, parsed and validated against what clients see. */
export interface Operation {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
}

export interface OperationAnswer {
  readonly data: Record<string, unknown> | null
  readonly errors?: readonly GraphQLError[]
  readonly extensions?: Record<string, unknown>
}

/** One HTTP request below `/log/`. */
export interface LogAsk {
  readonly method: string
  /** Below the prefix, without a leading slash. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/** What is answered below `/log/`; the only answers of the door that somebody may keep. */
export interface LogAnswer {
  readonly status: number
  readonly contentType: string
  readonly cacheControl: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | Readable
}

export interface DoorSetting<S extends Session> {
  readonly apiSchema: GraphQLSchema
  readonly introspection: boolean
  readonly limits: OperationLimits & {
    readonly tokensMax: number
    readonly batchMax: number
    readonly bodyBytesMax: number
    readonly sendDeadlineMs: number
  }
  /** Throws a CodedError where the caller is not let in; whoever implements it logs the refusal. */
  readonly admit: (headers: IncomingHttpHeaders) => Promise<S>
  readonly answer: (operation: Operation, session: S) => Promise<OperationAnswer>
  /** What the agreement makes of an operation, without asking it: `POST /plan`, where given. It lets in and logs by itself. */
  readonly plan?: (body: unknown, headers: IncomingHttpHeaders) => Promise<object>
  /** The access log as parties and countersigners read it: `/log/…`, where given. It lets in and logs by itself. */
  readonly log?: (ask: LogAsk) => Promise<LogAnswer>
  /** Logs that somebody who was let in asked for something that was refused before it could be answered. */
  readonly refused: (session: S, code: string) => Promise<void>
  /** Notes an error that is our own mistake; the caller is told INTERNAL. */
  readonly ourMistake: (error: unknown) => void
  readonly ready: () => Promise<{
    readonly ready: boolean
    readonly detail: Record<string, unknown>
  }>
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
}

type Gateway = NonNullable<ApolloServerOptions<BaseContext>['gateway']>
type DoorContext<S> = BaseContext & {
  readonly session: S
  /** How many operations of this HTTP request are in the log, answered or refused. */
  readonly logged: { operations: number }
}

/** The HTTP door: `POST /graphql`, health and metrics. Every answer is `no-store`. */
export async function makeDoor<S extends Session>(
  setting: DoorSetting<S>,
): Promise<FastifyInstance> {
  const apollo = apolloOf(setting)
  await apollo.start()
  const app = fastify({
    bodyLimit: setting.limits.bodyBytesMax,
    serverFactory: (handler) => createServer(handler),
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => sendError(reply, httpError(setting, error)),
  })
  app.addHook('onClose', () => apollo.stop())
  app.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('x-content-type-options', 'nosniff')
    if (request.routeOptions.url !== LOG_ROUTE || !reply.hasHeader('cache-control')) {
      void reply.header('cache-control', 'no-store')
      closeWhenLate(reply, setting.limits.sendDeadlineMs)
    }
    done()
  })
  app.setErrorHandler(async (error, request, reply) => {
    const logged = isOfBody(error) ? logUnread(setting, request, error) : Promise.resolve(error)
    return sendError(reply, httpError(setting, await logged))
  })
  app.setNotFoundHandler((_request, reply) => sendError(reply, coded('NOT_FOUND')))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)))
    } catch {
      done(NOT_JSON, undefined)
    }
  })
  app.post('/graphql', async (request, reply) => {
    const { body } = request
    const session = await setting.admit(request.headers)
    const misshapen = misshapenIn(body, setting.limits.batchMax)
    if (misshapen !== null) {
      await setting.refused(session, misshapen.code)
      throw misshapen
    }
    const logged = { operations: 0 }
    const response = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method.toUpperCase(),
        headers: headerMap(request.headers),
        body,
        search: '',
      },
      context: () => Promise.resolve({ session, logged }),
    })
    if (logged.operations === 0) await setting.refused(session, 'BAD_REQUEST')
    for (const [key, value] of response.headers) void reply.header(key, value)
    return reply
      .code(response.status ?? 200)
      .send(response.body.kind === 'complete' ? response.body.string : '')
  })
  const { plan } = setting
  if (plan) app.post('/plan', (request) => plan(request.body, request.headers))
  const { log } = setting
  if (log) await app.register((scope) => Promise.resolve(serveLog(scope, log)))
  app.get('/healthz', () => ({ status: 'alive' }))
  app.get('/readyz', async (_request, reply) => {
    const { ready, detail } = await setting.ready()
    return reply.code(ready ? 200 : 503).send({ ready, ...detail })
  })
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await setting.metrics()
    return reply.type(contentType).send(text)
  })
  return app
}

/** What is wrong with the body as a whole: no operation of a batch runs where another cannot be read. */
function misshapenIn(body: unknown, batchMax: number): CodedError | null {
  if (Array.isArray(body) && body.length > batchMax)
    return coded('OPERATION_TOO_LARGE', { limit: 'batch', max: batchMax })
  const operations = z
    .array(OPERATION)
    .min(1)
    .safeParse(Array.isArray(body) ? body : [body])
  if (operations.success) return null
  const field = operations.error.issues[0]?.path.slice(1).join('.') || 'query'
  const reason =
    'send `query` as text and, where wanted, `operationName` as text and `variables` as an object; of several operations a list'
  return coded('BAD_REQUEST', { reason }, field)
}

const OPERATION = z.object({
  query: z.string().min(1),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
})

const LOG_ROUTE = '/log/*'

/** Takes bodies as the bytes that they are: what is signed must not be parsed on its way. */
function serveLog(app: FastifyInstance, log: (ask: LogAsk) => Promise<LogAnswer>): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.route({
    method: ['GET', 'POST'],
    url: LOG_ROUTE,
    handler: async (request, reply) => {
      const url = new URL(request.url, 'http://log')
      const answer = await log({
        method: request.method,
        path: url.pathname.slice(LOG_ROUTE.length - 1),
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(0),
      })
      void reply.headers({ ...answer.headers, 'cache-control': answer.cacheControl })
      const { body } = answer
      return reply
        .code(answer.status)
        .type(answer.contentType)
        .send(body instanceof Uint8Array ? Buffer.from(body) : body)
    },
  })
}

function apolloOf<S extends Session>(setting: DoorSetting<S>): ApolloServer<DoorContext<S>> {
  return new ApolloServer<DoorContext<S>>({
    gateway: federationBehind(setting),
    introspection: true,
    allowBatchedHttpRequests: true,
    persistedQueries: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !setting.introspection,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: setting.limits.tokensMax, noLocation: false },
    validationRules: [
      operationLimits(setting.limits),
      ...(setting.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
    ],
    plugins: [
      refusals(setting),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    formatError: (formatted, error) => formatFor(setting, formatted, error),
  })
}

/** What never reaches the federation (unreadable, invalid, too large) is in the log all the same. */
function refusals<S extends Session>(setting: DoorSetting<S>): ApolloServerPlugin<DoorContext<S>> {
  return {
    requestDidStart: ({ contextValue: { session, logged } }) => {
      let isAnswered = false
      logged.operations += 1
      return Promise.resolve({
        executionDidStart: () => {
          isAnswered = true
          return Promise.resolve()
        },
        didEncounterErrors: async ({ errors }) => {
          if (!isAnswered) await setting.refused(session, codeOf(errors[0]))
        },
      })
    },
  }
}

/** Our own code for an error of the protocol's. */
function codeOf(error: GraphQLError | undefined): string {
  if (error?.originalError instanceof CodedError) return error.originalError.code
  return OF_THE_PROTOCOL.get(String(error?.extensions['code'])) ?? 'INTERNAL'
}

const OF_THE_PROTOCOL: ReadonlyMap<string, ErrorCode> = new Map([
  ['GRAPHQL_PARSE_FAILED', 'OPERATION_INVALID'],
  ['GRAPHQL_VALIDATION_FAILED', 'OPERATION_INVALID'],
  ['OPERATION_RESOLUTION_FAILURE', 'OPERATION_INVALID'],
  ['BAD_USER_INPUT', 'OPERATION_INVALID'],
  ['PERSISTED_QUERY_NOT_SUPPORTED', 'OPERATION_INVALID'],
  ['PERSISTED_QUERY_NOT_FOUND', 'OPERATION_INVALID'],
  ['BAD_REQUEST', 'BAD_REQUEST'],
])

/** Apollo keeps the protocol; the federation behind it is ours. */
function federationBehind<S extends Session>(setting: DoorSetting<S>): Gateway {
  return {
    onSchemaLoadOrUpdate(listen) {
      listen({ apiSchema: setting.apiSchema, coreSupergraphSdl: '' })
      return () => undefined
    },
    load: () =>
      Promise.resolve({
        executor: async ({ document, operation, operationName, request, context }) => {
          const { session } = context as DoorContext<S>
          if (!operation) {
            await setting.refused(session, 'OPERATION_INVALID')
            return { errors: [noSuchOperation(request.operationName)] }
          }
          const variables = request.variables ?? {}
          const answer = await setting
            .answer({ document, operation, operationName, variables }, session)
            .catch((error: unknown) => {
              throw withStatus(error)
            })
          return { ...answer, data: answer.data }
        },
      }),
    stop: () => Promise.resolve(),
  }
}

/** Apollo gives it the protocol's code and status. */
const noSuchOperation = (name: string | null | undefined): GraphQLError =>
  new GraphQLError(
    name == null
      ? 'the document holds several operations: say which with `operationName`'
      : 'the document holds no operation of the name in `operationName`',
  )

/** Lets an operation that failed as a whole have its code's HTTP status; the protocol would say 500 of all. */
function withStatus(error: unknown): unknown {
  if (!(error instanceof CodedError)) return error
  const http = { status: error.status, headers: new HeaderMap() }
  return new GraphQLError(error.message, { originalError: error, extensions: { http } })
}

function formatFor<S extends Session>(
  setting: DoorSetting<S>,
  shown: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error
  if (original instanceof CodedError) {
    return {
      ...shown,
      message: original.message,
      extensions: extensionsOf(original),
    }
  }
  const code = shown.extensions?.['code']
  if (code === 'INTERNAL_SERVER_ERROR' || code === undefined) {
    setting.ourMistake(original)
    return {
      message: coded('INTERNAL').message,
      ...(shown.path && { path: shown.path }),
      extensions: { code: 'INTERNAL' },
    }
  }
  const { code: told, field, currentVersion } = shown.extensions ?? {}
  const kept = OF_THE_PROTOCOL.get(String(told)) ?? told
  return {
    message: shown.message,
    ...(shown.path && { path: shown.path }),
    ...(shown.locations && { locations: shown.locations }),
    extensions: {
      code: kept,
      ...(field !== undefined && { field }),
      ...(currentVersion !== undefined && { currentVersion }),
    },
  }
}

function headerMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap()
  for (const [key, value] of Object.entries(headers))
    if (value !== undefined) map.set(key, Array.isArray(value) ? value.join(', ') : value)
  return map
}

/** An answer that has not left by then is cut off: what was decided may no longer hold. */
function closeWhenLate(reply: FastifyReply, sendDeadlineMs: number): void {
  const timer = setTimeout(() => reply.raw.socket?.destroy(), sendDeadlineMs)
  timer.unref()
  reply.raw.once('close', () => clearTimeout(timer))
}

const NOT_JSON = coded('BAD_REQUEST', { reason: 'the body is not JSON' })

/** Whether a request ended with its body, before anything looked at who asks. */
function isOfBody(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null
  return error === NOT_JSON || String(code).startsWith('FST_ERR_CTP_')
}

/** Whose body could not be read is in the log like any other refusal; gives back what they are told. */
async function logUnread<S extends Session>(
  setting: DoorSetting<S>,
  { headers }: FastifyRequest,
  error: unknown,
): Promise<unknown> {
  try {
    await setting.refused(await setting.admit(headers), httpError(setting, error).code)
    return error
  } catch (refusal) {
    return refusal
  }
}

function httpError<S extends Session>(setting: DoorSetting<S>, error: unknown): CodedError {
  if (error instanceof CodedError) return error
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return coded('BODY_TOO_LARGE', { maxBytes: setting.limits.bodyBytesMax })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return coded('BAD_REQUEST', { reason: 'send `Content-Type: application/json`' })
  const status =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : null
  if (typeof status === 'number' && status >= 400 && status < 500)
    return coded('BAD_REQUEST', { reason: 'the request cannot be read' })
  setting.ourMistake(error)
  return coded('INTERNAL')
}

function sendError(reply: FastifyReply, error: CodedError): FastifyReply {
  return reply.code(error.status).send({
    errors: [
      {
        message: error.message,
        extensions: { code: error.code, ...(error.field !== null && { field: error.field }) },
      },
    ],
  })
}
