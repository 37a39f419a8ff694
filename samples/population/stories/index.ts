import type { Story } from '../tell.js'
import { childContact } from './child-contact.js'
import { clinician } from './clinician.js'
import { colleague } from './colleague.js'
import { counterAllegation } from './counter-allegation.js'
import { earlyConcern } from './early-concern.js'
import { exPartner } from './ex-partner.js'
import { movedInSecret } from './moved-in-secret.js'
import { online } from './online.js'
import { psychosis } from './psychosis.js'
import { repeatOffender } from './repeat-offender.js'
import { stranger } from './stranger.js'
import { withdrawnConsent } from './withdrawn-consent.js'

/** The twelve told stories, by number. Two of them have a second case, numbered 13 and 14. */
export const STORIES: readonly Story[] = [
  exPartner,
  stranger,
  colleague,
  online,
  clinician,
  counterAllegation,
  childContact,
  movedInSecret,
  psychosis,
  repeatOffender,
  withdrawnConsent,
  earlyConcern,
]
/** Cases that the stories take; drawn cases are numbered after them. */
export const TOLD_CASES = 14
