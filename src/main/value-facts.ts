import type { FactSource } from '../sharing/fact-source.js'
import type { Tri } from '../sharing/vocabulary.js'

/** Facts that a value itself carries: its marks, as the index or the item's own row knows them. */
const CARRIED = [
  'HANDLING_MET',
  'NOT_RESTRICTED',
  'PUSHED',
  'SERVED',
  'OWN_REPORT',
  'OFFICIAL',
  'RETAINED',
  'LINK_CONFIRMED',
  'OWN_DATA_OR_STAFF',
  'RELEASED_TO_INVESTIGATION',
  'APPLICANT_PROVEN',
  'EXEMPTIONS_DECIDED',
] as const

/** What holds of everything that the unit itself wrote, where the item does not say otherwise. */
const OF_THE_UNIT: Readonly<Record<string, Tri>> = {
  OFFICIAL: 'TRUE',
  RETAINED: 'TRUE',
  LINK_CONFIRMED: 'TRUE',
  HANDLING_MET: 'TRUE',
}

export const valueFacts: FactSource = {
  facts: CARRIED,
  load: () =>
    Promise.resolve({
      fact: ({ fact }, _cell, _standing, value) =>
        value.carries[fact] ?? (value.unit ? OF_THE_UNIT[fact] : undefined) ?? 'UNKNOWN',
      untilMs: null,
    }),
}
