import { type GraphQLSchema, isUnionType } from 'graphql'
import { ITEM_TYPES } from '../../src/cases/items/index.js'
import type { Hub } from '../../src/main/hub.js'
import type { Attacker } from './attacker.js'
import { everythingOf } from './selections.js'

/** Ids that others have seen, or that only the database knows: all of them are the attacker's. */
export interface Targets {
  readonly cases: readonly string[]
  /** Both sides of the counter-allegation, and whoever moved away in secret. */
  readonly told: readonly string[]
  readonly parts: readonly string[]
  readonly records: readonly string[]
  readonly events: readonly string[]
  /** The ids of a graph type of the hub's own. */
  readonly of: (type: string) => readonly string[]
}

export async function targetsIn(hub: Hub): Promise<Targets> {
  const ids = async (sql: string) =>
    (await hub.database.query<{ id: string }>(sql)).map(({ id }) => id)
  const cases = await ids('select id::text from cases.case_file order by reference')
  const parts = await ids('select id::text from cases.part')
  const persons = await ids('select distinct person_key as id from matching.membership_in_force')
  const records = await ids('select id from records.record')
  const events = await ids('select id from records.event')
  const allocations = await ids('select id::text from cases.allocation')
  const byType = new Map([
    ['Person', persons],
    ['Case', cases],
    ['Part', parts],
    ['Allocation', allocations],
    ['UnitEvent', [...allocations, ...(await ids('select distinct id::text from cases.item'))]],
  ])
  for (const type of ITEM_TYPES)
    byType.set(
      type.graphName,
      await ids(`select distinct id::text from cases.item where type = '${type.code}'`),
    )
  const graphTypes = await hub.database.query<{ id: string; graph_type: string }>(
    'select id, graph_type from records.record union all select id, graph_type from records.event',
  )
  for (const { id, graph_type } of graphTypes)
    byType.set(graph_type, [...(byType.get(graph_type) ?? []), id])
  const told = await ids(
    "select id::text from cases.case_file where reference in ('ASU-00006', 'ASU-00013', 'ASU-00008')",
  )
  return { cases, told, parts, records, events, of: (type) => byType.get(type) ?? [] }
}

/** One thing to send, and to which door: the hub's (null), or a subgraph's own. */
export interface Attack {
  readonly door: string | null
  readonly body: object
}

/** `always` is tried with every purpose, `once` with one of each persona's (with all in the soak). */
export interface Attacks {
  readonly always: readonly Attack[]
  readonly once: readonly Attack[]
}

export function attacksOn(hub: Hub, targets: Targets): Attacks {
  const atTheHub = (bodies: readonly object[]) => bodies.map((body) => ({ door: null, body }))
  const kinds = new Set([...hub.agencies.values()].map(({ kind }) => kind))
  const atSubgraphs = [...hub.contract.subgraphs].flatMap(([door, { schema }]) =>
    entityBodies(schema, targets).map((body) => ({ door, body })),
  )
  return {
    always: [
      ...atTheHub(everything(hub, targets)),
      ...atSubgraphs.filter(({ door }) => kinds.has(door)),
    ],
    once: [
      ...atTheHub(crafted(hub, targets)),
      ...atSubgraphs.filter(({ door }) => !kinds.has(door)),
    ],
  }
}

/** Sends all of them with one purpose. */
export async function attackWith(
  attacker: Attacker,
  purpose: string,
  attacks: readonly Attack[],
): Promise<void> {
  for (const { door, body } of attacks) {
    if (door === null) await attacker.send(purpose, body)
    else await attacker.sendTo(door, purpose, body)
  }
}

const KINDS_OF_EVENTS = [
  null,
  ...['ALLEGATION', 'CRIME', 'ARREST', 'ORDER', 'BREACH', 'INTELLIGENCE', 'CONTACT', 'APPOINTMENT'],
  ...['REFERRAL', 'ENGAGEMENT', 'SAFETY_MEASURE', 'UNIT', 'OTHER'],
]
/** Response keys that trip up whoever keeps answers in plain objects. */
const ALIASES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']

const pages =
  (given: string) =>
  (type: string, field: string): string =>
    field === 'chronology' && type === 'Case' ? given : ''

const named = (ids: readonly string[], given: string, set: string) =>
  ids.map((id, i) => `${ALIASES[i] ?? `c${i}`}: case(id: "${id}"${given}) { ${set} }`).join(' ')

