import type { Agreement, Clause } from './agreement.js'
import type { Decision } from './decision.js'
import { condition } from './facts.js'
import { ALWAYS, assume, type Formula, formulaText, isAlways, isNowhere } from './formula.js'
import {
  type Bar,
  bitOf,
  type Entry,
  PARTS_AND_NONE,
  type PartSet,
  type Permission,
  partSet,
} from './rules.js'
import {
  conditionsAt,
  isAbout,
  isOwn,
  originOf,
  partsOf,
  reaches,
  type Spot,
  selects,
} from './spot.js'
import { type AgencyRef, CATEGORIES, type Category } from './vocabulary.js'

/** Who asks, as far as the agreement's tables need to know. Roles that the agency may not give do not count. */
export interface ProfileCaller {
  readonly agency: AgencyRef
  readonly roles: readonly string[]
}

/** An agreement made ready for the agencies of one configuration. */
export interface CompiledAgreement {
  readonly agreement: Agreement
  /** `<id>@<version>`. */
  readonly version: string
  readonly agencies: readonly AgencyRef[]
  /** Not in force: nothing is released, and nothing may be written but a refusal. */
  readonly isClosed: boolean
  /** The table of one caller and purpose: which rules stand before which data. */
  entriesFor(caller: ProfileCaller, purpose: string): readonly Entry[]
}

/** How the day on which an agreement is used narrows it. */
export interface CompileOptions {
  /** Calendar day (`2026-03-04`); clauses outside their effective dates are left out. Null: all hold. */
  readonly on?: string | null
  /** Ids of agencies that have suspended their supply: nothing of theirs is released, the rest stands. */
  readonly suspended?: ReadonlySet<string>
  /** It has expired, or is signed no longer: nothing is released to anybody. */
  readonly closed?: boolean
}

const OWN = condition('OWN')

export function compileAgreement(
  agreement: Agreement,
  agencies: readonly AgencyRef[],
  { on = null, suspended = new Set(), closed = false }: CompileOptions = {},
): CompiledAgreement {
  const clauses = agreement.clauses.filter((one) => on === null || isEffective(one, on))
  const maker = new TableMaker({ ...agreement, clauses }, agencies, { suspended, closed })
  return {
    agreement,
    version: `${agreement.id}@${agreement.version}`,
    agencies,
    isClosed: closed,
    entriesFor: (caller, purpose) => maker.entriesFor(caller, purpose),
  }
}

function isEffective({ effective: { from, until } }: Clause, on: string): boolean {
  return (from === null || from <= on) && (until === null || on <= until)
}

/** The caller's roles that the agreement knows and that the caller's agency may give. */
export function rolesInForce(agreement: Agreement, caller: ProfileCaller): readonly string[] {
  return agreement.roles
    .filter((role) => caller.roles.includes(role.code))
    .filter(
      (role) => role.agencies === null || role.agencies.some((one) => selects(one, caller.agency)),
    )
    .map((role) => role.code)
}

const reachedMax = 100_000

class TableMaker {
  private readonly permissions = new Map<string, Permission>()
  private readonly bars = new Map<string, Bar>()
  private readonly entries = new Map<string, Entry>()
  /** What these roles are permitted at one spot: many kinds of caller ask it again. */
  private readonly permitted = new Map<string, readonly Permission[]>()
  private readonly clausesOf: ReadonlyMap<Category, readonly Clause[]>
  /** Whether these roles reach this data under any purpose. */
  private readonly reached = new Map<string, boolean>()

  constructor(
    private readonly agreement: Agreement,
    private readonly agencies: readonly AgencyRef[],
    private readonly standing: Required<Pick<CompileOptions, 'suspended' | 'closed'>>,
  ) {
    this.clausesOf = new Map(
      CATEGORIES.map((category) => [
        category,
        agreement.clauses.filter((one) => one.categories.includes(category)),
      ]),
    )
  }

  entriesFor(caller: ProfileCaller, purpose: string): readonly Entry[] {
    const roles = rolesInForce(this.agreement, caller)
    const holding = this.holding(roles, purpose)
    const isBarredWhole = this.agreement.nevers.some((one) => one.purposes.includes(purpose))
    const entries: Entry[] = []
    for (const category of CATEGORIES) {
      if (category === 'NOT_TAKEN' || category === 'HOLDING') continue
      for (const supplier of this.agencies) {
        for (const unit of [false, true]) {
          const origin = originOf(this.agreement, category, unit)
          const at = { category, supplier, origin, purpose }
          const closedBy = this.closedBy(at, caller, isBarredWhole)
          const permissions = closedBy !== null ? [] : this.permissionsAt(caller, holding, at)
          const entry: Entry = {
            category,
            supplier: supplier.id,
            unit,
            own: isOwn(at, caller),
            permissions,
            bars: permissions.length === 0 ? [] : this.barsAt(caller, holding, at),
            barren:
              closedBy ??
              (permissions.length > 0 ? 'NO_RULE' : this.barrenReason(caller, roles, at)),
          }
          entries.push(intern(this.entries, entryText(entry), () => entry))
        }
      }
    }
    return entries
  }

