import type { Sql } from '../platform/database.js'
import { MEMBERSHIP_VIEW } from './index-store.js'
import { type MarkedPlace, markOf, type PlaceMark } from './place-marks.js'

/**
 * Places of protected persons, so that one can be recognised in somebody else's record: a shared home,
 * a workplace of both, a car that both drive. A place tied to a protected person is theirs, whoever's
 * record it stands in. The index keeps no address for this, only a keyed mark of each line and postcode.
 *
 * A place that the person has left by every record that names it is no longer theirs: it may well be
 * where the perpetrator lives. Where one record does not know of the move, it still counts.
 */
export class GuardedPlaces {
  private readonly byLine = new Map<string, Set<string | null>>()
  private readonly codes = new Set<string>()
  private readonly withoutLine = new Set<string>()
  /** Equal for equal places. */
  readonly digest: string

  constructor(
    places: readonly MarkedPlace[],
    private readonly mark: PlaceMark,
  ) {
    for (const { line, postcode } of places) {
      if (postcode !== null) this.codes.add(postcode)
      if (line !== null) this.byLine.set(line, (this.byLine.get(line) ?? new Set()).add(postcode))
      else if (postcode !== null) this.withoutLine.add(postcode)
    }
    this.digest = JSON.stringify(places.map(({ line, postcode }) => [line, postcode]).sort())
  }

  get isEmpty(): boolean {
    return this.byLine.size === 0 && this.codes.size === 0
  }

  /**
   * A line and the postcode of one place; where either side has no postcode the line is enough. A
   * neighbour has the same postcode and another line, and is somewhere else.
   */
  holds(lines: readonly string[], postcode: string | null): boolean {
    const code = markOf(postcode, this.mark)
    if (code !== null && this.withoutLine.has(code)) return true
    return lines.some((line) => {
      const codes = this.byLine.get(markOf(line, this.mark) ?? '')
      return codes !== undefined && (code === null || codes.has(code) || codes.has(null))
    })
  }

  /** Whether some run of words is a line, a postcode or a registration of theirs, however it is written. */
  areNamedIn(text: string): boolean {
    const words = text.match(/[\p{L}\p{N}]+/gu) ?? []
    for (let from = 0; from < words.length; from += 1) {
      let run = ''
      for (const word of words.slice(from, from + wordsMax)) {
        run += word
        if (run.length < runLengthMin) continue
        const marked = this.mark(run)
        if (this.byLine.has(marked) || this.codes.has(marked)) return true
      }
    }
    return false
  }
}

/** As many words as the first line of an address has. */
const wordsMax = 8
const runLengthMin = 4

/** The places of these people that they have not left. One statement. */
export async function guardedPlacesOf(
  sql: Sql,
  persons: readonly string[],
  of: { readonly mark: PlaceMark; readonly today: string },
): Promise<GuardedPlaces> {
  if (persons.length === 0) return new GuardedPlaces([], of.mark)
  const rows = await sql.query<MarkedPlace>(
    `select distinct p.line, p.postcode, p.to
     from ${MEMBERSHIP_VIEW} m
     join records.record r on r.id = m.record_id
     cross join lateral jsonb_to_recordset(r.whereabouts) as p (line text, postcode text, "to" text)
     where m.person_key = any($1::text[]) and not r.deleted
     order by p.line, p.postcode`,
    [persons],
  )
  return new GuardedPlaces(
    rows.filter(({ to }) => to === null || to >= of.today.slice(0, to.length)),
    of.mark,
  )
}

/**
 * The same data without the addresses that are such a place: list items are left out, anything else is
 * null, as if the record did not say it. Texts are looked at when they are released.
 */
export function withoutGuarded(
  data: Readonly<Record<string, unknown>>,
  guarded: GuardedPlaces,
): Readonly<Record<string, unknown>> {
  if (guarded.isEmpty) return data
  return Object.fromEntries(Object.entries(data).map(([key, one]) => [key, cleaned(one, guarded)]))
}

function cleaned(value: unknown, guarded: GuardedPlaces): unknown {
  if (Array.isArray(value))
    return value.flatMap((one) => {
      const left: unknown = cleaned(one, guarded)
      return left === null && one !== null ? [] : [left]
    })
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (isPlace(value) && guarded.holds(value.lines ?? [], value.postcode)) return null
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleaned(one, guarded)]))
}

interface Place {
  readonly lines: readonly string[] | null
  readonly postcode: string | null
}
function isPlace(value: object): value is Place {
  return 'lines' in value && 'postcode' in value
}
