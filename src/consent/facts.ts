import type { Sql } from '../platform/database.js'
import type { FactQuestion, FactSource, LoadedFacts, StandingRef } from '../sharing/fact-source.js'
import type { Category, Tri } from '../sharing/vocabulary.js'
import { wishesOf } from './store.js'
import { isRefusal, type Wish, type WishState, wishAmong } from './wish.js'

export const CONSENT_FACTS = ['WISH_YES', 'NOT_REFUSED', 'NOT_REFUSED_FOR_RECIPIENT'] as const

/** What the people of a request wish, as facts: loaded with one statement, answered from memory. */
export function consentFacts(sql: Sql): FactSource {
  return { facts: CONSENT_FACTS, load: (question) => load(sql, question) }
}

async function load(sql: Sql, question: FactQuestion): Promise<LoadedFacts> {
  const holders = question.standings.filter(({ personKey, partId }) => personKey ?? partId)
  const lists = await wishesOf(sql, holders)
  const wishes = new Map<string, readonly Wish[]>()
  for (const [at, holder] of holders.entries()) wishes.set(keyOf(holder), lists[at] ?? [])
  const stateOf = ({ of, states }: Known, category: Category): WishState => {
    const known = states.get(category)
    if (known) return known
    const { asker, nowMs } = question
    const state = wishAmong(of, {
      recipient: asker.agency,
      purpose: asker.purpose,
      category,
      atMs: nowMs,
    })
    states.set(category, state)
    return state
  }
  const byRef = new WeakMap<StandingRef, Known>()
  const knownOf = (ref: StandingRef): Known | undefined => {
    const before = byRef.get(ref)
    if (before) return before
    const of = wishes.get(keyOf(ref))
    if (!of) return undefined
    const made = { of, states: new Map<Category, WishState>() }
    byRef.set(ref, made)
    return made
  }
  return {
    untilMs: earliestEnd(lists, question.nowMs),
    fact: ({ fact }, { category }, standing) => {
      const known = knownOf(standing)
      return known ? answer(fact, stateOf(known, category)) : 'UNKNOWN'
    },
  }
}

/** What one person wishes, and what that means for each category asked for so far. */
interface Known {
  readonly of: readonly Wish[]
  readonly states: Map<Category, WishState>
}

/** A wish that has run out says neither yes nor no; for somebody never asked only the last is known. */
function answer(fact: string, state: WishState): Tri {
  switch (fact) {
    case 'WISH_YES':
      return state === 'GIVEN' ? 'TRUE' : 'FALSE'
    case 'NOT_REFUSED':
      if (state === 'NONE' || state === 'EXPIRED') return 'UNKNOWN'
      return isRefusal(state) ? 'FALSE' : 'TRUE'
    case 'NOT_REFUSED_FOR_RECIPIENT':
      return isRefusal(state) ? 'FALSE' : 'TRUE'
    default:
      return 'UNKNOWN'
  }
}

function keyOf({ personKey, partId }: Pick<StandingRef, 'personKey' | 'partId'>): string {
  return `${personKey ?? ''}/${partId ?? ''}`
}

function earliestEnd(lists: readonly (readonly Wish[])[], nowMs: number): number | null {
  let earliest: number | null = null
  for (const wishes of lists)
    for (const { givenAt, until } of wishes)
      for (const ms of [givenAt.getTime(), until?.getTime() ?? 0])
        if (ms > nowMs && (earliest === null || ms < earliest)) earliest = ms
  return earliest
}
