import { type OffenceCode, offenceOf } from './offence-codes.js'

/**
 * The kind of offence behind a Home Office code: what a clause that shares "kind and year" releases.
 * Read off the list's own words, in this order; a code that the list does not know has no kind.
 */
const KINDS: readonly {
  readonly kind: string
  readonly fits: (offence: OffenceCode) => boolean
}[] = [
  {
    kind: 'BREACH',
    fits: ({ description }) =>
      /\bbreach of\b.*\b(order|injunction|conditions?|bail|notice)\b/i.test(description),
  },
  { kind: 'STALKING', fits: ({ description }) => /\bstalking\b/i.test(description) },
  { kind: 'HARASSMENT', fits: ({ description }) => /\bharass/i.test(description) },
  { kind: 'SEXUAL', fits: ({ group }) => /^sexual/i.test(group) },
  {
    kind: 'VIOLENCE',
    fits: ({ group, description }) =>
      /^(violence|robbery)/i.test(group) || /\bassault\b/i.test(description),
  },
  { kind: 'DAMAGE', fits: ({ group }) => /^criminal damage/i.test(group) },
  { kind: 'BURGLARY_OR_THEFT', fits: ({ group }) => /^(burglary|theft)/i.test(group) },
]

/** Stages of an order that is not served yet: coarse already. */
const STAGES = new Set(['DRAFT', 'APPLIED', 'MADE'])

/** The coarser code of a police code; null for what is none. */
export function policeCoarseCode(code: string): string | null {
  if (STAGES.has(code)) return code
  const offence = offenceOf(code)
  if (!offence) return null
  return KINDS.find(({ fits }) => fits(offence))?.kind ?? 'OTHER_OFFENCE'
}
