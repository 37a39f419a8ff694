import type { Mapped, Rejection, SourceId } from '../../src/records/adapter.js'
import { isInstant, isPartialDate } from '../../src/sharing/scalars.js'

/**
 * Reading FHIR JSON that may not be FHIR: nothing here throws, only own properties are looked at
 * (so `__proto__` and `constructor` are keys like others), and what is wrong is noted with the name
 * of the field, never with its value.
 */

export type FhirObject = Readonly<Record<string, unknown>>

/** Longest free text taken in, in UTF-16 units; a longer one quarantines its record. */
export const textLengthMax = 200_000
/** Most items of one list that are looked at; more quarantine the record. */
export const listLengthMax = 1_000

const LONE_SURROGATE = /\p{Surrogate}/u

export interface Problem {
  readonly reason: string
  readonly field: string
}

export function isFhirObject(value: unknown): value is FhirObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function own(of: FhirObject, key: string): unknown {
  return Object.hasOwn(of, key) ? of[key] : undefined
}

/** A code is short and has no spaces, so that nobody's name or place travels as one. */
const CODE = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/
export function isCode(text: string): boolean {
  return CODE.test(text)
}

export interface Coding {
  readonly system: string
  readonly code: string
  readonly version: string | null
}

/** One object of a resource under its path; all readers of one resource share their problems. */
export class Reader {
  constructor(
    readonly of: FhirObject,
    readonly path: string,
    readonly problems: Problem[] = [],
  ) {}

  private wrong(key: string, reason: string): null {
    this.problems.push({ reason, field: `${this.path}.${key}` })
    return null
  }

  text(key: string): string | null {
    const value = own(this.of, key)
    if (value === undefined || value === null) return null
    if (typeof value !== 'string') return this.wrong(key, 'WRONG_TYPE')
    if (value.length > textLengthMax) return this.wrong(key, 'TEXT_TOO_LONG')
    if (LONE_SURROGATE.test(value) || value.includes('\u0000'))
      return this.wrong(key, 'TEXT_UNREADABLE')
    const trimmed = value.trim()
    return trimmed === '' ? null : trimmed
  }

  flag(key: string): boolean | null {
    const value = own(this.of, key)
    if (value === undefined || value === null) return null
    return typeof value === 'boolean' ? value : this.wrong(key, 'WRONG_TYPE')
  }

  private list(key: string): readonly unknown[] {
    const value = own(this.of, key)
    if (value === undefined || value === null) return []
    if (!Array.isArray(value)) {
      this.wrong(key, 'WRONG_TYPE')
      return []
    }
    if (value.length > listLengthMax) {
      this.wrong(key, 'LIST_TOO_LONG')
      return []
    }
    return value
  }

  /** Texts of a list; `null` items stand for extensions and are passed over. */
  texts(key: string): string[] {
    const texts: string[] = []
    for (const item of this.list(key)) {
      if (item === null) continue
      const text = new Reader({ [key]: item }, this.path, this.problems).text(key)
      if (text !== null) texts.push(text)
    }
    return texts
  }

  object(key: string): Reader | null {
    const value = own(this.of, key)
    if (value === undefined || value === null) return null
    if (!isFhirObject(value)) return this.wrong(key, 'WRONG_TYPE')
    return new Reader(value, `${this.path}.${key}`, this.problems)
  }

  objects(key: string): Reader[] {
    const readers: Reader[] = []
    for (const item of this.list(key)) {
      if (isFhirObject(item)) readers.push(new Reader(item, `${this.path}.${key}`, this.problems))
      else if (item !== null) this.wrong(key, 'WRONG_TYPE')
    }
    return readers
  }

  /** The date part of a FHIR date, dateTime or instant, as exact as it is written and in its own zone. */
  date(key: string): string | null {
    const text = this.text(key)
    if (text === null) return null
    const [day, time] = text.split('T', 2)
    if (day === undefined || !isPartialDate(day)) return this.wrong(key, 'DATE_UNREADABLE')
    if (time !== undefined && !/^([01]\d|2[0-3]):[0-5]\d/.test(time)) {
      return this.wrong(key, 'DATE_UNREADABLE')
    }
    return day
  }

  /** A FHIR instant in UTC. */
  instant(key: string): string | null {
    const text = this.text(key)
    if (text === null) return null
    return isInstant(text)
      ? new Date(Date.parse(text)).toISOString()
      : this.wrong(key, 'DATE_UNREADABLE')
  }

  coding(): Coding | null {
    const code = this.text('code')
    if (code === null) return null
    return { system: this.text('system') ?? '', code, version: this.text('version') }
  }

  /** The codings of one CodeableConcept. */
  codings(key: string): Coding[] {
    return codingsOf(this.object(key))
  }

  /** The codings of a list of CodeableConcepts. */
  codingsOfAll(key: string): Coding[] {
    return this.objects(key).flatMap((concept) => codingsOf(concept))
  }

  /** `text` of a CodeableConcept, else the display of its first coding (never of a reference). */
  conceptText(key: string): string | null {
    return conceptText(this.object(key))
  }

  /** The extensions with this url. */
  extensions(url: string): Reader[] {
    return this.objects('extension').filter((extension) => own(extension.of, 'url') === url)
  }
}

function codingsOf(concept: Reader | null): Coding[] {
  return (concept?.objects('coding') ?? []).flatMap((coding) => coding.coding() ?? [])
}

export function conceptText(concept: Reader | null): string | null {
  if (concept === null) return null
  return concept.text('text') ?? concept.objects('coding')[0]?.text('display') ?? null
}

/** Which source record a resource is, as far as it says; `hint` is what was asked for. */
export function sourceOf(resource: unknown, hint?: SourceId): SourceId {
  const type = isFhirObject(resource) ? own(resource, 'resourceType') : undefined
  const id = isFhirObject(resource) ? own(resource, 'id') : undefined
  return {
    type:
      typeof type === 'string' && /^[A-Za-z]{1,64}$/.test(type) ? type : (hint?.type ?? 'unknown'),
    id: typeof id === 'string' && isFhirId(id) ? id : (hint?.id ?? 'unknown'),
  }
}

/** FHIR R4 `id`: 1 to 64 of letters, digits, `-` and `.`. */
export function isFhirId(text: string): boolean {
  return /^[A-Za-z0-9.-]{1,64}$/.test(text)
}

export function mapped<T>(value: T): Mapped<T> {
  return { kind: 'mapped', value }
}

export function quarantined(source: SourceId, problem: Problem, raw: unknown): Mapped<never> {
  const rejection: Rejection = { source, ...problem, outcome: 'QUARANTINE', raw }
  return { kind: 'rejected', rejection }
}

/** Refused at the door: only id and hash are kept, so `raw` does not travel. */
export function refused(source: SourceId, reason: string): Mapped<never> {
  return {
    kind: 'rejected',
    rejection: { source, reason, field: null, outcome: 'REFUSE', raw: null },
  }
}

/** What a reader noted first decides: nothing, or the quarantine of its resource. */
export function finish<T>(reader: Reader, source: SourceId, value: () => T): Mapped<T> {
  const made = value()
  const [problem] = reader.problems
  return problem ? quarantined(source, problem, reader.of) : mapped(made)
}
