import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { packageRoot } from '../../platform/paths.js'
import { parseWatchRules, type WatchRule } from './rules.js'
import { type Flag, type Look, type Relation, unusual, type WatchKnowledge } from './unusual.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const file: unknown = parse(readFileSync(join(packageRoot(), 'jobs', 'log-watch.yaml'), 'utf8'))
const parsed = parseWatchRules(file)
const RULES: readonly WatchRule[] = parsed.kind === 'RULES' ? parsed.rules : []

/** Numbers that are the same in every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

interface Staff {
  readonly caller: string
  readonly role: string
  readonly own: readonly string[]
}
const AGENCY = 'one'
const monday = Date.parse('2026-03-02T00:00:00Z')
const people = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `person-${from + at}`)
/** Twenty workers with six cases of four people each, and a manager. */
const STAFF: readonly Staff[] = [
  ...Array.from({ length: 20 }, (_, at) => ({
    caller: `worker-${at}`,
    role: 'ADVOCATE',
    own: people(at * 24, 24),
  })),
  { caller: 'manager', role: 'MANAGER', own: [] },
]
const everybody = people(0, 480)

let requests = 0
const look = (staff: Staff, at: number, of: Partial<Look> = {}): Look => {
  requests += 1
  return {
    request: `request-${requests}`,
    at: new Date(at),
    caller: staff.caller,
    agency: AGENCY,
    roles: [staff.role],
    purpose: 'VICTIM_SAFETY',
    isRefused: false,
    persons: [],
    ...of,
  }
}

/** Ordinary weeks: own cases by day, now and then a colleague's while covering, a slip, a late evening. */
function innocent(weeks: number, seed: number): readonly Look[] {
  const random = dice(seed)
  const pick = (all: readonly string[]) => all[Math.floor(random() * all.length)] ?? ''
  return Array.from(
    { length: weeks * 5 },
    (_, at) => monday + (Math.floor(at / 5) * 7 + (at % 5)) * 24 * HOUR,
  ).flatMap((day) =>
    STAFF.flatMap((staff) => [
      ...Array.from({ length: 10 + Math.floor(random() * 30) }, () =>
        look(staff, day + 8 * HOUR + random() * 9 * HOUR, {
          persons: [pick(staff.own.length > 0 ? staff.own : everybody)],
          isRefused: random() < 0.02,
        }),
      ),
      ...(random() < 0.1 ? [look(staff, day + 11 * HOUR, { persons: [pick(everybody)] })] : []),
      ...(random() < 0.1 ? [look(staff, day + 20.5 * HOUR, { persons: [pick(staff.own)] })] : []),
    ]),
  )
}

const own = new Map(STAFF.map((one) => [one.caller, new Set(one.own)]))
const close = new Map<string, Relation>([
  ['worker-3 person-400', 'KIN'],
  ['worker-4 person-401', 'SAME_NAME'],
])
const knowledge: WatchKnowledge = {
  isAllocated: ({ caller }, person) => own.get(caller)?.has(person) ?? false,
  relationOf: ({ caller }, person) => close.get(`${caller} ${person}`) ?? null,
}
const worker = (at: number): Staff => STAFF[at] ?? { caller: '', role: '', own: [] }

/** What misuse is planted: by which rule it must be found, of whom. */
const PLANTED: readonly {
  readonly rule: string
  readonly by: Staff
  readonly looks: (day: number) => readonly Look[]
}[] = [
  {
    rule: 'MANY_PEOPLE',
    by: worker(0),
    looks: (day) =>
      everybody
        .slice(0, 61)
        .map((one, at) => look(worker(0), day + 9 * HOUR + at * MINUTE, { persons: [one] })),
  },
  {
    rule: 'NOT_THEIR_CASES',
    by: worker(1),
    looks: (day) =>
      people(200, 4).map((one, at) =>
        look(worker(1), day + 9 * HOUR + at * HOUR, { persons: [one] }),
      ),
  },
  {
    rule: 'CLOSE_TO_ONESELF',
    by: worker(3),
    looks: (day) => [look(worker(3), day + 10 * HOUR, { persons: ['person-400'] })],
  },
  {
    rule: 'CLOSE_TO_ONESELF',
    by: worker(4),
    looks: (day) => [look(worker(4), day + 10 * HOUR, { persons: ['person-401'] })],
  },
  {
    rule: 'MANY_REFUSALS',
    by: worker(5),
    looks: (day) =>
      Array.from({ length: 11 }, (_, at) =>
        look(worker(5), day + 12 * HOUR + at * MINUTE, { isRefused: true }),
      ),
  },
  {
    rule: 'ODD_HOURS',
    by: worker(6),
    looks: (day) =>
      worker(6)
        .own.slice(0, 6)
        .map((one, at) => look(worker(6), day + 2 * HOUR + at * MINUTE, { persons: [one] })),
  },
  {
    rule: 'ODD_HOURS',
    by: worker(7),
    looks: (day) =>
      worker(7)
        .own.slice(0, 6)
        .map((one, at) =>
          look(worker(7), day + 5 * 24 * HOUR + 11 * HOUR + at * MINUTE, { persons: [one] }),
        ),
  },
]
const found = (flags: readonly Flag[], rule: string, caller: string) =>
  flags.filter((one) => one.rule === rule && one.caller === caller)

