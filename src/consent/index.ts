/** The door of the room: wishes, and what they mean at an instant. */
export { CONSENT_FACTS, consentFacts } from './facts.js'
export { consentMigrations } from './migrations.js'
export {
  type KnownWish,
  movePersonsWishes,
  type NewWish,
  recordSourceWishes,
  recordWishes,
  type SourceWishOf,
  sortWishes,
  splitPersonsWishes,
  unsortWishes,
  type WishHolder,
  wishById,
  wishesKnownOf,
  wishesOf,
  wishInForce,
} from './store.js'
export {
  newestWish,
  WISH_DECISIONS,
  type Wish,
  type WishDecision,
  type WishQuestion,
  type WishState,
  wishAmong,
} from './wish.js'
