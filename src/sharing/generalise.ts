import type { Decision } from './decision.js'
import { isPartialDate } from './scalars.js'
import type { Generalisation } from './vocabulary.js'

/** What a generalised value can be: what the field's own scalar can carry, never an object. */
export type Generalised = string | number | boolean | null | readonly Generalised[]

/** What generalising needs to know beside the value. */
export interface GeneraliseSetting {
  /** The day (`2026-03-04`) at which an age is reckoned. */
  readonly asOf: string
  /** Name of the local authority of a full or outward postcode; left out: none is known. */
  readonly localAuthorityOf?: (postcode: string) => string | null
  /** The coarser code of a code; left out: none is known. */
  readonly coarseCodeOf?: (code: string) => string | null
  /** The only coarse codes that may be given; left out: all. */
  readonly codes?: readonly string[]
}

/**
 * A value in a form that tells less. Null where there is nothing, where the value does not have the
 * form's kind, or where a needed table is missing: then it is withheld. Two values that generalise alike
 * cannot be told apart by what comes out, and nothing that comes out can be taken for an exact value, but
 * by KNOWN_AS, whose field is itself what may be told. A list is generalised one by one, but for PRESENCE.
 */
export function generalise(
  form: Generalisation,
  value: unknown,
  setting: GeneraliseSetting,
): Generalised {
  if (form === 'PRESENCE') return presence(value)
  if (Array.isArray(value)) {
    const all = value.map((one) => generalise(form, one, setting)).filter((one) => one !== null)
    // In order and without doubles, so that neither order nor number tells what the form hides.
    return [...new Set(all)].sort()
  }
  switch (form) {
    case 'YEAR':
      return dateTo(value, 4)
    case 'MONTH':
      return dateTo(value, 7)
    case 'AGE_BAND':
      return ageBand(value, setting.asOf)
    case 'OUTWARD_CODE':
      return outwardCode(value)
    case 'LOCAL_AUTHORITY':
      return outwardCode(value) === null
        ? null
        : (setting.localAuthorityOf?.(String(value)) ?? null)
    case 'INITIALS':
      return initials(value)
    case 'KNOWN_AS':
      // The field holds that name and nothing else: governance lets no other declare the form.
      return typeof value === 'string' ? value : null
    case 'BAND':
      return band(value)
    case 'COARSE_CODE':
      return coarseCode(value, setting)
  }
}

/** What a decision leaves of a value. Anything but SHARE and GENERALISE leaves nothing. */
export function released(decision: Decision, value: unknown, setting: GeneraliseSetting): unknown {
  if (decision.kind === 'SHARE') return value
  if (decision.kind !== 'GENERALISE' || decision.form === null) return null
  return generalise(
    decision.form,
    value,
    decision.codes ? { ...setting, codes: decision.codes } : setting,
  )
}

/** Stands for text that exists and is not shown. */
export const presentMark = '…'

/** True or false for a boolean; the mark for text; an empty list for one that is not. */
function presence(value: unknown): Generalised {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value.trim() === '' ? null : presentMark
  if (Array.isArray(value)) return value.length > 0 ? [] : null
  return null
}

/** A date or instant cut to its first letters; one that is less exact stays as it is. */
function dateTo(value: unknown, length: number): string | null {
  const day = dayOf(value)
  return day === null ? null : day.slice(0, length)
}

function dayOf(value: unknown): string | null {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? null : value.toISOString().slice(0, 10)
  if (typeof value !== 'string') return null
  const day = value[10] === 'T' ? value.slice(0, 10) : value
  return isPartialDate(day) ? day : null
}

/** Years of age at which a new band begins. */
const BANDS = [0, 5, 11, 16, 18, 25, 35, 45, 55, 65] as const

/** `18-24`, `65+`; null where the birth date is too vague to say, or not before the day asked for. */
function ageBand(value: unknown, asOf: string): string | null {
  const born = dayOf(value)
  if (born === null || !isPartialDate(asOf) || asOf.length !== 10) return null
  const oldest = bandAt(ageOn(earliest(born), asOf))
  return oldest === bandAt(ageOn(latest(born), asOf)) ? oldest : null
}

const earliest = (date: string): string => `${date}-01-01`.slice(0, 10)
function latest(date: string): string {
  if (date.length === 10) return date
  const year = Number(date.slice(0, 4))
  const month = date.length === 7 ? Number(date.slice(5, 7)) : 12
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return `${date.slice(0, 4)}-${String(month).padStart(2, '0')}-${last}`
}

function ageOn(born: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4))
  return day.slice(5) < born.slice(5) ? years - 1 : years
}

function bandAt(age: number): string | null {
  const index = BANDS.findLastIndex((from) => age >= from)
  const from = BANDS[index]
  if (from === undefined) return null
  const next = BANDS[index + 1]
  return next === undefined ? `${from}+` : `${from}-${next - 1}`
}

const POSTCODE = /^([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})?$/

/** `CH1` of `CH1 2AB`; null where it is no postcode. */
function outwardCode(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 16) return null
  const text = value.trim().toUpperCase()
  const compact = text.replaceAll(' ', '')
  const outward = compact.length >= 5 ? compact.slice(0, -3) : compact
  return POSTCODE.test(text) || POSTCODE.test(compact) ? outward : null
}

/** `A. M.` of `Anne-Marie`. */
function initials(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const words = value.split(/[\s\p{Pd}]/u).flatMap((word) => word.match(/\p{L}/u) ?? [])
  return words.length === 0 ? null : words.map((letter) => `${letter.toUpperCase()}.`).join(' ')
}

/** A number down to a multiple of five; nothing below five, so small counts are not told. */
function band(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  const rounded = Math.trunc(value / bandWidth) * bandWidth
  return rounded === 0 ? null : rounded
}
const bandWidth = 5

function coarseCode(value: unknown, { coarseCodeOf, codes }: GeneraliseSetting): string | null {
  if (typeof value !== 'string') return null
  const coarse = coarseCodeOf?.(value) ?? null
  return coarse === null || (codes !== undefined && !codes.includes(coarse)) ? null : coarse
}
