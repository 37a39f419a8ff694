import { unreachable } from '../../errors.js'
import type { WatchRule } from './rules.js'

/** One request as log-watch sees it: who, when, whose data; no values. */
export interface Look {
  readonly request: string
  readonly at: Date
  readonly caller: string
  readonly agency: string
  readonly roles: readonly string[]
  readonly purpose: string | null
  readonly isRefused: boolean
  /** People of whose data it asked something. */
  readonly persons: readonly string[]
}

export type Relation = 'SELF' | 'KIN' | 'COLLEAGUE' | 'OTHER' | 'SAME_NAME'

/** What other rooms know of callers and people. */
export interface WatchKnowledge {
  /** Whether this person is in a case to which the caller was allocated then. */
  readonly isAllocated: (look: Look, person: string) => boolean
  /** How this person is close to the caller; null: not at all, as far as anybody knows. */
  readonly relationOf: (look: Look, person: string) => Relation | null
}

/** What was flagged, with a sentence that says why. */
export interface Flag {
  readonly rule: string
  readonly agency: string
  readonly caller: string
  readonly says: string
  readonly requests: readonly string[]
  readonly from: Date
  readonly to: Date
}

const requestsMax = 200

/** Everything unusual in these looks by these rules; at most one flag for a rule, a caller and a day (UTC). */
export function unusual(
  looks: readonly Look[],
  rules: readonly WatchRule[],
  knowledge: WatchKnowledge,
): readonly Flag[] {
  const byCaller = new Map<string, Look[]>()
  for (const look of looks) {
    const key = JSON.stringify([look.agency, look.caller])
    byCaller.set(key, [...(byCaller.get(key) ?? []), look])
  }
  return [...byCaller.values()].flatMap((all) => {
    const sorted = [...all].sort((a, b) => a.at.getTime() - b.at.getTime())
    return rules.flatMap((rule) => {
      const fitting = sorted.filter((one) => !isExcepted(rule, one))
      return onceADay(flagsOf(rule, fitting, knowledge))
    })
  })
}

function isExcepted(rule: WatchRule, look: Look): boolean {
  return (
    (rule.exceptRoles?.some((one) => look.roles.includes(one)) ?? false) ||
    (look.purpose !== null && (rule.exceptPurposes?.includes(look.purpose) ?? false))
  )
}

