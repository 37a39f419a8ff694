import { type DocumentNode, GraphQLError } from 'graphql'
import type { LogEntry, LogSection } from '../access-log/entry.js'
import { signHop } from '../caller/signed-caller.js'
import { govern, type SubgraphAnswer, type SubgraphRequest } from '../disclosure/govern.js'
import { type DisclosureReport, mergeReports } from '../disclosure/report.js'
import { CodedError, coded } from '../errors.js'
import type { Operation, OperationAnswer } from '../gateway/door.js'
import {
  createFederation,
  createPlanner,
  type Federation,
  remoteSubgraph,
  type SubgraphExecutor,
} from '../gateway/federation/index.js'
import { generalise } from '../sharing/generalise.js'
import { possible } from '../sharing/profile.js'
import { unavailableFor } from './agencies-asked.js'
import { alongOf, askAlongIn, besideThatMatters, digestOf, takeAlong } from './along.js'
import { type AskedBeside, askedBeside } from './asked-beside.js'
import { conflictSections } from './conflict-alarm.js'
import { reportWithDuties } from './duties.js'
import type { Hub } from './hub.js'
import type { HubRequest, HubSession } from './hub-context.js'
import { beginRequest, contextFor, entryOf, guardedPlacesFor } from './request.js'
import { renewed } from './session.js'

/** Answers operations: federation over governed subgraphs, one log entry, then the answer. */
export interface Answering {
  answer(operation: Operation, session: HubSession): Promise<OperationAnswer>
  /** Runs a query as it would be answered and tells only what was decided; the log says that it was a simulation. */
  simulate(operation: Operation, session: HubSession): Promise<Simulated>
  /** One governed subgraph by itself, for the door of a process that runs it alone. */
  readonly subgraphs: ReadonlyMap<string, SubgraphExecutor<HubRequest>>
  close(): Promise<void>
}

/** What a simulated query came to: its sections of the log, and no value. */
export interface Simulated {
  readonly sections: readonly LogSection[]
  readonly unavailable: readonly { readonly agency: string; readonly reason: string }[]
  readonly errors: readonly string[]
}

/** How often a request is decided anew when facts change under it, before it is given up. */
const decidedMax = 12
const appendTriesMax = 40
const planCacheBytes = 32 * 1024 * 1024

/** `remotes` names subgraphs that run elsewhere, with their address. */
export function makeAnswering(
  hub: Hub,
  remotes: ReadonlyMap<string, string> = new Map(),
): Answering {
  const subgraphs = new Map(
    [...hub.contract.subgraphs.keys()].map((name) => [name, governedSubgraph(hub, name)]),
  )
  const executors = new Map<string, SubgraphExecutor<HubRequest>>(subgraphs)
  for (const [name, url] of remotes) executors.set(name, remote(hub, name, url))
  const federation = createFederation<HubRequest>({
    supergraphSdl: hub.contract.supergraphSdl,
    apiSchema: hub.contract.apiSchema,
    subgraphs: Object.fromEntries(executors),
    planner: createPlanner({ supergraphSdl: hub.contract.supergraphSdl }),
    onSubgraphExtensions: (answers) => ({
      disclosure: mergeReports(
        answers.flatMap(({ extensions, toClientPaths }) => {
          const report = extensions['disclosure']
          return isReport(report) ? [{ report, toClientPaths }] : []
        }),
      ),
    }),
    signalOf: (request) => request.signal,
  })
  return {
    answer: (operation, session) => answer(hub, federation, operation, session),
    simulate: (operation, session) => simulateQuery(hub, federation, operation, session),
    subgraphs,
    close: () => federation.close(),
  }
}

export function isReport(value: unknown): value is DisclosureReport {
  return typeof value === 'object' && value !== null && 'decisions' in value
}

