/**
 * Made-up identifiers with valid check digits. NHS numbers come from 999 000 0000 to 999 999 9999, which
 * is never issued. Told people have the serials below `FIRST_DRAWN_SERIAL`; drawn people those above.
 */

const SERIALS = 1_000_000
const FIRST_DRAWN_SERIAL = 1_000
const DRAWN = SERIALS - FIRST_DRAWN_SERIAL
/** Shares no factor with `DRAWN` (2³·3³·5³·37), so that multiplying by it permutes the serials. */
const STRIDE = 611_953

/** Null where modulus 11 gives 10: such a number is never issued. */
export function nhsNumberOf(serial: number): string | null {
  const nine = `999${String(serial).padStart(6, '0')}`
  const check = nhsCheckDigit(nine)
  return check === null ? null : `${nine}${check}`
}

/** NHS Data Dictionary, NHS NUMBER: modulus 11 over the first nine digits, weights 10 to 2. */
export function nhsCheckDigit(nine: string): number | null {
  let total = 0
  for (let i = 0; i < 9; i++) total += (10 - i) * Number(nine[i])
  const check = 11 - (total % 11)
  return check === 11 ? 0 : check === 10 ? null : check
}

export function isNhsNumber(text: string): boolean {
  return /^\d{10}$/.test(text) && nhsCheckDigit(text) === Number(text[9])
}

/** Deals valid NHS numbers, each once, in an order that depends on the seed. Throws after some 908,000. */
export function nhsNumberDealer(offset: number): () => string {
  let dealt = 0
  return () => {
    while (dealt < DRAWN) {
      const serial = FIRST_DRAWN_SERIAL + ((dealt * STRIDE + offset) % DRAWN)
      dealt++
      const number = nhsNumberOf(serial)
      if (number !== null) return number
    }
    throw new RangeError('no made-up NHS number is left')
  }
}

/** The nth valid NHS number of those kept for told people, from 0. */
export function toldNhsNumber(n: number): string {
  let left = n
  for (let serial = 100; serial < FIRST_DRAWN_SERIAL; serial++) {
    const number = nhsNumberOf(serial)
    if (number !== null && left-- === 0) return number
  }
  throw new RangeError('no NHS number is left for told people')
}

/** Valid in form and check digit of nothing: the last digit is off by one. */
export function mistypedNhsNumber(number: string): string {
  return `${number.slice(0, 9)}${(Number(number[9]) + 1) % 10}`
}

const PNC_LETTERS = 'ZABCDEFGHJKLMNPQRTUVWXY'

/** PNC id in canonical form `YYYY/NNNNNNND`; the letter is modulus 23 over two-digit year and serial. */
export function pncIdOf(year: number, serial: number): string {
  const digits = String(serial).padStart(7, '0')
  return `${year}/${digits}${pncLetter(Number(`${String(year % 100).padStart(2, '0')}${digits}`))}`
}

/** The same id as officers write it: `81/34U`. */
export function shortPncId(canonical: string): string {
  const [year = '', rest = ''] = canonical.split('/')
  return `${year.slice(2)}/${rest.replace(/^0+(?=\d)/, '')}`
}

export function isPncId(text: string): boolean {
  const read = /^(\d{4})\/(\d{7})([A-Z])$/.exec(text)
  return read !== null && pncIdOf(Number(read[1]), Number(read[2])) === text
}

function pncLetter(number: number): string {
  return PNC_LETTERS.charAt(number % 23)
}
