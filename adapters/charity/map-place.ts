import { isPostcode } from '../../src/sharing/scalars.js'
import type { PartOf } from './format.js'

/** Addresses, phones and e-mail addresses as written by a charity, in normal form. */

export type SourceAddress = PartOf<'addresses'>['addresses'][number]

export interface Place {
  readonly lines: string[]
  readonly postcode: string | null
}

/** `ch1 2ab` becomes `CH1 2AB`; null where it is no postcode. */
export function normalPostcode(written: string | null): string | null {
  const bare = (written ?? '').toUpperCase().replace(/\s+/g, '')
  const spaced = bare.length > 4 ? `${bare.slice(0, -3)} ${bare.slice(-3)}` : bare
  return isPostcode(spaced) ? spaced : null
}

/** Lines and postcode; a postcode that is none is kept as a last line, so that it is not lost. */
export function mapPlace(source: {
  readonly lines: readonly string[]
  readonly postcode: string | null
}): Place {
  const postcode = normalPostcode(source.postcode)
  const lines = source.lines.map((line) => line.trim()).filter((line) => line !== '')
  const written = source.postcode?.trim() ?? ''
  if (postcode === null && written !== '') lines.push(written)
  return { lines, postcode }
}

/**
 * Whether matching may compare an address, and so other agencies be asked about it. A refuge says
 * where somebody hides and, shared by many, tells little of who somebody is; an address whose kind
 * is not known counts as one.
 */
export function isComparable(address: SourceAddress): boolean {
  return address.kind === 'HOME' || address.kind === 'TEMPORARY'
}

/** UK numbers as `+44…`, others as written, without spaces and brackets; null where it is no number. */
export function normalPhone(written: string): string | null {
  const bare = written
    .replace(/[\s().-]/g, '')
    .replace(/^\+440/, '+44')
    .replace(/^00/, '+')
  const full = /^0\d/.test(bare) ? `+44${bare.slice(1)}` : bare
  return /^\+?\d{5,15}$/.test(full) ? full : null
}

export function normalEmail(written: string): string | null {
  const bare = written.trim().toLowerCase()
  return /^[^\s@]+@[^\s@]+$/.test(bare) ? bare : null
}
