import { equal } from '../tree/bytes.js'
import { demand } from '../tree/refusal.js'
import { jsonOf, type Predecessor, type ShownEntry } from './entry.js'

/**
 * Follows the chains through entries that are shown in the order of the log. A chain holds the sections
 * of one agency about one person, or one case; each names its predecessor. So a section that is shown
 * cannot be passed over by a later one of its chain; one that is not shown (erased, or not for this
 * reader) may stand between. Predecessors are shown to the agency alone whose data the sections are.
 */
export class Chains {
  private readonly last = new Map<string, Predecessor>()
  private isVersion2 = false

  follow(index: bigint, entry: ShownEntry): void {
    demand(
      entry.at !== null || !this.isVersion2,
      'CHAIN_BROKEN',
      'an entry without chains follows one that has them',
    )
    this.isVersion2 ||= entry.at !== null
    const inOrder = entry.sections.toSorted((one, other) => one.ordinal - other.ordinal)
    for (const { ordinal, content, person, chain } of inOrder) {
      const key = chainOf(content, person?.id ?? null)
      const commitment = entry.commitments[ordinal]
      if (key === null || commitment === undefined || chain.kind === 'HIDDEN') continue
      const here = { index, ordinal, commitment }
      if (chain.kind === 'SHOWN') this.demandAfter(key, here, chain.predecessor)
      this.last.set(key, here)
    }
  }

  private demandAfter(key: string, here: Predecessor, predecessor: Predecessor | null): void {
    const says = `section ${here.ordinal} does not name the section before it in its chain`
    demand(predecessor === null || isBefore(predecessor, here), 'CHAIN_BROKEN', says)
    const last = this.last.get(key)
    if (last === undefined) return
    const isNamed =
      predecessor !== null &&
      !isBefore(predecessor, last) &&
      (isBefore(last, predecessor) || equal(predecessor.commitment, last.commitment))
    demand(isNamed, 'CHAIN_BROKEN', says)
  }
}

function isBefore(one: Predecessor, other: Predecessor): boolean {
  return one.index < other.index || (one.index === other.index && one.ordinal < other.ordinal)
}

/** Null for the entry's head, and for a section whose person is not shown. */
function chainOf(content: string, person: string | null): string | null {
  const value = jsonOf(content)
  const said: Record<string, unknown> =
    typeof value === 'object' && value !== null ? { ...value } : {}
  const { agency, caseId } = said
  if (typeof agency !== 'string') return null
  if (person !== null) return JSON.stringify([agency, 'person', person])
  const isOfCase = said['person'] === null && typeof caseId === 'string'
  return isOfCase ? JSON.stringify([agency, 'case', caseId]) : null
}
