import { Readable } from 'node:stream'
import { finalCheckpoint } from '../access-log/checkpoints/cosignatures.js'
import { respondOfLog } from '../access-log/checkpoints/publish.js'
import { proofForEntry, proofForReceipt } from '../access-log/checkpoints/receipts.js'
import { holderOfPass } from '../access-log/countersign/pass.js'
import type { LogEntry } from '../access-log/entry.js'
import { exportLines } from '../access-log/export/export-lines.js'
import {
  EXPORT_CONTENT_TYPES,
  EXPORT_FORMATS,
  exportAs,
  exportFormatOf,
} from '../access-log/export/formats.js'
import { ownTag } from '../access-log/lead-context.js'
import type { Caller } from '../caller/caller.js'
import { CodedError, coded } from '../errors.js'
import type { LogAnswer, LogAsk } from '../gateway/door.js'
import { isStorable } from '../platform/storable.js'
import { rolesInForce } from '../sharing/compile.js'
import { isPartialDate } from '../sharing/scalars.js'
import { settle } from './answer.js'
import type { Hub } from './hub.js'
import type { HubSession } from './hub-context.js'
import { noneProof, wantedClaim } from './log-none.js'
import { beginRequest, entryOf } from './request.js'
import { admit, bearerOf, logRefused, refusal, renewed } from './session.js'

/**
 * What stands below `/log/`: checkpoints, tiles and cosignatures for the parties and those who vouch for
 * heads; `proof` and `export` for the IG leads, each for their own agency.
 */
export async function answerLog(hub: Hub, ask: LogAsk): Promise<LogAnswer> {
  await hub.logGuard.demandSound(() => hub.agreements.read())
  const [name] = [...ask.query].find((each) => !isStorable(each)) ?? []
  if (name !== undefined)
    return refuse(hub, ask, coded('INPUT_INVALID', { reason: `\`${name}\` holds a NUL character` }))
  if (ask.path === 'proof') return answerProof(hub, ask)
  if (ask.path === 'export') return answerExport(hub, ask)
  if (ask.path === 'none') return answerNone(hub, ask)
  return answerTiles(hub, ask)
}

async function answerTiles(hub: Hub, ask: LogAsk): Promise<LogAnswer> {
  const isOpen = hub.configuration.log.public && ask.method === 'GET'
  if (!isOpen) await admitReader(hub, ask)
  return respondOfLog(ask, { sql: hub.database, policy: hub.logPolicy })
}

/** Lets in a countersigner by its key, or anybody whose token carries a role that counts. Refusals are in the log. */
async function admitReader(hub: Hub, { headers }: LogAsk): Promise<void> {
  let caller: Caller | null = null
  try {
    const token = bearerOf(headers)
    const { origin, countersigners } = hub.logPolicy
    const holder = await holderOfPass(token, { origin, countersigners, now: hub.now() })
    if (holder !== null) return hub.rate.count(`countersigner/${holder.name}`)
    caller = await hub.verifyToken(token, hub.now())
    hub.rate.count(`${caller.agency.id}/${caller.subject}/${caller.client ?? ''}`)
    if (rolesInForce(hub.agreement.agreement, caller).length === 0) throw coded('ROLE_NOT_ACCEPTED')
  } catch (error) {
    if (error instanceof CodedError)
      await hub.logWriter.disclose(
        refusal(hub, caller, null, error.code, 'REFUSED_LOG_READING'),
        null,
      )
    throw error
  }
}

/**
 * `GET /log/proof?receipt=…[&number=n]`: the proof of what a client of the lead's own agency was answered;
 * `?entry=…`: of an entry that the lead was shown.
 */
async function answerProof(hub: Hub, ask: LogAsk): Promise<LogAnswer> {
  const session = await admitLead(hub, ask, { what: 'LOG_PROOF', operation: 'CONSULTATION' })
  const options = {
    receipts: hub.receipts,
    agency: session.caller.agency.id,
    quorum: hub.logPolicy.quorum,
  }
  const entry = ask.query.get('entry')
  const answer =
    entry === null
      ? await proofForReceipt(hub.database, ask.query.get('receipt') ?? '', options)
      : await proofForEntry(hub.database, entry, options)
  if (answer.kind === 'UNKNOWN') throw coded('NOT_FOUND')
  if (answer.kind === 'PENDING')
    return text(202, 'it is in the log; no checkpoint with enough cosignatures holds it yet\n')
  const number = Number(ask.query.get('number') ?? '1')
  const proof = answer.proofs[number - 1]
  if (proof === undefined) throw coded('NOT_FOUND')
  return text(200, proof, { 'concordat-proofs': String(answer.proofs.length) })
}

/**
 * `GET /log/none?person=…&recipient=…&from=…[&to=…][&category=…]`: the proof that the log holds no
 * release of the lead's own agency's data about that person (by its pseudonym) to the recipient.
 */