/** All that can be asked, of the cases one is told of and of those one is not. */
function everything({ contract: { apiSchema } }: Hub, targets: Targets): object[] {
  const all = `fragment All on Case ${everythingOf(apiSchema, 'Case', pages('(first: 200)'))}`
  const people = `fragment P on Person ${everythingOf(apiSchema, 'Person')}`
  const event = `fragment E on ChronologyConnection ${everythingOf(apiSchema, 'ChronologyConnection')}`
  const { told } = targets
  return [
    { query: `{ cases(first: 100) { edges { node { ...All } } } } ${all}` },
    {
      query: `{ ${named(told, '', 'parts { as person { ...P } } chronology(first: 200) { ...E }')} } ${people} ${event}`,
    },
  ]
}

function crafted({ contract: { apiSchema } }: Hub, targets: Targets): object[] {
  const people = `fragment P on Person ${everythingOf(apiSchema, 'Person')}`
  const event = `fragment E on ChronologyConnection ${everythingOf(apiSchema, 'ChronologyConnection')}`
  const byKind = KINDS_OF_EVENTS.map(
    (kind, i) => `k${i}: chronology(first: 3${kind === null ? '' : `, kinds: [${kind}]`}) { ...E }`,
  )
  const past = ', asOf: "2026-09-01T00:00:00Z"'
  return [
    { query: `{ accessLog(first: 200) ${everythingOf(apiSchema, 'AccessLogConnection')} }` },
    { query: `{ signals ${everythingOf(apiSchema, 'Signal', () => '', 1)} }` },
    ...chunks(targets.cases, 5).map((ids) => ({
      query: `{ ${named(ids, '', 'parts { as person { ...P } }')} } ${people}`,
    })),
    { query: `{ ${named(targets.told, past, 'parts { as person { ...P } }')} } ${people}` },
    ...chunks(byKind, 3).flatMap((some) =>
      targets.told.map((id) => ({ query: `{ case(id: "${id}") { ${some.join(' ')} } } ${event}` })),
    ),
    [
      { query: `{ ${named(targets.told, '', 'parts { person { ...P } }')} } ${people}` },
      { query: '{ case(id: "WHEREABOUTS") { reference } }' },
    ],
    { query: '{ __schema { types { name description fields { name description } } } }' },
    { query: '{ case(id: "WHEREABOUTS") { nothing } }' },
    { query: '{ case(id: ' },
    ...mutations(targets).map((query) => ({ query })),
  ]
}

/** What comes back from writing: the thing written, who will see it, why a text is refused. */
function mutations({ parts }: Targets): string[] {
  const inputs = parts.slice(0, 5)
  return [
    ...inputs.map(
      (id) =>
        `mutation { recordWish(input: { partId: "${id}", decision: REFUSED }) { id case { parts { person { records { __typename id } } } } } }`,
    ),
    ...inputs
      .slice(0, 4)
      .map(
        (id) =>
          `mutation { clearText(input: { partId: "${id}", text: "She is not at home", clearedBy: ["MANAGER"], forSide: PERPETRATOR }) { __typename } }`,
      ),
    ...inputs
      .slice(0, 4)
      .map(
        (id) => `{ previewWrite(input: { partId: "${id}", category: "LOCATION" }) { __typename } }`,
      ),
  ]
}

function chunks<Value>(all: readonly Value[], size: number): Value[][] {
  return all.length === 0 ? [] : [all.slice(0, size), ...chunks(all.slice(size), size)]
}

/**
 * Operations for one subgraph's own door: every entity by every id that could be its own, each type's
 * ids asked for as another type too, and what federation keeps to itself.
 */
function entityBodies(schema: GraphQLSchema, targets: Targets): object[] {
  const union = schema.getType('_Entity')
  if (!isUnionType(union)) return []
  const isOfTheUnit = schema.getType('Case') !== undefined && schema.getType('Part') !== undefined
  const others = [targets.cases, targets.parts, targets.records, targets.events].flatMap((ids) =>
    ids.slice(0, 5),
  )
  const named = (type: string, ids: readonly string[]) =>
    ids.map((id) => ({ __typename: type, ...(type === 'Person' ? { key: id } : { id }) }))
  const asked = (types: readonly string[], idsOf: (type: string) => readonly string[]) => ({
    query: `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ${types
      .map(
        (name) =>
          `... on ${name} ${everythingOf(schema, name, pages('(first: 200)'), isOfTheUnit ? 1 : undefined)}`,
      )
      .join(' ')} } }`,
    variables: { r: types.flatMap((name) => named(name, idsOf(name))) },
  })
  const types = schema.getPossibleTypes(union).map(({ name }) => name)
  return [
    ...chunks(types, 5).map((some) => asked(some, targets.of)),
    ...chunks(types, 5).map((some) => asked(some, () => others)),
    {
      query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${types[0]} { _subject } } }`,
      variables: { r: named(types[0] ?? '', targets.of(types[0] ?? '')) },
    },
    { query: '{ _service { sdl } __schema { types { name } } }' },
  ]
}