  private clausesAbout({ category }: Pick<Spot, 'category'>): readonly Clause[] {
    return this.clausesOf.get(category) ?? []
  }

  /** What bars a whole entry, whatever the clauses say; null: nothing does. */
  private closedBy(
    at: Omit<Spot, 'part' | 'role'>,
    caller: ProfileCaller,
    isBarredWhole: boolean,
  ): Entry['barren'] | null {
    if (this.standing.closed) return 'NOT_IN_FORCE'
    if (isBarredWhole) return 'PURPOSE'
    return this.isSuspended(at, caller) ? 'SUSPENDED' : null
  }

  /** What an agency suspends is its supply to others; the unit's own and what it has itself go on. */
  private isSuspended(at: Omit<Spot, 'part' | 'role'>, caller: ProfileCaller): boolean {
    return at.origin !== 'UNIT' && !isOwn(at, caller) && this.standing.suspended.has(at.supplier.id)
  }

  /** Whether another purpose of these roles would have a rule (PURPOSE), another role (ROLE), or nobody. */
  private barrenReason(
    caller: ProfileCaller,
    roles: readonly string[],
    at: Omit<Spot, 'part' | 'role'>,
  ): Entry['barren'] {
    const isReached = this.clausesAbout(at).some(
      (one) => one.effect === 'PERMIT' && reaches(one.from, at.supplier, at.origin),
    )
    if (!isReached) return 'NO_RULE'
    const key = JSON.stringify([caller.agency, roles, at.category, at.supplier.id, at.origin])
    const known = this.reached.get(key)
    if (known !== undefined) return known ? 'PURPOSE' : 'ROLE'
    const hasOther = this.agreement.purposes.some(({ code: purpose }) => {
      if (this.agreement.nevers.some((never) => never.purposes.includes(purpose))) return false
      const held = this.holding(roles, purpose)
      return held.length > 0 && this.permissionsAt(caller, held, { ...at, purpose }).length > 0
    })
    if (this.reached.size >= reachedMax) this.reached.clear()
    this.reached.set(key, hasOther)
    return hasOther ? 'PURPOSE' : 'ROLE'
  }

  private holding(roles: readonly string[], purpose: string): readonly string[] {
    return this.agreement.roles
      .filter((role) => roles.includes(role.code) && role.purposes.includes(purpose))
      .map((role) => role.code)
  }

  private permissionsAt(
    caller: ProfileCaller,
    roles: readonly string[],
    at: Omit<Spot, 'part' | 'role'>,
  ): readonly Permission[] {
    const { category, supplier, origin, purpose } = at
    const key = `${category}|${supplier.id}|${origin}|${purpose}|${isOwn(at, caller)}|${roles.join()}`
    return intern(this.permitted, key, () => this.permissionsMade(caller, roles, at))
  }

  private permissionsMade(
    caller: ProfileCaller,
    roles: readonly string[],
    at: Omit<Spot, 'part' | 'role'>,
  ): readonly Permission[] {
    const found = new Set<Permission>()
    for (const clause of this.clausesAbout(at)) {
      if (clause.effect !== 'PERMIT') continue
      if (clause.purposes !== null && !clause.purposes.includes(at.purpose)) continue
      if (!reaches(clause.from, at.supplier, at.origin)) continue
      for (const role of clause.to) {
        if (roles.includes(role))
          for (const one of this.permissionsOf(clause, caller, { ...at, role })) found.add(one)
      }
    }
    return [...found]
  }

  /** Parts with equal conditions share one permission. */
  private permissionsOf(
    clause: Clause,
    caller: ProfileCaller,
    at: Omit<Spot, 'part'>,
  ): readonly Permission[] {
    const byFormula = new Map<string, { when: Formula; parts: PartSet }>()
    for (const part of PARTS_AND_NONE) {
      const spot: Spot = { ...at, part }
      if (!isAbout(clause, spot)) continue
      const when = assume(conditionsAt(clause, spot), OWN, isOwn(at, caller))
      if (isNowhere(when)) continue
      const key = formulaText(when)
      const known = byFormula.get(key)
      byFormula.set(key, { when, parts: (known?.parts ?? 0) | bitOf(part) })
    }
    return [...byFormula].map(([key, { when, parts }]) => {
      const obligations = this.obligationsOf(clause, at.role)
      const id = `${clause.number}|${parts}|${key}|${obligations.map((one) => one.text).join('|')}`
      return intern(this.permissions, id, (index) => ({
        id: index,
        clause,
        parts,
        when,
        obligations,
      }))
    })
  }

