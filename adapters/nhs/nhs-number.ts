/**
 * NHS number, modulus 11 (NHS Data Dictionary, NHS NUMBER): the weights 10 to 2 over the first nine
 * digits; 11 minus the remainder is the check digit, 11 counts as 0, and 10 is never issued.
 */

export interface NhsNumber {
  /** Ten digits where there are ten, else as supplied without spaces and hyphens. */
  readonly value: string
  /** A failed check is a fact about the record: the value is kept and never matched on. */
  readonly valid: boolean
}

export const NHS_NUMBER_SYSTEM = 'https://fhir.nhs.uk/Id/nhs-number'

export function readNhsNumber(text: string): NhsNumber {
  const value = text.replace(/[\s-]/g, '')
  return { value, valid: isNhsNumber(value) }
}

function isNhsNumber(value: string): boolean {
  if (!/^[0-9]{10}$/.test(value)) return false
  if (/^(.)\1{9}$/.test(value)) return false // ten equal digits: not known
  const digits = Array.from(value, Number)
  const sum = digits.slice(0, 9).reduce((total, digit, at) => total + digit * (10 - at), 0)
  return (11 - (sum % 11)) % 11 === digits[9]
}