function flagsOf(rule: WatchRule, looks: readonly Look[], knowledge: WatchKnowledge): Flag[] {
  switch (rule.kind) {
    case 'VOLUME':
      return inWindows(rule, looks, {
        countOf: (one) => one.persons,
        max: rule.personsMax,
        says: (count) =>
          `looked at ${count} people within ${rule.withinHours} hours; ${rule.personsMax} are usual at most`,
      })
    case 'OUTSIDE_ALLOCATION':
      return inWindows(rule, looks, {
        countOf: (one) => one.persons.filter((person) => !knowledge.isAllocated(one, person)),
        max: rule.personsMax,
        says: (count) =>
          `asked about ${people(count)} in no case allocated to them, within ${rule.withinHours} hours; ${rule.personsMax} are let pass`,
      })
    case 'REFUSALS':
      return inWindows(rule, looks, {
        countOf: (one) => (one.isRefused ? [one.request] : []),
        max: rule.refusalsMax,
        says: (count) =>
          `was refused ${count} times within ${rule.withinHours} hours; ${rule.refusalsMax} are usual at most`,
      })
    case 'CLOSE_TO_ONESELF':
      return closeOnes(rule, looks, knowledge)
    case 'HOURS':
      return oddHours(rule, looks)
    default:
      return unreachable(rule)
  }
}

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`)

/** Flags each stretch of `withinHours` in which more different things were counted than `max`. */
function inWindows(
  rule: { readonly rule: string; readonly withinHours: number },
  looks: readonly Look[],
  of: {
    readonly countOf: (look: Look) => readonly string[]
    readonly max: number
    readonly says: (count: number) => string
  },
): Flag[] {
  const counted = looks
    .map((look) => ({ look, things: of.countOf(look) }))
    .filter(({ things }) => things.length > 0)
  const withinMs = rule.withinHours * 3_600_000
  const flags: Flag[] = []
  const seen = new Map<string, number>()
  const add = (things: readonly string[], by: 1 | -1) => {
    for (const one of things) {
      const left = (seen.get(one) ?? 0) + by
      if (left === 0) seen.delete(one)
      else seen.set(one, left)
    }
  }
  let from = 0
  for (const [to, { look, things }] of counted.entries()) {
    add(things, 1)
    for (
      let first = counted[from];
      first && look.at.getTime() - first.look.at.getTime() >= withinMs;
      first = counted[from]
    ) {
      add(first.things, -1)
      from += 1
    }
    if (seen.size <= of.max) continue
    flags.push(
      flagOf(
        rule.rule,
        counted.slice(from, to + 1).map((one) => one.look),
        of.says(seen.size),
      ),
    )
  }
  return flags
}

const SAYS: Readonly<Record<Relation, string>> = {
  SELF: 'looked at their own data',
  KIN: 'looked at the data of declared kin',
  COLLEAGUE: 'looked at the data of a declared colleague',
  OTHER: 'looked at the data of somebody from whom they declared to keep away',
  SAME_NAME: 'looked at the data of somebody who has their own name or a colleague’s',
}

function closeOnes(
  rule: Extract<WatchRule, { kind: 'CLOSE_TO_ONESELF' }>,
  looks: readonly Look[],
  knowledge: WatchKnowledge,
): Flag[] {
  return looks.flatMap((look) => {
    const relations = new Set(
      look.persons.flatMap((person) => knowledge.relationOf(look, person) ?? []),
    )
    const found = rule.relations.find((one) => relations.has(one))
    return found === undefined ? [] : [flagOf(rule.rule, [look], SAYS[found])]
  })
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const

function oddHours(rule: Extract<WatchRule, { kind: 'HOURS' }>, looks: readonly Look[]): Flag[] {
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone: rule.timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const isOdd = ({ at }: Look): boolean => {
    const parts = new Map(local.formatToParts(at).map((one) => [one.type, one.value]))
    const day = DAYS.find((one) => one === (parts.get('weekday') ?? '').toUpperCase())
    const time = `${parts.get('hour')}:${parts.get('minute')}`
    return day === undefined || !rule.days.includes(day) || time < rule.from || time >= rule.to
  }
  const byDay = new Map<string, Look[]>()
  for (const look of looks.filter((one) => one.persons.length > 0 && isOdd(one))) {
    const day = look.at.toISOString().slice(0, 10)
    byDay.set(day, [...(byDay.get(day) ?? []), look])
  }
  return [...byDay.values()]
    .filter((all) => all.length > rule.looksMax)
    .map((all) =>
      flagOf(
        rule.rule,
        all,
        `looked ${all.length} times outside of working hours (${rule.from} to ${rule.to}, ${rule.timeZone}); ${rule.looksMax} are let pass`,
      ),
    )
}

function flagOf(rule: string, looks: readonly Look[], says: string): Flag {
  const first = looks[0]
  const last = looks.at(-1)
  const { caller = '', agency = '' } = first ?? {}
  return {
    rule,
    caller,
    agency,
    says: `${caller} ${says}.`,
    requests: looks.slice(0, requestsMax).map((one) => one.request),
    from: first?.at ?? new Date(0),
    to: last?.at ?? new Date(0),
  }
}

/** Of the flags of one rule and caller the gravest of each day: the one with most requests, the later of equals. */
function onceADay(flags: readonly Flag[]): readonly Flag[] {
  const byDay = new Map<string, Flag>()
  for (const one of flags) {
    const day = dayOf(one)
    const known = byDay.get(day)
    if (!known || one.requests.length >= known.requests.length) byDay.set(day, one)
  }
  return [...byDay.values()]
}

/** The day (UTC) that a flag is of: raised again for the same day it is the same flag. */
export function dayOf(flag: Pick<Flag, 'to'>): string {
  return flag.to.toISOString().slice(0, 10)
}
