import { everyAsking, type ProfileAsking, plainCell } from './cells-of.js'
import type { CompiledAgreement } from './compile.js'
import { decide } from './decide.js'
import type { Cell, Condition, Decision, Situation, Standing } from './decision.js'
import { condition, conditionText, GENERAL } from './facts.js'
import { conditionsIn } from './formula.js'
import { brokenOwn, neversBefore, type StandingNever, standingNevers } from './own-nevers.js'
import { type FieldRules, type Profile, profileOf } from './profile.js'
import { type Bar, type Entry, PARTS_AND_NONE } from './rules.js'
import {
  type AgencyRef,
  CATEGORIES,
  type Category,
  LOCATES,
  type PartKind,
  type Tri,
} from './vocabulary.js'

/** A decision that breaks a never, as the engine would make it: there must be none. */
export interface Breach {
  readonly never: string
  readonly sentence: string
}

export interface NeverProof {
  readonly breaches: readonly Breach[]
  /** Decisions made; equal tables once. */
  readonly decided: number
  /** Fields of a profile that depend on more facts than may be enumerated: not proven. */
  readonly refused: readonly string[]
}

export const provedFactsMax = 12

/**
 * Every never, built in or the agreement's own, proven by enumeration of what the engine really decides:
 * for every different table of rules of everybody who could ask, with one role or two, for a person in one
 * case and another standing of theirs (or of somebody whom the value may be about or may locate) in a second,
 * over every fact that its nevers and prohibitions mention. Facts that only permissions mention all hold: one
 * that does not can only release less (`decide.test.ts` holds that), so it cannot make a breach that this
 * misses. What is a breach is said here a second time, without the engine's tables; `profileFor` makes them,
 * and a test makes them wrong.
 */
export function proveNevers(
  compiled: CompiledAgreement,
  cells: readonly Cell[] = plainCells(),
  profileFor: typeof profileOf = profileOf,
): NeverProof {
  const breaches = new Map<string, Breach>()
  const refused = new Set<string>()
  let decided = 0
  for (const one of reducedSet(compiled, cells, profileFor)) {
    if (one.kind === 'REFUSED') {
      refused.add(one.sentence)
      continue
    }
    decided += 1
    const { asking, cell, nevers } = one
    const decision = decide(one.profile, cell, one.situation)
    if (decision.kind === 'WITHHOLD') continue
    const never = broken(cell, decision, one) ?? brokenOwn(nevers, decision, one.about)
    const at = `${never}|${decision.clause}|${cell.category}`
    if (never !== null && !breaches.has(at))
      breaches.set(at, { never, sentence: sentence(never, cell, decision, asking, one) })
  }
  return { breaches: [...breaches.values()], decided, refused: [...refused] }
}

/** One of the questions that stand for all, or a place that depends on more facts than may be enumerated. */
export type Enumerated =
  | (Arrangement & {
      readonly kind: 'QUESTION'
      readonly asking: ProfileAsking
      readonly profile: Profile
      readonly cell: Cell
      /** The agreement's own nevers that stand before the value. */
      readonly nevers: readonly StandingNever[]
    })
  | { readonly kind: 'REFUSED'; readonly sentence: string }

/** Every question that an agreement can be asked, equal ones once: what `proveNevers` decides. */
export function* reducedSet(
  compiled: CompiledAgreement,
  cells: readonly Cell[] = plainCells(),
  profileFor: typeof profileOf = profileOf,
): Generator<Enumerated> {
  const seen = new Set<string>()
  // Fields that may locate others are asked more than equal ones, so they come first and stand for these.
  const others = cells.filter((one) => !mayLocateOthers(one))
  for (const some of [cells.filter(mayLocateOthers), others]) {
    const looked = new Map<Entry, Set<string>>()
    const byCategory = Map.groupBy(some, ({ category }) => category)
    for (const asking of everyAsking(compiled)) {
      const profile = profileFor(compiled, asking, asking.purpose)
      const before = neversBefore(compiled, asking)
      for (const place of placesIn(compiled, byCategory.keys())) {
        const entry = profile.entryOf(place.category, place.supplier.id, place.unit)
        if (!entry || entry.permissions.length === 0 || isKnown(looked, entry, before)) continue
        for (const cell of byCategory.get(place.category) ?? []) {
          const rules = profile.rulesOf(cell, place.supplier.id, place.unit)
          if (!rules || rules.permissions.length === 0) continue
          const nevers = standingNevers(compiled, asking, { ...place, cell })
          const key = `${signature(rules)}|${nevers.map((one) => `${one.never.number}:${one.cap}`).join()}`
          if (seen.has(key)) continue
          seen.add(key)
          yield* questionsAt({ ...place, asking, profile, cell, nevers }, rules)
        }
      }
    }
  }
}

