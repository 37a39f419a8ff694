import { assessment } from './assessment.js'
import { accessNeeds, childConcern, intervention, support, teamNote } from './care.js'
import { conduct, motivation, relationship } from './conduct.js'
import { clearedText, decision, release } from './decision.js'
import { knownName } from './identity.js'
import { intake, referral, tier } from './intake.js'
import type { ItemType } from './item-type.js'
import { meeting, minutes } from './meeting.js'
import { custody, order, orderDraft, warning } from './order.js'
import { breakGlass, informationRequest } from './request.js'
import { impact, safeContact, safetyMeasure, signal } from './safety.js'

/** Every kind of item that the unit writes: one line a kind. */
export const ITEM_TYPES: readonly ItemType[] = [
  intake,
  tier,
  referral,
  conduct,
  motivation,
  relationship,
  assessment,
  order,
  orderDraft,
  custody,
  warning,
  knownName,
  safeContact,
  safetyMeasure,
  impact,
  signal,
  accessNeeds,
  childConcern,
  intervention,
  support,
  teamNote,
  decision,
  release,
  clearedText,
  meeting,
  minutes,
  informationRequest,
  breakGlass,
]

export const ITEM_TYPE_BY_CODE: ReadonlyMap<string, ItemType> = new Map(
  ITEM_TYPES.map((type) => [type.code, type]),
)
