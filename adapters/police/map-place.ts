import type { Address } from '../../src/records/graph.js'
import type { LinkLine, LocationLine } from './format.js'
import type { PolicePlace } from './graph.js'
import { normalPostcode } from './identifiers.js'
import { dateOf, listOf } from './map-shape.js'

/** A location of the extract with the dates of the link that says whose it is. */
export function mapAddress(location: LocationLine, link: Pick<LinkLine, 'start' | 'end'>): Address {
  return { ...placeOf(location), from: dateOf(link.start), to: dateOf(link.end) }
}

/** A location as the place of an event. */
export function mapPlace(location: LocationLine): PolicePlace {
  return placeOf(location)
}

/** A postcode that has not the shape of one is kept as the last line. */
function placeOf(location: LocationLine): { lines: string[] | null; postcode: string | null } {
  const written = location.postcode?.trim() || null
  const postcode = written === null ? null : normalPostcode(written)
  return { lines: listOf([...location.lines, postcode === null ? written : null]), postcode }
}