async function answerNone(hub: Hub, ask: LogAsk): Promise<LogAnswer> {
  const wanted = await orRefuse(hub, ask, () => wantedClaim(hub, ask.query))
  const session = await admitLead(hub, ask, { what: 'LOG_PROOF', operation: 'CONSULTATION' })
  const checkpoint = await finalCheckpoint(hub.database, hub.logPolicy.quorum)
  if (checkpoint === null)
    return text(202, 'no checkpoint with enough cosignatures is published yet\n')
  const { id: agency } = session.caller.agency
  return text(200, await noneProof(hub, wanted, { agency, checkpoint }))
}

/**
 * `GET /log/export[?format=ndjson|csv|fhir][&from=…][&to=…]`: the log, or the stretch between two
 * instants, as the lead's agency may see it (docs/governance/log-formats.md).
 */
async function answerExport(hub: Hub, ask: LogAsk): Promise<LogAnswer> {
  const wanted = await orRefuse(hub, ask, () => wantedExport(ask.query))
  const session = await admitLead(hub, ask, { what: 'LOG_EXPORT', operation: 'DISCLOSURE' })
  const checkpoint = await finalCheckpoint(hub.database, hub.logPolicy.quorum)
  if (checkpoint === null)
    return text(202, 'no checkpoint with enough cosignatures is published yet\n')
  const lines = exportLines(hub.database, {
    agency: session.caller.agency.id,
    checkpoint,
    from: wanted.from,
    to: wanted.to,
    purposes: actReasonsOf(hub),
  })
  return {
    ...text(200, ''),
    contentType: EXPORT_CONTENT_TYPES[wanted.format],
    body: Readable.from(exportAs(wanted.format, lines)),
  }
}

/** Reads what is wanted; of what cannot be made out the log tells who asked, like of any other refusal. */
async function orRefuse<T>(hub: Hub, ask: LogAsk, read: () => T): Promise<T> {
  try {
    return read()
  } catch (error) {
    if (error instanceof CodedError) return refuse(hub, ask, error)
    throw error
  }
}

async function refuse(hub: Hub, { headers }: LogAsk, error: CodedError): Promise<never> {
  await logRefused(hub, await admit(hub, headers), error.code)
  throw error
}

function wantedExport(query: URLSearchParams) {
  const format = exportFormatOf(query.get('format') ?? 'ndjson')
  if (format === null)
    throw coded('INPUT_INVALID', {
      reason: `\`format\` is one of ${EXPORT_FORMATS.join(', ')}`,
    })
  return { format, from: instantOf(query, 'from'), to: instantOf(query, 'to') }
}

function instantOf(query: URLSearchParams, name: string): Date | null {
  const text = query.get(name)
  if (text === null) return null
  const isOfCalendar = INSTANT.test(text) && isPartialDate(text.slice(0, 10))
  const at = isOfCalendar ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at))
    throw coded('INPUT_INVALID', {
      reason: `\`${name}\` is a date (2026-03-04, UTC) or an instant (2026-03-04T05:06:07Z)`,
    })
  return new Date(at)
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

function actReasonsOf({ agreement }: Hub): Readonly<Record<string, string>> {
  return Object.fromEntries(
    agreement.agreement.purposes.flatMap(({ code, actReason }) =>
      actReason === null ? [] : [[code, actReason]],
    ),
  )
}

/**
 * Lets in whoever may read the log of their own agency, decided like any other release and at the same
 * fence; that they read it is in the log before anything leaves.
 */
async function admitLead(
  hub: Hub,
  ask: LogAsk,
  of: Pick<LogEntry, 'what' | 'operation'>,
): Promise<HubSession> {
  if (ask.method !== 'GET') return refuse(hub, ask, coded('NOT_FOUND'))
  let session = await admit(hub, ask.headers)
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (tries > 0) session = await renewed(hub, session)
    const signal = AbortSignal.timeout(hub.configuration.limits.deadlineMs)
    const request = beginRequest(hub, session, { beside: new Map() }, signal)
    const own = ownTag(session.caller.agency.id)
    await request.ledger.ensure([own])
    const isAllowed = request.ledger.stateAs(own, 'AccessLogEntry').exists('AccessLogEntry')
    const entry = entryOf(session, request.id, { ...of, tightens: false })
    const outcome = await settle(
      hub,
      request,
      isAllowed ? entry : { ...entry, outcome: 'REFUSED', code: 'NOT_PERMITTED' },
    )
    if (outcome === 'CHANGED') continue
    if (!isAllowed) throw coded('NOT_PERMITTED')
    return session
  }
  throw coded('FACTS_CHANGING')
}

const TRIES_MAX = 12

function text(status: number, body: string, headers: Record<string, string> = {}): LogAnswer {
  return {
    status,
    contentType: 'text/plain; charset=utf-8',
    cacheControl: 'no-store',
    headers,
    body,
  }
}
