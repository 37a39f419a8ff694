import { addDays, earlier } from '../population/dates.js'
import type { WishDocument } from './documents.js'
import { dayOf, type Scene } from './scene.js'

/**
 * The day before the case and before the charity first heard anything, so that what somebody said there
 * is always the newer word. Wishes that the charity's own system holds come from that system.
 */
function firstAsked(scene: Scene): string {
  const days = scene.ledger
    .events(scene.case.reference)
    .flatMap(({ agency, at }) => (agency === 'charity' ? [dayOf(at)] : []))
  return addDays(days.reduce(earlier, scene.case.openedOn), -1)
}

/** Told what the unit is and who may learn what, and did not object. */
export function informed(scene: Scene, of: string, by: string): WishDocument {
  return scene.wish(of, {
    decision: 'INFORMED',
    by,
    on: firstAsked(scene),
    minutes: 510,
    wording: 'Has been told how the unit works and who may learn what; did not object.',
  })
}

/** Asked of whoever is protected; by the advocate where the charity holds them. */
export function informedWishes(scene: Scene, isAsked: (key: string) => boolean): WishDocument[] {
  return scene.cast
    .filter(({ key, part, person }) => part.as !== 'PERPETRATOR' && person && isAsked(key))
    .filter(({ part }) => part.as !== 'CHILD')
    .map(({ key }) =>
      informed(scene, key, scene.holding(key, 'charity') === null ? 'DETECTIVE' : 'ADVOCATE'),
    )
}
