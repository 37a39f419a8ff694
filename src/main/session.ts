import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { LogEntry } from '../access-log/entry.js'
import type { Caller } from '../caller/caller.js'
import { CodedError, coded } from '../errors.js'
import { rolesInForce } from '../sharing/compile.js'
import { profileOf, purposesOf } from '../sharing/profile.js'
import type { Hub } from './hub.js'
import type { HubSession } from './hub-context.js'
import type { InForce } from './in-force/agreements.js'

const headerLengthMax = 2000

/**
 * Lets a caller in, or throws with why not; every refusal is in the log. Who they are comes from the
 * token, what they may state from the agreement; whether they are on the hub's own list is a fact that
 * every decision asks for.
 */
export async function admit(hub: Hub, headers: IncomingHttpHeaders): Promise<HubSession> {
  await hub.logGuard.demandSound(() => hub.agreements.read())
  let caller: Caller | null = null
  let purpose: string | null = null
  try {
    purpose = header(headers, 'purpose-of-use')
    caller = await hub.verifyToken(bearerOf(headers), hub.now())
    hub.rate.count(`${caller.agency.id}/${caller.subject}/${caller.client ?? ''}`)
    const inForce = await hub.agreements.read()
    return sessionOf(caller, inForce, {
      purpose,
      justification: header(headers, 'purpose-justification'),
      idempotencyKey: header(headers, 'idempotency-key'),
    })
  } catch (error) {
    if (error instanceof CodedError)
      await hub.logWriter.disclose(refusal(hub, caller, purpose, error.code), null)
    throw error
  }
}

/** The session of a caller whose token is verified: a purpose that one of their roles may state. */
export function sessionOf(
  caller: Caller,
  inForce: InForce,
  of: {
    readonly purpose: string | null
    readonly justification: string | null
    readonly idempotencyKey: string | null
  },
): HubSession {
  const { compiled } = inForce
  const roles = { agency: caller.agency, roles: caller.roles }
  if (rolesInForce(compiled.agreement, roles).length === 0) throw coded('ROLE_NOT_ACCEPTED')
  const allowed = purposesOf(compiled, roles)
  const named = allowed.map((one) => `\`${one}\``).join(', ')
  if (of.purpose === null) throw coded('PURPOSE_MISSING', { allowed: named })
  if (!allowed.includes(of.purpose))
    throw coded('PURPOSE_NOT_ALLOWED', { purpose: printable(of.purpose), allowed: named })
  if (compiled.agreement.justification === 'REQUIRED' && !of.justification?.trim())
    throw coded('JUSTIFICATION_MISSING')
  const { justification, idempotencyKey } = of
  return {
    purpose: of.purpose,
    justification,
    idempotencyKey,
    caller,
    agreement: inForce,
    profile: profileOf(compiled, roles, of.purpose),
  }
}

/**
 * The same caller's session under what is in force now: a request that is decided anew is decided by that,
 * and refused where its purpose or role no longer counts.
 */
export async function renewed(hub: Hub, session: HubSession): Promise<HubSession> {
  const inForce = await hub.agreements.read()
  return inForce.compiled === session.agreement.compiled
    ? { ...session, agreement: inForce }
    : sessionOf(session.caller, inForce, session)
}

/** Logs a refusal of whoever could not be made out. */
export async function logNobody(hub: Hub, code: string): Promise<void> {
  await hub.logWriter.disclose(refusal(hub, null, null, code), null)
}

/** Logs that somebody who was let in asked for something that was refused before it could be answered. */
export async function logRefused(hub: Hub, session: HubSession, code: string): Promise<void> {
  const { caller, purpose } = session
  await hub.logWriter.disclose(refusal(hub, caller, purpose, code, 'REFUSED_OPERATION'), null)
}

export function bearerOf(headers: IncomingHttpHeaders): string {
  const text = headers.authorization
  if (text === undefined) throw coded('TOKEN_MISSING')
  const match = /^Bearer ([A-Za-z0-9\-_.]+)$/.exec(text)
  if (!match?.[1])
    throw coded('TOKEN_INVALID', { reason: 'send `Authorization: Bearer` and the token' })
  return match[1]
}

function header(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name]
  if (value === undefined || Array.isArray(value)) return null
  if (value.length > headerLengthMax)
    throw coded('BAD_REQUEST', {
      reason: `\`${name}\` is longer than ${headerLengthMax} characters`,
    })
  return value
}

/** A purpose is echoed only as far as it could be a code. */
function printable(text: string): string {
  return /^[A-Z_]{1,40}$/.test(text) ? text : '…'
}

export function refusal(
  hub: Hub,
  caller: Caller | null,
  purpose: string | null,
  code: string,
  what = 'REFUSED_AT_THE_DOOR',
): LogEntry {
  return {
    entryId: randomUUID(),
    request: randomUUID(),
    what,
    operation: 'CONSULTATION',
    tightens: false,
    caller: {
      subject: caller?.subject ?? 'unverified',
      agency: caller?.agency.id ?? 'unverified',
      roles: caller?.roles ?? [],
      client: caller?.client ?? null,
      onBehalfOf: caller?.actor ?? null,
    },
    purpose: purpose === null ? null : printable(purpose),
    justification: null,
    agreement: hub.agreement.version,
    outcome: 'REFUSED',
    code,
    sections: [],
  }
}
