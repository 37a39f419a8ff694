import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql'
import { caseloadLines } from '../../samples/caseload/index.js'
import { makeWorld, plantMarkers } from '../../samples/population/index.js'
import { planOperation } from '../../src/main/plan/plan-operation.js'
import { purposesOf } from '../../src/sharing/profile.js'
import { caseLines, forbiddenMarkers, guardedFrom, servedBy } from '../security/protected.js'
import { bootWorld, STAFF, type TestWorld } from '../world.js'

/**
 * What a plan says can never be released is not released, whatever is asked how: operations by chance, each
 * field under a name of its own, so that every value of an answer is known by the field it is of.
 */
const OPERATIONS = process.env['SOAK'] ? 10_000 : 300
const SEED = Number(process.env['SEED'] ?? 7)
const PERSONAS = ['psychologist', 'outreach', 'detective', 'advocate', 'manager', 'support-officer']
const ON_HIS_SIDE = ['psychologist', 'outreach']

const planted = plantMarkers(makeWorld({ seed: 1, police: 300, nhs: 300, charity: 80, cases: 14 }))
let world: TestWorld
let cases: readonly string[]
const forbidden = new Map<string, ReadonlySet<string>>()

beforeAll(async () => {
  world = await bootWorld({
    world: planted.world,
    configure: (text) => {
      text.limits = {
        ...text.limits,
        costMax: 10_000_000,
        aliasesMax: 1_000,
        requestsPerMinuteMax: 1_000_000,
        deadlineMs: 60_000,
        sendDeadlineMs: 60_000,
        sourceDeadlineMs: 20_000,
      }
    },
  })
  const rows = await world.hub.database.query<{ id: string }>(
    'select id::text from cases.case_file order by reference',
  )
  cases = rows.map((row) => row.id)
  const lines = caseLines(
    caseloadLines(planted.world, { unit: world.hub.configuration.unit.id, now: world.hub.now() }),
  )
  for (const persona of ON_HIS_SIDE) {
    const { subject } = staffOf(persona)
    const of = {
      guarded: guardedFrom(planted.world, lines, subject),
      served: servedBy(planted.world, lines, subject),
    }
    forbidden.set(persona, forbiddenMarkers(planted.world, planted.markers, of))
  }
}, 120_000)
afterAll(() => world.close())

function staffOf(persona: string) {
  const staff = STAFF.find((one) => one.persona === persona)
  const agency = [...world.hub.agencies.values()].find((one) => one.kind === staff?.agency)
  if (!staff || !agency) throw new TypeError(`no persona ${persona}`)
  return { subject: staff.subject, caller: { agency, roles: staff.roles } }
}

/** An operation of some of what there is, with as much of it as the chances say. */
class Writer {
  private at = 0
  private names = 0

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly chances: readonly number[],
  ) {}

  operation(): string {
    const id = cases[this.below(cases.length)] ?? ''
    const of = this.schema.getType('Case')
    if (!isObjectType(of)) throw new TypeError('there are cases')
    const set = this.set(of, 5)
    return this.below(3) === 0
      ? `{ cases(first: 3) { edges { node { ${set} } } } }`
      : `{ case(id: "${id}") { ${set} } }`
  }

  private below(bound: number): number {
    this.at += 1
    return (this.chances[this.at % this.chances.length] ?? 0) % bound
  }

  private set(type: GraphQLObjectType, depth: number): string {
    const fields = Object.values(type.getFields()).filter(({ args }) =>
      args.every((one) => !isNonNullType(one.type) || one.defaultValue !== undefined),
    )
    const leads = fields.filter((one) => !isLeafType(getNamedType(one.type)))
    const leaves = fields.filter((one) => isLeafType(getNamedType(one.type)))
    const chosen = [
      ...leaves.filter(() => this.below(3) === 0),
      ...(depth > 1
        ? Array.from({ length: 1 + this.below(2) }, () => leads[this.below(leads.length || 1)])
        : []),
    ]
    const pieces = chosen.flatMap((field) => {
      if (!field) return []
      const named = getNamedType(field.type)
      this.names += 1
      const asked = `f${this.names}: ${field.name}`
      if (isLeafType(named)) return [asked]
      const possible = isAbstractType(named) ? this.schema.getPossibleTypes(named) : [named]
      const types = possible.filter(() => possible.length === 1 || this.below(4) === 0)
      const sets = types.flatMap((one) =>
        isObjectType(one) ? [`... on ${one.name} { ${this.set(one, depth - 1)} }`] : [],
      )
      return [`${asked} { __typename ${sets.join(' ')} }`]
    })
    return ['__typename', ...pieces].join(' ')
  }
}

