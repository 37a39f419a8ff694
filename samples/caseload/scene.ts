import { addDays, daysBetween, earlier, instantOn } from '../population/dates.js'
import { TOLD_AS_OF } from '../population/tell.js'
import type { AgencyKind, Holding, TrueCase, TrueEvent, TruePerson } from '../world.js'
import type { AllocationDocument, ItemDocument, PartKey, WishDocument } from './documents.js'
import type { Ledger } from './ledger.js'
import type { Colleague, Roster } from './roster.js'

/** One case as it is being written: who is in it, who works on it, where people are, and the clock. */
export interface Scene {
  readonly case: TrueCase
  readonly ledger: Ledger
  readonly roster: Roster
  readonly now: Date
  readonly allocations: readonly AllocationDocument[]
  readonly cast: readonly Role[]
  /** The part with this key, null where the case has none. */
  part(key: PartKey): Role | null
  partOf(personId: string | null): PartKey | null
  /** Who of this role works on the case; else the first of that role on the list. */
  by(role: string): Colleague
  /** A day of the told world, moved with the world's day. */
  day(toldDay: string): string
  /** An instant of a day, never later than now. */
  at(day: string, minutes?: number): string
  write(type: string, of: PartKey | null, written: Written): ItemDocument
  wish(of: PartKey, said: Said): WishDocument
  /** Where somebody lives, works or learns; as the world has it. */
  home(of: PartKey): string
  work(of: PartKey): string
  school(of: PartKey): string
  holding(of: PartKey, agency: AgencyKind): Holding | null
}

export interface Role {
  readonly key: PartKey
  readonly part: TrueCase['parts'][number]
  readonly person: TruePerson | null
  readonly holdings: readonly Holding[]
}

export interface Written {
  readonly by: string
  /** `YYYY-MM-DD` of this world. */
  readonly on: string
  readonly minutes?: number
  readonly body: ItemDocument['body']
}

export interface Said extends Omit<WishDocument, 'of' | 'givenAt' | 'recordedBy' | 'recordedAt'> {
  readonly by: string
  readonly on: string
  readonly minutes?: number
}

const KEYS: Readonly<Record<TrueCase['parts'][number]['as'], string>> = {
  VICTIM: 'v',
  PERPETRATOR: 'x',
  CHILD: 'c',
  WITNESS: 'w',
  SECONDARY_VICTIM: 's',
}

/** Everybody in the case by a key that stays theirs: `v`, `x`, `c`, `c2`, ... */
export function castOf(of: TrueCase, ledger: Ledger): Role[] {
  const counts = new Map<string, number>()
  return of.parts.map((part) => {
    const n = (counts.get(part.as) ?? 0) + 1
    counts.set(part.as, n)
    const { personId } = part
    return {
      key: n === 1 ? KEYS[part.as] : `${KEYS[part.as]}${n}`,
      part,
      person: personId === null ? null : ledger.person(personId),
      holdings: personId === null ? [] : ledger.holdings(personId),
    }
  })
}

export function sceneOf(
  base: Pick<Scene, 'case' | 'ledger' | 'roster' | 'now' | 'cast' | 'allocations'>,
): Scene {
  const { cast, now, roster } = base
  const byKey = new Map(cast.map((role) => [role.key, role]))
  const nowText = instantText(now)
  const moved = daysBetween(TOLD_AS_OF, base.ledger.world.asOf)
  const at = (day: string, minutes = 600) => earlier(instantOn(day, minutes), nowText)
  // Who came later stands for who left; in a closed case all have left and still wrote it.
  const working = new Map(
    base.allocations.map(({ role, subject }) => [role, roster.member(subject)] as const),
  )
  const by = (role: string) => working.get(role) ?? roster.first(role)
  const person = (key: PartKey) => byKey.get(key)?.person ?? null
  return {
    ...base,
    part: (key) => byKey.get(key) ?? null,
    partOf: (personId) =>
      cast.find(({ part }) => personId !== null && part.personId === personId)?.key ?? null,
    by,
    day: (toldDay) => addDays(toldDay, moved),
    at,
    write: (type, of, { by: role, on, minutes, body }) => ({
      type,
      ...(of === null ? {} : { of }),
      recordedBy: by(role).subject,
      recordedAt: at(on, minutes),
      body,
    }),
    wish: (of, { by: role, on, minutes, ...said }) => ({
      of,
      ...said,
      givenAt: at(on, minutes),
      recordedBy: by(role).subject,
      recordedAt: at(on, (minutes ?? 600) + 5),
    }),
    home: (of) => lineOf(person(of)?.addresses.findLast(({ to }) => to === null)),
    work: (of) => lineOf(person(of)?.workplace),
    school: (of) => lineOf(person(of)?.school),
    holding: (of, agency) => byKey.get(of)?.holdings.find((one) => one.agency === agency) ?? null,
  }
}

export const instantText = (instant: Date): string => `${instant.toISOString().slice(0, 19)}Z`

/** A place in one line; the world gives every told place that a text asks for. */
const lineOf = (place: { readonly lines: readonly string[] } | null | undefined): string =>
  place && place.lines.length > 0 ? place.lines.join(', ') : 'a place that is not recorded'

/** A loose date as a day: the first that it may mean. */
export const dayOf = (loose: string): string => `${loose}-01-01`.slice(0, 10)

export const kindOf = <K extends TrueEvent['what']['kind']>(
  events: readonly TrueEvent[],
  kind: K,
): (TrueEvent & { readonly what: Extract<TrueEvent['what'], { kind: K }> })[] =>
  events.filter(
    (one): one is TrueEvent & { readonly what: Extract<TrueEvent['what'], { kind: K }> } =>
      one.what.kind === kind,
  )
