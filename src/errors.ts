/**
 * Every error code of the hub: what the caller is told and with which HTTP status. Codes are promises
 * and never change meaning. Messages are one lower-case sentence without personal data, and tell
 * nothing that the caller may not know: not found and withheld are the same bytes.
 */
export const ERRORS = {
  // the door
  TOKEN_MISSING: { status: 401, says: () => 'no token: send `Authorization: Bearer …`' },
  TOKEN_INVALID: {
    status: 401,
    says: (d: { reason: string }) => `the token is not accepted: ${d.reason}`,
  },
  ROLE_NOT_ACCEPTED: {
    status: 403,
    says: () => 'none of the roles in the token counts here today: ask the unit manager',
  },
  PURPOSE_MISSING: {
    status: 400,
    says: (d: { allowed: string }) =>
      `no purpose declared: send \`Purpose-Of-Use\` with one of ${d.allowed}`,
  },
  PURPOSE_NOT_ALLOWED: {
    status: 403,
    says: (d: { purpose: string; allowed: string }) =>
      `the purpose \`${d.purpose}\` is not open to you: state one of ${d.allowed}`,
  },
  JUSTIFICATION_MISSING: {
    status: 400,
    says: () => 'the agreement wants a reason in words: send `Purpose-Justification`',
  },
  OPERATION_TOO_LARGE: {
    status: 400,
    says: (d: { limit: string; max: number }) =>
      `the operation passes the limit \`${d.limit}\` of ${d.max}`,
  },
  OPERATION_INVALID: { status: 400, says: (d: { reason: string }) => d.reason },
  BODY_TOO_LARGE: {
    status: 413,
    says: (d: { maxBytes: number }) => `the request body passes ${d.maxBytes} bytes`,
  },
  BAD_REQUEST: { status: 400, says: (d: { reason: string }) => d.reason },
  DEADLINE_PASSED: {
    status: 503,
    says: (d: { afterMs: number }) => `no answer could be made within ${d.afterMs} ms: try again`,
  },
  RATE_LIMITED: {
    status: 429,
    says: (d: { retryAfterS: number }) => `too many requests: try again in ${d.retryAfterS} s`,
  },
  // sharing and the log
  AGREEMENT_NOT_IN_FORCE: {
    status: 503,
    says: () => 'no agreement is in force, so nothing can be shared',
  },
  LOG_UNAVAILABLE: {
    status: 503,
    says: () => 'the access log cannot be written, so nothing can be answered',
  },
  LOG_ROLLED_BACK: {
    status: 503,
    says: () =>
      'the access log in the database lacks entries that were sealed, so nothing is answered until those who run the hub have ended that log',
  },
  FACTS_CHANGING: {
    status: 503,
    says: () => 'what decides this request keeps changing: try again',
  },
  NOT_PERMITTED: { status: 403, says: () => 'the agreement does not permit you to do this here' },
  NOT_FOUND: { status: 404, says: () => 'there is no such thing, or it is not yours to know' },
  // writing
  INPUT_INVALID: { status: 400, says: (d: { reason: string }) => d.reason },
  CONFLICT: {
    status: 409,
    says: (_: { currentVersion: string | null }) =>
      'it has changed since you read it: read it again and repeat',
  },
  ALLOCATION_CONFLICT: {
    status: 409,
    says: () => 'this allocation would be a conflict: ask the unit manager',
  },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    says: () => 'send `Idempotency-Key`, a value of your own for this one change',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    says: () => 'this `Idempotency-Key` was used for another change',
  },
  WHEREABOUTS_IN_TEXT: {
    status: 400,
    says: (d: { start: number; end: number }) =>
      `characters ${d.start} to ${d.end} may say where a protected person is: take them out`,
  },
  // the world
  SOURCE_UNAVAILABLE: {
    status: 200,
    says: (d: { agency: string }) => `\`${d.agency}\` did not answer`,
  },
  SUBGRAPH_UNAVAILABLE: {
    status: 503,
    says: (d: { subgraph: string }) => `the subgraph \`${d.subgraph}\` did not answer`,
  },
  INTERNAL: {
    status: 500,
    says: () => 'something went wrong on our side; it has been noted under the request id',
  },
} as const

export type ErrorCode = keyof typeof ERRORS
type DataOf<Code extends ErrorCode> =
  Parameters<(typeof ERRORS)[Code]['says']> extends [infer Data] ? Data : undefined

/** An error with a code of the table above; `field` names the input field that is to blame. */
export class CodedError extends Error {
  readonly status: number
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly field: string | null,
    readonly data: unknown,
  ) {
    super(message)
    this.status = ERRORS[code].status
  }
}

/** Makes the error `code` with its data; the second argument is what the code's sentence needs. */
export function coded<Code extends ErrorCode>(
  code: Code,
  ...[data, field]: DataOf<Code> extends undefined
    ? [data?: undefined, field?: string]
    : [data: DataOf<Code>, field?: string]
): CodedError {
  const says = ERRORS[code].says as (data: unknown) => string
  return new CodedError(code, says(data), field ?? null, data ?? null)
}

/** What a coded error says beside its sentence: its code, the input's field, and of a CONFLICT the object's own version. */
export function extensionsOf({ code, field, data }: CodedError): Record<string, unknown> {
  const currentVersion: unknown =
    code === 'CONFLICT' && typeof data === 'object' && data !== null
      ? Reflect.get(data, 'currentVersion')
      : null
  return {
    code,
    ...(field !== null && { field }),
    ...(typeof currentVersion === 'string' && { currentVersion }),
  }
}

/** Our own mistake: stops the request, and tells the caller nothing but INTERNAL. */
export class InvariantError extends Error {}

export function invariant(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new InvariantError(claim)
}

/** Ends an exhaustive `switch`. */
export function unreachable(value: never): never {
  throw new InvariantError(`not reachable: ${typeof value}`)
}
