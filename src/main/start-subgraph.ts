import { createHash, randomUUID } from 'node:crypto'
import fastify from 'fastify'
import {
  BREAK,
  type DocumentNode,
  type FormattedExecutionResult,
  Kind,
  parse,
  validate,
  visit,
} from 'graphql'
import { KINDS } from '../../adapters/index.js'
import { type Hop, verifyHop } from '../caller/signed-caller.js'
import { CodedError, coded } from '../errors.js'
import { storableLiterals, unstorableVariable } from '../gateway/federation/storable-text.js'
import type { SubgraphExecutor } from '../gateway/federation/subgraph.js'
import { operationLimits } from '../gateway/operation-limits.js'
import type { Configuration } from '../platform/config.js'
import { listen } from '../platform/http-listen.js'
import { createLog } from '../platform/log.js'
import { createShutdown } from '../platform/shutdown.js'
import { StartupError } from '../platform/startup-error.js'
import { alongIn, besideFrom, broughtBy } from './along.js'
import { isReport, makeAnswering, noteMistake, settle } from './answer.js'
import { type AskedBeside, askedBeside } from './asked-beside.js'
import { conflictSections } from './conflict-alarm.js'
import { reportWithDuties } from './duties.js'
import { type Hub, openHub } from './hub.js'
import type { HubRequest, HubSession } from './hub-context.js'
import { beginRequest, entryOf } from './request.js'
import { refuseSampleKeys } from './serve.js'
import { admit, logNobody, logRefused, renewed, sessionOf } from './session.js'
import { watchSources } from './watch-sources.js'

const decidedMax = 12

/** Runs one subgraph alone: its own door, its rules, its log entry for each fetch. */
export async function startSubgraph({
  configuration,
  name,
  port,
  say,
}: {
  readonly configuration: Configuration
  readonly name: string
  readonly port: number
  readonly say: (line: string) => void
}): Promise<void> {
  const log = createLog({ level: configuration.log.level })
  const shutdown = createShutdown({ log })
  shutdown.onSignals()
  const hub = await openHub({ configuration, log, kinds: KINDS })
  shutdown.add('hub', () => hub.close())
  refuseSampleKeys(hub)
  watchSources(hub, shutdown)
  const app = subgraphDoor(hub, name)
  await app.ready()
  const listening = await listen(app.server, { host: configuration.host, port })
  shutdown.add('door', async () => {
    await listening.close()
    await app.close()
  })
  say(`the subgraph ${name} is ready: ${listening.url}/graphql`)
}

/** The HTTP door of one subgraph: our gateway's signed word, or the caller's own token and purpose; never a bare header. */
export function subgraphDoor(hub: Hub, name: string) {
  const answering = makeAnswering(hub)
  const executor = answering.subgraphs.get(name)
  if (!executor)
    throw new StartupError(
      'NO_SUCH_SUBGRAPH',
      `there is no subgraph \`${name}\``,
      `use one of ${[...answering.subgraphs.keys()].join(', ')}`,
    )
  const app = fastify({
    bodyLimit: hub.configuration.limits.bodyBytesMax * 10,
    forceCloseConnections: 'idle',
  })
  app.addHook('onClose', () => answering.close())
  app.addHook('onSend', (_request, reply, _payload, done) => {
    void reply.header('cache-control', 'no-store')
    done()
  })
  app.setErrorHandler((error, _request, reply) => {
    const known = error instanceof CodedError ? error : unreadable(hub, error)
    if (known.code === 'INTERNAL') noteMistake(hub, error)
    const message = hub.configuration.introspection ? known.message : withoutHints(known.message)
    return reply
      .code(known.status)
      .send({ errors: [{ message, extensions: { code: known.code } }] })
  })
  app.post('/graphql', async (request) => {
    const { body } = request
    const admitted = await sessionFor(hub, name, request.headers)
    try {
      if (!isBody(body))
        throw coded('BAD_REQUEST', { reason: 'send `query` and `variables` as JSON' })
      return await answerAlone(hub, name, executor, { ...admitted, body })
    } catch (error) {
      await logRefused(hub, admitted.session, error instanceof CodedError ? error.code : 'INTERNAL')
      throw error
    }
  })
  app.get('/healthz', () => ({ status: 'alive' }))
  return app
}

/** What the server could not read, or our own mistake. */
function unreadable(hub: Hub, error: unknown): CodedError {
  const status =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : null
  if (status === 413)
    return coded('BODY_TOO_LARGE', { maxBytes: hub.configuration.limits.bodyBytesMax * 10 })
  if (typeof status === 'number' && status >= 400 && status < 500)
    return coded('BAD_REQUEST', { reason: 'the request cannot be read' })
  return coded('INTERNAL')
}

/** A suggestion tells what the schema has. */
function withoutHints(message: string): string {
  return message.replace(/ Did you mean .*$/s, '')
}

interface Body {
  readonly query: string
  readonly variables?: Record<string, unknown> | null
  readonly operationName?: string | null
  readonly extensions?: unknown
}

function isBody(value: unknown): value is Body {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'query') === 'string'
  )
}

