import { everyTable } from './cells-of.js'
import type { CompiledAgreement } from './compile.js'
import type { Condition } from './decision.js'
import { conditionText } from './facts.js'
import { openness } from './forms.js'
import { conditionsIn, evaluate } from './formula.js'
import { factsMax } from './invariants.js'
import { spares } from './profile.js'
import { type Bar, bitOf, type Entry, PARTS_AND_NONE, type Permission } from './rules.js'
import type { PartKind, Tri } from './vocabulary.js'

/** One cell in which two agreements differ, with facts that show it. */
export interface CellDifference {
  readonly role: string
  readonly agency: string
  readonly purpose: string
  readonly part: PartKind | null
  readonly category: string
  readonly from: string
  /** MORE: the new one releases more somewhere and less nowhere. BOTH: here more, there less. */
  readonly change: 'MORE' | 'LESS' | 'BOTH'
  readonly examples: readonly {
    /** Facts that hold; no other does. */
    readonly holding: readonly string[]
    readonly before: string
    readonly after: string
    readonly clausesBefore: readonly string[]
    readonly clausesAfter: readonly string[]
  }[]
}

export interface AgreementDiff {
  readonly before: string
  readonly after: string
  /** Cells in which either of them releases something. */
  readonly cells: number
  readonly differences: readonly CellDifference[]
  /** Cells whose rules rest on more facts than can be enumerated: look at them by eye. */
  readonly notCompared: readonly string[]
}

/**
 * What more and what less the second agreement releases than the first: not lines but cells, over every
 * combination of the facts that the cell's rules mention, each person looked at in one case. Both must be
 * compiled for the same agencies.
 */
export function diffAgreements(before: CompiledAgreement, after: CompiledAgreement): AgreementDiff {
  const [old, now] = [spotsOf(before), spotsOf(after)]
  const differences: CellDifference[] = []
  const notCompared: string[] = []
  const keys = new Set([...old.keys(), ...now.keys()])
  for (const key of keys) {
    const spot = now.get(key) ?? old.get(key)
    if (!spot) continue
    const [one, other] = [old.get(key)?.rules ?? NO_RULES, now.get(key)?.rules ?? NO_RULES]
    if (one.text === other.text) continue
    const compared = compareRules(one, other)
    if (compared === 'TOO_MANY') notCompared.push(key)
    else if (compared.length > 0)
      differences.push({
        ...spot.where,
        change: changeOf(compared),
        examples: compared.map(({ direction: _, ...example }) => example),
      })
  }
  return {
    before: before.version,
    after: after.version,
    cells: keys.size,
    differences,
    notCompared,
  }
}

interface Rules {
  readonly permissions: readonly Permission[]
  readonly bars: readonly Bar[]
  readonly text: string
}
const NO_RULES: Rules = { permissions: [], bars: [], text: '' }
interface Spot {
  readonly where: Omit<CellDifference, 'change' | 'examples'>
  readonly rules: Rules
}

function spotsOf(compiled: CompiledAgreement): ReadonlyMap<string, Spot> {
  const spots = new Map<string, Spot>()
  for (const { asking, entries } of everyTable(compiled)) {
    for (const entry of entries) {
      for (const part of PARTS_AND_NONE) {
        const rules = rulesAt(entry, part)
        if (rules.permissions.length === 0) continue
        const from = entry.unit ? `unit:${entry.supplier}` : entry.supplier
        const where = {
          role: asking.role,
          agency: asking.agency.id,
          purpose: asking.purpose,
          part,
          category: entry.category,
          from,
        }
        spots.set(Object.values(where).join('|'), { where, rules })
      }
    }
  }
  return spots
}

function rulesAt(entry: Entry, part: PartKind | null): Rules {
  const permissions = entry.permissions.filter((one) => (one.parts & bitOf(part)) !== 0)
  const bars = entry.bars.filter((one) => (one.parts & bitOf(part)) !== 0)
  const text = JSON.stringify([
    permissions.map(({ clause, when }) => [
      clause.number,
      clause.form,
      clause.as,
      clause.codes,
      clause.locates,
      clause.aspects,
      when,
    ]),
    bars.map(({ number, cap, as, when, unless, but }) => [number, cap, as, when, unless, but]),
  ])
  return { permissions, bars, text }
}

interface Example {
  readonly holding: readonly string[]
  readonly before: string
  readonly after: string
  readonly clausesBefore: readonly string[]
  readonly clausesAfter: readonly string[]
  readonly direction: number
}
const examplesMax = 4

