import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { CodedError, coded } from '../../errors.js'
import type { Hub } from '../hub.js'
import type { HubSession } from '../hub-context.js'
import { entryOf } from '../request.js'
import { admit, sessionOf } from '../session.js'
import { type OperationPlan, planOperation } from './plan-operation.js'
import { readOperation } from './read-operation.js'

const PlanRequest = z.strictObject({
  query: z.string(),
  operationName: z.string().nullish(),
  /** One of the token's own; left out: all of them. */
  role: z.string().optional(),
  /** Left out: as the header says. */
  purpose: z.string().optional(),
})

/**
 * `POST /plan`: what the agreement would make of an operation for the bearer of this token. Only the
 * caller's own roles and purposes are answered for; the request is in the log like any other.
 */
export async function answerPlan(
  hub: Hub,
  body: unknown,
  headers: IncomingHttpHeaders,
): Promise<OperationPlan> {
  const purpose = purposeIn(body)
  const session = await admit(
    hub,
    purpose === undefined ? headers : { ...headers, 'purpose-of-use': purpose },
  )
  try {
    const plan = planFor(hub, session, body)
    await log(hub, session, null)
    return plan
  } catch (error) {
    if (error instanceof CodedError && error.code !== 'LOG_UNAVAILABLE')
      await log(hub, session, error)
    throw error
  }
}

function planFor(hub: Hub, session: HubSession, body: unknown): OperationPlan {
  const parsed = PlanRequest.safeParse(body)
  if (!parsed.success)
    throw coded('BAD_REQUEST', {
      reason: 'send `query`, `purpose` and, where wanted, `role` and `operationName`, as text',
    })
  const { query, operationName, role } = parsed.data
  const asking = role === undefined ? session : narrowed(session, role)
  return planOperation(hub, {
    ...readOperation(query, operationName ?? null, {
      schema: hub.contract.apiSchema,
      limits: hub.configuration.limits,
      introspection: hub.configuration.introspection,
    }),
    caller: asking.caller,
    purpose: asking.purpose,
  })
}

/** The same caller with one of their roles only. */
function narrowed(session: HubSession, role: string): HubSession {
  if (!session.caller.roles.includes(role)) throw coded('ROLE_NOT_ACCEPTED')
  return sessionOf({ ...session.caller, roles: [role] }, session.agreement, session)
}

/** Header and body say the same thing; what is longer than a header may be is refused as there. */
function purposeIn(body: unknown): string | undefined {
  const purpose =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'purpose') : undefined
  return typeof purpose === 'string' ? purpose : undefined
}

async function log(hub: Hub, session: HubSession, refusal: CodedError | null): Promise<void> {
  const entry = entryOf(session, randomUUID(), {
    what: 'PLAN',
    operation: 'CONSULTATION',
    tightens: false,
  })
  await hub.logWriter.disclose(
    refusal === null ? entry : { ...entry, outcome: 'REFUSED', code: refusal.code },
    null,
  )
}