interface Admitted {
  readonly session: HubSession
  readonly id: string
  /** What our own gateway, having looked at the whole operation, says; null where it is not ours that asks. */
  readonly hop: Hop | null
}

async function sessionFor(
  hub: Hub,
  name: string,
  headers: Parameters<typeof admit>[1],
): Promise<Admitted> {
  await hub.logGuard.demandSound(() => hub.agreements.read())
  const word = headers['concordat-caller']
  if (typeof word !== 'string')
    return {
      session: await admit(hub, headers),
      id: randomUUID(),
      hop: null,
    }
  const hop = await verifyHop(
    word,
    name,
    hub.keys.signing('hop').current.publicKey,
    hub.now(),
  ).catch(async (error: unknown) => {
    if (error instanceof CodedError) await logNobody(hub, error.code)
    throw error
  })
  const key = headers['idempotency-key']
  const session = sessionOf(hop.caller, await hub.agreements.read(), {
    purpose: hop.purpose,
    justification: hop.justification,
    idempotencyKey: typeof key === 'string' ? key : null,
  })
  return { session, id: hop.request, hop }
}

async function answerAlone(
  hub: Hub,
  name: string,
  executor: SubgraphExecutor<HubRequest>,
  of: Admitted & { readonly body: Body },
): Promise<FormattedExecutionResult> {
  const { query, variables, operationName } = of.body
  const document = parseOrRefuse(hub, query)
  if (of.hop === null) demandWithinLimits(hub, name, document, variables ?? {})
  if (!hub.configuration.introspection && asksForSchema(document))
    throw coded('OPERATION_INVALID', { reason: 'the schema cannot be asked for here' })
  const operationKey = createHash('sha256').update(query).digest('base64url')
  const signal = AbortSignal.timeout(hub.configuration.limits.deadlineMs)
  const beside = besideOf(hub, name, document, of.hop)
  const said = alongIn(of.body.extensions, of.hop?.along ?? null)
  let before = said
  let session = of.session
  for (let tries = 0; tries < decidedMax; tries += 1) {
    if (tries > 0) session = await renewed(hub, of.session)
    const request = {
      ...beginRequest(hub, session, { beside, before }, signal, of.id),
      coversKeys: of.hop === null,
    }
    const answered = await executor(
      { document, operationName: operationName ?? null, variables: variables ?? {}, operationKey },
      request,
    )
    // Our gateway sees to it for the whole answer.
    if (of.hop === null) {
      before = request.ledger.together.notes
      if (!request.ledger.isComplete()) continue
    }
    const entry = entryOf(request, of.id, {
      what: 'FETCH',
      operation: 'CONSULTATION',
      tightens: false,
    })
    const outcome = await settle(hub, request, {
      ...entry,
      outcome: answered.errors ? 'PARTIAL' : 'ANSWERED',
      sections: conflictSections(hub, request, { document, variables: variables ?? {} }),
    })
    if (outcome === 'APPENDED') {
      const told = withDuties(request, answered)
      if (of.hop === null) return told
      return { ...told, extensions: { ...told.extensions, ...broughtBy(request) } }
    }
  }
  throw coded('FACTS_CHANGING')
}

/** What is asked for beside what: as our gateway says, or as far as it can be seen here. */
function besideOf(hub: Hub, name: string, document: DocumentNode, hop: Hop | null): AskedBeside {
  if (hop !== null) return besideFrom(hop.beside)
  const schema = hub.contract.subgraphs.get(name)?.schema
  const { governance } = hub.contract
  return schema ? askedBeside(document, { schema, governance }) : new Map()
}

function withDuties(
  { ledger, agreement: inForce }: HubRequest,
  answered: FormattedExecutionResult,
): FormattedExecutionResult {
  const report = answered.extensions?.['disclosure']
  if (!isReport(report)) return answered
  const { agreement } = inForce.compiled
  return {
    ...answered,
    extensions: { disclosure: reportWithDuties(report, { agreement, ledger }) },
  }
}

const OF_THE_SCHEMA = new Set(['__schema', '__type', '_service'])

function asksForSchema(document: DocumentNode): boolean {
  let isFound = false
  visit(document, {
    enter: (node) => {
      if (node.kind === Kind.FIELD && OF_THE_SCHEMA.has(node.name.value)) isFound = true
      return isFound ? BREAK : undefined
    },
  })
  return isFound
}

/** What our gateway refuses before it plans is refused here of everybody else. */
function demandWithinLimits(
  hub: Hub,
  name: string,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const schema = hub.contract.subgraphs.get(name)?.schema
  const rules = [operationLimits(hub.configuration.limits), storableLiterals]
  const [first] = schema ? validate(schema, document, rules) : []
  const wrong = first ?? unstorableVariable(variables)
  if (wrong) throw wrong.originalError ?? coded('OPERATION_INVALID', { reason: wrong.message })
}

function parseOrRefuse(hub: Hub, query: string) {
  try {
    return parse(query, { maxTokens: hub.configuration.limits.tokensMax })
  } catch (error) {
    throw coded('OPERATION_INVALID', {
      reason: error instanceof Error ? error.message : 'it cannot be parsed',
    })
  }
}
