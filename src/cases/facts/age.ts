import type { Tri } from '../../sharing/vocabulary.js'

const adultAtYears = 18

/** Whether somebody is under 18 at an instant; a date too vague to tell, or none, is UNKNOWN. */
export function isChild(bornOn: readonly string[], nowMs: number): Tri {
  if (bornOn.length === 0) return 'UNKNOWN'
  const answers = new Set(bornOn.map((date) => isChildBy(date, nowMs)))
  const [only] = answers
  return answers.size === 1 && only !== undefined ? only : 'UNKNOWN'
}

function isChildBy(bornOn: string, nowMs: number): Tri {
  const [first, last] = adultBetween(bornOn)
  if (nowMs < first) return 'TRUE'
  return nowMs >= last ? 'FALSE' : 'UNKNOWN'
}

/** The earliest and the latest instant (ms, UTC) at which somebody born then comes of age. */
export function adultBetween(bornOn: string): readonly [number, number] {
  const [year = 0, month, day] = bornOn.split('-').map(Number)
  const first = Date.UTC(year + adultAtYears, (month ?? 1) - 1, day ?? 1)
  if (day !== undefined) return [first, first]
  const last =
    month === undefined
      ? Date.UTC(year + adultAtYears + 1, 0, 1)
      : Date.UTC(year + adultAtYears, month, 1)
  return [first, last]
}
