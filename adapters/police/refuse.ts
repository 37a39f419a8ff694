import { CLASSIFICATIONS } from './format.js'

/**
 * What the hub never takes in (category NOT_TAKEN of the agreement, and whatever is above OFFICIAL):
 * decided on the raw line before anything else reads it, so that it reaches neither store nor
 * quarantine. Keys are compared without case and punctuation.
 */
const NOT_TAKEN_KEYS = new Set([
  'adoption',
  'adoptionrecord',
  'fertility',
  'fertilitytreatment',
  'genderrecognition',
  'genderrecognitioncertificate',
  'grc',
  'informant',
  'chis',
  'sourceidentity',
  'sourcename',
  'intelligencesource',
  'covertsource',
  'protectedperson',
  'protectedpersonscheme',
  'socpa',
  'witnessprotection',
  'sexualhealth',
])
const depthMax = 24

export interface Refusal {
  readonly reason: 'CLASSIFICATION' | 'NOT_TAKEN' | 'TOO_DEEP'
  readonly field: string
}

/**
 * Why a line may not be taken in, null where it may. Names keys of the format and no value. A line that
 * is marked must say its classification; instructions (merges, deletes) hold ids alone and have none.
 */
export function refusal(raw: unknown, line: { readonly isMarked: boolean }): Refusal | null {
  if (typeof raw !== 'object' || raw === null) return null
  if (!line.isMarked) return refusedWithin(raw, 0)
  const marks = new Map<string, unknown>(Object.entries(raw))
  if (!CLASSIFICATIONS.some((accepted) => accepted === marks.get('classification')))
    return { reason: 'CLASSIFICATION', field: 'classification' }
  if (isSaid(marks.get('restrictions'))) return { reason: 'NOT_TAKEN', field: 'restrictions' }
  return refusedWithin(raw, 0)
}

function refusedWithin(value: unknown, depth: number): Refusal | null {
  if (typeof value !== 'object' || value === null) return null
  if (depth > depthMax) return { reason: 'TOO_DEEP', field: '' }
  for (const [key, inner] of Object.entries(value)) {
    const plain = key.toLowerCase().replace(/[^a-z]/g, '')
    if (NOT_TAKEN_KEYS.has(plain) && isSaid(inner)) return { reason: 'NOT_TAKEN', field: plain }
    const found = refusedWithin(inner, depth + 1)
    if (found) return found
  }
  return null
}

/** False for what says nothing: absent, null, false, an empty text, list or object. */
function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}