describe('the rules that come with the hub', () => {
  test('are a valid file', () => {
    expect(parsed.kind).toBe('RULES')
  })

  test.each(PLANTED)(
    'find what $by.caller did, by $rule, in one sentence',
    ({ rule, by, looks }) => {
      const flags = unusual([...innocent(1, 7), ...looks(monday)], RULES, knowledge)
      const [flag] = found(flags, rule, by.caller)
      expect(flag?.says).toMatch(new RegExp(`^${by.caller} [^.]+\\.$`))
      expect(flag?.requests.length).toBeGreaterThan(0)
    },
  )

  test('find all of 140 planted misuses, and flag fewer than 1 in 100 innocent days of a worker', () => {
    let missed = 0
    for (let round = 0; round < 20; round += 1)
      for (const { rule, by, looks } of PLANTED)
        if (
          found(unusual(looks(monday + round * 7 * 24 * HOUR), RULES, knowledge), rule, by.caller)
            .length === 0
        )
          missed += 1
    expect(missed).toBe(0)
    const weeks = 8
    const flags = unusual(innocent(weeks, 11), RULES, knowledge)
    expect(flags.length / (weeks * 5 * STAFF.length)).toBeLessThan(0.01)
  })

  test('let pass exactly what they say: one more is flagged', () => {
    for (const { rule, by, looks } of PLANTED.filter((one) => one.rule !== 'CLOSE_TO_ONESELF')) {
      const all = looks(monday)
      expect(found(unusual(all, RULES, knowledge), rule, by.caller)).toHaveLength(1)
      expect(found(unusual(all.slice(1), RULES, knowledge), rule, by.caller)).toEqual([])
    }
  })

  test('count a stretch of hours, not a calendar day, and raise one flag a day', () => {
    const late = people(200, 2).map((one) =>
      look(worker(1), monday + 23 * HOUR, { persons: [one] }),
    )
    const early = people(202, 2).map((one) =>
      look(worker(1), monday + 25 * HOUR, { persons: [one] }),
    )
    const apart = people(202, 2).map((one) =>
      look(worker(1), monday + 48 * HOUR, { persons: [one] }),
    )
    expect(
      found(unusual([...early, ...late], RULES, knowledge), 'NOT_THEIR_CASES', 'worker-1'),
    ).toHaveLength(1)
    expect(
      found(unusual([...late, ...apart], RULES, knowledge), 'NOT_THEIR_CASES', 'worker-1'),
    ).toEqual([])
  })
})

describe('a file of rules', () => {
  const rule = { rule: 'A', kind: 'REFUSALS', withinHours: 1, refusalsMax: 1 }
  test.each([
    ['nothing', null],
    ['no rules', { rules: [] }],
    ['an unknown kind', { rules: [{ ...rule, kind: 'GUESSES' }] }],
    ['an unknown key', { rules: [{ ...rule, alsoMail: 'x' }] }],
    ['a limit below zero', { rules: [{ ...rule, refusalsMax: -1 }] }],
    ['one name twice', { rules: [rule, rule] }],
    [
      'no such time zone',
      {
        rules: [
          {
            rule: 'A',
            kind: 'HOURS',
            timeZone: 'Mars/North',
            days: ['MON'],
            from: '07:00',
            to: '20:00',
            looksMax: 1,
          },
        ],
      },
    ],
    [
      'no such hour',
      {
        rules: [
          {
            rule: 'A',
            kind: 'HOURS',
            timeZone: 'UTC',
            days: ['MON'],
            from: '7',
            to: '24:00',
            looksMax: 1,
          },
        ],
      },
    ],
  ])('with %s is refused, and says where', (_, content) => {
    const refused = parseWatchRules(content)
    expect(refused.kind === 'REFUSED' ? refused.problems[0] : '').toMatch(/^(file|rules)/)
  })
})
