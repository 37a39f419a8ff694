import type { Traits } from '../records/adapter.js'
import { proposeFrom, type Score, score } from './score.js'
import type { Evidence, NewProposal, Proposal } from './store.js'

/** A person for whom an agency was asked, with what stands beside them. */
export interface Sought {
  readonly key: string
  readonly records: readonly string[]
  readonly traits: Traits
  /** The people who have another part in one of this person's cases. */
  readonly besides: readonly { readonly key: string; readonly traits: Traits }[]
}

/** A record that an agency offers for them. */
export interface Offered {
  readonly recordId: string
  readonly agency: string
  readonly traits: Traits
  /** The person whom it is already held to be; null for nobody. */
  readonly heldBy: string | null
}

/** What was proposed before: open, confirmed and rejected pairs of the people and of those who hold the offered records. */
export type Known = readonly Pick<Proposal, 'personKey' | 'recordId' | 'state'>[]

/**
 * Which offered records are proposed for a person. A rejected pair is not proposed again, in neither
 * direction, and one pair of people is proposed once. People with different parts in one case are two
 * people: only a hard identifier makes anybody look at them again, and what fits the other one as well
 * is not proposed. Surname and postcode alone prove a household, not a person; so do twins' birth dates
 * (docs: IDENTIFIERS, twins and couples).
 */
export function proposalsFor(
  sought: Sought,
  offered: readonly Offered[],
  known: Known,
): readonly NewProposal[] {
  return offered.flatMap((one) => {
    if (sought.records.includes(one.recordId) || one.heldBy === sought.key) return []
    if (isSettled(sought, one, known)) return []
    const found = score(sought.traits, one.traits)
    if (found.weight < proposeFrom || !isOneOfTheirs(sought, one, found)) return []
    const { key: personKey } = sought
    return [{ personKey, recordId: one.recordId, agency: one.agency, ...found }]
  })
}

function isSettled(sought: Sought, offered: Offered, known: Known): boolean {
  return known.some(({ personKey, recordId, state }) =>
    personKey === sought.key
      ? recordId === offered.recordId && (state === 'REJECTED' || state === 'CONFIRMED')
      : personKey === offered.heldBy && state !== 'EXPIRED' && sought.records.includes(recordId),
  )
}

function isOneOfTheirs(sought: Sought, offered: Offered, found: Score): boolean {
  if (hasIdentifier(found.evidence)) return true
  if (sought.besides.some(({ key }) => key === offered.heldBy)) return false
  if (isHousehold(found.evidence) || isTwin(sought.traits, offered.traits, found.evidence))
    return false
  return sought.besides.every((other) => score(other.traits, offered.traits).weight < found.weight)
}

const outcomeOf = (evidence: readonly Evidence[], trait: string): string | null =>
  evidence.find((one) => one.trait === trait)?.outcome ?? null

const SOFT: ReadonlySet<string> = new Set(['NAME', 'BORN_ON', 'POSTCODE'])
function hasIdentifier(evidence: readonly Evidence[]): boolean {
  return evidence.some(({ trait, outcome }) => !SOFT.has(trait) && outcome === 'AGREES')
}

/** A surname and a postcode, and nothing of one's own. */
function isHousehold(evidence: readonly Evidence[]): boolean {
  const born = outcomeOf(evidence, 'BORN_ON')
  return outcomeOf(evidence, 'NAME') !== 'AGREES' && born !== 'AGREES' && born !== 'CLOSE'
}

/** Of one surname and birth date, wherever they live, but of forenames that are nothing like each other. */
function isTwin(a: Traits, b: Traits, evidence: readonly Evidence[]): boolean {
  if (outcomeOf(evidence, 'NAME') !== 'CLOSE' || outcomeOf(evidence, 'BORN_ON') !== 'AGREES')
    return false
  const [mine, theirs] = [forenames(a), forenames(b)]
  if (mine.length === 0 || theirs.length === 0) return false
  return !mine.some((one) => theirs.some((other) => isAlike(one, other)))
}

const forenames = (traits: Traits): string[] =>
  traits.names.flatMap((one) =>
    one.given.map((name) =>
      name
        .normalize('NFKD')
        .replace(/[^\p{L}]/gu, '')
        .toLowerCase(),
    ),
  )

/** Perhaps a short form or a misspelling: one begins the other, or the first two letters are the same. */
function isAlike(one: string, other: string): boolean {
  if (one === '' || other === '') return true
  return one.startsWith(other) || other.startsWith(one) || one.slice(0, 2) === other.slice(0, 2)
}
