import type { ReportedDecision } from '../../disclosure/report.js'

/** What became of one field in one answer. */
export type LineState = 'RELEASED' | 'SHORTENED' | 'WITHHELD' | 'NOTHING' | 'LEFT_OUT' | 'NO_CASE'

/** Why something is shortened or withheld, as the answer itself says it. */
export interface Why {
  readonly reason: string
  readonly clause: string | null
}

/** One field of one answer, ready to be read. */
export interface Line {
  readonly label: string | null
  readonly state: LineState
  readonly text: string
  readonly why: Why | null
  /** What of a released value is withheld, by name. */
  readonly without: readonly string[]
  /** Since when the value may be out of date; null where it is fresh. */
  readonly asOf: string | null
}

/** What an answer says of what it does not plainly share, by path. */
export interface Disclosure {
  readonly decisions: readonly ReportedDecision[]
  readonly stale: readonly { readonly paths: readonly string[]; readonly asOf: string }[]
}

export class DecisionsByPath {
  private readonly byPath = new Map<string, ReportedDecision>()
  private readonly staleAt = new Map<string, string>()
  /** Fields of which the answer lists only the first paths. */
  private readonly cutShort = new Map<string, ReportedDecision>()

  constructor({ decisions, stale }: Disclosure) {
    for (const one of decisions) {
      for (const path of one.paths) this.byPath.set(path, one)
      if (one.morePaths > 0) this.cutShort.set(one.coordinate.split('.').at(-1) ?? '', one)
    }
    for (const { paths, asOf } of stale) for (const path of paths) this.staleAt.set(path, asOf)
  }

  at(path: string): ReportedDecision | null {
    return this.byPath.get(path) ?? null
  }

  /** One field's line: its value, or why there is none. */
  line(label: string | null, path: string, value: unknown): Line {
    const exact = this.at(path)
    const below = [...this.byPath].filter(([one]) => one.startsWith(`${path}.`))
    const text = valueText(value)
    const shortened = [exact, ...below.map(([, one]) => one)].find(
      (one) => one?.decision === 'GENERALISE',
    )
    const withheld = below.filter(([, one]) => one.decision === 'WITHHOLD')
    const line = {
      label,
      text,
      without: namesOf(withheld.map(([one]) => one)),
      asOf: this.stale(path),
    }
    if (exact?.decision === 'WITHHOLD') return { ...line, state: 'WITHHELD', text: '', why: exact }
    if (text === '') {
      const hidden = withheld[0]?.[1] ?? this.cutShort.get(path.split('.').at(-1) ?? '')
      return hidden && value !== undefined && !isEmptyList(value)
        ? { ...line, state: 'WITHHELD', why: hidden, without: [] }
        : { ...line, state: 'NOTHING', why: null }
    }
    if (shortened) return { ...line, state: 'SHORTENED', why: shortened }
    return { ...line, state: 'RELEASED', why: withheld[0]?.[1] ?? null }
  }

  private stale(path: string): string | null {
    for (const [one, asOf] of this.staleAt)
      if (one === path || one.startsWith(`${path}.`)) return asOf
    return null
  }
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

function namesOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => wordsOf(path.split('.').at(-1) ?? '')))]
}

/** `bornOn` as `born on`, `SECONDARY_VICTIM` as `secondary victim`. */
export function wordsOf(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
}

/** A reason in a few words; one that the agreement itself names is read as it is written. */
export function reasonText(reason: string): string {
  return REASONS.get(reason) ?? wordsOf(reason.replace(/^GENERALISED_/, ''))
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ROLE', 'not for this role'],
  ['PURPOSE', 'not for this purpose'],
  ['NO_RULE', 'no clause'],
  ['SUSPENDED', 'its agency has suspended its supply'],
  ['NOT_IN_FORCE', 'no agreement is in force'],
])

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** A value in words, empty for nothing: lists one below the other, an object's fields in a row. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value))
    return value
      .map(valueText)
      .filter((one) => one !== '')
      .join('\n')
  if (isObject(value)) return objectText(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'string') return JSON.stringify(value)
  return INSTANT.test(value) ? value.slice(0, 16).replace('T', ' ') : value
}

function objectText(value: Readonly<Record<string, unknown>>): string {
  const texts: string[] = []
  const { given, family, ...rest } = value
  const name = [given, family].filter((one) => typeof one === 'string').join(' ')
  if (name !== '') texts.push(name)
  for (const [key, one] of Object.entries(rest)) {
    if (key === 'id' || key === '__typename') continue
    const text = valueText(one).replaceAll('\n', ', ')
    if (text === '') continue
    if (key === 'present') {
      if (one === true && valueText(value['value']) === '') texts.push('there is a text')
      continue
    }
    if (typeof one === 'boolean') texts.push(`${wordsOf(key)}: ${text}`)
    else if (key === 'use') texts.push(wordsOf(text))
    else if (key === 'from' || key === 'to' || key === 'since') texts.push(`${key} ${text}`)
    else texts.push(text)
  }
  return texts.join(', ')
}