function* placesIn({ agencies }: CompiledAgreement, categories: Iterable<Category>) {
  for (const category of categories)
    for (const supplier of agencies)
      for (const unit of [false, true]) yield { category, supplier, unit }
}

const mayLocateOthers = ({ locates }: Cell): boolean => locates === 'OTHERS'

interface Place {
  readonly asking: ProfileAsking
  readonly profile: Profile
  readonly cell: Cell
  readonly nevers: readonly StandingNever[]
  readonly supplier: AgencyRef
  readonly unit: boolean
}

function* questionsAt(
  { supplier, unit, ...question }: Place,
  rules: FieldRules,
): Generator<Enumerated> {
  const { asking, cell } = question
  const facts = factsOf(rules)
  if (2 * facts.inBars.length > provedFactsMax) {
    const sentence = `${cell.category} from \`${supplier.id}\` to ${named(asking)} for ${asking.purpose}`
    yield { kind: 'REFUSED', sentence }
    return
  }
  for (const one of situations(facts, { cell, supplier: supplier.id, unit }))
    yield { kind: 'QUESTION', ...question, ...one }
}

/** Whether this pair came before; from now on it did. */
function isKnown<Key>(pairs: Map<Key, Set<string>>, key: Key, text: string): boolean {
  const known = pairs.get(key) ?? new Set<string>()
  pairs.set(key, known)
  return known.size === known.add(text).size
}

const named = ({ roles }: ProfileAsking): string => roles.join(' and ')

function plainCells(): readonly Cell[] {
  return CATEGORIES.flatMap((category) => LOCATES.map((locates) => plainCell(category, locates)))
}

/** Equal for fields before which equal rules stand. */
function signature({ cell, permissions, bars }: FieldRules): string {
  const rules = permissions.map((one) => `${one.rule.id}:${one.form}:${one.isLinkDemanded}`).join()
  return `${kindOf(cell)}|${rules}|${bars.map((one) => one.id).join()}`
}

interface Facts {
  readonly inPermissions: readonly Condition[]
  readonly inBars: readonly Condition[]
  /** Those of the bars that look at whom a value only locates. */
  readonly ofLocated: readonly Condition[]
}

function factsOf({ permissions, bars }: FieldRules): Facts {
  return {
    inPermissions: [...new Set(permissions.flatMap((one) => conditionsIn(one.rule.when)))],
    inBars: conditionsOfBars(bars),
    ofLocated: conditionsOfBars(bars.filter((one) => one.ofLocated)),
  }
}

const conditionsOfBars = (bars: readonly Bar[]): readonly Condition[] => [
  ...new Set(bars.flatMap((one) => [...conditionsIn(one.when), ...conditionsIn(one.unless)])),
]

/** One standing with the facts that were said of it. */
export interface Known {
  readonly part: PartKind | null
  readonly facts: ReadonlyMap<Condition, Tri>
  readonly standing: Standing
}

/** One value in one arrangement of two standings. */
export interface Arrangement {
  readonly situation: Situation
  /** Whom the value is about. */
  readonly about: readonly Known[]
  /** Whom it may locate besides. */
  readonly located: readonly Known[]
}

/**
 * A bar's facts with all three values over the two standings; those of permissions alone all true. The second
 * is one that the value is about as well and, where its field may locate others, one that it only locates.
 */
function* situations(
  facts: Facts,
  { cell, supplier, unit }: { cell: Cell; supplier: string; unit: boolean },
): Generator<Arrangement> {
  const permitted = facts.inPermissions.map((one): [Condition, Tri] => [one, 'TRUE'])
  const heres = knownOf(facts.inBars, ['TRUE', 'UNKNOWN'], permitted)
  const theres = knownOf(facts.inBars, ['TRUE', 'FALSE'], [])
  const others = mayLocateOthers(cell) ? knownOf(facts.ofLocated, ['TRUE', 'FALSE'], []) : []
  for (const here of heres) {
    const standings = [here.standing]
    for (const there of theres) {
      const barring = [here.standing, there.standing]
      yield {
        situation: { supplier, unit, standings, barring },
        about: [here, there],
        located: [],
      }
    }
    for (const there of others) {
      yield {
        situation: { supplier, unit, standings, barring: standings, located: [there.standing] },
        about: [here],
        located: [there],
      }
    }
  }
}

