import { isPostcode } from '../../src/sharing/scalars.js'
import type { Reader } from './fhir.js'

/** FHIR Address in the shared model. */
export interface MappedAddress {
  readonly lines: readonly string[]
  /** Normal form; null where there is none or it has not the form of one (it is then a line). */
  readonly postcode: string | null
  readonly from: string | null
  readonly to: string | null
}

/** Upper case, letters and digits only, one space before the last three; null if that is no postcode. */
export function normalPostcode(text: string): string | null {
  const compact = text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  if (compact.length < 5 || compact.length > 7) return null
  const normal = `${compact.slice(0, -3)} ${compact.slice(-3)}`
  return isPostcode(normal) ? normal : null
}

/** `ZZ99 …` says something else than a place and is never matched on. */
export function isPseudoPostcode(postcode: string): boolean {
  return postcode.startsWith('ZZ99 ')
}

/**
 * `address` of a Patient. One of use `old` without an end is said to have ended by `recordedAt`, to
 * the year: a former address must not pass for the current one.
 */
export function mapAddresses(patient: Reader, recordedAt: string | null): MappedAddress[] {
  return patient.objects('address').flatMap((address) => {
    const supplied = address.text('postalCode')
    const postcode = supplied === null ? null : normalPostcode(supplied)
    const lines = address.texts('line')
    for (const key of ['city', 'district', 'state']) {
      const part = address.text(key)
      if (part !== null && !lines.includes(part)) lines.push(part)
    }
    const text = address.text('text')
    if (lines.length === 0 && text !== null) lines.push(text)
    if (supplied !== null && postcode === null) lines.push(supplied)
    if (lines.length === 0 && postcode === null) return []
    const period = address.object('period')
    const ended = address.text('use') === 'old' ? (recordedAt?.slice(0, 4) ?? null) : null
    return [
      { lines, postcode, from: period?.date('start') ?? null, to: period?.date('end') ?? ended },
    ]
  })
}