function governedSubgraph(hub: Hub, name: string): SubgraphExecutor<HubRequest> {
  const subgraph = hub.contract.subgraphs.get(name)
  if (!subgraph) throw new TypeError(`no subgraph \`${name}\``)
  const kind = hub.contract.kindOf(name)
  const suppliers = hub.agreement.agencies.filter((agency) => kind === null || agency.kind === kind)
  const run = govern<HubRequest, ReturnType<typeof contextFor>>({
    subgraph,
    governance: hub.contract.governance,
    isNever: (request, field) =>
      suppliers.every(
        (supplier) => possible(request.profile, field.cell, supplier, kind === null) === 'NEVER',
      ),
    generalise: (decision, value) =>
      decision.form === null
        ? null
        : generalise(decision.form, value, {
            asOf: hub.now().toISOString().slice(0, 10),
            coarseCodeOf: hub.coarseCodeOf,
            ...(decision.codes && { codes: decision.codes }),
          }),
    context: (request, access) => contextFor(hub, request, access),
    locates: async (request) => {
      const guarded = await guardedPlacesFor(hub, request)()
      return guarded.isEmpty ? null : (text) => guarded.areNamedIn(text)
    },
    askAlong: askAlongIn,
    planCacheBytes,
    ourMistake: (error) => noteMistake(hub, error),
  })
  return async (request: SubgraphRequest, governed: HubRequest) => {
    const answered: SubgraphAnswer = await run(request, governed)
    return {
      data: answered.data,
      ...(answered.errors && { errors: answered.errors }),
      ...(answered.extensions && { extensions: { ...answered.extensions } }),
    }
  }
}

/** An error of our own making: its class and our own frames go to the log, for a message may quote a value. */
export function noteMistake(hub: Hub, error: unknown): void {
  hub.log.error('our-mistake', { error })
}

function remote(hub: Hub, name: string, url: string): SubgraphExecutor<HubRequest> {
  const ask = remoteSubgraph<HubRequest>({
    url,
    extensions: alongOf,
    timeoutMs: hub.configuration.limits.deadlineMs,
    maxBytes: 64 * 1024 * 1024,
    headers: async (request, _, { extensions }) => {
      const key = hub.keys.signing('hop').current
      const { caller, purpose, justification, id } = request
      const hop = {
        caller,
        purpose,
        justification,
        request: id,
        beside: besideThatMatters(hub, request),
        along: extensions === null ? null : digestOf(extensions.together),
      }
      return {
        'concordat-caller': await signHop(hop, name, key.privateKey, key.kid, hub.now()),
        ...(request.idempotencyKey !== null && { 'idempotency-key': request.idempotencyKey }),
      }
    },
  })
  return async (asked, request) => {
    const answered = await ask(asked, request)
    return { ...answered, ...takeAlong(answered.extensions, request) }
  }
}

const besides = new WeakMap<DocumentNode, AskedBeside>()

/** What a client's operation asks for beside what, worked out once. */
function besideIn(hub: Hub, document: DocumentNode): AskedBeside {
  const { apiSchema: schema, governance } = hub.contract
  const known = besides.get(document) ?? askedBeside(document, { schema, governance })
  besides.set(document, known)
  return known
}

async function answer(
  hub: Hub,
  federation: Federation<HubRequest>,
  operation: Operation,
  session: HubSession,
): Promise<OperationAnswer> {
  const { document } = operation
  const beside = besideIn(hub, document)
  const signal = AbortSignal.timeout(hub.configuration.limits.deadlineMs)
  let current = session
  let before: ReadonlySet<string> = new Set()
  for (let tries = 0; tries < decidedMax; tries += 1) {
    if (tries > 0) current = await renewed(hub, session)
    const request = beginRequest(hub, current, { beside, before }, signal)
    for (const [agency, reason] of unavailableFor(hub, document, current))
      request.ledger.unavailable.set(agency, reason)
    const answered = await federation
      .execute(document, operation.variables, operation.operationName, request)
      .catch(async (error: unknown) => {
        await logFailed(hub, request, error instanceof CodedError ? error.code : 'INTERNAL')
        throw error
      })
    if (signal.aborted)
      return refuse(
        hub,
        request,
        coded('DEADLINE_PASSED', { afterMs: hub.configuration.limits.deadlineMs }),
      )
    before = request.ledger.together.notes
    if (!request.ledger.isComplete()) continue
    const outcome = await settle(hub, request, {
      ...entryFor(request, operation, answered.errors),
      sections: conflictSections(hub, request, operation),
    })
    if (outcome === 'APPENDED') return withDisclosure(hub, request, answered)
  }
  return refuse(hub, beginRequest(hub, current, { beside }, signal), coded('FACTS_CHANGING'))
}

async function simulateQuery(
  hub: Hub,
  federation: Federation<HubRequest>,
  operation: Operation,
  session: HubSession,
): Promise<Simulated> {
  const { document, variables, operationName } = operation
  const beside = besideIn(hub, document)
  const signal = AbortSignal.timeout(hub.configuration.limits.deadlineMs)
  let request = beginRequest(hub, session, { beside }, signal)
  let { errors } = await federation.execute(document, variables, operationName, request)
  for (let tries = 1; tries < decidedMax && !request.ledger.isComplete(); tries += 1) {
    request = beginRequest(hub, session, { beside, before: request.ledger.together.notes }, signal)
    ;({ errors } = await federation.execute(document, variables, operationName, request))
  }
  const sections = request.ledger.sections()
  const entry = entryOf(request, request.id, {
    what: 'SIMULATION',
    operation: 'CONSULTATION',
    tightens: false,
  })
  await hub.logWriter.disclose(entry, null)
  return {
    sections,
    unavailable: request.ledger.unavailableReport(),
    errors: (errors ?? []).map((one) => String(one.extensions['code'] ?? 'INTERNAL')),
  }
}

