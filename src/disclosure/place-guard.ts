/**
 * Places are more than a category: a place tied to a protected person is theirs, whoever's record it
 * stands in. Behind the agreement's never on whereabouts stands this look at the values themselves: to
 * somebody who is on the perpetrator's side towards a protected person, no text that contains a known
 * place of that person leaves, in whatever field it stands and whatever a clause says.
 */
export interface PlaceGuard {
  /** Whether a value gives away where somebody is whom the caller must not find. */
  givesAway(value: unknown): boolean
}

export const NO_GUARD: PlaceGuard = { givesAway: () => false }

/** The guard over these known places, as their agencies wrote them. */
export function placeGuard(places: readonly string[]): PlaceGuard {
  const known = [...new Set(places.map(plain).filter((text) => text.length >= placeLengthMin))]
  if (known.length === 0) return NO_GUARD
  const isIn = (text: string): boolean => {
    const plainText = plain(text)
    return known.some((place) => plainText.includes(place))
  }
  return {
    givesAway: (value) =>
      typeof value === 'string'
        ? isIn(value)
        : Array.isArray(value) && value.some((one) => typeof one === 'string' && isIn(one)),
  }
}

const placeLengthMin = 5

/** However it is spaced, punctuated or capitalised: `CH1 2AB`, `ch1-2ab`. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}
