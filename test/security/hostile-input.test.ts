import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql'
import { bootWorld, type TestWorld } from '../world.js'

let world: TestWorld
let ids: readonly string[]
beforeAll(async () => {
  world = await bootWorld({
    cases: 6,
    configure: (of) => (of.limits = { requestsPerMinuteMax: 100_000 }),
  })
  const rows = await world.hub.database.query<{ id: string }>(
    'select id::text from cases.case_file union all select id::text from cases.part',
  )
  ids = rows.map(({ id }) => id)
}, 120_000)
afterAll(() => world.close())

const TEXTS = [
  '',
  'a\0',
  '\ud83d',
  '\u202e',
  '😀',
  '__proto__',
  "'; --",
  'x'.repeat(30_000),
  'POLICE',
]
const TIMES = [
  '2026-02-31T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '2026-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59Z',
  '1969-12-31T00:00:00Z',
  'now',
]
const DAYS = ['2026-02-31', '0000', '0000-00-00', '9999-12-31', '2026-11', 'infinity']
const PERSONAS = [
  'detective',
  'manager',
  'advocate',
  'psychologist',
  'ig-lead-nhs',
  'system-charity',
]

/** What somebody may send where the schema wants this: mostly of its kind, and as odd as its kind can be. */
function sendable(type: GraphQLInputType): fc.Arbitrary<unknown> {
  const wrong = fc.constantFrom<unknown>(null, 1e308, [], {}, true, [null], 'x')
  const of = (odd: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 19, arbitrary: odd }, { weight: 1, arbitrary: wrong })
  if (isNonNullType(type)) return sendable(type.ofType)
  if (isListType(type)) return of(fc.array(sendable(type.ofType), { maxLength: 3 }))
  if (isEnumType(type)) return of(fc.constantFrom(...type.getValues().map(({ name }) => name)))
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    const requiredKeys = fields.filter((one) => isNonNullType(one.type)).map(({ name }) => name)
    return of(
      fc.record(Object.fromEntries(fields.map((one) => [one.name, sendable(one.type)])), {
        requiredKeys,
      }),
    )
  }
  switch (type.name) {
    case 'ID':
      return of(fc.nat().chain((n) => fc.constantFrom(ids[n % ids.length], ids[0], ...TEXTS)))
    case 'DateTime':
      return of(fc.constantFrom(...TIMES, world.hub.now().toISOString()))
    case 'PartialDate':
      return of(fc.constantFrom(...DAYS, '2026-11-01'))
    case 'Int':
      return of(fc.constantFrom(0, 1, -1, 20, 2 ** 31, 1.5))
    case 'Boolean':
      return of(fc.boolean())
    default:
      return of(fc.constantFrom(...TEXTS, 'LOCATION', 'MANAGER'))
  }
}

function operationOn(kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>) {
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ')
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ')
  const selected = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }'
  const given = field.args.length === 0 ? ['', ''] : [`(${declared})`, `(${passed})`]
  const query = `${kind} Q${given[0]} { ${field.name}${given[1]} ${selected} }`
  const requiredKeys = field.args.filter(
    (one) => isNonNullType(one.type) && one.defaultValue === undefined,
  )
  const variables = fc.record(
    Object.fromEntries(field.args.map((one) => [one.name, sendable(one.type)])),
    { requiredKeys: requiredKeys.map(({ name }) => name) },
  )
  return fc.record({
    query: fc.constant(query),
    variables,
    persona: fc.constantFrom(...PERSONAS),
    key: fc.uuid(),
  })
}

test('whatever is sent for whatever can be asked, the mistake is never ours, and it is in the log', async () => {
  const { apiSchema } = world.hub.contract
  const fieldsOf = (root: ReturnType<typeof apiSchema.getQueryType>) =>
    Object.values(root?.getFields() ?? {})
  const operations = [
    ...fieldsOf(apiSchema.getQueryType()).map((one) => operationOn('query', one)),
    ...fieldsOf(apiSchema.getMutationType()).map((one) => operationOn('mutation', one)),
  ]
  const size = async () =>
    (await world.hub.database.query<{ size: number }>('select size from access_log.head'))[0]
      ?.size ?? 0
  await fc.assert(
    fc.asyncProperty(fc.oneof(...operations), async ({ query, variables, persona, key }) => {
      const before = await size()
      const answer = await world.ask(persona, query, {
        variables: variables as Record<string, unknown>,
        headers: { 'idempotency-key': key },
      })
      expect(answer.status).toBeLessThan(500)
      expect(answer.errors.map(({ extensions }) => extensions.code)).not.toContain('INTERNAL')
      expect(await size()).toBeGreaterThan(before)
    }),
    { seed: 20261130, numRuns: 250 },
  )
})
