import { type GraphQLSchema, isObjectType } from 'graphql'
import type { Hub } from '../../src/main/hub.js'
import { wholeOperation } from '../end-to-end/whole-operation.js'
import type { Attacker } from './attacker.js'
import { valuesOf } from './selections.js'

/** Ids that others have seen, or that only the database knows: all of them are the attacker's. */
export interface Targets {
  readonly cases: readonly string[]
  readonly parts: readonly string[]
  readonly persons: readonly string[]
  readonly records: readonly string[]
  readonly events: readonly string[]
  readonly items: readonly string[]
}

export async function targetsIn(hub: Hub): Promise<Targets> {
  const ids = async (sql: string) =>
    (await hub.database.query<{ id: string }>(sql)).map(({ id }) => id)
  return {
    cases: await ids('select id::text from cases.case_file order by reference'),
    parts: await ids('select id::text from cases.part'),
    persons: await ids('select distinct person_key as id from matching.membership_in_force'),
    records: await ids('select id from records.record'),
    events: await ids('select id from records.event'),
    items: await ids(
      'select distinct id::text from cases.item union select id::text from cases.allocation',
    ),
  }
}

/** Every attack with one purpose. */
export async function attackList(
  hub: Hub,
  attacker: Attacker,
  purpose: string,
  targets: Targets,
): Promise<void> {
  for (const body of bodies(hub, targets)) await attacker.send(purpose, body)
  for (const [name, { schema }] of hub.contract.subgraphs)
    for (const body of entityBodies(schema, targets)) await attacker.sendTo(name, purpose, body)
}

const allKinds = [
  null,
  'ALLEGATION',
  'CRIME',
  'ARREST',
  'ORDER',
  'CONTACT',
  'APPOINTMENT',
  'REFERRAL',
  'ENGAGEMENT',
  'SAFETY_MEASURE',
  'UNIT',
  'OTHER',
]

/** Operations for the hub's door. */
function bodies(hub: Hub, targets: Targets): object[] {
  const { apiSchema } = hub.contract
  const whole = wholeOperation(apiSchema, 'case')
  const filtered = allKinds.map(
    (kind, i) =>
      `k${i}: chronology(first: 3${kind === null ? '' : `, kinds: [${kind}]`}) { edges { node { id at kind summary { value present } } } }`,
  )
  const aliased = targets.cases
    .slice(0, ALIASES.length)
    .map(
      (id, i) =>
        `${ALIASES[i]}: case(id: "${id}", asOf: "2026-09-01T00:00:00Z") { minutes { text } safetyPlan { measure } parts { as description { vehicles } person { records { addresses { lines postcode } names { family } } } } }`,
    )
  return [
    ...targets.cases.map((id) => ({ query: whole, variables: { id } })),
    { query: `query { ${aliased.join(' ')} }` },
    { query: wholeOperation(apiSchema, 'accessLog') },
    {
      query: `query { ${targets.cases.map((id, i) => `c${i}: case(id: "${id}") { ${filtered.join(' ')} }`).join(' ')} }`,
    },
    { query: '{ __schema { types { name description fields { name description } } } }' },
    { query: '{ case(id: "WHEREABOUTS") { nothing } }' },
    { query: '{ case(id: ' },
  ]
}

const ALIASES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']

/** Operations for one subgraph's own door: every entity by every id, and what federation keeps to itself. */
function entityBodies(schema: GraphQLSchema, targets: Targets): object[] {
  const union = schema.getType('_Entity')
  if (!union) return []
  const query = schema.getQueryType()?.getFields()['_entities']
  if (!query) return []
  const types = Object.values(schema.getTypeMap()).filter(isObjectType)
  const entities = types.filter((type) => schema.isSubType(union as never, type))
  return entities.flatMap((type) => {
    const representations = idsFor(type.name, targets).map((id) => ({
      __typename: type.name,
      ...(type.name === 'Person' ? { key: id } : { id }),
    }))
    const selection = valuesOf(type)
    return [
      {
        query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type.name} ${selection} } }`,
        variables: { r: representations },
      },
      {
        query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type.name} { _subject } } }`,
        variables: { r: representations },
      },
    ]
  })
}

function idsFor(type: string, targets: Targets): readonly string[] {
  if (type === 'Person') return targets.persons
  if (type === 'Case') return targets.cases
  if (type === 'Part') return targets.parts
  if (/^(Police|Nhs|Charity)/.test(type))
    return type.endsWith('Record') ? targets.records : targets.events
  return targets.items
}