async function logFailed(hub: Hub, request: HubRequest, code: string): Promise<void> {
  const entry = entryOf(request, request.id, {
    what: 'QUERY',
    operation: 'CONSULTATION',
    tightens: false,
  })
  await hub.logWriter.disclose({ ...entry, outcome: 'FAILED', code }, null)
}

/** Logs that nothing was answered, and says so. */
async function refuse(hub: Hub, request: HubRequest, error: CodedError): Promise<OperationAnswer> {
  await logFailed(hub, request, error.code)
  return {
    data: null,
    errors: [
      new GraphQLError(error.message, { originalError: error, extensions: { code: error.code } }),
    ],
  }
}

/**
 * Appends the entry at the epoch its facts were read at. Where something has changed since, the facts
 * are read again: if every decision stands the entry is tried at the new epoch, else the request is
 * decided anew. Nothing leaves before its entry is durable.
 */
export async function settle(
  hub: Hub,
  request: HubRequest,
  entry: LogEntry,
): Promise<'APPENDED' | 'CHANGED'> {
  const { ledger } = request
  for (let tries = 0; tries < appendTriesMax; tries += 1) {
    const { factsEpoch } = ledger.facts
    const untilMs = earliest(ledger.facts.untilMs, request.agreement.untilMs)
    const sections = [...withAliases(hub, ledger.sections()), ...entry.sections]
    const sealed = { ...entry, sections }
    if (await hub.logWriter.disclose(sealed, factsEpoch === null ? null : { factsEpoch, untilMs }))
      return 'APPENDED'
    if (!(await ledger.stillHolds())) return 'CHANGED'
  }
  return 'CHANGED'
}

const earliest = (ofFacts: number | null, ofAgreement: number): number =>
  ofFacts === null ? ofAgreement : Math.min(ofFacts, ofAgreement)

/** Sections with each person's pseudonym for the agency that the section is about. */
export function withAliases(hub: Hub, sections: readonly LogSection[]): readonly LogSection[] {
  return sections.map((one) =>
    one.person === null ? one : { ...one, alias: hub.seals.pseudonym(one.person, one.agency) },
  )
}

function entryFor(
  request: HubRequest,
  operation: Operation,
  errors: readonly GraphQLError[] | undefined,
): LogEntry {
  const isWrite = operation.operation.operation === 'mutation'
  const entry = entryOf(request, request.id, {
    what: isWrite ? 'MUTATION' : 'QUERY',
    operation: isWrite ? 'ALTERATION' : 'CONSULTATION',
    tightens: false,
  })
  const first = errors?.[0]?.extensions['code']
  return {
    ...entry,
    outcome: errors && errors.length > 0 ? 'PARTIAL' : 'ANSWERED',
    code: typeof first === 'string' ? first : null,
  }
}

function withDisclosure(hub: Hub, request: HubRequest, answered: OperationAnswer): OperationAnswer {
  const report = answered.extensions?.['disclosure']
  const { decisions, unavailable, stale, obligations } = reportWithDuties(
    isReport(report) ? report : { decisions: [], unavailable: [], stale: [], obligations: [] },
    { agreement: request.agreement.compiled.agreement, ledger: request.ledger },
  )
  return {
    data: answered.data,
    ...(answered.errors && answered.errors.length > 0 && { errors: answered.errors }),
    extensions: {
      disclosure: {
        request: request.id,
        purpose: request.purpose,
        agreement: request.agreement.compiled.version,
        decisions,
        unavailable: merged(unavailable, request.ledger.unavailableReport()),
        stale,
        obligations,
        receipt: hub.receipts.issue(request.id),
      },
    },
  }
}

/** What a subgraph elsewhere could not ask, and what this process could not; once each. */
function merged(
  ...reports: readonly DisclosureReport['unavailable'][]
): DisclosureReport['unavailable'] {
  const found = new Map(reports.flat().map((one) => [one.agency, one]))
  return [...found.values()].sort((a, b) => (a.agency < b.agency ? -1 : 1))
}
