import type { Generalisation } from './vocabulary.js'

/** Forms from the one that tells least to the one that tells most. */
const OPENNESS: readonly Generalisation[] = [
  'PRESENCE',
  'BAND',
  'COARSE_CODE',
  'INITIALS',
  'KNOWN_AS',
  'LOCAL_AUTHORITY',
  'OUTWARD_CODE',
  'AGE_BAND',
  'YEAR',
  'MONTH',
]

/** Greater for the form that tells more. */
export const openness = (form: Generalisation): number => OPENNESS.indexOf(form)