function knownOf(
  conditions: readonly Condition[],
  values: readonly Tri[],
  beside: readonly [Condition, Tri][],
): readonly Known[] {
  return PARTS_AND_NONE.flatMap((part) =>
    assignments(conditions, values).map((assigned): Known => {
      const facts = new Map([...beside, ...assigned])
      const fact = (asked: Condition): Tri =>
        facts.get(asked) ?? (DEMANDED.has(asked.fact) ? 'TRUE' : 'UNKNOWN')
      return { part, facts, standing: { caseId: 'case', part, fact } }
    }),
  )
}

function assignments(
  conditions: readonly Condition[],
  values: readonly Tri[],
): readonly (readonly [Condition, Tri][])[] {
  const [first, ...others] = conditions
  if (first === undefined) return [[]]
  const rest = assignments(others, values)
  return values.flatMap((value) => rest.map((one): [Condition, Tri][] => [[first, value], ...one]))
}

const DEMANDED = new Set([...GENERAL.map((one) => one.fact), 'LINK_CONFIRMED'])
const APART = condition('APART')
const PROTECTED_ELSEWHERE = condition('PROTECTED_ELSEWHERE')
const NOT_IN_CASE = condition('NOT_IN_CASE')
const WITH_SAFE_CONTACT = condition('WITH', 'SAFE_CONTACT')

const WHEREABOUTS = new Set<Cell['category']>([
  'LOCATION',
  'CONTACT',
  'SAFE_CONTACT',
  'SAFETY_PLAN',
  'NARRATIVE',
])
const SUPPORT = new Set<Cell['category']>([
  'ADVOCACY_NOTES',
  'SUPPORT_FACT',
  'COUNSELLING',
  'CONSENT_RECORD',
])

/** Equal for fields of which the nevers say the same. */
function kindOf({ category, locates }: Cell): string {
  const tellsWhere = locates !== 'NOBODY' || WHEREABOUTS.has(category)
  const special = ['CONTACT', 'IMPACT', 'NOT_TAKEN'].includes(category)
    ? category
    : SUPPORT.has(category)
  return `${tellsWhere}|${special}`
}

/** The built-in never that this release breaks, said without the engine's rules. */
function broken(
  { category, locates }: Cell,
  { kind }: Decision,
  { about, located }: Arrangement,
): string | null {
  if (category === 'NOT_TAKEN') return 'N8'
  // A fact for which the engine's rules do not ask is not known to hold either.
  const isNot = ({ facts }: Known, asked: Condition): boolean => facts.get(asked) !== 'TRUE'
  const isAcross = (one: Known): boolean =>
    isNot(one, APART) &&
    (one.part !== 'PERPETRATOR' || one.facts.get(PROTECTED_ELSEWHERE) !== 'FALSE')
  const tellsWhere = locates !== 'NOBODY' || WHEREABOUTS.has(category)
  if (tellsWhere && [...about, ...located].some(isAcross)) return 'N1'
  if (SUPPORT.has(category) && about.some(isAcross)) return 'N2'
  if (category === 'IMPACT' && kind === 'SHARE' && about.some(isAcross)) return 'N2'
  const isAlone = about.some(
    (one) =>
      one.part !== null &&
      one.part !== 'PERPETRATOR' &&
      one.part !== 'WITNESS' &&
      one.facts.get(WITH_SAFE_CONTACT) !== 'TRUE',
  )
  if (category === 'CONTACT' && isAlone) return 'N9'
  return about.some((one) => isNot(one, NOT_IN_CASE)) ? 'N11' : null
}

function sentence(
  never: string,
  { category, locates }: Cell,
  { kind, logged }: Decision,
  asking: ProfileAsking,
  { about, located }: Arrangement,
): string {
  const said = ({ part, facts }: Known): string =>
    `${part === null ? 'a whole case' : `a ${part}`} (${[...facts].map(([fact, value]) => `${conditionText(fact)} ${value.toLowerCase()}`).join(', ') || 'nothing known'})`
  const form = kind === 'SHARE' ? 'release' : 'release a shortened form of'
  const where = locates === 'NOBODY' ? '' : `, which may locate ${locates.toLowerCase()},`
  const besides = located.length === 0 ? '' : `, where it may locate ${located.map(said).join()}`
  return (
    `clauses ${logged.clauses.join(', ')} would ${form} ${category}${where} to ${named(asking)} for ${asking.purpose}, ` +
    `about ${about.map(said).join(' and ')}${besides}: never ${never} forbids it`
  )
}
