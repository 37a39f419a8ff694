import type { Kind } from '../records/adapter.js'

/** The coarser code of the hub's own code lists: of a case's stage whether it is open, of a comparison itself. */
const OWN: Readonly<Record<string, string>> = {
  CONCERN: 'OPEN',
  INTAKE: 'OPEN',
  ASSESSED: 'OPEN',
  OPEN: 'OPEN',
  MONITORED: 'OPEN',
  CLOSED: 'CLOSED',
  AGREES: 'AGREES',
  CLOSE: 'CLOSE',
  DIFFERS: 'DIFFERS',
}

/** The coarser code of a code: the hub's own lists, then those of the kinds of agency; null where none knows it. */
export function coarseCodes(kinds: readonly Kind[]): (code: string) => string | null {
  return (code) => {
    if (Object.hasOwn(OWN, code)) return OWN[code] ?? null
    for (const kind of kinds) {
      const coarse = kind.coarseCodeOf?.(code) ?? null
      if (coarse !== null) return coarse
    }
    return null
  }
}
