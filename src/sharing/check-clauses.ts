import { type Clause, compareNumbers } from './agreement.js'
import type { Table } from './cells-of.js'
import { type Finding, note, warning } from './check-finding.js'
import type { CompiledAgreement } from './compile.js'
import type { Condition } from './decision.js'
import { conditionsIn, evaluate, type Formula } from './formula.js'
import { factsMax } from './invariants.js'
import type { Entry, Permission } from './rules.js'

/** Clauses that no table contains, for the agencies at hand. */
export function deadClauses(
  { agreement, agencies }: CompiledAgreement,
  tables: readonly Table[],
): readonly Finding[] {
  const alive = new Set<string>()
  for (const { entries } of tables) {
    for (const { permissions, bars } of entries) {
      for (const one of permissions) alive.add(one.clause.number)
      for (const one of bars) alive.add(one.number)
    }
  }
  const kinds = agencies.map((one) => one.kind).join(', ')
  return agreement.clauses
    .filter((one) => !alive.has(one.number))
    .map((one) =>
      warning(
        'DEAD_CLAUSE',
        one.number,
        one.effect === 'PERMIT'
          ? `clause ${one.number} releases nothing: none of ${one.to.join(', ')} may state one of its purposes and meet its conditions, with agencies of the kinds ${kinds}`
          : `clause ${one.number} bars nothing: no other clause would release what it forbids`,
      ),
    )
}

interface Place {
  readonly entry: Entry
  readonly permission: Permission
}

/** Clauses under which nothing is released that another would not release as well. */
export function shadowedClauses(
  { agreement }: CompiledAgreement,
  tables: readonly Table[],
): readonly Finding[] {
  const places = new Map<string, Place[]>()
  for (const { entries } of tables) {
    for (const entry of entries) {
      for (const permission of entry.permissions) {
        const known = places.get(permission.clause.number)
        if (known) known.push({ entry, permission })
        else places.set(permission.clause.number, [{ entry, permission }])
      }
    }
  }
  return agreement.clauses.flatMap((clause): Finding[] => {
    const own = places.get(clause.number) ?? []
    const by = own.map(({ entry, permission }) => shadowOf(permission, entry))
    if (own.length === 0 || by.some((one) => one === null)) return []
    const names = [...new Set(by)].join(', ')
    const sentence = `clause ${clause.number} releases nothing that ${names} would not release as well`
    return [
      clause.obligations.length > 0
        ? note(
            'SHADOWED_CLAUSE',
            clause.number,
            `${sentence}; it stands for its obligations (${clause.obligations.map((one) => one.code).join(', ')}), which go with the value when it holds`,
          )
        : warning('SHADOWED_CLAUSE', clause.number, sentence),
    ]
  })
}

/** The clause under which everything that this one releases here is released anyway. */
function shadowOf(permission: Permission, { permissions }: Entry): string | null {
  const shadow = permissions.find((one) => {
    if (one.clause.number === permission.clause.number || !isAsOpen(one.clause, permission.clause))
      return false
    if ((permission.parts & ~one.parts) !== 0 || !implies(permission.when, one.when)) return false
    // Two clauses that say the same do not both vanish: the earlier stands.
    const isSame =
      implies(one.when, permission.when) &&
      one.parts === permission.parts &&
      isAsOpen(permission.clause, one.clause)
    return !isSame || compareNumbers(one.clause.number, permission.clause.number) < 0
  })
  return shadow?.clause.number ?? null
}

function isAsOpen(one: Clause, than: Clause): boolean {
  const isForm =
    one.form === 'SHARE' || (than.form === 'GENERALISE' && one.as.join() === than.as.join())
  const isFree = one.codes.length === 0 || than.codes.join() === one.codes.join()
  return (
    isForm &&
    isFree &&
    isAsWide(one.locates, than.locates) &&
    isAsWide(one.aspects, than.aspects) &&
    (one.unlinked || !than.unlinked)
  )
}

/** Null stands for no limit. */
function isAsWide(one: readonly string[] | null, than: readonly string[] | null): boolean {
  return one === null || (than?.every((word) => one.includes(word)) ?? false)
}

/** Whether the second holds wherever the first does; false too where that is too much to enumerate. */
export function implies(one: Formula, other: Formula): boolean {
  const facts = [...new Set([...conditionsIn(one), ...conditionsIn(other)])]
  if (facts.length > factsMax) return false
  for (let bits = 0; bits < 2 ** facts.length; bits += 1) {
    const fact = (asked: Condition) =>
      (bits & (1 << facts.indexOf(asked))) !== 0 ? 'TRUE' : 'FALSE'
    if (evaluate(one, fact) === 'TRUE' && evaluate(other, fact) !== 'TRUE') return false
  }
  return true
}
