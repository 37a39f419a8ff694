import type { TrueCase } from '../world.js'
import { isProtected } from './ledger.js'
import type { Colleague } from './roster.js'

/**
 * Who may still take a case. Nobody works for one person here and against the same person there: whoever
 * is on a perpetrator's side never meets a protected person of that side as their own perpetrator, and
 * no advocate's client is accused in another case of the same advocate.
 */
export class Sides {
  private readonly served = new Map<string, Set<string>>()
  private readonly facing = new Map<string, Set<string>>()

  take(who: Pick<Colleague, 'subject' | 'side'>, of: TrueCase): void {
    if (who.side === 'NEITHER') return
    const { own, other } = sidesOf(of, who.side)
    add(this.served, who.subject, own)
    add(this.facing, who.subject, other)
  }

  isFree(who: Pick<Colleague, 'subject' | 'side'>, of: TrueCase): boolean {
    if (who.side === 'NEITHER') return true
    const { own, other } = sidesOf(of, who.side)
    const served = this.served.get(who.subject)
    const facing = this.facing.get(who.subject)
    return !other.some((id) => served?.has(id)) && !own.some((id) => facing?.has(id))
  }

  /** The first who is free, beginning at a place in the list; null where nobody is. */
  choose(from: readonly Colleague[], start: number, of: TrueCase): Colleague | null {
    for (let i = 0; i < from.length; i++) {
      const who = from[(start + i) % from.length]
      if (who !== undefined && this.isFree(who, of)) {
        this.take(who, of)
        return who
      }
    }
    return null
  }
}

function sidesOf(of: TrueCase, side: Colleague['side']) {
  const ids = (isOwn: (part: TrueCase['parts'][number]) => boolean) =>
    of.parts.flatMap((part) => (part.personId !== null && isOwn(part) ? [part.personId] : []))
  const guarded = ids(isProtected)
  const accused = ids((part) => !isProtected(part))
  return side === 'VICTIM' ? { own: guarded, other: accused } : { own: accused, other: guarded }
}

function add(to: Map<string, Set<string>>, subject: string, ids: readonly string[]): void {
  const known = to.get(subject) ?? new Set()
  for (const id of ids) known.add(id)
  to.set(subject, known)
}
