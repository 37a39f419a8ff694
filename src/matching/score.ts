import type { Traits } from '../records/adapter.js'
import type { Evidence } from './store.js'

/**
 * First scoring: hard identifiers, then name, birth date and postcode. Weights are bits of evidence
 * chosen by hand; the trained model takes this function's place. Nothing is evidence where one side
 * does not know; superseded identifiers never speak against.
 */
export interface Score {
  readonly weight: number
  readonly evidence: readonly Evidence[]
}

const weights = {
  IDENTIFIER: { AGREES: 20, CLOSE: 0, DIFFERS: -8 },
  NAME: { AGREES: 7, CLOSE: 3, DIFFERS: -6 },
  BORN_ON: { AGREES: 8, CLOSE: 4, DIFFERS: -6 },
  POSTCODE: { AGREES: 5, CLOSE: 2, DIFFERS: -1 },
} as const

/** Names this scoring: another one asks the agencies about everybody again. */
export const SCORING = 'by-hand-1'

/** Proposals from this weight on are shown to people; nothing is ever linked by weight alone. */
export const proposeFrom = 8

export function score(a: Traits, b: Traits): Score {
  const evidence: Evidence[] = []
  let weight = 0
  const note = (
    trait: string,
    kind: keyof typeof weights,
    outcome: Evidence['outcome'] | null,
  ): void => {
    if (outcome === null) return
    evidence.push({ trait, outcome })
    weight += weights[kind][outcome]
  }
  for (const system of new Set(a.identifiers.map((one) => one.system)))
    note(system, 'IDENTIFIER', identifier(a, b, system))
  note('NAME', 'NAME', names(a, b))
  note('BORN_ON', 'BORN_ON', born(a, b))
  note('POSTCODE', 'POSTCODE', postcodes(a, b))
  return { weight, evidence }
}

function identifier(a: Traits, b: Traits, system: string): Evidence['outcome'] | null {
  const of = (traits: Traits) =>
    traits.identifiers.filter((one) => one.system === system && one.valid)
  const [mine, theirs] = [of(a), of(b)]
  if (mine.length === 0 || theirs.length === 0) return null
  const values = new Set(mine.map((one) => one.value))
  if (theirs.some((one) => values.has(one.value))) return 'AGREES'
  return mine.some((one) => !one.superseded) && theirs.some((one) => !one.superseded)
    ? 'DIFFERS'
    : null
}

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '')

function names(a: Traits, b: Traits): Evidence['outcome'] | null {
  if (a.names.length === 0 || b.names.length === 0) return null
  const families = (traits: Traits) =>
    new Set(traits.names.flatMap((one) => (one.family ? [plain(one.family)] : [])))
  const givens = (traits: Traits) => new Set(traits.names.flatMap((one) => one.given.map(plain)))
  const meets = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
    [...one].some((value) => value !== '' && other.has(value))
  const [family, given] = [meets(families(a), families(b)), meets(givens(a), givens(b))]
  if (family && given) return 'AGREES'
  return family || given ? 'CLOSE' : 'DIFFERS'
}

function born(a: Traits, b: Traits): Evidence['outcome'] | null {
  if (a.bornOn.length === 0 || b.bornOn.length === 0) return null
  if (a.bornOn.some((one) => b.bornOn.includes(one))) return 'AGREES'
  const isNear = (one: string, other: string): boolean => {
    const [year, month, day] = one.split('-')
    const [otherYear, otherMonth, otherDay] = other.split('-')
    return (
      year === otherYear &&
      ((month === otherDay && day === otherMonth) || month === otherMonth || day === otherDay)
    )
  }
  return a.bornOn.some((one) => b.bornOn.some((other) => isNear(one, other))) ? 'CLOSE' : 'DIFFERS'
}

/** Pseudo postcodes (ZZ99 …) say that somebody has no abode or that it is not known: no evidence. */
function postcodes(a: Traits, b: Traits): Evidence['outcome'] | null {
  const real = (traits: Traits) => traits.postcodes.filter((one) => !one.startsWith('ZZ99'))
  const [mine, theirs] = [real(a), real(b)]
  if (mine.length === 0 || theirs.length === 0) return null
  if (mine.some((one) => theirs.includes(one))) return 'AGREES'
  const outward = new Set(mine.map((one) => one.split(' ')[0]))
  return theirs.some((one) => outward.has(one.split(' ')[0])) ? 'CLOSE' : 'DIFFERS'
}
