import type { AgencyRef } from '../sharing/vocabulary.js'
import { isRefusal, type Wish } from './wish.js'

/** Days ahead in which a wish that ends is to be talked about. */
export const wishDaysAhead = 14
const DAY_MS = 86_400_000

/** What somebody should talk about with a person, or whoever speaks for them. */
export interface Concern {
  readonly reason:
    | 'WISH_EXPIRING'
    | 'WISH_EXPIRED'
    | 'WISH_WITHDRAWN'
    | 'WISH_CONTRADICTED'
    | 'WISH_MISSING'
  /** The wishes it is about, so that one occasion is one task; empty for MISSING. */
  readonly wishes: readonly string[]
  /** Day by which, `YYYY-MM-DD`; null for at once. */
  readonly due: string | null
}

/**
 * What is to be said of somebody's wishes at an instant. Only wishes that no newer one has taken the
 * place of count: a newer one does where it covers all that the older one does. `recipients` are the
 * agencies with somebody on the case: where none of the wishes is about one of them, a wish is missing.
 */
export function wishConcerns(
  wishes: readonly Wish[],
  of: { readonly nowMs: number; readonly recipients: readonly AgencyRef[] },
): readonly Concern[] {
  const said = wishes.filter((one) => one.givenAt.getTime() <= of.nowMs)
  const standing = said.filter((one) => !said.some((other) => replaces(other, one)))
  const found: Concern[] = standing.flatMap((wish) => concernOf(wish, of.nowMs))
  for (const one of contradictions(said)) found.push(one)
  const isAsked = (agency: AgencyRef): boolean =>
    said.some(
      ({ recipients }) =>
        recipients.length === 0 ||
        recipients.includes(agency.id) ||
        recipients.includes(agency.kind),
    )
  if (of.recipients.some((agency) => !isAsked(agency)))
    found.push({ reason: 'WISH_MISSING', wishes: [], due: null })
  return found
}

function concernOf(wish: Wish, nowMs: number): Concern[] {
  if (isRefusal(wish.decision)) {
    if (wish.decision === 'REFUSED') return []
    return [{ reason: 'WISH_WITHDRAWN', wishes: [wish.id], due: null }]
  }
  if (wish.until === null) return []
  const due = wish.until.toISOString().slice(0, 10)
  const leftMs = wish.until.getTime() - nowMs
  if (leftMs <= 0) return [{ reason: 'WISH_EXPIRED', wishes: [wish.id], due }]
  return leftMs <= wishDaysAhead * DAY_MS
    ? [{ reason: 'WISH_EXPIRING', wishes: [wish.id], due }]
    : []
}

/** Two agencies recorded that somebody says yes and no to the same; each one's latest word counts. */
function contradictions(said: readonly Wish[]): readonly Concern[] {
  const latest = said.filter(
    (one) => !said.some((other) => other.agency === one.agency && replaces(other, one)),
  )
  const found: Concern[] = []
  for (const yes of latest) {
    if (isRefusal(yes.decision)) continue
    for (const no of latest)
      if (no.agency !== yes.agency && isRefusal(no.decision) && meet(yes, no))
        found.push({
          reason: 'WISH_CONTRADICTED',
          wishes: [yes.id, no.id].sort(),
          due: null,
        })
  }
  return found
}

const SCOPES = ['recipients', 'purposes', 'categories'] as const

function replaces(newer: Wish, older: Wish): boolean {
  if (newer === older || newer.givenAt.getTime() <= older.givenAt.getTime()) return false
  return SCOPES.every(
    (scope) =>
      newer[scope].length === 0 ||
      (older[scope].length > 0 && older[scope].every((one) => newer[scope].includes(one))),
  )
}

function meet(one: Wish, other: Wish): boolean {
  return SCOPES.every(
    (scope) =>
      one[scope].length === 0 ||
      other[scope].length === 0 ||
      one[scope].some((value) => other[scope].includes(value)),
  )
}
