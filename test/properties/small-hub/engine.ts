import { makeExecutableSchema } from '@graphql-tools/schema'
import { parse } from 'graphql'
import type { RequestProfile } from '../../../src/disclosure/basis.js'
import { type Access, type Governed, govern } from '../../../src/disclosure/govern.js'
import type { Generalise } from '../../../src/disclosure/release.js'
import { Ledger } from '../../../src/disclosure/request.js'
import { Together } from '../../../src/disclosure/together.js'
import type { CompiledAgreement } from '../../../src/sharing/compile.js'
import { decide, isNeverReleased } from '../../../src/sharing/decide.js'
import type { Cell, Condition, Decision, Situation } from '../../../src/sharing/decision.js'
import { explainToCaller } from '../../../src/sharing/explain.js'
import type { StandingRef, SubjectTag } from '../../../src/sharing/fact-source.js'
import { FACT_CODES } from '../../../src/sharing/facts.js'
import { generalise } from '../../../src/sharing/generalise.js'
import { type Profile, possible, profileOf, restsOn } from '../../../src/sharing/profile.js'
import { FIELDS, type Store, type StoredRecord } from './store.js'
import { type Asking, coarseCodeOf, governance, SCHEMA, TODAY } from './view.js'

/** One thing to ask. */
export interface Question {
  readonly asking: Asking
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** What resolvers work with. */
export interface Context {
  readonly store: Store
  readonly access: Access
  /** Asks to suppliers: whom, for what, about how many. */
  readonly calls: string[]
}

/** The places at which an engine can be made to leak; each default is as the hub has it. */
export interface Parts {
  /** Records of this list of which the caller may know. */
  readonly visible: (context: Context, records: readonly StoredRecord[]) => Promise<StoredRecord[]>
  /** Of those that may be known, those on whose field a filter or an order may look. */
  readonly comparable: (
    context: Context,
    records: readonly StoredRecord[],
    field: string,
  ) => Promise<StoredRecord[]>
  readonly cursorOf: (record: StoredRecord, all: readonly StoredRecord[]) => string
  readonly count: (shown: readonly StoredRecord[], all: readonly StoredRecord[]) => number
  /** What a look-up says of an id that is not there for the caller. */
  readonly missing: (record: StoredRecord | undefined) => null
  /** Which suppliers' records are asked for in detail. */
  readonly askedFor: (
    wanted: readonly ReadonlySet<string>[],
    records: readonly StoredRecord[],
  ) => readonly boolean[]
  readonly decided: (decision: Decision) => Decision
  readonly generalise: Generalise
  /** By what plans and decisions are remembered from one request to the next. */
  readonly rememberedBy: (profile: Profile) => unknown
  readonly restsOn: (profile: Profile, cell: Cell) => readonly Condition[]
  readonly factsOf: (store: Store) => Store
  readonly explained: (decision: Decision) => Pick<Decision, 'kind' | 'reason' | 'clause' | 'form'>
}

const tags = new WeakMap<StoredRecord, SubjectTag>()
/** Whose a record is. */
function tagOf(record: StoredRecord): SubjectTag {
  const known = tags.get(record)
  if (known) return known
  const tag: SubjectTag = {
    kind: 'RECORD',
    persons: [record.person],
    marks: {
      supplier: record.supplier,
      unit: false,
      itemId: record.id,
      carries: {},
      clearedBy: [],
      suppliedAtMs: 0,
    },
  }
  tags.set(record, tag)
  return tag
}
const byId = (a: StoredRecord, b: StoredRecord): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

async function ask<Answer>(
  records: readonly StoredRecord[],
  of: (tags: readonly SubjectTag[], type: StoredRecord['type']) => Promise<readonly Answer[]>,
): Promise<Map<StoredRecord, Answer>> {
  const answers = new Map<StoredRecord, Answer>()
  for (const type of ['PaperRecord', 'CardRecord'] as const) {
    const some = records.filter((one) => one.type === type)
    const found = await of(some.map(tagOf), type)
    some.forEach((one, at) => {
      const answer = found[at]
      if (answer !== undefined) answers.set(one, answer)
    })
  }
  return answers
}

export const HONEST: Parts = {
  visible: async ({ access }, records) => {
    const exists = await ask(records, (some, type) => access.exist(some, type))
    return records.filter((one) => exists.get(one) === true)
  },
  comparable: async ({ access }, records, field) => {
    const some = records.filter((one) => FIELDS[one.type].includes(field))
    const whole = await ask(some, (these, type) => access.whole(these, type, field))
    return some.filter((one) => whole.get(one) === true)
  },
  cursorOf: (record) => `after ${record.id}`,
  count: (shown) => shown.length,
  missing: () => null,
  askedFor: (wanted) => wanted.map((fields) => fields.size > 0),
  decided: (decision) => decision,
  generalise: (decision, value) =>
    decision.form === null
      ? null
      : generalise(decision.form, value, {
          asOf: TODAY,
          coarseCodeOf,
          ...(decision.codes && { codes: decision.codes }),
        }),
  rememberedBy: (profile) => profile,
  restsOn,
  factsOf: (store) => store,
  explained: (decision) => decision,
}

interface Request extends Governed {
  readonly store: Store
  readonly profile: Profile
  readonly calls: string[]
}

/** An engine of the real rules and the real disclosure over a store; asked again, it has its caches. */
export function makeEngine(compiled: CompiledAgreement, over: Partial<Parts> = {}) {
  const parts: Parts = { ...HONEST, ...over }
  const schema = makeExecutableSchema({ typeDefs: SCHEMA, resolvers: resolversOf(parts) })
  const subgraph = {
    name: 'small',
    sdl: SCHEMA,
    schema,
    definition: { name: 'small', resolvers: [], types: [], references: {} },
  }
  const run = govern<Request, Context>({
    subgraph,
    governance,
    isNever: ({ profile }, field) =>
      compiled.agencies.every((one) => possible(profile, field.cell, one, false) === 'NEVER'),
    generalise: parts.generalise,
    context: ({ store, calls }, access) => ({ store, calls, access }),
    locates: () => Promise.resolve(null),
    askAlong: () => null,
    planCacheBytes: 1e7,
    ourMistake: (error) => {
      throw error
    },
  })
  const known = new Map<unknown, { now: Profile; readonly request: RequestProfile }>()
  const remembered = (profile: Profile): RequestProfile => {
    const key = parts.rememberedBy(profile)
    const found = known.get(key)
    if (found) {
      found.now = profile
      return found.request
    }
    const made = {
      now: profile,
      request: {
        key: 'small',
        decide: (cell: Cell, situation: Situation) =>
          parts.decided(decide(made.now, cell, situation)),
        isNever: (cell: Cell, situation: Situation) => isNeverReleased(made.now, cell, situation),
        restsOn: (cell: Cell) => parts.restsOn(made.now, cell),
      },
    }
    known.set(key, made)
    return made.request
  }
  return async (store: Store, { asking, query, variables }: Question): Promise<string> => {
    const profile = profileOf(compiled, asking, asking.purpose)
    const calls: string[] = []
    const explanations: string[] = []
    const ledger = new Ledger(
      {
        asker: { ...asking, subject: 'somebody' },
        sources: [factsOf(parts.factsOf(store))],
        loadStandings: () => Promise.resolve(standingsOf(store)),
        readFactsEpoch: () => Promise.resolve(1n),
        nowMs: () => 0,
        together: togetherOf(parts.factsOf(store)),
      },
      remembered(profile),
      governance,
    )
    const answer = await run(
      { document: parse(query), operationName: null, variables, operationKey: query },
      {
        ledger,
        nowMs: 0,
        store,
        profile,
        calls,
      },
    )
    for (const record of [...store.records].sort(byId)) {
      const state = await stateOf(ledger, record)
      if (!state.exists(record.type)) continue
      for (const field of governance.type(record.type)?.fields.values() ?? [])
        explanations.push(
          explainToCaller(compiled, parts.explained(state.decide(field, record.type))).sentence +
            explainToCaller(compiled, parts.explained(state.decide(field, record.type))).reason,
        )
    }
    // Parallel resolvers ask in no order of their own: which, and how many, is what counts.
    return JSON.stringify({ answer, calls: calls.sort(), explanations })
  }
}

async function stateOf(ledger: Ledger, record: StoredRecord) {
  await ledger.ensure([tagOf(record)])
  return ledger.stateAs(tagOf(record), record.type)
}

function resolversOf(parts: Parts) {
  /** Decides first, then fetches: a supplier is asked for what will be released and for nothing else. */
  const detailed = async (context: Context, records: readonly StoredRecord[]) => {
    const wanted = await ask(records, (some, type) => context.access.wanted(some, type))
    const sets = records.map((one) => wanted.get(one) ?? new Set<string>())
    const isAsked = parts.askedFor(sets, records)
    records.forEach((one, at) => {
      if (isAsked[at])
        context.calls.push(`${one.supplier} ${one.type} ${[...(sets[at] ?? [])].sort().join()}`)
    })
    return records.map((one, at) => ({
      __typename: one.type,
      id: one.id,
      subject: tagOf(one),
      ...Object.fromEntries([...(sets[at] ?? [])].map((name) => [name, one.values[name] ?? null])),
    }))
  }
  const visible = async (context: Context) =>
    (await parts.visible(context, context.store.records)).sort(byId)
  const subject = { _subject: ({ subject: of }: { subject?: unknown }) => of }
  return {
    Record: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    PaperRecord: subject,
    CardRecord: subject,
    Person: {
      ...subject,
      records: async ({ key }: { key: string }, _: unknown, context: Context) =>
        detailed(
          context,
          (await visible(context)).filter((one) => one.person === key),
        ),
    },
    Query: {
      people: (_: unknown, __: unknown, { store }: Context) =>
        store.people.map(({ key }) => ({ key, subject: personTag(key) })),
      record: async (_: unknown, { id }: { id: string }, context: Context) => {
        const stored = context.store.records.find((one) => one.id === id)
        const [found] = (await visible(context)).filter((one) => one.id === id)
        return found ? (await detailed(context, [found]))[0] : parts.missing(stored)
      },
      bornIn: async (_: unknown, { year }: { year: string }, context: Context) => {
        const some = await parts.comparable(context, await visible(context), 'bornOn')
        return detailed(
          context,
          some.filter((one) => String(one.values['bornOn']).startsWith(year)),
        )
      },
      byFamily: async (_: unknown, __: unknown, context: Context) => {
        const all = await visible(context)
        const some = new Set(await parts.comparable(context, all, 'family'))
        const keyOf = (one: StoredRecord) => (some.has(one) ? String(one.values['family']) : '~')
        return detailed(
          context,
          [...all].sort((a, b) => keyOf(a).localeCompare(keyOf(b)) || byId(a, b)),
        )
      },
      page: async (
        _: unknown,
        { first, after }: { first: number; after: string | null },
        context: Context,
      ) => {
        const all = await visible(context)
        const stored = [...context.store.records].sort(byId)
        const from = after === null ? 0 : all.findIndex((one) => `after ${one.id}` === after) + 1
        const some = all.slice(from, from + first)
        const nodes = await detailed(context, some)
        return {
          edges: some.map((one, at) => ({ cursor: parts.cursorOf(one, stored), node: nodes[at] })),
          shown: parts.count(all, stored),
          hasNextPage: from + first < all.length,
        }
      },
    },
  }
}

const personTags = new Map<string, SubjectTag>()
function personTag(key: string): SubjectTag {
  const made: SubjectTag = personTags.get(key) ?? {
    kind: 'PERSON',
    persons: [key],
    marks: {
      supplier: 'a-force',
      unit: true,
      itemId: null,
      carries: {},
      clearedBy: [],
      suppliedAtMs: null,
    },
  }
  personTags.set(key, made)
  return made
}

function standingsOf({ people }: Store) {
  const refs = new Map(
    people.map(({ key, part }): [string, StandingRef] => [
      key,
      { caseId: `case-${key}`, partId: `part-${key}`, part, personKey: key, caseIsOpen: true },
    ]),
  )
  const connected = [...refs.values()].filter((one) => one.part !== 'PERPETRATOR')
  const nowhere = { here: [], everywhere: [], connected: [] }
  return {
    person: (key: string) => {
      const ref = refs.get(key)
      return ref ? { here: [ref], everywhere: [ref], connected } : nowhere
    },
    part: () => nowhere,
    case: () => nowhere,
    isWhole: () => true,
    everybody: [],
  }
}

function factsOf({ people }: Store) {
  const known = new Map(people.map(({ key, facts }) => [key, facts]))
  return {
    facts: FACT_CODES,
    load: () =>
      Promise.resolve({
        fact: ({ fact }: { fact: string }, _cell: unknown, { personKey }: StandingRef) =>
          known.get(personKey ?? '')?.[fact] ?? ('TRUE' as const),
        untilMs: null,
      }),
  }
}

/** Of whom the store says that what must travel together does. */
function togetherOf({ people }: Store): Together {
  const together = new Together()
  for (const { key, facts } of people)
    if ((facts['WITH'] ?? 'TRUE') === 'TRUE') together.tell('SAFE_CONTACT', key)
  return together
}
