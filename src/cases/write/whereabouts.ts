import { coded } from '../../errors.js'
import type { CasesContext } from '../context.js'

/** Where in a text a place stands: characters from, and up to, counted from 0. */
export interface PlaceFound {
  readonly start: number
  readonly end: number
}

const placeLengthMin = 4

/**
 * The first place of somebody protected that a text names. Letters and digits are compared, whatever
 * stands between them and however they are written: `CH1 2AB`, `ch12ab` and `CH1-2AB` are one.
 */
export function whereaboutsIn(text: string, places: readonly string[]): PlaceFound | null {
  const { plain, at } = plainOf(text)
  let first: PlaceFound | null = null
  for (const place of places) {
    const sought = plainOf(place).plain
    if (sought.length < placeLengthMin) continue
    const found = plain.indexOf(sought)
    if (found < 0) continue
    const start = at[found] ?? 0
    const end = (at[found + sought.length - 1] ?? start) + 1
    if (first === null || start < first.start) first = { start, end }
  }
  return first
}

/** Letters and digits alone, in one case and without accents, and where each of them came from. */
function plainOf(text: string): { plain: string; at: readonly number[] } {
  let plain = ''
  const at: number[] = []
  let position = 0
  for (const character of text) {
    const letters = character
      .normalize('NFKD')
      .replace(/[^\p{L}\p{N}]/gu, '')
      .toLowerCase()
    for (const letter of letters) {
      plain += letter
      for (let unit = 0; unit < letter.length; unit += 1) at.push(position)
    }
    position += character.length
  }
  return { plain, at }
}

/** Refuses texts for other sides that say where a protected person of the case is. */
export async function refuseWhereabouts(
  context: CasesContext,
  caseId: string,
  body: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Promise<void> {
  if (fields.length === 0) return
  const places = await context.writing.whereaboutsOf(caseId)
  for (const field of fields) {
    const said = body[field]
    for (const text of Array.isArray(said) ? said : [said]) {
      const found = typeof text === 'string' ? whereaboutsIn(text, places) : null
      if (found) throw coded('WHEREABOUTS_IN_TEXT', found, field)
    }
  }
}