/** One example for each pair of outcomes that differ, with as few facts as the enumeration meets first. */
function compareRules(before: Rules, after: Rules): readonly Example[] | 'TOO_MANY' {
  const facts = [...new Set([...factsOf(before), ...factsOf(after)])]
  if (facts.length > factsMax) return 'TOO_MANY'
  const found = new Map<string, Example>()
  for (let bits = 0; bits < 2 ** facts.length && found.size < examplesMax; bits += 1) {
    const holding = facts.filter((_, index) => (bits & (1 << index)) !== 0)
    const fact = (asked: Condition): Tri => (holding.includes(asked) ? 'TRUE' : 'FALSE')
    const [one, other] = [outcome(before, fact), outcome(after, fact)]
    if (one.rank === other.rank && one.text === other.text) continue
    const key = `${one.text}|${other.text}`
    if (!found.has(key)) {
      found.set(key, {
        holding: holding.map(conditionText),
        before: one.text,
        after: other.text,
        clausesBefore: one.clauses,
        clausesAfter: other.clauses,
        direction: other.rank - one.rank,
      })
    }
  }
  return [...found.values()]
}

function factsOf({ permissions, bars }: Rules): readonly Condition[] {
  return [
    ...permissions.flatMap((one) => conditionsIn(one.when)),
    ...bars.flatMap((one) => [...conditionsIn(one.when), ...conditionsIn(one.unless)]),
  ]
}

function outcome(
  { permissions, bars }: Rules,
  fact: (asked: Condition) => Tri,
): { rank: number; text: string; clauses: readonly string[] } {
  const firing = bars.filter(
    (one) => evaluate(one.unless, fact) !== 'TRUE' && evaluate(one.when, fact) !== 'FALSE',
  )
  const left = permissions
    .filter((one) => evaluate(one.when, fact) === 'TRUE')
    .flatMap((one) => {
      const binding = firing.filter((bar) => !spares(bar, one))
      if (binding.some((bar) => bar.cap === 'WITHHOLD')) return []
      const isShared = one.clause.form === 'SHARE' && binding.length === 0
      const form = one.clause.as[0]
      const limits = [
        ...(one.clause.locates ?? []),
        ...(one.clause.aspects ?? []),
        ...one.clause.codes,
      ].join(' ')
      const text = isShared ? 'SHARE' : `GENERALISE ${one.clause.as.join(' or ')}`.trimEnd()
      return [
        {
          number: one.clause.number,
          rank: isShared ? 100 : 1 + (form ? openness(form) : 0),
          text: limits === '' ? text : `${text} (${limits} only)`,
        },
      ]
    })
  const best = left.reduce((most, one) => Math.max(most, one.rank), 0)
  const winners = left.filter((one) => one.rank === best)
  return {
    rank: best,
    text: [...new Set(winners.map((one) => one.text))].sort().join('; ') || 'WITHHOLD',
    clauses: winners.map((one) => one.number),
  }
}

function changeOf(examples: readonly Example[]): CellDifference['change'] {
  const more = examples.some((one) => one.direction > 0)
  const less = examples.some((one) => one.direction < 0)
  return more && !less ? 'MORE' : less && !more ? 'LESS' : 'BOTH'
}

/** As lines for a terminal: `+` more, `-` less, `~` both or otherwise; cells that differ alike are one line. */
export function diffText({
  before,
  after,
  cells,
  differences,
  notCompared,
}: AgreementDiff): string {
  const sign = { MORE: '+', LESS: '-', BOTH: '~' }
  const lines = folded(differences).map(({ first, parts, froms }) => {
    const { change, role, agency, purpose, category, examples } = first
    const shown = examples.map(
      (one) =>
        `${one.before} (${one.clausesBefore.join(', ') || 'no clause'}) -> ${one.after} (${one.clausesAfter.join(', ') || 'no clause'}) if ${one.holding.join(' and ') || 'nothing is known'}`,
    )
    return `${sign[change]} ${category} of ${parts.join(', ')} from ${froms.join(', ')} to ${role} of ${agency} for ${purpose}: ${shown.join('; ')}`
  })
  const more = differences.filter((one) => one.change !== 'LESS').length
  const less = differences.filter((one) => one.change !== 'MORE').length
  const summary =
    differences.length === 0
      ? `nothing is released differently in any of ${cells} cells`
      : `${differences.length} of ${cells} cells change: more in ${more}, less in ${less}`
  return [
    ...lines,
    ...notCompared.map((one) => `? ${one}: too many facts to compare`),
    `${before} -> ${after}: ${summary}`,
  ].join('\n')
}

interface Folded {
  readonly first: CellDifference
  readonly parts: readonly string[]
  readonly froms: readonly string[]
}

/** Equal differences of several parts, and then of several suppliers, told once. */
function folded(differences: readonly CellDifference[]): readonly Folded[] {
  const byParts = new Map<string, { first: CellDifference; parts: string[] }>()
  for (const one of differences) {
    const { part, ...rest } = one
    const key = JSON.stringify(rest)
    const known = byParts.get(key)
    if (known) known.parts.push(part ?? 'CASE')
    else byParts.set(key, { first: one, parts: [part ?? 'CASE'] })
  }
  const bySuppliers = new Map<string, Folded & { froms: string[] }>()
  for (const { first, parts } of byParts.values()) {
    const { part: _, from, ...rest } = first
    const key = JSON.stringify([rest, parts])
    const known = bySuppliers.get(key)
    if (known) known.froms.push(from)
    else bySuppliers.set(key, { first, parts, froms: [from] })
  }
  return [...bySuppliers.values()]
}