/** Names under which something stands in an answer. */
function told(value: unknown, into: Set<string> = new Set()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const one of value) told(one, into)
  else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value)) {
      const isSomething = Array.isArray(one) ? one.length > 0 : one !== null
      if (isSomething) into.add(name)
      told(one, into)
    }
  return into
}

test(`${OPERATIONS} operations by chance: nothing that the plan calls never is there, and no place of a protected person on the perpetrator's side`, async () => {
  const { contract, agreement } = world.hub
  const seen = { never: 0, released: 0 }
  const chances = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(chances, fc.nat(1_000), fc.nat(1_000), async (drawn, who, why) => {
      const persona = PERSONAS[who % PERSONAS.length] ?? ''
      const { caller } = staffOf(persona)
      const purposes = purposesOf(agreement, caller)
      const purpose = purposes[why % purposes.length] ?? ''
      const query = new Writer(contract.apiSchema, drawn).operation()
      const document = parse(query)
      const operation = getOperationAST(document)
      if (!operation) throw new TypeError('there is one operation')
      const plan = planOperation({ contract, agreement }, { document, operation, caller, purpose })
      const answer = await world.ask(persona, query, { purpose })
      expect(answer.errors).toEqual([])
      const there = told(answer.data)
      // A list that is withheld as its holder's may still hold what is released as what it is itself.
      const leaves = plan.fields.filter(({ coordinate }) => isLeaf(contract.apiSchema, coordinate))
      const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
      const possible = new Set(
        leaves.filter((one) => one.decision !== 'WITHHOLD').flatMap((one) => one.paths.map(nameOf)),
      )
      const never = leaves
        .filter((one) => one.decision === 'WITHHOLD')
        .flatMap((one) => one.paths.map(nameOf))
        .filter((name) => !possible.has(name))
      seen.never += never.length
      seen.released += [...possible].filter((name) => there.has(name)).length
      const broken = leaves.filter(
        ({ decision, paths }) =>
          decision === 'WITHHOLD' &&
          paths.map(nameOf).some((name) => !possible.has(name) && there.has(name)),
      )
      expect(broken.map(({ coordinate }) => `${coordinate} to ${persona} in ${query}`)).toEqual([])
      for (const marker of forbidden.get(persona) ?? [])
        if (answer.raw.includes(marker)) throw new Error(`${marker} in the answer of ${query}`)
    }),
    { numRuns: OPERATIONS, seed: SEED, endOnFailure: true },
  )
  // What asks for nothing that is withheld, or gets nothing at all, would prove nothing.
  expect(seen.never).toBeGreaterThan(2 * OPERATIONS)
  expect(seen.released).toBeGreaterThan(2 * OPERATIONS)
  if (process.env['SOAK']) process.stdout.write(`${JSON.stringify({ OPERATIONS, ...seen })}\n`)
}, 7_200_000)

function isLeaf(schema: GraphQLSchema, coordinate: string): boolean {
  const [typeName = '', fieldName = ''] = coordinate.split('.')
  const type = schema.getType(typeName)
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined
  return field !== undefined && isLeafType(getNamedType(field.type))
}
