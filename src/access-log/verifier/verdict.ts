import { Refusal, type RefusalReason } from '../tree/refusal.js'

/** What came of a check. `at` says where it failed: a line of an export, an entry; null for the whole. */
export type Verdict<Found> =
  | ({ readonly kind: 'VALID' } & Found)
  | {
      readonly kind: 'REFUSED'
      readonly reason: RefusalReason
      readonly says: string
      readonly at: string | null
    }

/** Where a check is, so that a refusal can say so. */
export interface Place {
  at: string | null
}

/** Runs a check; a refusal becomes the verdict, anything else is a fault of ours and is thrown on. */
export async function verdictOf<Found>(
  check: (place: Place) => Promise<Found>,
): Promise<Verdict<Found>> {
  const place: Place = { at: null }
  try {
    return { kind: 'VALID', ...(await check(place)) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'REFUSED', reason: error.reason, says: error.message, at: place.at }
  }
}
