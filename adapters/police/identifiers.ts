import { isPostcode } from '../../src/sharing/scalars.js'

/**
 * Identifiers of UK police systems. A failed check is a fact about the record and no reason to lose it:
 * the value is kept as supplied and marked not valid.
 */
export interface Identifier {
  readonly value: string
  readonly valid: boolean
}

/** Modulus 23 over `ZABC…`, without I, O and S: shared by PNC ids and CRO numbers. */
const CHECK_LETTERS = 'ZABCDEFGHJKLMNPQRTUVWXY'
const PNC = /^\d{2,4}\/?\d{1,7}[A-Z]$/
const CRO = /^(\d{1,6})\/(\d{2})([A-Z])$/
const CRO_SMALL_FILE = /^SF(\d{2})\/(\d{1,6})([A-Z])$/
const longFormLength = 12

function letterOf(digits: string): string {
  return CHECK_LETTERS[Number(digits) % CHECK_LETTERS.length] ?? ''
}

/**
 * A PNC id in the form `YYYY/NNNNNNND`. Fewer than 12 characters without the slash are the short form,
 * whose two-digit year is this century's up to `yearNow` and the last one's after it; the century is
 * not part of the check.
 */
export function readPncId(text: string, yearNow: number): Identifier {
  const supplied = text.trim()
  const upper = supplied.toUpperCase()
  if (!PNC.test(upper)) return { value: supplied, valid: false }
  const packed = upper.replace('/', '')
  const yearLength = packed.length < longFormLength ? 2 : 4
  const year = packed.slice(0, yearLength)
  const serial = packed.slice(yearLength, -1).padStart(7, '0')
  const letter = packed.slice(-1)
  const hasSerial = packed.length - yearLength >= 2 && serial.length === 7
  if (!hasSerial || letterOf(year.slice(-2) + serial) !== letter)
    return { value: supplied, valid: false }
  const century = Number(year) <= yearNow % 100 ? '20' : '19'
  return { value: `${yearLength === 2 ? century : ''}${year}/${serial}${letter}`, valid: true }
}

/** A CRO number: `NNNNNN/YYD` with the serial padded, or `SFYY/ND` ("small file") with it as it is. */
export function readCro(text: string): Identifier {
  const supplied = text.trim()
  const upper = supplied.toUpperCase()
  const standard = CRO.exec(upper)
  if (standard) {
    const serial = (standard[1] ?? '').padStart(6, '0')
    const isRight = letterOf(`${standard[2]}${serial}`) === standard[3]
    return isRight
      ? { value: `${serial}/${standard[2]}${standard[3]}`, valid: true }
      : { value: supplied, valid: false }
  }
  const small = CRO_SMALL_FILE.exec(upper)
  if (!small || letterOf(`${small[1]}${small[2]}`) !== small[3])
    return { value: supplied, valid: false }
  return { value: upper, valid: true }
}

/** A full postcode in the normal form (`CH1 2AB`), null for what has not the shape of one. */
export function normalPostcode(text: string): string | null {
  const packed = text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  const normal = `${packed.slice(0, -3)} ${packed.slice(-3)}`
  return isPostcode(normal) ? normal : null
}

/** `ZZ99 …` stands for something else than a place (no fixed abode, not known, a country). */
export function isPseudoPostcode(postcode: string): boolean {
  return postcode.startsWith('ZZ99')
}

/** A telephone number for comparison: `+44…` where it is written the British way, else its digits. */
export function normalPhone(text: string): string | null {
  const digits = text.replace(/[^\d+]/g, '').replace(/(?!^)\+/g, '')
  if (digits.replace('+', '').length < 5) return null
  if (digits.startsWith('+')) return digits.replace(/^\+440/, '+44')
  if (digits.startsWith('00')) return `+${digits.slice(2)}`.replace(/^\+440/, '+44')
  return digits.startsWith('0') ? `+44${digits.slice(1)}` : digits
}

/** An e-mail address for comparison, null for what is none. */
export function normalEmail(text: string): string | null {
  const lower = text.trim().toLowerCase()
  return /^[^\s@]+@[^\s@]+$/.test(lower) ? lower : null
}
