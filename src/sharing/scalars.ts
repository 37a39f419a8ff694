import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'

/**
 * The scalars of the contract. A generalised value is as exact as it is written and never padded,
 * so a partial date or an outward postcode cannot be mistaken for an exact one.
 */

const PARTIAL_DATE = /^(?!0000)(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/
const POSTCODE = /^[A-Z]{1,2}[0-9][A-Z0-9]?(?: [0-9][A-Z]{2})?$/
const textLengthMax = 64

/** True for `2026`, `2026-03` and `2026-03-04` that exist in the calendar, which has no year 0. */
export function isPartialDate(text: string): boolean {
  const match = PARTIAL_DATE.exec(text)
  if (!match) return false
  const month = match[2] === undefined ? 1 : Number(match[2])
  if (month < 1 || month > 12) return false
  if (match[3] === undefined) return true
  const day = Number(match[3])
  return day >= 1 && day <= new Date(Date.UTC(Number(match[1]), month, 0)).getUTCDate()
}

/** True for an ISO 8601 instant with a time zone; `Date.parse` alone takes 31 February for 3 March. */
export function isInstant(text: string): boolean {
  const day = INSTANT.exec(text)?.[1]
  return day !== undefined && isPartialDate(day) && !Number.isNaN(Date.parse(text))
}

/** True for a full postcode or its outward half, in the normal form (`CH1 2AB`, `CH1`). */
export function isPostcode(text: string): boolean {
  return POSTCODE.test(text) || text === 'GIR 0AA'
}

function textScalar(
  name: string,
  description: string,
  example: string,
  isValid: (text: string) => boolean,
) {
  const parse = (value: unknown): string => {
    if (typeof value === 'string' && value.length <= textLengthMax && isValid(value)) return value
    throw new GraphQLError(`not a ${name}: write it like \`${example}\``, {
      extensions: { code: 'BAD_USER_INPUT' },
    })
  }
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
  })
}

export const PartialDate = textScalar(
  'PartialDate',
  '`2026`, `2026-03` or `2026-03-04`: as exact as it is written, and never padded.',
  '2026-03-04',
  isPartialDate,
)
export const DateTime = textScalar(
  'DateTime',
  'An instant, ISO 8601 in UTC.',
  '2026-03-04T09:30:00Z',
  isInstant,
)
export const Postcode = textScalar(
  'Postcode',
  '`CH1 2AB`, or the outward half `CH1`.',
  'CH1 2AB',
  isPostcode,
)
export const SCALARS = [PartialDate, DateTime, Postcode]
