import type { AgencyKind, World } from '../world.js'
import { drawBackground } from './background.js'
import { drawCases } from './draw-case.js'
import { randomOf } from './random.js'
import { registerOf } from './register.js'
import { STAFF } from './staff.js'
import { STORIES, TOLD_CASES } from './stories/index.js'
import { told } from './tell.js'

/** Birth dates of told people do not move with the day: before this one a child of them was not born. */
export const EARLIEST = '2022-01-01'

export interface Sizes {
  readonly seed: number
  /** Source records at each agency; more where the cases alone need more. */
  readonly police?: number
  readonly nhs?: number
  readonly charity?: number
  /** Cases of the unit, the told ones (14) among them; fewer are not made. */
  readonly cases?: number
  /** `YYYY-MM-DD`, not before `EARLIEST`. Told stories keep their distance from it. */
  readonly asOf?: string
}

const DEFAULTS = {
  police: 5_000,
  nhs: 5_000,
  charity: 500,
  cases: 300,
  asOf: '2026-11-01',
} as const

/**
 * The world of a seed: the same to the letter each time, at any size. Linear in people and cases.
 * What is planned (an order's end, a measure's due date, a wish's `until`) may lie after `asOf`;
 * nothing that happened does. Throws a RangeError for a day before `EARLIEST`.
 */
export function makeWorld(sizes: Sizes): World {
  const asked = { ...DEFAULTS, ...sizes }
  if (asked.asOf < EARLIEST) throw new RangeError(`not all told people are born on ${asked.asOf}`)
  const random = randomOf(asked.seed)
  const register = registerOf(random.fork('register'), asked.asOf)
  const stories = STORIES.map((story) => told(story, asked.asOf))
  const toldCases = stories
    .flatMap(({ cases }) => cases)
    .sort((a, b) => (a.reference < b.reference ? -1 : 1))
  const drawn = drawCases(random.fork('cases'), register, {
    first: TOLD_CASES + 1,
    count: Math.max(0, asked.cases - TOLD_CASES),
  })
  const inCases = [...stories.flatMap(({ holdings }) => holdings), ...drawn.holdings]
  const heldBy = (agency: AgencyKind) => inCases.filter((one) => one.agency === agency).length
  const background = drawBackground(random.fork('background'), register, {
    police: Math.max(0, asked.police - heldBy('police')),
    nhs: Math.max(0, asked.nhs - heldBy('nhs')),
    charity: Math.max(0, asked.charity - heldBy('charity')),
  })
  return {
    seed: asked.seed,
    asOf: asked.asOf,
    people: [...stories.flatMap(({ people }) => people), ...drawn.people, ...background.people],
    holdings: [...inCases, ...background.holdings],
    cases: [...toldCases, ...drawn.cases],
    events: [...stories.flatMap(({ events }) => events), ...drawn.events],
    staff: STAFF,
  }
}

export type { Marker, Planted } from './plant.js'
export { plantMarkers } from './plant-markers.js'
export { plantNotTaken } from './plant-not-taken.js'
export { plantOutsiders } from './plant-outsiders.js'
export { STAFF } from './staff.js'
export { cohortOf, protectedPeople, type TrueMatch, trueMatches } from './truth.js'
