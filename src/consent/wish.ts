import type { AgencyRef, Category } from '../sharing/vocabulary.js'

/** INFORMED: asked or told, and did not object. */
export const WISH_DECISIONS = ['GIVEN', 'INFORMED', 'REFUSED', 'WITHDRAWN'] as const
export type WishDecision = (typeof WISH_DECISIONS)[number]

/** What a person said about the sharing of their data. */
export interface Wish {
  readonly id: string
  readonly personKey: string | null
  readonly partId: string | null
  readonly decision: WishDecision
  /** Agency ids or kinds; empty: any. */
  readonly recipients: readonly string[]
  /** Empty: any. */
  readonly purposes: readonly string[]
  /** Empty: any. */
  readonly categories: readonly string[]
  /** When the person said it, not when it was typed in. */
  readonly givenAt: Date
  /** Null: until something newer. */
  readonly until: Date | null
  readonly wording: string | null
  readonly representative: string | null
  /** The agency that recorded it. */
  readonly agency: string
}

export interface WishQuestion {
  readonly recipient: AgencyRef
  readonly purpose: string
  readonly category: Category
  readonly atMs: number
}

/** What a person's wishes come to for one question; EXPIRED: the newest has run out, NONE: never said. */
export type WishState = WishDecision | 'EXPIRED' | 'NONE'

/**
 * The wish in force: of those that cover the question and were said by then, the newest. Two of one
 * instant: the one that refuses. An older wish does not come back when a newer one runs out.
 */
export function wishAmong(wishes: readonly Wish[], question: WishQuestion): WishState {
  const newest = newestWish(wishes, question)
  if (newest === null) return 'NONE'
  if (newest.until !== null && newest.until.getTime() <= question.atMs) return 'EXPIRED'
  return newest.decision
}

/** The wish that counts for a question, run out or not; null where none was ever said. */
export function newestWish<Of extends Wish>(
  wishes: readonly Of[],
  question: WishQuestion,
): Of | null {
  let newest: Of | null = null
  for (const wish of wishes)
    if (covers(wish, question) && (newest === null || isNewer(wish, newest))) newest = wish
  return newest
}

function covers(wish: Wish, { recipient, purpose, category, atMs }: WishQuestion): boolean {
  return (
    wish.givenAt.getTime() <= atMs &&
    (anyOf(wish.recipients, recipient.id) || anyOf(wish.recipients, recipient.kind)) &&
    anyOf(wish.purposes, purpose) &&
    anyOf(wish.categories, category)
  )
}

function anyOf(scope: readonly string[], one: string): boolean {
  return scope.length === 0 || scope.includes(one)
}

/** Stricter first: what a tie in time is decided by. */
const STRICTNESS: Record<WishDecision, number> = { WITHDRAWN: 3, REFUSED: 2, INFORMED: 1, GIVEN: 0 }

function isNewer(wish: Wish, than: Wish): boolean {
  const ms = wish.givenAt.getTime() - than.givenAt.getTime()
  return ms > 0 || (ms === 0 && STRICTNESS[wish.decision] > STRICTNESS[than.decision])
}

/** True for what says no, in whichever words. */
export function isRefusal(state: WishState): boolean {
  return state === 'REFUSED' || state === 'WITHDRAWN'
}