  private obligationsOf(clause: Clause, role: string): Decision['obligations'] {
    return clause.obligations
      .filter((one) => one.to === null || one.to.includes(role))
      .map((one) => ({
        clause: clause.number,
        text: this.agreement.obligations.find((known) => known.code === one.code)?.text ?? one.code,
      }))
  }

  private barsAt(
    caller: ProfileCaller,
    holding: readonly string[],
    at: Omit<Spot, 'part' | 'role'>,
  ): readonly Bar[] {
    return [...this.neversAt(caller, at), ...this.prohibitionsAt(caller, holding, at)]
  }

  private neversAt(caller: ProfileCaller, at: Omit<Spot, 'part' | 'role'>): readonly Bar[] {
    return this.agreement.nevers.flatMap((never): Bar[] => {
      const isBarred = never.bar.includes(at.category)
      if (!isBarred && !never.barInFull.includes(at.category)) return []
      // Whoever recorded it: a never reaches what the unit writes together as well.
      if (
        !reaches(never.from, at.supplier, at.origin === 'UNIT' ? 'BOTH' : at.origin) ||
        !this.stops(never.to, caller)
      )
        return []
      const cap = isBarred ? 'WITHHOLD' : 'GENERALISE'
      const unless = assume(never.unless, OWN, isOwn(at, caller))
      if (isAlways(unless)) return []
      return [
        intern(this.bars, `${never.number}|${cap}|${formulaText(unless)}`, (id) => ({
          id,
          number: never.number,
          kind: 'NEVER',
          parts: partSet(never.of),
          when: ALWAYS,
          unless,
          cap,
          as: [],
          locates: null,
          aspects: null,
          but: never.but,
          ofLocated: false,
          reason: never.reason,
        })),
      ]
    })
  }

  /** A never that names roles stops a caller who has any of them, whatever the purpose. */
  private stops(to: Agreement['nevers'][number]['to'], caller: ProfileCaller): boolean {
    switch (to.kind) {
      case 'ANYBODY':
        return true
      case 'AGENCIES':
        return to.agencies.some((one) => selects(one, caller.agency))
      case 'OUTSIDE':
        return !to.agencies.some((one) => selects(one, caller.agency))
      case 'ROLES':
        return to.roles.some((role) => caller.roles.includes(role))
    }
  }

  private prohibitionsAt(
    caller: ProfileCaller,
    holding: readonly string[],
    at: Omit<Spot, 'part' | 'role'>,
  ): readonly Bar[] {
    return this.clausesAbout(at).flatMap((clause): Bar[] => {
      if (clause.effect !== 'PROHIBIT') return []
      if (clause.purposes !== null && !clause.purposes.includes(at.purpose)) return []
      if (!reaches(clause.from, at.supplier, at.origin)) return []
      const roles = clause.to.filter((role) => holding.includes(role))
      const parts = roles.reduce((set, role) => set | partsOf(clause, role), 0)
      if (parts === 0) return []
      const own = isOwn(at, caller)
      const when = assume(clause.when, OWN, own)
      const unless = assume(clause.unless, OWN, own)
      if (isNowhere(when) || isAlways(unless)) return []
      return [
        intern(
          this.bars,
          `${clause.number}|${parts}|${formulaText(when)}|${formulaText(unless)}`,
          (id) => ({
            id,
            number: clause.number,
            kind: 'PROHIBITION',
            parts,
            when,
            unless,
            cap: clause.form === 'GENERALISE' ? 'GENERALISE' : 'WITHHOLD',
            as: clause.as,
            locates: clause.locates,
            aspects: clause.aspects,
            but: [],
            ofLocated: false,
            reason: clause.reason,
          }),
        ),
      ]
    })
  }
}

/** Equal for entries that say the same. */
function entryText({ category, supplier, unit, own, permissions, bars, barren }: Entry): string {
  const rules = `${permissions.map((one) => one.id).join()}/${bars.map((one) => one.id).join()}`
  return `${category}|${supplier}|${unit}|${own}|${rules}|${barren}`
}

function intern<T>(known: Map<string, T>, key: string, make: (id: number) => T): T {
  const found = known.get(key)
  if (found) return found
  const made = make(known.size)
  known.set(key, made)
  return made
}
