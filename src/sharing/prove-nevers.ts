import { type Asking, everyTable, plainCell } from './cells-of.js'
import type { CompiledAgreement } from './compile.js'
import { decide } from './decide.js'
import type { Cell, Condition, Decision, Situation, Standing } from './decision.js'
import { condition, conditionText, GENERAL } from './facts.js'
import { conditionsIn } from './formula.js'
import { type FieldRules, type Profile, profileOf } from './profile.js'
import { PARTS_AND_NONE } from './rules.js'
import { CATEGORIES, LOCATES, type PartKind, type Tri } from './vocabulary.js'

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
 * The built-in nevers, proven by enumeration of what the engine really decides: for every different table
 * of rules, for a person in one case and another standing of theirs (or of somebody whom the value may
 * locate) in a second, over every fact that its nevers and prohibitions mention. Facts that only permissions
 * mention all hold: one that does not can only release less (`decide.test.ts` holds that), so it cannot make
 * a breach that this misses. What is a breach is said here a second time, without the engine's tables.
 */
export function proveNevers(
  compiled: CompiledAgreement,
  cells: readonly Cell[] = plainCells(),
): NeverProof {
  const breaches: Breach[] = []
  const refused: string[] = []
  let decided = 0
  for (const one of reducedSet(compiled, cells)) {
    if (one.kind === 'REFUSED') {
      refused.push(one.sentence)
      continue
    }
    const { asking, profile, cell, situation, here, there } = one
    decided += 1
    const decision = decide(profile, cell, situation)
    if (decision.kind === 'WITHHOLD') continue
    const never = broken(cell, decision, [here, there])
    if (never)
      breaches.push({ never, sentence: sentence(never, cell, decision, asking, here, there) })
  }
  return { breaches, decided, refused }
}

/** One of the questions that stand for all, or a place that depends on more facts than may be enumerated. */
export type Enumerated =
  | {
      readonly kind: 'QUESTION'
      readonly asking: Asking
      readonly profile: Profile
      readonly cell: Cell
      readonly situation: Situation
      readonly here: Known
      readonly there: Known
    }
  | { readonly kind: 'REFUSED'; readonly sentence: string }

/** Every question that an agreement can be asked, equal ones once: what `proveNevers` decides. */
export function* reducedSet(
  compiled: CompiledAgreement,
  cells: readonly Cell[] = plainCells(),
): Generator<Enumerated> {
  const seen = new Set<string>()
  for (const { asking } of everyTable(compiled)) {
    const profile = profileOf(compiled, asking, asking.purpose)
    for (const cell of cells) {
      for (const { id: supplier } of compiled.agencies) {
        for (const unit of [false, true]) {
          const rules = profile.rulesOf(cell, supplier, unit)
          if (!rules || rules.permissions.length === 0) continue
          const key = signature(rules)
          if (seen.has(key)) continue
          seen.add(key)
          const facts = factsOf(rules)
          if (2 * facts.inBars.length > provedFactsMax) {
            const sentence = `${cell.category} from \`${supplier}\` to ${asking.role} for ${asking.purpose}`
            yield { kind: 'REFUSED', sentence }
            continue
          }
          for (const one of situations(facts, supplier, unit))
            yield { kind: 'QUESTION', asking, profile, cell, ...one }
        }
      }
    }
  }
}

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
}

function factsOf({ permissions, bars }: FieldRules): Facts {
  const inBars = [
    ...new Set(bars.flatMap((one) => [...conditionsIn(one.when), ...conditionsIn(one.unless)])),
  ]
  const inPermissions = [...new Set(permissions.flatMap((one) => conditionsIn(one.rule.when)))]
  return { inBars, inPermissions: inPermissions.filter((one) => !inBars.includes(one)) }
}

/** A standing whose facts are written down. */
export interface Known {
  readonly part: PartKind | null
  readonly facts: ReadonlyMap<Condition, Tri>
  readonly standing: Standing
}

/** A bar's facts with all three values over the two standings; those of permissions alone all true. */
function* situations(
  facts: Facts,
  supplier: string,
  unit: boolean,
): Generator<{ situation: Situation; here: Known; there: Known }> {
  const permitted = facts.inPermissions.map((one): [Condition, Tri] => [one, 'TRUE'])
  const heres = knownOf(facts.inBars, ['TRUE', 'UNKNOWN'], permitted)
  const theres = knownOf(facts.inBars, ['TRUE', 'FALSE'], [])
  for (const here of heres) {
    for (const there of theres) {
      const standings = [here.standing]
      yield {
        situation: { supplier, unit, standings, barring: [here.standing, there.standing] },
        here,
        there,
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

/** The never that this release breaks, said without the engine's rules. */
function broken(
  { category, locates }: Cell,
  { kind }: Decision,
  about: readonly Known[],
): string | null {
  if (category === 'NOT_TAKEN') return 'N8'
  const isNot = ({ facts }: Known, asked: Condition): boolean =>
    facts.has(asked) && facts.get(asked) !== 'TRUE'
  const isAcross = about.some(
    (one) =>
      isNot(one, APART) &&
      (one.part !== 'PERPETRATOR' || one.facts.get(PROTECTED_ELSEWHERE) !== 'FALSE'),
  )
  if (isAcross && (locates !== 'NOBODY' || WHEREABOUTS.has(category))) return 'N1'
  if (isAcross && SUPPORT.has(category)) return 'N2'
  if (isAcross && category === 'IMPACT' && kind === 'SHARE') return 'N2'
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
  asking: { role: string; purpose: string },
  here: Known,
  there: Known,
): string {
  const said = ({ part, facts }: Known): string =>
    `${part ?? 'no part'} with ${[...facts].map(([fact, value]) => `${conditionText(fact)} ${value.toLowerCase()}`).join(', ') || 'nothing known'}`
  return (
    `${kind} of ${category} (locates ${locates}) to ${asking.role} for ${asking.purpose} under ${logged.clauses.join(', ')} ` +
    `breaks never ${never}: here ${said(here)}; elsewhere ${said(there)}`
  )
}
