/**
 * The coarser code of a code of this kind, for the form COARSE_CODE; null for one that is none, which
 * then is withheld. Warning markers and typologies are already as coarse as those who visit need.
 */
export function nhsCoarseCode(code: string): string | null {
  return COARSE.has(code) ? code : (PLAN_STATES.get(code) ?? null)
}

const COARSE: ReadonlySet<string> = new Set([
  // warning markers
  'WEAPONS',
  'VIOLENCE',
  'VIOLENCE_TO_STAFF',
  'SELF_HARM',
  'LONE_VISIT',
  'OTHER',
  // typologies of the Stalking Risk Profile
  'REJECTED',
  'RESENTFUL',
  'INTIMACY_SEEKING',
  'INCOMPETENT_SUITOR',
  'PREDATORY',
])

/** FHIR request status of a care plan: whether there is one at work. */
const PLAN_STATES: ReadonlyMap<string, string> = new Map([
  ['active', 'CURRENT'],
  ['on-hold', 'CURRENT'],
  ['completed', 'ENDED'],
  ['revoked', 'ENDED'],
])
