import { invariant } from '../errors.js'
import { builtInBars } from './built-in-nevers.js'
import type { CompiledAgreement, ProfileCaller } from './compile.js'
import { rolesInForce } from './compile.js'
import type { Cell, Condition, Decision } from './decision.js'
import { GENERAL, LINKED } from './facts.js'
import { conditionsIn } from './formula.js'
import { type Bar, bitOf, type Entry, EVERY_PART, type PartSet, type Permission } from './rules.js'
import type { AgencyRef, Category, Generalisation, PartKind } from './vocabulary.js'

/**
 * What the agreement makes of one kind of caller with one purpose: agency × roles × purpose, reduced.
 * Callers whose tables are equal share one profile object, so it may be the key of a cache.
 */
export class Profile {
  private readonly byCell = new WeakMap<Cell, CellTable>()
  private readonly tables = new Map<string, CellTable>()

  /** @param signature equal for equal tables: one profile for each. */
  constructor(
    readonly signature: string,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** The rules that stand before one field's value from one supplier. */
  rulesOf(cell: Cell, supplier: string, unit: boolean): FieldRules | null {
    let table = this.byCell.get(cell)
    if (!table) {
      const key = cellText(cell)
      table = this.tables.get(key) ?? { own: new Map(), unit: new Map() }
      this.tables.set(key, table)
      this.byCell.set(cell, table)
    }
    const side = unit ? table.unit : table.own
    const known = side.get(supplier)
    if (known) return known
    const entry = this.entryOf(cell.category, supplier, unit)
    if (!entry) return null
    const made = sharedRules(entry, cell)
    side.set(supplier, made)
    return made
  }

  /** Whatever stands before a category from one supplier; equal for equal rules, whoever asks. */
  entryOf(category: Category, supplier: string, unit: boolean): Entry | null {
    return this.entries.get(entryKey(category, supplier, unit)) ?? null
  }

  /** Suppliers that the agreement was compiled for. */
  get suppliers(): readonly string[] {
    return [...new Set([...this.entries.values()].map((one) => one.supplier))]
  }
}

/** Rules before one field of one profile, as bits of one exact number. */
export const permissionsMax = 30
export const barsMax = 22

interface CellTable {
  readonly own: Map<string, FieldRules>
  readonly unit: Map<string, FieldRules>
}

/** A permission as it works on one field: SHARE, or GENERALISE in a form that the field allows. */
export interface FieldPermission {
  readonly rule: Permission
  readonly form: Generalisation | null
  /** Whether the link across agencies must have been confirmed. */
  readonly isLinkDemanded: boolean
}

export interface FieldRules {
  readonly cell: Cell
  readonly permissions: readonly FieldPermission[]
  /** Those that some facts could let through; where there is none, `permissions` is empty too. */
  readonly hopeful: readonly FieldPermission[]
  readonly bars: readonly Bar[]
  /** That the clause would show presence on a field that has no such form: the record is known of. */
  readonly presence: readonly FieldPermission[]
  readonly barren: Decision
  /** Outcomes made so far, by the bits of what matched; see `decide`. */
  readonly outcomes: Map<number, Decision>
  readonly withheld: Map<string, Decision>
}

const entryKey = (category: Category, supplier: string, unit: boolean): string =>
  `${category}|${supplier}|${unit ? 1 : 0}`

const cellText = ({ category, locates, aspect, forms }: Cell): string =>
  `${category}|${locates}|${aspect ?? ''}|${forms.join()}`

/** Profiles whose tables have an entry in common have its rules, and the outcomes made by them, in common. */
const rulesByEntry = new WeakMap<Entry, Map<string, FieldRules>>()

function sharedRules(entry: Entry, cell: Cell): FieldRules {
  const known = rulesByEntry.get(entry) ?? new Map<string, FieldRules>()
  rulesByEntry.set(entry, known)
  const key = cellText(cell)
  const rules = known.get(key) ?? fieldRules(entry, cell)
  known.set(key, rules)
  return rules
}

function fieldRules(entry: Entry, cell: Cell): FieldRules {
  const isLinkDemandedHere = !entry.own && !entry.unit
  const fitting = entry.permissions.filter(
    ({ clause }) =>
      (clause.locates === null || clause.locates.includes(cell.locates)) &&
      (clause.aspects === null ||
        (cell.aspect !== undefined && clause.aspects.includes(cell.aspect))),
  )
  const made = fitting.map((rule) => ({
    rule,
    form: rule.clause.form === 'SHARE' ? null : formFor(rule.clause.as, cell.forms),
    isLinkDemanded: isLinkDemandedHere && !rule.clause.unlinked,
  }))
  const bars = [...builtInBars(cell), ...entry.bars].filter(
    (one) =>
      (one.locates === null || one.locates.includes(cell.locates)) &&
      (one.aspects === null || cell.aspect === undefined || one.aspects.includes(cell.aspect)),
  )
  const usable = made.filter(({ rule, form }) => rule.clause.form === 'SHARE' || form !== null)
  const hopeful = usable.filter((one) => !isHopeless(one, bars))
  const permissions = hopeful.length === 0 ? [] : usable
  const presence = made.filter(
    ({ rule, form }) => form === null && rule.clause.as.includes('PRESENCE'),
  )
  invariant(
    permissions.length <= permissionsMax && bars.length <= barsMax,
    'a field stands before a bounded number of rules',
  )
  const told = entry.barren
  const stopping =
    hopeful.length === 0
      ? bars.filter(
          (bar) => isUnconditional(bar) && usable.some((one) => (one.rule.parts & bar.parts) !== 0),
        )
      : []
  return {
    cell,
    permissions,
    hopeful,
    bars,
    presence,
    barren: withheld(
      told,
      stopping[0]?.reason ?? told,
      stopping.map((one) => one.number),
    ),
    outcomes: new Map(),
    withheld: new Map(),
  }
}

/** The first of the clause's forms that the field allows; where the clause names none, the field's first. */
export function formFor(
  named: readonly Generalisation[],
  allowed: readonly Generalisation[],
): Generalisation | null {
  if (named.length === 0) return allowed[0] ?? null
  return named.find((one) => allowed.includes(one)) ?? null
}

export function spares(bar: Bar, rule: Permission): boolean {
  return bar.but.includes(rule.clause.number)
}

/** Barred for each of its parts by something that no fact can lift. */
function isHopeless({ rule }: FieldPermission, bars: readonly Bar[]): boolean {
  const barred = bars
    .filter((bar) => bar.cap === 'WITHHOLD' && !spares(bar, rule) && isUnconditional(bar))
    .reduce((parts, bar) => parts | bar.parts, 0)
  return (rule.parts & ~barred) === 0
}

function isUnconditional(bar: Bar): boolean {
  return (
    bar.when.kind === 'ALL' &&
    bar.when.of.length === 0 &&
    bar.unless.kind === 'ANY' &&
    bar.unless.of.length === 0
  )
}

export function withheld(told: string, logged: string, clauses: readonly string[]): Decision {
  return {
    kind: 'WITHHOLD',
    form: null,
    reason: told,
    clause: null,
    logged: { reason: logged, clauses },
    obligations: [],
    freshHours: null,
  }
}

const profilesMax = 4096
interface Store {
  readonly byCaller: Map<string, Profile>
  readonly bySignature: Map<string, Profile>
}
const stores = new WeakMap<CompiledAgreement, Store>()

/**
 * The profile of a caller for a purpose. A role counts only where the agreement knows it and the agency
 * may give it; a purpose only where one of those roles holds it. Without either the profile has no rules,
 * and everything is withheld.
 */
export function profileOf(
  compiled: CompiledAgreement,
  caller: ProfileCaller,
  purpose: string,
): Profile {
  const store = stores.get(compiled) ?? { byCaller: new Map(), bySignature: new Map() }
  stores.set(compiled, store)
  // A never that names roles binds whoever claims one of them, so all claimed roles are part of the key.
  const known = compiled.agreement.roles
    .map((role) => role.code)
    .filter((role) => caller.roles.includes(role))
  const key = JSON.stringify([caller.agency.id, caller.agency.kind, known, purpose])
  const found = store.byCaller.get(key)
  if (found) return found
  const entries = compiled.entriesFor({ agency: caller.agency, roles: known }, purpose)
  const signature = entries.map(signatureOf).join(';')
  const profile =
    store.bySignature.get(signature) ??
    new Profile(
      signature,
      new Map(entries.map((one) => [entryKey(one.category, one.supplier, one.unit), one])),
    )
  if (store.byCaller.size >= profilesMax) {
    store.byCaller.clear()
    store.bySignature.clear()
  }
  store.byCaller.set(key, profile)
  store.bySignature.set(signature, profile)
  return profile
}

function signatureOf(entry: Entry): string {
  const rules = `${entry.permissions.map((one) => one.id).join()}/${entry.bars.map((one) => one.id).join()}`
  return `${rules}/${entry.permissions.length > 0 ? entry.own : ''}/${entry.barren}`
}

/** Purposes that these roles may state, in the agreement's order. */
export function purposesOf(compiled: CompiledAgreement, caller: ProfileCaller): readonly string[] {
  const roles = rolesInForce(compiled.agreement, caller)
  const held = compiled.agreement.roles
    .filter((role) => roles.includes(role.code))
    .flatMap((role) => role.purposes)
  return compiled.agreement.purposes.map((one) => one.code).filter((one) => held.includes(one))
}

/**
 * Whether any facts whatever could release a field's value: NEVER only where none could, so that it need
 * not be asked for. `part` narrows it to one part (null: what has no part); left out: over all.
 */
export function possible(
  profile: Profile,
  cell: Cell,
  supplier: AgencyRef,
  unit: boolean,
  part?: PartKind | null,
): 'NEVER' | 'FACTS' {
  const rules = profile.rulesOf(cell, supplier.id, unit)
  const wanted: PartSet = part === undefined ? EVERY_PART : bitOf(part)
  return rules?.hopeful.some(({ rule }) => (rule.parts & wanted) !== 0) ? 'FACTS' : 'NEVER'
}

/** The conditions that a decision on this field could ask for, over all suppliers unless one is named. */
export function conditionsOf(
  profile: Profile,
  cell: Cell,
  of: { readonly supplier?: string; readonly unit?: boolean } = {},
): readonly Condition[] {
  const found = new Set<Condition>()
  for (const supplier of of.supplier === undefined ? profile.suppliers : [of.supplier]) {
    for (const unit of of.unit === undefined ? [false, true] : [of.unit]) {
      const rules = profile.rulesOf(cell, supplier, unit)
      if (!rules || (rules.permissions.length === 0 && rules.presence.length === 0)) continue
      for (const one of GENERAL) found.add(one)
      for (const { rule, isLinkDemanded } of [...rules.permissions, ...rules.presence]) {
        if (isLinkDemanded) found.add(LINKED)
        for (const one of conditionsIn(rule.when)) found.add(one)
      }
      for (const bar of rules.bars)
        for (const one of [...conditionsIn(bar.when), ...conditionsIn(bar.unless)]) found.add(one)
    }
  }
  return [...found]
}

const travelling = new WeakMap<Profile, Map<Cell, readonly string[]>>()

/** Categories that some permission of this field names in WITH: what must be asked along. Worked out once. */
export function travelsWith(profile: Profile, cell: Cell): readonly string[] {
  const byCell = travelling.get(profile) ?? new Map<Cell, readonly string[]>()
  travelling.set(profile, byCell)
  const known = byCell.get(cell)
  if (known) return known
  const named = profile.suppliers.flatMap((supplier) =>
    [false, true].flatMap((unit) =>
      (profile.rulesOf(cell, supplier, unit)?.hopeful ?? []).flatMap(({ rule }) =>
        conditionsIn(rule.when).flatMap(({ fact, argument }) =>
          fact === 'WITH' && argument !== null ? [argument] : [],
        ),
      ),
    ),
  )
  const made = [...new Set(named)]
  byCell.set(cell, made)
  return made
}

/**
 * Every condition that the outcome for this field could rest on, bars where nothing is permitted included;
 * over all suppliers unless one is named.
 */
export function restsOn(
  profile: Profile,
  cell: Cell,
  of: { readonly supplier?: string; readonly unit?: boolean } = {},
): readonly Condition[] {
  const found = new Set<Condition>()
  for (const supplier of of.supplier === undefined ? profile.suppliers : [of.supplier]) {
    for (const unit of of.unit === undefined ? [false, true] : [of.unit]) {
      const rules = profile.rulesOf(cell, supplier, unit)
      if (!rules) continue
      if (rules.permissions.length > 0) {
        for (const one of GENERAL) found.add(one)
        for (const { rule, isLinkDemanded } of rules.permissions) {
          if (isLinkDemanded) found.add(LINKED)
          for (const one of conditionsIn(rule.when)) found.add(one)
        }
      }
      for (const bar of rules.bars)
        for (const one of [...conditionsIn(bar.when), ...conditionsIn(bar.unless)]) found.add(one)
    }
  }
  return [...found]
}
